//! Composes batches: the order of the images in an epoch and their pixels.

use std::collections::BTreeMap;

use rand::{Rng as _, seq::SliceRandom as _};
use rand_distr::StandardNormal;
use rayon::prelude::*;

use super::{
    batch_source::BatchSource,
    config::TrainingConfig,
    error::ModelError,
    random::{Purpose, generator},
    tasks::try_share,
};

/// The mean pixel is an initial value only, so a sample of this many images is enough.
const MEAN_PIXEL_IMAGES: usize = 256;

/// Mean pixel of the images `training`, or of an evenly spaced sample of them.
///
/// # Errors
/// When an image cannot be read.
pub(crate) fn mean_pixel(source: &dyn BatchSource, training: &[usize]) -> Result<f64, ModelError> {
    let (bins, frames) = source.image_shape();
    let mut image = vec![0.0; bins * frames];
    let count = training.len().min(MEAN_PIXEL_IMAGES);
    let mut sum = 0.0;
    for place in 0..count {
        source.fill(training[place * training.len() / count], &mut image)?;
        sum += image.iter().map(|pixel| f64::from(*pixel)).sum::<f64>() / image.len() as f64;
    }
    Ok(sum / count.max(1) as f64)
}

/// Number of images in the next batch after `used` of an epoch's `images`; 0 at the end of the epoch.
///
/// The last batch may be smaller. A single left-over image is skipped, because batch statistics of one image
/// are poor; which image that is changes with every epoch's order.
pub(crate) fn next_batch(images: usize, used: usize, batch_size: usize) -> usize {
    match images.saturating_sub(used).min(batch_size) {
        1 if batch_size > 1 && used > 0 => 0,
        count => count,
    }
}

/// Steps in an epoch with batches of `batch_size`.
pub(crate) fn steps_per_epoch(images: usize, batch_size: usize) -> usize {
    let rest = images % batch_size;
    (images / batch_size + usize::from(rest > 1)).max(1)
}

/// A permutation of `indices` that depends on seed, purpose, epoch and step only.
pub(crate) fn shuffled(
    indices: &[usize],
    seed: u64,
    purpose: Purpose,
    epoch: usize,
    step: usize,
) -> Vec<usize> {
    let mut order = indices.to_vec();
    order.shuffle(&mut generator(seed, purpose, epoch, step));
    order
}

/// Order of the images in one epoch: each once, or balanced by class.
pub(crate) fn order(
    source: &dyn BatchSource,
    training: &[usize],
    config: &TrainingConfig,
    epoch: usize,
) -> Vec<usize> {
    if config.balance_classes {
        return balanced(source, training, config.seed, epoch);
    }
    shuffled(training, config.seed, Purpose::Shuffle, epoch, 0)
}

/// As many images as `training` has, with equal counts per class (up to a remainder of one).
///
/// Images of a class come in rounds: each image appears once per round.
fn balanced(source: &dyn BatchSource, training: &[usize], seed: u64, epoch: usize) -> Vec<usize> {
    let mut classes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for &index in training {
        classes.entry(source.class(index).unwrap_or_default()).or_default().push(index);
    }
    let mut random = generator(seed, Purpose::Balance, epoch, 0);
    let mut members: Vec<Vec<usize>> = classes.into_values().collect();
    // Shuffling the classes gives the remainder to different ones in each epoch.
    members.shuffle(&mut random);
    let mut order = Vec::with_capacity(training.len());
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); members.len()];
    for place in 0..training.len() {
        let class = place % members.len();
        if waiting[class].is_empty() {
            waiting[class].clone_from(&members[class]);
            waiting[class].shuffle(&mut random);
        }
        order.extend(waiting[class].pop());
    }
    order.shuffle(&mut random);
    order
}

/// The images at `indices`, `[indices, bins, frames]`.
///
/// # Errors
/// When an image cannot be read.
pub(crate) fn images(source: &dyn BatchSource, indices: &[usize]) -> Result<Vec<f32>, ModelError> {
    let (bins, frames) = source.image_shape();
    let mut values = vec![0.0; indices.len() * bins * frames];
    let images = values.par_chunks_mut(bins * frames).zip(indices);
    try_share(images, |(image, index)| source.fill(*index, image))?;
    Ok(values)
}

/// The encoder's inputs and the reconstruction targets, `[images, bins, frames]` each.
pub(crate) struct Examples {
    pub inputs: Vec<f32>,
    /// None where they are the inputs.
    targets: Option<Vec<f32>>,
}

impl Examples {
    pub fn targets(&self) -> &[f32] {
        self.targets.as_ref().unwrap_or(&self.inputs)
    }
}

/// Augmented examples of the images at `indices`.
///
/// Each image has a generator of its own, seeded by its position in the epoch (`place` on), whatever the
/// batch size.
///
/// # Errors
/// When an image cannot be read.
pub(crate) fn augmented_images(
    source: &dyn BatchSource,
    indices: &[usize],
    seed: u64,
    epoch: usize,
    place: usize,
) -> Result<Examples, ModelError> {
    if !source.is_varied() {
        return Ok(Examples { inputs: images(source, indices)?, targets: None });
    }
    let (bins, frames) = source.image_shape();
    let mut inputs = vec![0.0; indices.len() * bins * frames];
    let mut targets = inputs.clone();
    let examples =
        inputs.par_chunks_mut(bins * frames).zip(targets.par_chunks_mut(bins * frames)).zip(indices);
    try_share(examples.enumerate(), |(position, ((input, target), index))| {
        let mut random = generator(seed, Purpose::Augmentation, epoch, place + position);
        source.fill_varied(*index, &mut random, input, target)
    })?;
    Ok(Examples { inputs, targets: Some(targets) })
}

/// Standard normal noise, `[count, latent]`.
pub(crate) fn noise(
    count: usize,
    latent: usize,
    seed: u64,
    purpose: Purpose,
    epoch: usize,
    step: usize,
) -> Vec<f32> {
    generator(seed, purpose, epoch, step).sample_iter(StandardNormal).take(count * latent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_batch_of_one_image_is_left_out() {
        assert_eq!(steps_per_epoch(32, 16), 2);
        assert_eq!(steps_per_epoch(33, 16), 2);
        assert_eq!(steps_per_epoch(34, 16), 3);
        assert_eq!(steps_per_epoch(1, 16), 1);
        assert_eq!(steps_per_epoch(5, 1), 5);
        for (images, batch_size) in [(32, 16), (33, 16), (34, 16), (1, 16), (5, 1), (17, 16), (15, 16)] {
            let (mut used, mut steps) = (0, 0);
            while next_batch(images, used, batch_size) > 0 {
                used += next_batch(images, used, batch_size);
                steps += 1;
            }
            assert_eq!(
                steps,
                steps_per_epoch(images, batch_size),
                "{images} images, batches of {batch_size}"
            );
        }
    }

    #[test]
    fn noise_is_standard_normal_and_repeatable() {
        let draw = |step| noise(100, 50, 3, Purpose::Noise, 1, step);
        let values = draw(1);
        let mean = values.iter().sum::<f32>() / 5000.0;
        let variance = values.iter().map(|value| value * value).sum::<f32>() / 5000.0;
        assert!(mean.abs() < 0.05 && (variance - 1.0).abs() < 0.06, "{mean} {variance}");
        assert_eq!(values, draw(1));
        assert_ne!(values, draw(2));
    }

    /// Images of three classes, one of them rare.
    struct Classes;

    impl BatchSource for Classes {
        fn len(&self) -> usize {
            20
        }

        fn image_shape(&self) -> (usize, usize) {
            (1, 1)
        }

        fn fill(&self, _index: usize, _out: &mut [f32]) -> Result<(), ModelError> {
            Ok(())
        }

        fn class(&self, index: usize) -> Option<&str> {
            Some(if index < 2 { "rare" } else { ["often", "more"][index % 2] })
        }
    }

    #[test]
    fn a_balanced_epoch_draws_every_class_equally_often() {
        let config = TrainingConfig { balance_classes: true, ..TrainingConfig::default() };
        let training: Vec<usize> = (0..20).collect();
        let mut sevens = Vec::new();
        for epoch in 1..=12 {
            let drawn = order(&Classes, &training, &config, epoch);
            assert_eq!(drawn, order(&Classes, &training, &config, epoch), "the same order again");
            assert_eq!(drawn.len(), 20);
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            let mut of_image = [0; 20];
            for index in drawn {
                *counts.entry(Classes.class(index).unwrap()).or_default() += 1;
                of_image[index] += 1;
            }
            let mut numbers: Vec<usize> = counts.values().copied().collect();
            sevens.extend(counts.into_iter().filter(|(_, count)| *count == 7).map(|(class, _)| class));
            numbers.sort_unstable();
            assert_eq!(numbers, [6, 7, 7]);
            assert!(of_image[..2].iter().all(|count| [3, 4].contains(count)), "{of_image:?}");
            assert!(of_image[2..].iter().all(|count| *count <= 1), "{of_image:?}");
        }
        sevens.sort_unstable();
        sevens.dedup();
        assert_eq!(sevens.len(), 3, "the remainder falls to other classes in other epochs");
        let plain = order(&Classes, &training, &TrainingConfig::default(), 1);
        assert_eq!(plain, shuffled(&training, 0, Purpose::Shuffle, 1, 0));
    }
}

//! Which images train, in which order, and their tensors.

use candle_core::{Device, Tensor};
use rand::{Rng as _, seq::SliceRandom as _};
use rand_distr::StandardNormal;
use rayon::prelude::*;

use super::{
    error::ModelError,
    events::BatchSource,
    random::{Purpose, generator},
};

/// Splits `count` images by `seed` into those that train and those that validate, each in ascending order.
///
/// At least one image trains. The same seed and count give the same split, whatever else is set.
pub(crate) fn split(count: usize, validation_fraction: f64, seed: u64) -> (Vec<usize>, Vec<usize>) {
    let mut all: Vec<usize> = (0..count).collect();
    all.shuffle(&mut generator(seed, Purpose::Split, 0, 0));
    let held_out = (count as f64 * validation_fraction).round() as usize;
    let mut training = all.split_off(held_out.min(count.saturating_sub(1)));
    training.sort_unstable();
    all.sort_unstable();
    (training, all)
}

/// Steps of an epoch: a last, smaller batch counts unless it has a single image, whose batch statistics say little.
/// (Which image that is changes with every epoch's order.)
pub(crate) fn steps_per_epoch(images: usize, batch_size: usize) -> usize {
    let rest = images % batch_size;
    (images / batch_size + usize::from(rest > 1)).max(1)
}

/// `indices` in the order of one use.
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

/// The images at `indices`, `[indices, 1, bins, frames]`.
///
/// # Errors
/// When candle fails.
pub(crate) fn images(
    source: &dyn BatchSource,
    indices: &[usize],
    device: &Device,
) -> Result<Tensor, ModelError> {
    let (bins, frames) = source.image_shape();
    let mut values = vec![0.0; indices.len() * bins * frames];
    values.par_chunks_mut(bins * frames).zip(indices).for_each(|(image, index)| source.fill(*index, image));
    Ok(Tensor::from_vec(values, (indices.len(), 1, bins, frames), device)?)
}

/// Standard normal draws, `[count, latent]`.
///
/// # Errors
/// When candle fails.
pub(crate) fn noise(
    count: usize,
    latent: usize,
    seed: u64,
    purpose: Purpose,
    epoch: usize,
    step: usize,
) -> Result<Tensor, ModelError> {
    let random = generator(seed, purpose, epoch, step);
    let values: Vec<f32> = random.sample_iter(StandardNormal).take(count * latent).collect();
    Ok(Tensor::from_vec(values, (count, latent), &Device::Cpu)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_holds_every_image_once_and_follows_the_seed() {
        let (training, validation) = split(103, 0.1, 7);
        assert_eq!((training.len(), validation.len()), (93, 10));
        let mut all = [training.clone(), validation.clone()].concat();
        all.sort_unstable();
        assert_eq!(all, (0..103).collect::<Vec<_>>());
        assert_eq!(split(103, 0.1, 7), (training, validation.clone()));
        assert_ne!(split(103, 0.1, 8).1, validation);
        assert_eq!(split(1, 0.5, 0), (vec![0], vec![]));
        assert_eq!(split(5, 0.0, 0).1, Vec::<usize>::new());
    }

    #[test]
    fn a_last_batch_of_one_image_is_left_out() {
        assert_eq!(steps_per_epoch(32, 16), 2);
        assert_eq!(steps_per_epoch(33, 16), 2);
        assert_eq!(steps_per_epoch(34, 16), 3);
        assert_eq!(steps_per_epoch(1, 16), 1);
        assert_eq!(steps_per_epoch(5, 1), 5);
    }

    #[test]
    fn noise_is_standard_normal_and_repeatable() {
        let draw = |step| {
            let noise = noise(100, 50, 3, Purpose::Noise, 1, step).unwrap();
            noise.flatten_all().unwrap().to_vec1::<f32>().unwrap()
        };
        let values = draw(1);
        let mean = values.iter().sum::<f32>() / 5000.0;
        let variance = values.iter().map(|value| value * value).sum::<f32>() / 5000.0;
        assert!(mean.abs() < 0.05 && (variance - 1.0).abs() < 0.06, "{mean} {variance}");
        assert_eq!(values, draw(1));
        assert_ne!(values, draw(2));
    }
}

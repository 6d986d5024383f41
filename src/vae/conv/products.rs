//! The three products of a convolution, over a batch.
//!
//! - map from image: a convolution, and the input gradient of a transposed one,
//! - image from map: a transposed convolution, and the input gradient of a plain one,
//! - weight gradient, summed over the batch: of both.
//!
//! Samples are shared out among threads, each product on one thread; a batch of one uses all threads in its product.

use std::{borrow::Cow, cell::Cell};

use rayon::prelude::*;

use super::{columns, geometry::Geometry, matrix::Threads, phases::Phases};

/// Most partial sums of a weight gradient. Fixed, so that the order of additions does not depend on the threads.
const WEIGHT_GRADIENT_CHUNKS: usize = 8;
/// From this many image channels on, a product a kernel element is long enough to pay.
const PHASE_CHANNELS: usize = 16;

thread_local! {
    static SCRATCH: Cell<Vec<f32>> = const { Cell::new(Vec::new()) };
}

/// Lends this thread's buffer. It is taken out while in use: a nested call then gets a buffer of its own.
fn with_scratch<T>(len: usize, work: impl FnOnce(&mut [f32]) -> T) -> T {
    let mut scratch = SCRATCH.take();
    if scratch.len() < len {
        scratch.resize(len, 0.0);
    }
    let result = work(&mut scratch[..len]);
    SCRATCH.set(scratch);
    result
}

fn threads_for(samples: usize) -> Threads {
    if samples == 1 { Threads::Pool } else { Threads::One }
}

/// How a convolution becomes matrix products.
pub(super) enum Lowering<'a> {
    /// One product with copies of all patches.
    Columns(&'a Geometry),
    /// One product a kernel element, without copies.
    Phases(Phases<'a>),
}

impl<'a> Lowering<'a> {
    /// The faster way for `geometry`.
    pub(super) fn of(geometry: &'a Geometry) -> Self {
        if geometry.image_channels < PHASE_CHANNELS {
            Self::Columns(geometry)
        } else {
            Self::Phases(Phases::new(geometry))
        }
    }

    fn scratch_len(&self) -> usize {
        match self {
            Self::Columns(geometry) => geometry.patch_len() * geometry.map_pixels(),
            Self::Phases(phases) => phases.scratch_len(),
        }
    }

    /// The weights in the order that the products want.
    fn prepared<'w>(&self, weight: &'w [f32]) -> Cow<'w, [f32]> {
        match self {
            Self::Columns(_) => Cow::Borrowed(weight),
            Self::Phases(phases) => Cow::Owned(phases.sorted(weight)),
        }
    }

    fn map_from_image(&self, image: &[f32], weight: &[f32], map: &mut [f32], threads: Threads) {
        with_scratch(self.scratch_len(), |scratch| match self {
            Self::Columns(geometry) => {
                columns::map_from_image(geometry, image, weight, map, scratch, threads);
            }
            Self::Phases(phases) => phases.map_from_image(image, weight, map, scratch, threads),
        });
    }

    fn image_from_map(&self, map: &[f32], weight: &[f32], image: &mut [f32], threads: Threads) {
        with_scratch(self.scratch_len(), |scratch| match self {
            Self::Columns(geometry) => {
                columns::image_from_map(geometry, map, weight, image, scratch, threads);
            }
            Self::Phases(phases) => phases.image_from_map(map, weight, image, scratch, threads),
        });
    }

    fn weight_gradient(&self, image: &[f32], map: &[f32], gradient: &mut [f32], accumulate: bool) {
        with_scratch(self.scratch_len(), |scratch| match self {
            Self::Columns(geometry) => {
                columns::weight_gradient(geometry, image, map, gradient, accumulate, scratch);
            }
            Self::Phases(phases) => phases.weight_gradient(image, map, gradient, accumulate, scratch),
        });
    }

    /// A gradient of [`Self::prepared`] weights as one of the weights themselves.
    fn restored(&self, gradient: Vec<f32>) -> Vec<f32> {
        match self {
            Self::Columns(_) => gradient,
            Self::Phases(phases) => phases.unsorted(&gradient),
        }
    }
}

/// `[batch, image]` to `[batch, map]`; `finish` sees every sample's map while it is still in the cache, and what it
/// returns comes back in sample order.
pub fn map_from_image<T: Send>(
    geometry: &Geometry,
    image: &[f32],
    weight: &[f32],
    map: &mut [f32],
    finish: impl Fn(&mut [f32]) -> T + Sync,
) -> Vec<T> {
    let lowering = Lowering::of(geometry);
    let weight = lowering.prepared(weight);
    let threads = threads_for(map.len() / geometry.map_len());
    let one = |(map, image): (&mut [f32], &[f32])| {
        lowering.map_from_image(image, &weight, map, threads);
        finish(map)
    };
    match threads {
        Threads::Pool => vec![one((map, image))],
        Threads::One => map
            .par_chunks_mut(geometry.map_len())
            .zip(image.par_chunks(geometry.image_len()))
            .map(one)
            .collect(),
    }
}

/// `[batch, map]` to `[batch, image]`; `finish` as in [`map_from_image`].
pub fn image_from_map<T: Send>(
    geometry: &Geometry,
    map: &[f32],
    weight: &[f32],
    image: &mut [f32],
    finish: impl Fn(&mut [f32]) -> T + Sync,
) -> Vec<T> {
    let lowering = Lowering::of(geometry);
    let weight = lowering.prepared(weight);
    let threads = threads_for(map.len() / geometry.map_len());
    let one = |(image, map): (&mut [f32], &[f32])| {
        lowering.image_from_map(map, &weight, image, threads);
        finish(image)
    };
    match threads {
        Threads::Pool => vec![one((image, map))],
        Threads::One => image
            .par_chunks_mut(geometry.image_len())
            .zip(map.par_chunks(geometry.map_len()))
            .map(one)
            .collect(),
    }
}

/// Gradient of the weights, `[map channels, image channels, kernel, kernel]`, summed over the batch.
pub fn weight_gradient(geometry: &Geometry, image: &[f32], map: &[f32]) -> Vec<f32> {
    let lowering = Lowering::of(geometry);
    let samples = map.len() / geometry.map_len();
    let chunk = samples.div_ceil(WEIGHT_GRADIENT_CHUNKS).max(1);
    let partial: Vec<Vec<f32>> = map
        .par_chunks(chunk * geometry.map_len())
        .zip(image.par_chunks(chunk * geometry.image_len()))
        .map(|(maps, images)| {
            let mut gradient = vec![0.0; geometry.weight_len()];
            let samples =
                images.chunks_exact(geometry.image_len()).zip(maps.chunks_exact(geometry.map_len()));
            for (index, (image, map)) in samples.enumerate() {
                lowering.weight_gradient(image, map, &mut gradient, index > 0);
            }
            gradient
        })
        .collect();
    lowering.restored(sum_in_order(partial))
}

/// Adds vectors of one length in the order they come.
pub fn sum_in_order(vectors: Vec<Vec<f32>>) -> Vec<f32> {
    vectors
        .into_iter()
        .reduce(|mut sum, vector| {
            for (sum, value) in sum.iter_mut().zip(vector) {
                *sum += value;
            }
            sum
        })
        .unwrap_or_default()
}

/// Sums of each of the `channels` of `values`, `[batch, channels, pixels]`, in f64 and in sample order.
pub fn channel_sums(values: &[f32], channels: usize, pixels: usize) -> Vec<f32> {
    let per_sample: Vec<Vec<f64>> = values
        .par_chunks(channels * pixels)
        .map(|sample| sample.chunks_exact(pixels).map(sum).collect())
        .collect();
    let mut sums = vec![0.0; channels];
    for sample in &per_sample {
        for (total, value) in sums.iter_mut().zip(sample) {
            *total += value;
        }
    }
    sums.into_iter().map(|sum| sum as f32).collect()
}

/// Sum of a slice in f64: eight lanes, so that the loop can be vectorised.
pub fn sum(values: &[f32]) -> f64 {
    let mut lanes = [0.0_f64; 8];
    let (blocks, rest) = values.as_chunks::<8>();
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane += f64::from(*value);
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().map(|value| f64::from(*value)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Deterministic values without a pattern that could hide a shift.
    fn values(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|index| ((index * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0).collect()
    }

    fn largest_difference(one: &[f32], other: &[f32]) -> f32 {
        assert_eq!(one.len(), other.len());
        one.iter().zip(other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn phases_give_what_columns_give() {
        for (size, image_channels, map_channels, kernel, strides) in [
            ((8, 6), 2, 3, 3, (2, 2)),
            ((7, 5), 4, 2, 3, (2, 2)),
            ((6, 5), 3, 2, 3, (2, 1)),
            ((5, 4), 2, 5, 3, (1, 1)),
            ((9, 3), 2, 2, 3, (1, 2)),
            ((1, 1), 3, 3, 3, (2, 2)),
            ((7, 11), 2, 2, 5, (3, 2)),
            ((13, 4), 1, 4, 5, (4, 5)),
            ((4, 4), 2, 2, 1, (1, 1)),
        ] {
            let geometry = Geometry::same(image_channels, size, map_channels, kernel, strides);
            let (columns, phases) = (Lowering::Columns(&geometry), Lowering::Phases(Phases::new(&geometry)));
            let image = values(geometry.image_len(), 1);
            let map = values(geometry.map_len(), 2);
            let weight = values(geometry.weight_len(), 3);
            let run = |lowering: &Lowering<'_>, threads: Threads| {
                // Left-overs of other layers in the buffers must not matter.
                SCRATCH.set(vec![f32::NAN; lowering.scratch_len()]);
                let prepared = lowering.prepared(&weight);
                let mut to_map = vec![f32::NAN; map.len()];
                lowering.map_from_image(&image, &prepared, &mut to_map, threads);
                let mut to_image = vec![f32::NAN; image.len()];
                lowering.image_from_map(&map, &prepared, &mut to_image, threads);
                let mut gradient = vec![f32::NAN; weight.len()];
                lowering.weight_gradient(&image, &map, &mut gradient, false);
                lowering.weight_gradient(&image, &map, &mut gradient, true);
                [to_map, to_image, lowering.restored(gradient)]
            };
            let expected = run(&columns, Threads::One);
            for threads in [Threads::One, Threads::Pool] {
                for (one, other) in expected.iter().zip(&run(&phases, threads)) {
                    assert!(largest_difference(one, other) < 1e-4, "{geometry:?}, {threads:?}");
                }
            }
        }
    }
}

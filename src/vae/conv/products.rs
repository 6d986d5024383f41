//! The three matrix products of a convolution, over a batch.
//!
//! With `W` the weights `[map channels, patch]` and `C(x)` the patches of image `x` as columns:
//!
//! - map from image: `W · C(x)` (a convolution, and the input gradient of a transposed one),
//! - image from map: the adjoint of `C` of `Wᵀ · y` (a transposed convolution, and the input gradient of a plain one),
//! - weight gradient: `y · C(x)ᵀ`, summed over the batch (of both).
//!
//! Samples are shared out among threads, each product on one thread; a batch of one uses all threads in its product.

use std::cell::Cell;

use rayon::prelude::*;

use super::{
    geometry::Geometry,
    matrix::{Matrix, Threads, multiply},
};

/// Most partial sums of a weight gradient. Fixed, so that the order of additions does not depend on the threads.
const WEIGHT_GRADIENT_CHUNKS: usize = 8;

thread_local! {
    static COLUMNS: Cell<Vec<f32>> = const { Cell::new(Vec::new()) };
}

/// Lends this thread's column buffer. It is taken out while in use: a nested call then gets a buffer of its own.
fn with_columns<T>(geometry: &Geometry, work: impl FnOnce(&mut [f32]) -> T) -> T {
    let len = geometry.patch_len() * geometry.map_pixels();
    let mut columns = COLUMNS.take();
    if columns.len() < len {
        columns.resize(len, 0.0);
    }
    let result = work(&mut columns[..len]);
    COLUMNS.set(columns);
    result
}

fn threads_for(samples: usize) -> Threads {
    if samples == 1 { Threads::Pool } else { Threads::One }
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
    let threads = threads_for(map.len() / geometry.map_len());
    let one = |(map, image): (&mut [f32], &[f32])| {
        with_columns(geometry, |columns| {
            geometry.columns_from_image(image, columns);
            multiply(
                Matrix::new(weight, geometry.map_channels, geometry.patch_len()),
                Matrix::new(columns, geometry.patch_len(), geometry.map_pixels()),
                map,
                false,
                threads,
            );
        });
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
    let threads = threads_for(map.len() / geometry.map_len());
    let one = |(image, map): (&mut [f32], &[f32])| {
        with_columns(geometry, |columns| {
            multiply(
                Matrix::new(weight, geometry.map_channels, geometry.patch_len()).transposed(),
                Matrix::new(map, geometry.map_channels, geometry.map_pixels()),
                columns,
                false,
                threads,
            );
            geometry.image_from_columns(columns, image);
        });
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
    let samples = map.len() / geometry.map_len();
    let chunk = samples.div_ceil(WEIGHT_GRADIENT_CHUNKS).max(1);
    let partial: Vec<Vec<f32>> = map
        .par_chunks(chunk * geometry.map_len())
        .zip(image.par_chunks(chunk * geometry.image_len()))
        .map(|(maps, images)| weight_gradient_of_chunk(geometry, images, maps))
        .collect();
    sum_in_order(partial)
}

fn weight_gradient_of_chunk(geometry: &Geometry, images: &[f32], maps: &[f32]) -> Vec<f32> {
    let mut gradient = vec![0.0; geometry.weight_len()];
    let samples = images.chunks_exact(geometry.image_len()).zip(maps.chunks_exact(geometry.map_len()));
    with_columns(geometry, |columns| {
        for (index, (image, map)) in samples.enumerate() {
            geometry.columns_from_image(image, columns);
            multiply(
                Matrix::new(map, geometry.map_channels, geometry.map_pixels()),
                Matrix::new(columns, geometry.patch_len(), geometry.map_pixels()).transposed(),
                &mut gradient,
                index > 0,
                Threads::One,
            );
        }
    });
    gradient
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

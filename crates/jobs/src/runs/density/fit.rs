//! Fitting the density of a finished model: its bandwidth is judged by decoded images beside the training images.

use std::sync::Arc;

use ndarray::{Array1, Array2, ArrayRef2, Axis};
use rayon::prelude::*;

use super::{MOST_VECTORS, TrainingDensity};
use crate::{
    JobError,
    data::source::{ENCODE_BATCH, batch, evenly_spread},
    runs::baselines::flat,
};
use timbrespace_analysis::{
    explore::density::{Density, fit::TARGET},
    inspect::distribution::median,
};
use timbrespace_signal::pipeline::dataset::Item;
use timbrespace_vae::{snapshot::Snapshot, trainer::BatchSource};

/// Draws whose images are compared with the training images.
const DRAWS: std::ops::RangeInclusive<usize> = 16..=128;
/// Values that the training images they are compared with may have together (256 MiB).
const MOST_VALUES: usize = 1 << 26;
/// Training images that are compared with all others, to know how far apart they are.
const COMPARED: usize = 256;
/// Images of one task.
const PIECE: usize = 16;

/// The training recordings of a run.
pub struct Recordings<'a> {
    /// The images.
    pub source: &'a dyn BatchSource,
    /// What is known about each image of `source`.
    pub items: &'a [Item],
    /// Which of them train.
    pub indices: &'a [usize],
}

/// Fits the density to at most `limit` (and [`MOST_VECTORS`]) training recordings, evenly spread; `None` of none.
///
/// # Errors
/// When an image cannot be read or does not fit the model.
pub fn training_density(
    snapshot: &Snapshot,
    recordings: &Recordings<'_>,
    limit: usize,
) -> Result<Option<TrainingDensity>, JobError> {
    let Recordings { source, items, indices } = *recordings;
    let chosen = evenly_spread(indices, limit.clamp(1, MOST_VECTORS));
    let mut mu = Array2::<f32>::zeros((0, snapshot.config().latent_size));
    for piece in chosen.chunks(ENCODE_BATCH) {
        let encoded = snapshot.encode(&batch(source, piece)?.view())?.mu;
        mu.append(Axis(0), encoded.view()).map_err(|error| JobError::Other(error.to_string()))?;
    }
    let about = |index: &usize| items.get(*index).map_or(("", ""), |item| (&item.name, &item.class));
    let names = chosen.iter().map(|index| about(index).0.to_owned()).collect();
    let mut classes: Vec<String> = chosen.iter().map(|index| about(index).1.to_owned()).collect();
    let of_class = classes.clone();
    classes.sort_unstable();
    classes.dedup();
    let class = of_class.iter().map(|class| classes.binary_search(class).unwrap_or(0)).collect();
    let judge = Judge::new(source, &chosen)?;
    let draws = (limit / 8).clamp(*DRAWS.start(), *DRAWS.end());
    let originality = |vectors: &Array2<f32>| judge.originality(snapshot, vectors);
    let density = Density::fit(mu, class, draws, TARGET, originality)?;
    Ok(density.map(|density| TrainingDensity { density: Arc::new(density), names, classes }))
}

/// Training images, and how far they usually are from each other.
struct Judge {
    /// `[images, pixels]`.
    images: Array2<f32>,
    /// Half of each image's sum of squares.
    halves: Array1<f32>,
    /// Median squared distance of an image to the nearest other one.
    typical: f64,
}

impl Judge {
    fn new(source: &dyn BatchSource, indices: &[usize]) -> Result<Self, JobError> {
        let (bins, frames) = source.image_shape();
        let images = flat(source, &evenly_spread(indices, (MOST_VALUES / (bins * frames).max(1)).max(2)))?;
        let halves = images.outer_iter().map(|image| image.dot(&image) / 2.0).collect();
        let mut judge = Self { images, halves, typical: 0.0 };
        let compared = evenly_spread(&(0..judge.images.nrows()).collect::<Vec<_>>(), COMPARED);
        let squares = judge.nearest_squares(&judge.images.select(Axis(0), &compared), Some(&compared));
        judge.typical = median(&squares).unwrap_or(0.0);
        Ok(judge)
    }

    /// Median squared distance of the images of `vectors` to their nearest training image, as a part of that of training
    /// images to their nearest other one; infinite where these are all the same or one.
    fn originality(&self, snapshot: &Snapshot, vectors: &Array2<f32>) -> Result<f64, JobError> {
        if !(self.typical > 0.0 && self.typical.is_finite()) {
            return Ok(f64::INFINITY);
        }
        let decoded = snapshot.decode(vectors)?;
        let pixels = self.images.ncols();
        let images = decoded
            .into_shape_with_order((vectors.nrows(), pixels))
            .map_err(|error| JobError::Other(error.to_string()))?;
        Ok(median(&self.nearest_squares(&images, None)).unwrap_or(f64::NAN) / self.typical)
    }

    /// Squared distance of each row of `images`, `[images, pixels]`, to the nearest training image; `own` names the training
    /// image that each one is.
    fn nearest_squares(&self, images: &ArrayRef2<f32>, own: Option<&[usize]>) -> Vec<f64> {
        // |a - b|² = |a|² - 2 (a·b - |b|²/2): one matrix product a piece.
        let pieces: Vec<_> = images.axis_chunks_iter(Axis(0), PIECE).enumerate().collect();
        pieces
            .into_par_iter()
            .flat_map_iter(|(number, piece)| {
                let closeness = piece.dot(&self.images.t()) - &self.halves;
                let rows = piece.outer_iter().zip(closeness.outer_iter()).enumerate();
                let nearest = rows.map(|(row, (image, closeness))| {
                    let itself = own.and_then(|own| own.get(number * PIECE + row));
                    let others = closeness.iter().enumerate().filter(|(other, _)| Some(other) != itself);
                    let nearest = others.max_by(|a, b| a.1.total_cmp(b.1));
                    nearest
                        .map_or(f64::INFINITY, |(other, _)| square_distance(&image, &self.images.row(other)))
                });
                nearest.collect::<Vec<_>>()
            })
            .collect()
    }
}

fn square_distance(a: &ndarray::ArrayRef1<f32>, b: &ndarray::ArrayRef1<f32>) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum()
}

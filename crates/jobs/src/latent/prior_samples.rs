//! Images drawn from a model's prior, held against a folder's: what random play would sound like, as numbers.

use ndarray::{Array2, Axis};
use rand::{SeedableRng as _, rngs::StdRng};
use serde::Serialize;
use timbrespace_base::sentence;

use crate::{JobContext, JobError, runs::baselines::flat};
use timbrespace_analysis::explore::{
    sample_quality::{NearestErrors, PairwiseError},
    travel,
};

use timbrespace_vae::{snapshot::Snapshot, trainer::BatchSource};

/// Images of the folder that are compared at a time.
const PIECE: usize = 64;

/// Samples; two are the least that have a difference.
pub const SAMPLES: std::ops::RangeInclusive<usize> = 2..=10_000;
/// Values that the images of all samples may have together (1 GiB).
const MOST_VALUES: usize = 1 << 28;

/// What to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Samples from the prior, a standard normal in every dimension; at least 2.
    pub samples: usize,
    /// Seed of the draws.
    pub seed: u64,
}

/// Samples beside the folder's images. Every error is the mean squared difference per pixel, on the 0 to 1 scale.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PriorSamples {
    /// How many were drawn.
    pub samples: usize,
    /// Error of a sample to the nearest image, mean over samples.
    pub nearest_error: f64,
    /// The same of the images themselves, each to the nearest other one.
    pub data_nearest_error: f64,
    /// The same of the images' mean image: what a sample gains by being blurred.
    pub mean_image_nearest_error: f64,
    /// Difference between two samples, mean over all pairs.
    pub pairwise_error: f64,
    /// The same between two images.
    pub data_pairwise_error: f64,
}

/// Draws samples and measures them against the images of `source`.
///
/// # Errors
/// When there are fewer than two images, or one cannot be read.
pub fn measure(
    snapshot: &Snapshot,
    source: &dyn BatchSource,
    draw: Draw,
    context: &JobContext<'_>,
) -> Result<PriorSamples, JobError> {
    let total = source.len();
    let few =
        || JobError::from(sentence!("error-two-images", "samples are compared with at least two images"));
    if total < 2 {
        return Err(few());
    }
    check_size(snapshot, draw.samples)?;
    let samples = decoded(snapshot, draw)?;
    let members: Vec<usize> = {
        let count = draw.samples.min(total);
        (0..count).map(|index| index * total / count).collect()
    };
    let mut of_samples = NearestErrors::of(samples.clone());
    let mut of_members = NearestErrors::of_members(flat(source, &members)?, &members);
    let (mut between_samples, mut between_images) = (PairwiseError::default(), PairwiseError::default());
    between_samples.add(&samples);
    let all: Vec<usize> = (0..total).collect();
    pieces(source, &all, context, &mut |piece| {
        of_samples.show(piece);
        of_members.show(piece);
        between_images.add(piece);
    })?;
    let mut of_mean = NearestErrors::of(between_images.mean_image());
    pieces(source, &all, context, &mut |piece| of_mean.show(piece))?;
    Ok(PriorSamples {
        samples: draw.samples,
        nearest_error: of_samples.mean().ok_or_else(few)?,
        data_nearest_error: of_members.mean().ok_or_else(few)?,
        mean_image_nearest_error: of_mean.mean().ok_or_else(few)?,
        pairwise_error: between_samples.mean().ok_or_else(few)?,
        data_pairwise_error: between_images.mean().ok_or_else(few)?,
    })
}

/// Shows the images `indices` of `source` to `visit`, some at a time.
pub(crate) fn pieces(
    source: &dyn BatchSource,
    indices: &[usize],
    context: &JobContext<'_>,
    visit: &mut dyn FnMut(&Array2<f32>),
) -> Result<(), JobError> {
    for (number, piece) in indices.chunks(PIECE).enumerate() {
        context.check_stopped()?;
        visit(&flat(source, piece)?);
        let done = number * PIECE + piece.len();
        context.progress("comparing samples", done, indices.len());
    }
    Ok(())
}

/// Refuses more samples than memory is for.
pub(crate) fn check_size(snapshot: &Snapshot, samples: usize) -> Result<(), JobError> {
    let (bins, frames) = (snapshot.config().bins, snapshot.config().frames);
    let most = (MOST_VALUES / (bins * frames).max(1)).min(*SAMPLES.end());
    if samples <= most {
        return Ok(());
    }
    Err(JobError::Setting(sentence!(
        "error-too-many-samples",
        "--samples is {samples}, but at most {most} images of {size} are held in memory",
        samples = samples,
        most = most,
        size = format!("{bins} x {frames}")
    )))
}

/// Decoded samples, `[samples, bins * frames]`.
fn decoded(snapshot: &Snapshot, draw: Draw) -> Result<Array2<f32>, JobError> {
    let mut random = StdRng::seed_from_u64(draw.seed);
    let latent_size = snapshot.config().latent_size;
    let mut vectors = Array2::zeros((draw.samples, latent_size));
    for mut vector in vectors.outer_iter_mut() {
        vector.assign(&travel::from_prior(latent_size, 1.0, &mut random));
    }
    decode(snapshot, &vectors)
}

/// The images of `vectors`, `[vectors, bins * frames]`.
pub(crate) fn decode(snapshot: &Snapshot, vectors: &Array2<f32>) -> Result<Array2<f32>, JobError> {
    let images = snapshot.decode(vectors)?;
    let pixels = images.len_of(Axis(1)) * images.len_of(Axis(2));
    images
        .into_shape_with_order((vectors.nrows(), pixels))
        .map_err(|error| JobError::Other(error.to_string()))
}

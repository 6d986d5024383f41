//! Random sounds of a model's density, held against a folder's images: how near they are, how varied, and whether they are
//! new.

use std::collections::HashSet;
use timbrespace_base::sentence;

use ndarray::{Array1, Array2};
use rand::{SeedableRng as _, rngs::StdRng};
use serde::Serialize;

use crate::{JobContext, runs::baselines::flat};
use crate::{
    JobError,
    data::source::evenly_spread,
    latent::prior_samples::{Draw, check_size, decode, pieces},
    runs::density::TrainingDensity,
};
use timbrespace_analysis::explore::{
    sample_quality::{NearestErrors, PairwiseError},
    travel,
};

use timbrespace_vae::{snapshot::Snapshot, trainer::BatchSource};

/// Samples that are drawn where nothing else is asked for.
pub const DEFAULT_SAMPLES: usize = 100;
/// Images of the folder that are compared with the others at most.
const COMPARED: usize = 300;

/// What the samples' distances are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// Images of the folder that the density does not know, to those that it knows.
    Unseen,
    /// Each image of the folder, to the nearest other one.
    LeftOut,
}

/// Samples of the density beside the folder's images. Every error is the mean squared difference per pixel, on the 0 to 1 scale.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RandomSamples {
    /// How many were drawn.
    pub samples: usize,
    /// What the samples are compared with.
    pub reference: Reference,
    /// Error of a sample to the nearest image (of those that the density knows, for [`Reference::Unseen`]), median over samples.
    pub nearest_error: f64,
    /// The same of the images that the samples are compared with.
    pub data_nearest_error: f64,
    /// The first divided by the second: 1 is as far from the recordings as a new recording is, 0 is copies.
    pub originality: f64,
    /// Difference between two samples, mean over all pairs.
    pub pairwise_error: f64,
    /// The same between two images.
    pub data_pairwise_error: f64,
}

/// Draws samples and measures them against the images of `source`; `name` tells the name of each.
///
/// # Errors
/// When there are fewer than two images, or one cannot be read.
pub fn measure<'a>(
    snapshot: &Snapshot,
    kept: &TrainingDensity,
    source: &dyn BatchSource,
    name: &dyn Fn(usize) -> &'a str,
    draw: Draw,
    context: &JobContext<'_>,
) -> Result<RandomSamples, JobError> {
    let total = source.len();
    let few =
        || JobError::from(sentence!("error-two-images", "samples are compared with at least two images"));
    if total < 2 {
        return Err(few());
    }
    check_size(snapshot, draw.samples)?;
    let mut random = StdRng::seed_from_u64(draw.seed);
    let vectors: Vec<Array1<f32>> =
        (0..draw.samples).filter_map(|_| kept.density.draw(None, 1.0, &mut random)).collect();
    let images = decode(snapshot, &travel::rows(&vectors).ok_or_else(few)?)?;
    let known: HashSet<&str> = kept.names.iter().map(String::as_str).collect();
    let (seen, unseen): (Vec<usize>, Vec<usize>) = (0..total).partition(|&index| known.contains(name(index)));
    let reference = if seen.is_empty() || unseen.is_empty() { Reference::LeftOut } else { Reference::Unseen };
    let (shown, compared) = match reference {
        Reference::Unseen => (seen, unseen),
        Reference::LeftOut => ((0..total).collect(), (0..total).collect::<Vec<_>>()),
    };
    let compared = evenly_spread(&compared, COMPARED);
    let mut of_samples = NearestErrors::of(images.clone());
    let mut of_images = match reference {
        Reference::Unseen => NearestErrors::of(flat(source, &compared)?),
        Reference::LeftOut => NearestErrors::of_members(flat(source, &compared)?, &compared),
    };
    let (mut between_samples, mut between_images) = (PairwiseError::default(), PairwiseError::default());
    between_samples.add(&images);
    pieces(source, &shown, context, &mut |piece: &Array2<f32>| {
        of_samples.show(piece);
        of_images.show(piece);
        between_images.add(piece);
    })?;
    let (nearest_error, data_nearest_error) =
        (of_samples.median().ok_or_else(few)?, of_images.median().ok_or_else(few)?);
    Ok(RandomSamples {
        samples: vectors.len(),
        reference,
        nearest_error,
        data_nearest_error,
        originality: if data_nearest_error > 0.0 { nearest_error / data_nearest_error } else { 0.0 },
        pairwise_error: between_samples.mean().unwrap_or(0.0),
        data_pairwise_error: between_images.mean().unwrap_or(0.0),
    })
}

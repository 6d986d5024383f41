//! What a bundle says of the images of its run, and where they lie in the latent space.

use serde::{Deserialize, Serialize};
use timbrespace_base::sentence;

use crate::{
    JobError,
    data::source::{ENCODE_BATCH, batch},
};
use timbrespace_signal::pipeline::{dataset::Dataset, stages::MinMax};
use timbrespace_vae::{loss::kl_divergences, snapshot::Snapshot, trainer::BatchSource};

/// Largest difference of a median level, in dB, at which two data sets count as the same one.
const SAME_LEVEL_DB: f32 = 1e-3;

/// What is known about the images a model was trained on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetStatistics {
    /// Images in all.
    pub images: usize,
    /// Classes, sorted.
    pub classes: Vec<String>,
    /// Median minimum and maximum before normalisation.
    pub median_min_max: MinMax,
    /// Names of the recordings that were left out by a list, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

impl DatasetStatistics {
    /// The statistics of `dataset`.
    pub fn of(dataset: &Dataset) -> Self {
        let mut classes: Vec<String> = dataset.items.iter().map(|item| item.class.clone()).collect();
        classes.sort_unstable();
        classes.dedup();
        Self {
            images: dataset.len(),
            classes,
            median_min_max: dataset.median_min_max(),
            left_out: dataset.left_out.clone(),
        }
    }

    /// Whether `dataset` is, as far as can be told, the one of these statistics.
    pub(crate) fn is_of(&self, dataset: &Dataset) -> bool {
        let (ours, theirs) = (dataset.median_min_max(), self.median_min_max);
        dataset.len() == self.images
            && (ours.min - theirs.min).abs() <= SAME_LEVEL_DB
            && (ours.max - theirs.max).abs() <= SAME_LEVEL_DB
    }
}

/// Where the data lies in the latent space, one value a dimension.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LatentStatistics {
    /// Mean of mu.
    pub mean: Vec<f32>,
    /// Standard deviation of mu.
    pub std: Vec<f32>,
    /// Mean KL divergence in nats; near zero for a dimension that says nothing.
    pub kl: Vec<f32>,
}

impl LatentStatistics {
    /// Encodes at most `limit` images, evenly spread over the data set.
    ///
    /// # Errors
    /// When the images do not fit the model.
    pub fn measure(snapshot: &Snapshot, source: &dyn BatchSource, limit: usize) -> Result<Self, JobError> {
        let count = source.len().min(limit.max(1));
        let indices: Vec<usize> = (0..count).map(|index| index * source.len() / count).collect();
        let latent = snapshot.config().latent_size;
        let (mut sum, mut squares, mut kl) =
            (vec![0.0_f64; latent], vec![0.0_f64; latent], vec![0.0_f64; latent]);
        for chunk in indices.chunks(ENCODE_BATCH) {
            let posterior = snapshot.encode(&batch(source, chunk)?.view())?;
            for (mu, divergences) in
                posterior.mu.outer_iter().zip(kl_divergences(&posterior.mu, &posterior.log_variance))
            {
                for (dimension, (&mu, divergence)) in mu.iter().zip(divergences).enumerate() {
                    let mu = f64::from(mu);
                    sum[dimension] += mu;
                    squares[dimension] += mu * mu;
                    kl[dimension] += divergence;
                }
            }
        }
        let n = count.max(1) as f64;
        let mean = |values: &[f64]| values.iter().map(|value| (value / n) as f32).collect::<Vec<_>>();
        let std = sum.iter().zip(&squares).map(|(s, q)| ((q / n - (s / n).powi(2)).max(0.0)).sqrt() as f32);
        let measured = Self { mean: mean(&sum), std: std.collect(), kl: mean(&kl) };
        // As they are written: a divergence that is a number in f64 need not be one in f32.
        let Self { mean, std, kl } = &measured;
        if !mean.iter().chain(std).chain(kl).all(|value| value.is_finite()) {
            return Err(sentence!(
                "error-no-statistics",
                "the model gives no numbers for some images; it is not written over the last good one"
            )
            .into());
        }
        Ok(measured)
    }
}

//! The path from one recording to another through a model's latent space.

use std::path::Path as File;
use timbrespace_base::sentence;

use ndarray::Array2;

use crate::{JobError, Sink, latent::recording_image::RecordingImage, runs::bundle::Bundle};
use timbrespace_analysis::explore::travel::{self, Path};
use timbrespace_signal::pipeline::{preprocessing::PreprocessingPipeline, stages::MinMax};

/// Fewest steps: both ends.
pub const LEAST_STEPS: usize = 2;
/// Steps of a path: their vectors are held in memory.
pub const STEPS: std::ops::RangeInclusive<usize> = LEAST_STEPS..=10_000;

/// Latent vectors with the ranges that their images are denormalised to.
#[derive(Clone, Debug, PartialEq)]
pub struct LatentPath {
    /// `[steps, latent]`.
    pub vectors: Array2<f32>,
    /// One a step, in the feature's unit.
    pub ranges: Vec<MinMax>,
}

impl LatentPath {
    /// `steps` vectors from the mu of one recording to that of another, both included. The range of values goes straight, so
    /// that both ends are the recordings' own.
    ///
    /// # Errors
    /// When a recording cannot be decoded or does not fit the model, or for fewer than two steps.
    pub fn between(
        bundle: &Bundle,
        ends: [&File; 2],
        steps: usize,
        path: Path,
        sink: &dyn Sink,
    ) -> Result<Self, JobError> {
        if !STEPS.contains(&steps) {
            return Err(JobError::Setting(sentence!(
                "error-path-steps",
                "--steps is {steps}, but a path between two recordings has from {least} to {most} steps",
                steps = steps,
                least = LEAST_STEPS,
                most = STEPS.end()
            )));
        }
        let pipeline = PreprocessingPipeline::from_config(&bundle.config.preprocessing)?;
        let [from, to] = ends.map(|file| RecordingImage::open(file, &pipeline, bundle, sink));
        let (from, to) = (from?, to?);
        let (start, end) = (bundle.snapshot.encode(&from.unit)?.mu, bundle.snapshot.encode(&to.unit)?.mu);
        let vectors = travel::steps(&start.row(0), &end.row(0), steps, path);
        let last = (steps - 1) as f32;
        let mix = |a: f32, b: f32, step: usize| a + (b - a) * (step as f32 / last);
        let range = |step| MinMax {
            min: mix(from.min_max.min, to.min_max.min, step),
            max: mix(from.min_max.max, to.min_max.max, step),
        };
        let no_vector = || sentence!("error-no-dimension", "the model has no latent dimension");
        Ok(Self {
            vectors: travel::rows(&vectors).ok_or_else(no_vector)?,
            ranges: (0..steps).map(range).collect(),
        })
    }
}

//! One recording as a model sees it.

use std::path::Path;

use ndarray::{Array2, Array3};

use super::{JobError, JobEvent, Sink, bundle::Bundle, source};
use crate::{
    audio::clip::Clip,
    pipeline::{
        preprocessing::PreprocessingPipeline,
        stages::{MinMax, Stages},
    },
};

/// A recording preprocessed with a model's settings.
pub struct RecordingImage {
    /// `[1, bins, frames]` in 0..1.
    pub unit: Array3<f32>,
    /// Before normalisation.
    pub min_max: MinMax,
    /// The image before normalisation, in dB or natural logarithms, `[bins, frames]`.
    pub feature: Array2<f32>,
    /// The signal that it was made of.
    pub signal: Clip,
}

impl RecordingImage {
    /// Preprocesses `file` as the images of `bundle` were.
    ///
    /// # Errors
    /// When the file cannot be decoded, or makes an image of another size than the model's.
    pub fn open(
        file: &Path,
        pipeline: &PreprocessingPipeline,
        bundle: &Bundle,
        sink: &dyn Sink,
    ) -> Result<Self, JobError> {
        let Stages { normalised, feature, signal, sample_rate_hz, min_max, flags, .. } =
            pipeline.stages(file)?;
        let (bins, frames) = normalised.dim();
        let model = &bundle.config.model;
        if (bins, frames) != (model.bins, model.frames) {
            return Err(JobError::file(
                file,
                format!(
                    "makes an image of {bins} × {frames}, but the model takes {} × {}",
                    model.bins, model.frames
                ),
            ));
        }
        for flag in flags {
            sink.event(JobEvent::Flagged { path: file.to_owned(), flag });
        }
        let unit = source::unit_image(&bundle.config.preprocessing, &normalised);
        Ok(Self { unit, min_max, feature, signal: Clip::mono(signal, sample_rate_hz) })
    }
}

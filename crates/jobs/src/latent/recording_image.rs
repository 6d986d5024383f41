//! One recording as a model sees it.

use std::path::Path;
use timbrespace_base::sentence;

use ndarray::Array3;

use super::measures::Measures;
use crate::{JobError, JobEvent, Sink, data::source, runs::bundle::Bundle};
use timbrespace_signal::pipeline::{
    preprocessing::PreprocessingPipeline,
    stages::{MinMax, Stages},
};

/// A recording preprocessed with a model's settings.
pub struct RecordingImage {
    /// `[1, bins, frames]` in 0..1.
    pub unit: Array3<f32>,
    /// Before normalisation.
    pub min_max: MinMax,
    /// How loud and bright the recording is.
    pub measures: Measures,
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
        Self::of_stages(file, &pipeline.stages(file)?, bundle, sink)
    }

    /// The image of a recording whose stages are computed already.
    ///
    /// # Errors
    /// When the image has another size than the model's.
    pub fn of_stages(
        file: &Path,
        stages: &Stages,
        bundle: &Bundle,
        sink: &dyn Sink,
    ) -> Result<Self, JobError> {
        let Stages { normalised, min_max, flags, .. } = stages;
        let (bins, frames) = normalised.dim();
        let model = &bundle.config.model;
        if (bins, frames) != (model.bins, model.frames) {
            return Err(JobError::file(
                file,
                sentence!(
                    "error-image-misfit",
                    "makes an image of {made}, but the model takes {taken}",
                    made = format!("{bins} × {frames}"),
                    taken = format!("{} × {}", model.bins, model.frames)
                ),
            ));
        }
        for flag in flags {
            sink.event(JobEvent::Flagged { path: file.to_owned(), flag: flag.clone() });
        }
        let unit = source::unit_image(&bundle.config.preprocessing, normalised);
        Ok(Self { unit, min_max: *min_max, measures: Measures::of(stages) })
    }
}

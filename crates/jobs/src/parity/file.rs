//! One recording and its two images.

use std::path::Path;

use serde::Serialize;

use crate::{JobError, note::Reason};
use timbrespace_analysis::inspect::parity::{
    Comparison, Difference,
    cause::{self, Cause},
    compare as compare_images,
};
use timbrespace_signal::pipeline::{
    feature_folder::{FeatureFolder, display_name},
    preprocessing::{PipelineError, PreprocessingPipeline},
    stages::MinMax,
};

/// What came of one recording.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FileReport {
    /// Path of the recording below its folder, with `/` between parts.
    pub recording: String,
    /// Path of the image below its folder.
    pub image: String,
    /// `[bins, frames]` of ours.
    pub our_shape: Option<[usize; 2]>,
    /// `[bins, frames]` of theirs.
    pub their_shape: Option<[usize; 2]>,
    /// Differences in the normalised range, where both images are of one size.
    pub difference: Option<Difference>,
    /// Our extremes before normalisation, in dB (natural log for log-mel).
    pub our_min_max: Option<MinMax>,
    /// The pickle's.
    pub their_min_max: Option<MinMax>,
    /// Our minimum less the pickle's.
    pub min_difference: Option<f64>,
    /// Our maximum less the pickle's.
    pub max_difference: Option<f64>,
    /// What may be behind the difference.
    pub cause: Option<Cause>,
    /// Why there is nothing to compare.
    pub error: Option<Reason>,
}

impl FileReport {
    /// Whether the images agree within `tolerance`.
    pub fn is_within(&self, tolerance: f64) -> bool {
        self.difference.is_some_and(|difference| difference.is_within(tolerance))
    }

    /// How bad it is: infinite where nothing could be compared or theirs holds what is no number, else the largest
    /// difference.
    pub fn badness(&self) -> f64 {
        match self.difference {
            Some(difference) if difference.not_finite == 0 => difference.largest,
            _ => f64::INFINITY,
        }
    }

    /// What may be behind the difference, or why there is none, in English.
    pub fn remark(&self) -> String {
        let error = self.error.as_ref().map(ToString::to_string);
        error.or_else(|| self.cause.map(|cause| cause.to_string())).unwrap_or_default()
    }
}

/// Both sides of a comparison.
pub(super) struct Sides<'a> {
    /// Folder of the recordings.
    pub root: &'a Path,
    /// Makes our images.
    pub pipeline: &'a PreprocessingPipeline,
    /// Their images.
    pub images: &'a FeatureFolder,
    /// Largest difference at which two images agree.
    pub tolerance: f64,
}

impl Sides<'_> {
    /// Makes our image of `recording` and compares it with their `image`; what cannot be read is said in the report.
    pub(super) fn compare(&self, recording: &Path, image: &Path) -> FileReport {
        let mut report = FileReport {
            recording: display_name(recording),
            image: display_name(image),
            their_min_max: self.images.min_max(image),
            ..FileReport::default()
        };
        if let Err(error) = self.measure(recording, image, &mut report) {
            report.error = Some(JobError::from(error).into());
        }
        report
    }

    fn measure(&self, recording: &Path, image: &Path, report: &mut FileReport) -> Result<(), PipelineError> {
        let Self { root, pipeline, images, tolerance } = *self;
        let theirs = images.image(image)?;
        report.their_shape = Some(theirs.dim().into());
        let stages = pipeline.stages(&root.join(recording))?;
        report.our_shape = Some(stages.normalised.dim().into());
        report.our_min_max = Some(stages.min_max);
        let less =
            |theirs: MinMax, of: fn(MinMax) -> f32| f64::from(of(stages.min_max)) - f64::from(of(theirs));
        report.min_difference = report.their_min_max.map(|theirs| less(theirs, |values| values.min));
        report.max_difference = report.their_min_max.map(|theirs| less(theirs, |values| values.max));
        if let Comparison::Measured(difference) = compare_images(&stages.normalised, &theirs) {
            report.difference = Some(difference);
        }
        let config = pipeline.config();
        let evidence = cause::Evidence {
            ours: &stages.normalised,
            theirs: &theirs,
            our_min_max: stages.min_max,
            their_min_max: report.their_min_max,
            range: MinMax { min: config.range_min, max: config.range_max },
            native_rate_hz: stages.native_rate_hz,
            sample_rate_hz: config.sample_rate_hz,
            rows: config.feature.axis(config).scale,
            tolerance,
        };
        report.cause = cause::probable(&evidence);
        Ok(())
    }
}

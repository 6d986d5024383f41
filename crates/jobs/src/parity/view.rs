//! The two images of one recording, to be looked at.

use ndarray::Array2;

use super::{file::FileReport, report::Report};
use crate::JobError;
use timbrespace_analysis::inspect::parity::signed_difference;
use timbrespace_signal::pipeline::{feature_folder::FeatureFolder, preprocessing::PreprocessingPipeline};

/// Two images of one recording, `[bins, frames]`, in the normalised range.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Ours.
    pub ours: Array2<f32>,
    /// Theirs.
    pub theirs: Array2<f32>,
    /// Ours minus theirs, where both are of one size.
    pub difference: Option<Array2<f32>>,
}

/// Makes our image of one compared recording again and reads theirs.
///
/// # Errors
/// When one of the two cannot be read any more.
pub fn view(report: &Report, file: &FileReport) -> Result<View, JobError> {
    let images = FeatureFolder::open(&report.python_folder)?;
    let theirs = images.image(file.image.as_ref())?;
    let pipeline = PreprocessingPipeline::from_config(&report.settings)?;
    let ours = pipeline.stages(&recording(report, file))?.normalised;
    let difference = signed_difference(&ours, &theirs);
    Ok(View { ours, theirs, difference })
}

/// The recording's path; a folder may also be a single sound, which is then its own only recording.
fn recording(report: &Report, file: &FileReport) -> std::path::PathBuf {
    if report.folder.is_file() { report.folder.clone() } else { report.folder.join(&file.recording) }
}

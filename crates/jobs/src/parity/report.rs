//! What a comparison of a folder found.

use std::path::PathBuf;

use serde::Serialize;

use super::{file::FileReport, summary::Summary};
use timbrespace_base::{names, sentence::Sentence};
use timbrespace_signal::pipeline::config::PreprocessingConfig;

/// What was compared.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Folder of recordings.
    #[serde(serialize_with = "names::serialize")]
    pub folder: PathBuf,
    /// Where the images lie.
    #[serde(serialize_with = "names::serialize")]
    pub python_folder: PathBuf,
    /// Settings that our images were made with.
    pub settings: PreprocessingConfig,
    /// Largest difference that needed no explanation.
    pub tolerance: f64,
    /// The whole in a few figures.
    pub summary: Summary,
    /// Every recording with an image, the worst first.
    pub files: Vec<FileReport>,
    /// Recordings without an image, relative to their folder.
    #[serde(serialize_with = "names::serialize")]
    pub without_image: Vec<PathBuf>,
    /// Images without a recording, relative to theirs.
    #[serde(serialize_with = "names::serialize")]
    pub without_recording: Vec<PathBuf>,
    /// Remarks on the folder for a person, such as a pickle with one nameless entry.
    pub notes: Vec<Sentence>,
    /// Seconds it took.
    pub seconds: f64,
}

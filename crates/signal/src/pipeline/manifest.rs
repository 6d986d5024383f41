//! `preprocessing.json`: what a preprocessed folder holds and how it was made.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{
    config::PreprocessingConfig,
    error::PipelineError,
    stages::{Flag, MinMax},
};
use crate::audio::folder::Skipped;
use timbrespace_base::{
    atomic_file::{self, Durability},
    names,
    regular_file::{self, TABLE_LIMIT},
};

/// The file's name in a preprocessed folder.
pub(super) const FILE_NAME: &str = "preprocessing.json";

/// One image of the folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ManifestItem {
    /// Path of the recording below its folder, with `/` between parts.
    pub name: String,
    /// Class, or empty.
    pub class: String,
    /// Extremes before normalisation; absent while a run is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_max: Option<MinMax>,
    /// Remarks on the recording.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
}

/// A recording or folder that was left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct ManifestSkip {
    pub path: String,
    pub cause: String,
}

impl From<&Skipped> for ManifestSkip {
    fn from(skipped: &Skipped) -> Self {
        Self { path: names::text_of(skipped.path.as_os_str()).into_owned(), cause: skipped.cause.to_string() }
    }
}

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The program's version.
    pub version: String,
    /// False from the start of a run until its end: a run that was killed leaves its plan behind.
    pub complete: bool,
    /// The part `[index, count]` of a sharded run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<[usize; 2]>,
    /// The folder of the recordings.
    pub source: String,
    /// Every setting.
    pub settings: PreprocessingConfig,
    /// `[bins, frames]`.
    pub image_shape: [usize; 2],
    /// Samples of every padded signal.
    pub padded_samples: usize,
    /// All classes, sorted.
    pub classes: Vec<String>,
    /// The images in order.
    pub items: Vec<ManifestItem>,
    /// What was left out.
    pub skipped: Vec<ManifestSkip>,
    /// Recordings that a list left out, with `/` between parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// Other files below the folder that earlier runs wrote, with `/` between parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<String>,
}

impl Manifest {
    /// Reads a manifest; `None` when there is no such file.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, PipelineError> {
        match regular_file::read(path, TABLE_LIMIT) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map(Some).map_err(|error| PipelineError::read(path, error))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(PipelineError::read(path, error)),
        }
    }

    /// Writes the manifest; its classes are those of its items.
    pub(super) fn write(&mut self, path: &Path) -> Result<(), PipelineError> {
        self.classes = self.items.iter().map(|item| item.class.clone()).collect();
        self.classes.sort();
        self.classes.dedup();
        let mut text = serde_json::to_vec_pretty(&self).map_err(|error| PipelineError::write(path, error))?;
        text.push(b'\n');
        atomic_file::write_bytes(path, Durability::Renamed, &text)
            .map_err(|error| PipelineError::write(path, error))
    }
}

/// A relative path as a name that no other path has: `/` between parts on every system.
pub fn display_name(relative: &Path) -> String {
    names::name_of(relative)
}

//! State of the list of recordings.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use super::pieces_state::Pieces;
use crate::{
    audio::{
        folder::{Cause, Skipped},
        left_out::LeftOut,
    },
    jobs::scan::Recording,
    pipeline::config::PreprocessingConfig,
};

/// The recordings of the open folder.
#[derive(Debug, Default)]
pub struct Library {
    /// The open folder.
    pub root: Option<PathBuf>,
    /// Whether these are the built-in demo sounds.
    pub is_demo: bool,
    /// All recordings, sorted by name.
    pub recordings: Vec<Recording>,
    /// Recordings that the person left out, by name; `recordings` has them, too.
    pub left_out: Arc<LeftOut>,
    /// How many of `recordings` are left out.
    pub left_out_count: usize,
    /// Where that list is kept, for `--exclude` on the command line; the file is there while the list has a name.
    pub left_out_file: Option<PathBuf>,
    /// Files that cannot be used, with the reasons.
    pub skipped: Vec<Skipped>,
    /// Recordings that turned out to be unusable when they were decoded, with the reasons.
    pub failures: BTreeMap<PathBuf, Cause>,
    /// Recordings whose headers are still to be read.
    pub unread: usize,
    /// Sound files found so far by the current scan.
    pub scanning: Option<usize>,
    /// The folder or file that it scans, unless it is the demo sounds.
    pub opening: Option<PathBuf>,
    /// The filter.
    pub search: String,
    /// Indices into `recordings` that match the filter.
    pub visible: Vec<usize>,
    /// Index into `recordings`.
    pub selected: Option<usize>,
    /// How classes are read; empty for parent folders.
    pub label_pattern: String,
    /// The files, where recordings are pieces of them.
    pub pieces: Pieces,
}

impl Library {
    /// Whether `recording` is left out.
    pub fn is_left_out(&self, recording: &Recording) -> bool {
        self.left_out.contains(&recording.name)
    }

    /// Why `recording` cannot be used, if that is known.
    pub fn problem_of<'a>(&'a self, recording: &'a Recording) -> Option<&'a Cause> {
        recording.problem.as_ref().or_else(|| self.failures.get(&recording.path))
    }

    /// Leaves the recordings of `list` out, and no others.
    pub fn set_left_out(&mut self, list: Arc<LeftOut>) {
        self.left_out = list;
        self.left_out_count = self.recordings.iter().filter(|recording| self.is_left_out(recording)).count();
    }

    /// How many recordings are not left out.
    pub fn used(&self) -> usize {
        self.recordings.len().saturating_sub(self.left_out_count)
    }

    /// Seconds of the longest recording that is used, as far as headers have been read.
    pub fn longest_secs(&self) -> Option<f64> {
        // Looked at in every frame: names are looked up only where some are left out.
        let is_used = |recording: &&Recording| self.left_out_count == 0 || !self.is_left_out(recording);
        let used = self.recordings.iter().filter(is_used);
        used.filter_map(|recording| recording.info?.duration_secs).reduce(f64::max)
    }

    /// `(bins, frames)` of the images that `config` makes for training. Whole files are padded to the longest one, so their
    /// size is known once all headers are read.
    pub fn training_shape(&self, config: &PreprocessingConfig) -> Option<(usize, usize)> {
        config.image_shape().or_else(|| {
            let secs = self.longest_secs().filter(|_| self.unread == 0)?;
            Some(config.image_shape_of(config.whole_len(config.len_of(secs))))
        })
    }
}

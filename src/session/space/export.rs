//! Exports of sounds, vectors and the model: form, state and commands.

use std::path::PathBuf;

use crate::{audio::encode::BitDepth, session::task::TaskStatus};

/// Maximum number of sounds of a sequence or a batch.
pub const MOST_SOUNDS: usize = 1000;
/// Limits of the length of a morph, in seconds.
pub const MORPH_SECS: (f64, f64) = (1.0, 120.0);

/// Settings of exports.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LatentExportForm {
    /// How samples are stored.
    pub bits: BitDepth,
    /// Rate in Hz; `None` for the model's own.
    pub rate_hz: Option<u32>,
    /// Sounds of a sequence from A to B.
    pub steps: usize,
    /// Seconds of a morph from A to B.
    pub secs: f64,
    /// Random sounds of a batch.
    pub count: usize,
}

impl Default for LatentExportForm {
    fn default() -> Self {
        Self { bits: BitDepth::Int16, rate_hz: None, steps: 8, secs: 4.0, count: 16 }
    }
}

/// State of exports.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LatentExportState {
    /// Settings of exports.
    pub form: LatentExportForm,
    /// Progress of the current export.
    pub status: TaskStatus,
    /// Exports that wait for it.
    pub waiting: usize,
}

/// Exports.
#[derive(Clone, Debug, PartialEq)]
pub enum LatentExportCommand {
    /// Settings of exports.
    SetForm(LatentExportForm),
    /// The decoded sound, as a file.
    Sound(PathBuf),
    /// The path from A to B as one sound.
    Morph(PathBuf),
    /// The path from A to B as a folder of sounds.
    Sequence(PathBuf),
    /// Random sounds as a folder.
    Batch(PathBuf),
    /// Reconstructions of these recordings, by index in the library, as a folder.
    Chosen(PathBuf, Vec<usize>),
    /// The recordings' vectors, and the map, as a folder.
    Vectors(PathBuf),
    /// The model as a folder.
    Model(PathBuf),
    /// Stops the current export and drops those that wait.
    Cancel,
}

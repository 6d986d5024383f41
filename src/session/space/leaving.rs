//! Saving sounds, vectors and the model: what a person chooses and asks for.

use std::path::PathBuf;

use crate::{audio::encode::BitDepth, session::task::TaskStatus};

/// Limits of what a person can ask for: sounds of a sequence or a batch, seconds of a morph.
pub const MOST_SOUNDS: usize = 1000;
/// Seconds of a morph.
pub const MORPH_SECS: (f64, f64) = (1.0, 120.0);

/// How sounds leave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeavingForm {
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

impl Default for LeavingForm {
    fn default() -> Self {
        Self { bits: BitDepth::Int16, rate_hz: None, steps: 8, secs: 4.0, count: 16 }
    }
}

/// What leaving shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeavingState {
    /// How sounds leave.
    pub form: LeavingForm,
    /// How far the writing is.
    pub status: TaskStatus,
}

/// What a person can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum LeavingCommand {
    /// How sounds leave.
    SetForm(LeavingForm),
    /// The decoded sound, as a file.
    Sound(PathBuf),
    /// The way from A to B as one sound.
    Morph(PathBuf),
    /// The way from A to B as a folder of sounds.
    Sequence(PathBuf),
    /// Random sounds as a folder.
    Batch(PathBuf),
    /// These recordings, by their indices in the library, as the model has them, as a folder.
    Chosen(PathBuf, Vec<usize>),
    /// The recordings' vectors, and the map, as a folder.
    Vectors(PathBuf),
    /// The model as a folder.
    Model(PathBuf),
    /// Stops the writing, and what waits for it to end.
    Cancel,
}

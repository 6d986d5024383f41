//! What is to be decoded of a file, and what comes of it.

use super::info::ClipInfo;
use crate::audio::{clip::Clip, flag::Flag};

/// Memory limit of one recording in bytes, for its samples and derived data. One hour of mono at 48 kHz takes
/// 660 MiB.
pub const MOST_BYTES: usize = 1 << 30;

/// A decoded sound with properties of its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// Decoded samples.
    pub clip: Clip,
    /// Properties of the whole file, even if only a part was decoded.
    pub info: ClipInfo,
    /// Problems noticed in the file.
    pub flags: Vec<Flag>,
}

/// What [`stream`](super::stream) found out about a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Streamed {
    /// Properties of the file.
    pub info: ClipInfo,
    /// Problems noticed in the file.
    pub flags: Vec<Flag>,
}

/// Selection of channels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeptChannels {
    /// All channels.
    #[default]
    All,
    /// The mean over all channels, as one channel.
    Mean,
    /// One channel, counted from 0.
    One(usize),
}

/// The part of a file to decode. Only this part is held in memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DecodeRequest {
    /// Seconds to skip: `int(offset_secs * rate)` samples, as in `librosa.load(offset=...)`.
    pub offset_secs: f64,
    /// Seconds to decode from there, or `None` for the rest: `int(max_secs * rate)` samples, as in
    /// `librosa.load(duration=...)` at the file's own rate.
    pub max_secs: Option<f64>,
    /// Channels to keep.
    pub channels: KeptChannels,
    /// Memory limit of the decoded samples in bytes.
    pub most_bytes: usize,
}

impl Default for DecodeRequest {
    fn default() -> Self {
        Self { offset_secs: 0.0, max_secs: None, channels: KeptChannels::All, most_bytes: MOST_BYTES }
    }
}

//! Files between opening and checking.

use super::sound_file::SoundFile;

use super::{collector::Collector, info::ClipInfo};
use crate::audio::format::Container;

/// A decoded file before its samples are checked.
pub(super) struct Raw<'a> {
    pub kept: Collector<'a>,
    pub info: ClipInfo,
    pub is_truncated: bool,
    /// The header was never completed, so everything up to the end of the file was decoded.
    pub is_unfinished: bool,
    /// The file contains further sounds that do not continue this one.
    pub is_first_of_several: bool,
}

/// An open file of known format.
pub(super) struct Opened {
    pub file: SoundFile,
    pub format: Container,
    /// Offset of the sound data, after leading tags of other formats.
    pub start: u64,
}

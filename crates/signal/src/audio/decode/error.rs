//! Errors of decoding.

use std::{
    fmt,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use timbrespace_base::{
    numbers::{count, grouped},
    regular_file::{self, Refusal, format_size},
    sentence::Sentence,
};

use super::super::format::FORMATS;
use timbrespace_base::names::shown;

/// What to do about a file that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAdvice {
    /// Access is not permitted.
    Permissions,
    /// Memory is short.
    Memory,
    /// Anything else.
    Disk,
}

impl fmt::Display for ReadAdvice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Permissions => "check its permissions",
            Self::Memory => "close other programs, or use its beginning (--duration SECONDS)",
            Self::Disk => "check the disk or the connection to it, then try again",
        })
    }
}

/// Why a sound file could not be used; every message states file, cause and remedy.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DecodeError {
    /// The file does not exist.
    #[error("{}: there is no such file; check the path", shown(path))]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be opened or read.
    #[error("{}: cannot be read ({cause}); {advice}", shown(path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Message of the system.
        cause: String,
        /// Remedy.
        advice: ReadAdvice,
    },
    /// The path is a pipe, socket or device.
    #[error("{}: is {kind}, not a sound file; copy the sound into a file first", shown(path))]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// What it is, with article.
        kind: &'static str,
    },
    /// The path is a folder.
    #[error("{}: is a folder, not a sound file; name a file in it", shown(path))]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// The file has 0 bytes.
    #[error("{}: the file is empty (0 bytes); copy or record it again", shown(path))]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file contains no samples.
    #[error("{}: holds no samples (zero length); record or export it again", shown(path))]
    NoSamples {
        /// The file.
        path: PathBuf,
    },
    /// The file ends before the requested part.
    #[error(
        "{}: is {secs:.3} s long, but was to be used from {offset_secs:.3} s on; use a smaller offset",
        shown(path)
    )]
    BeyondEnd {
        /// The file.
        path: PathBuf,
        /// Start of the requested part, in seconds.
        offset_secs: f64,
        /// Length of the file in seconds.
        secs: f64,
    },
    /// The file ends before its first sample.
    #[error("{}: is truncated before its first usable sample; copy or export it again", shown(path))]
    Truncated {
        /// The file.
        path: PathBuf,
    },
    /// All samples are NaN, infinite or far out of range.
    #[error(
        "{}: all {} samples are NaN, infinite or beyond 1e12, so there is nothing to hear; export it again",
        shown(path),
        count(*samples)
    )]
    AllNonFinite {
        /// The file.
        path: PathBuf,
        /// Number of samples.
        samples: usize,
    },
    /// The content is not a known sound format.
    #[error("{}: is not a sound file that can be read ({}); convert it to WAV", shown(path), FORMATS)]
    NotSound {
        /// The file.
        path: PathBuf,
    },
    /// The codec or variant is not supported.
    #[error(
        "{}: the {format} file uses a codec that is not supported ({cause}); convert it to WAV",
        shown(path)
    )]
    UnsupportedCodec {
        /// The file.
        path: PathBuf,
        /// Name of the container format.
        format: String,
        /// Message of the decoder.
        cause: Sentence,
    },
    /// The file is damaged.
    #[error("{}: the {format} file is damaged ({cause}); copy or export it again", shown(path))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Name of the container format.
        format: String,
        /// Message of the decoder.
        cause: Sentence,
    },
    /// The header contains an implausible value.
    #[error(
        "{}: its header states a {what} of {}, but only {expected} is possible; export it again",
        shown(path),
        grouped(&actual.to_string())
    )]
    ImplausibleHeader {
        /// The file.
        path: PathBuf,
        /// Name of the quantity.
        what: Sentence,
        /// Value in the header.
        actual: u64,
        /// Possible values.
        expected: Sentence,
    },
    /// The samples or the image would exceed the memory limit of one recording.
    #[error(
        "{}: {secs:.0} s of it or more would take {} {held}, more than the {} that one recording may take in memory; use \
         its beginning (--duration SECONDS; in the window: Duration)",
        shown(path),
        format_size(*bytes),
        format_size(*limit)
    )]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Seconds to be used, as far as known.
        secs: f64,
        /// What would take the memory.
        held: &'static str,
        /// Memory needed, in bytes.
        bytes: u64,
        /// Limit in bytes.
        limit: u64,
    },
    /// This program's own code panicked.
    #[error(
        "{}: cannot be used because of a fault in this program ({cause}); report it with the file, and leave the file out",
        shown(path)
    )]
    Fault {
        /// The file.
        path: PathBuf,
        /// Message and location of the panic.
        cause: String,
    },
    /// The file does not have the requested channel.
    #[error(
        "{}: has {available} channels, counted from 0, but channel {wanted} was asked for; choose another --channel",
        shown(path)
    )]
    NoSuchChannel {
        /// The file.
        path: PathBuf,
        /// Requested channel.
        wanted: usize,
        /// Number of channels.
        available: usize,
    },
    /// The sample rate differs from the requested one, and resampling is not allowed.
    #[error(
        "{}: its sample rate is {} Hz, but the settings ask for {} Hz; allow resampling \
         (--resample; in the window: Other rates), or ask for that rate",
        shown(path),
        count(*actual_hz as usize),
        count(*wanted_hz as usize)
    )]
    OtherRate {
        /// The file.
        path: PathBuf,
        /// Rate of the file in Hz.
        actual_hz: u32,
        /// Requested rate in Hz.
        wanted_hz: u32,
    },
}

impl DecodeError {
    /// Error for a file that could not be opened or read.
    pub(super) fn from_io(path: &Path, source: &io::Error) -> Self {
        let path = path.to_path_buf();
        if let Some(Refusal::NotAFile { kind }) = regular_file::refusal(source) {
            return if path.is_dir() { Self::Folder { path } } else { Self::NotAFile { path, kind } };
        }
        let advice = match source.kind() {
            ErrorKind::NotFound => return Self::NotFound { path },
            ErrorKind::UnexpectedEof => return Self::Truncated { path },
            ErrorKind::PermissionDenied => ReadAdvice::Permissions,
            ErrorKind::OutOfMemory => ReadAdvice::Memory,
            _ => ReadAdvice::Disk,
        };
        Self::Unreadable { path, cause: source.to_string(), advice }
    }

    /// Path of the file.
    pub fn path(&self) -> &Path {
        match self {
            Self::NotFound { path }
            | Self::Unreadable { path, .. }
            | Self::NotAFile { path, .. }
            | Self::Fault { path, .. }
            | Self::Folder { path }
            | Self::Empty { path }
            | Self::NoSamples { path }
            | Self::BeyondEnd { path, .. }
            | Self::Truncated { path }
            | Self::AllNonFinite { path, .. }
            | Self::NotSound { path }
            | Self::UnsupportedCodec { path, .. }
            | Self::Damaged { path, .. }
            | Self::ImplausibleHeader { path, .. }
            | Self::TooLong { path, .. }
            | Self::NoSuchChannel { path, .. }
            | Self::OtherRate { path, .. } => path,
        }
    }

    /// The message without the file name, for lists that show the name separately.
    pub fn cause(&self) -> String {
        let message = self.to_string();
        let prefix = format!("{}: ", shown(self.path()));
        message.strip_prefix(&prefix).unwrap_or(&message).to_owned()
    }
}

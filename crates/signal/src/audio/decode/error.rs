//! Why a sound file could not be used.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use timbrespace_base::regular_file::{self, Refusal, size_in_words};

use timbrespace_base::names::shown;

/// Why a sound file could not be used; every message names the file, the cause and what to do.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// There is no such file.
    #[error("{}: there is no such file; check the path", shown(path))]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// The system refuses to read it.
    #[error("{}: cannot be read ({cause}); {advice}", shown(path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// A pipe, a socket or a device where a file is needed.
    #[error("{}: is {kind}, not a sound file; copy the sound into a file first", shown(path))]
    NotAFile {
        /// What stands at the path.
        path: PathBuf,
        /// What it is, with its article.
        kind: &'static str,
    },
    /// A folder where a file is needed.
    #[error("{}: is a folder, not a sound file; name a file in it", shown(path))]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// Not a single byte.
    #[error("{}: the file is empty (0 bytes); copy or record it again", shown(path))]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A sound file without sound.
    #[error("{}: holds no samples (zero length); record or export it again", shown(path))]
    NoSamples {
        /// The file.
        path: PathBuf,
    },
    /// It ends before the part that is wanted.
    #[error(
        "{}: is {secs:.3} s long, but was to be used from {offset_secs:.3} s on; use a smaller offset",
        shown(path)
    )]
    BeyondEnd {
        /// The file.
        path: PathBuf,
        /// Where the wanted part begins, in seconds.
        offset_secs: f64,
        /// Length of the file in seconds.
        secs: f64,
    },
    /// Cut off before the first sample.
    #[error("{}: is truncated before its first usable sample; copy or export it again", shown(path))]
    Truncated {
        /// The file.
        path: PathBuf,
    },
    /// Nothing but NaN or infinity.
    #[error(
        "{}: all {samples} samples are NaN, infinite or beyond 1e12, so there is nothing to hear; export it again",
        shown(path)
    )]
    AllNonFinite {
        /// The file.
        path: PathBuf,
        /// How many there are.
        samples: usize,
    },
    /// Its first bytes belong to no sound format.
    #[error(
        "{}: is not a sound file that can be read (WAV, FLAC, OGG, MP3, AIFF, CAF, M4A); convert it to WAV",
        shown(path)
    )]
    NotSound {
        /// The file.
        path: PathBuf,
    },
    /// A sound format, but a codec or variant that cannot be decoded.
    #[error(
        "{}: the {format} file uses a codec that is not supported ({cause}); convert it to WAV",
        shown(path)
    )]
    UnsupportedCodec {
        /// The file.
        path: PathBuf,
        /// The container.
        format: String,
        /// What the decoder says.
        cause: String,
    },
    /// A sound format, but damaged.
    #[error("{}: the {format} file is damaged ({cause}); copy or export it again", shown(path))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The container.
        format: String,
        /// What the decoder says.
        cause: String,
    },
    /// The header claims something that cannot be true.
    #[error(
        "{}: its header names a {what} of {actual}, but {expected} is possible; export it again",
        shown(path)
    )]
    ImplausibleHeader {
        /// The file.
        path: PathBuf,
        /// Which quantity.
        what: &'static str,
        /// The value in the header.
        actual: u64,
        /// What would be possible.
        expected: String,
    },
    /// Its samples or its image would take more memory than one recording may.
    #[error(
        "{}: {secs:.0} s of it or more would take {} {held}, more than the {} that one recording may take in memory; use \
         its beginning (--duration SECONDS; in the window: Duration)",
        shown(path),
        size_in_words(*bytes),
        size_in_words(*limit)
    )]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Seconds that were to be used, as far as is known.
        secs: f64,
        /// What would take the memory.
        held: &'static str,
        /// Bytes that it would take.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The program's own code panicked on it.
    #[error(
        "{}: cannot be used because of a fault in this program ({cause}); report it with the file, and leave the file out",
        shown(path)
    )]
    Fault {
        /// The file.
        path: PathBuf,
        /// What happened, and where.
        cause: String,
    },
    /// The file lacks the channel that was asked for.
    #[error(
        "{}: has {available} channels, counted from 0, but channel {wanted} was asked for; choose another --channel",
        shown(path)
    )]
    NoSuchChannel {
        /// The file.
        path: PathBuf,
        /// Which channel.
        wanted: usize,
        /// How many there are.
        available: usize,
    },
    /// The file has another rate than the one that was asked for, and resampling is not allowed.
    #[error(
        "{}: its sample rate is {actual_hz} Hz, but the settings ask for {wanted_hz} Hz; allow resampling \
         (--resample; in the window: Other rates), or ask for that rate",
        shown(path)
    )]
    OtherRate {
        /// The file.
        path: PathBuf,
        /// Its rate.
        actual_hz: u32,
        /// The rate that was asked for.
        wanted_hz: u32,
    },
}

impl DecodeError {
    /// The error for a file that the system would not open or read.
    pub(super) fn from_io(path: &Path, source: &io::Error) -> Self {
        let path = path.to_path_buf();
        if let Some(Refusal::NotAFile { kind }) = regular_file::refusal(source) {
            return if path.is_dir() { Self::Folder { path } } else { Self::NotAFile { path, kind } };
        }
        let advice = match source.kind() {
            ErrorKind::NotFound => return Self::NotFound { path },
            ErrorKind::UnexpectedEof => return Self::Truncated { path },
            ErrorKind::PermissionDenied => "check its permissions",
            ErrorKind::OutOfMemory => "close other programs, or use its beginning (--duration SECONDS)",
            _ => "check the disk or the connection to it, then try again",
        };
        Self::Unreadable { path, cause: source.to_string(), advice }
    }

    /// The file that could not be used.
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

    /// The message without the file's name, for lists that show the name beside it.
    pub fn cause(&self) -> String {
        let message = self.to_string();
        let prefix = format!("{}: ", shown(self.path()));
        message.strip_prefix(&prefix).unwrap_or(&message).to_owned()
    }
}

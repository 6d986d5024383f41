//! Why a sound file could not be used.

use std::path::{Path, PathBuf};

/// Why a sound file could not be used; every message names the file, the cause and what to do.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// There is no such file.
    #[error("{}: there is no such file; check the path", path.display())]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// The system refuses to read it.
    #[error("{}: cannot be read ({cause}); check the permissions and the disk", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// A folder where a file is needed.
    #[error("{}: is a folder, not a sound file; name a file in it", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// Not a single byte.
    #[error("{}: the file is empty (0 bytes); copy or record it again", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A sound file without sound.
    #[error("{}: holds no samples (zero length); record or export it again", path.display())]
    NoSamples {
        /// The file.
        path: PathBuf,
    },
    /// Cut off before the first sample.
    #[error("{}: is truncated before its first usable sample; copy or export it again", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
    },
    /// Nothing but NaN or infinity.
    #[error(
        "{}: all {samples} samples are NaN or infinite, so there is nothing to hear; export it again",
        path.display()
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
        path.display()
    )]
    NotSound {
        /// The file.
        path: PathBuf,
    },
    /// A sound format, but a codec or variant that cannot be decoded.
    #[error("{}: the {format} file uses a codec that is not supported ({cause}); convert it to WAV", path.display())]
    UnsupportedCodec {
        /// The file.
        path: PathBuf,
        /// The container.
        format: String,
        /// What the decoder says.
        cause: String,
    },
    /// A sound format, but damaged.
    #[error("{}: the {format} file is damaged ({cause}); copy or export it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The container.
        format: String,
        /// What the decoder says.
        cause: String,
    },
    /// The header claims something that cannot be true.
    #[error("{}: its header names a {what} of {actual}, but {expected} is possible; export it again", path.display())]
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
    /// Longer than a clip may be.
    #[error(
        "{}: is longer than the {limit_secs:.0} s that fit in memory; use its beginning (--duration SECONDS)",
        path.display()
    )]
    TooLong {
        /// The file.
        path: PathBuf,
        /// The longest possible length in seconds.
        limit_secs: f64,
    },
    /// The file lacks the channel that was asked for.
    #[error(
        "{}: has {available} channels, counted from 0, but channel {wanted} was asked for; choose another --channel",
        path.display()
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
        path.display()
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
    /// The file that could not be used.
    pub fn path(&self) -> &Path {
        match self {
            Self::NotFound { path }
            | Self::Unreadable { path, .. }
            | Self::Folder { path }
            | Self::Empty { path }
            | Self::NoSamples { path }
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
        let prefix = format!("{}: ", self.path().display());
        message.strip_prefix(&prefix).unwrap_or(&message).to_owned()
    }
}

//! Sound file formats, detected by content or extension.

use std::{fmt, path::Path};

/// A container format that can be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// RIFF WAVE, and its 64-bit forms RF64, BW64 and Wave64.
    Wav,
    /// Free Lossless Audio Codec.
    Flac,
    /// Ogg with Vorbis, Opus or FLAC inside.
    Ogg,
    /// MPEG audio layer III.
    Mp3,
    /// AIFF and AIFF-C.
    Aiff,
    /// Apple's Core Audio Format.
    Caf,
    /// MPEG-4 with AAC or ALAC inside.
    Mp4,
    /// Bare AAC frames.
    Adts,
}

/// What a file's extension says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtensionKind {
    /// A format that can be decoded.
    Known(Container),
    /// Sound or music in an unsupported format.
    UnsupportedSound,
    /// Certainly not sound: text, pictures, arrays.
    NoSound,
    /// An unknown extension, or none.
    Unknown,
}

/// Number of bytes needed by [`Container::from_content`].
pub const SNIFF_LEN: usize = 12;

const UNSUPPORTED_SOUND: &[&str] = &[
    "wma", "ape", "wv", "mka", "webm", "mid", "midi", "amr", "ac3", "dts", "dsf", "dff", "au", "snd", "ra",
    "tta", "mpc", "spx", "gsm", "sd2",
];
const NO_SOUND: &[&str] = &[
    "txt",
    "md",
    "json",
    "csv",
    "tsv",
    "npy",
    "npz",
    "pkl",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "svg",
    "pdf",
    "html",
    "xml",
    "yaml",
    "yml",
    "toml",
    "py",
    "rs",
    "ipynb",
    "zip",
    "gz",
    "tar",
    "7z",
    "log",
    "cue",
    "m3u",
    "lab",
    "textgrid",
    "asd",
    "reapeaks",
    "ini",
    "db",
    "mp4v",
    "mov",
    "avi",
    "mkv",
    "safetensors",
    "h5",
];

impl Container {
    /// Detects the format from the first bytes of a file.
    pub fn from_content(start: &[u8]) -> Option<Self> {
        match start {
            [b'R', b'I', b'F', b'F' | b'X', _, _, _, _, b'W', b'A', b'V', b'E', ..]
            | [b'R' | b'B', b'F' | b'W', b'6', b'4', _, _, _, _, b'W', b'A', b'V', b'E', ..]
            // Wave64, whose chunk names have 16 bytes.
            | [b'r', b'i', b'f', b'f', 0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, ..] => Some(Self::Wav),
            [b'f', b'L', b'a', b'C', ..] => Some(Self::Flac),
            [b'O', b'g', b'g', b'S', ..] => Some(Self::Ogg),
            [b'F', b'O', b'R', b'M', _, _, _, _, b'A', b'I', b'F', b'F' | b'C', ..] => Some(Self::Aiff),
            [b'c', b'a', b'f', b'f', ..] => Some(Self::Caf),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4),
            [0xff, second, ..] if second & 0xf6 == 0xf0 => Some(Self::Adts),
            [b'I', b'D', b'3', ..] => Some(Self::Mp3),
            // An MPEG frame header: eleven set bits, a valid version, layer III, a valid bit rate and sample
            // rate.
            [0xff, second, third, ..]
                if second & 0xe6 == 0xe2
                    && second & 0x18 != 0x08
                    && third & 0xf0 != 0xf0
                    && third & 0x0c != 0x0c =>
            {
                Some(Self::Mp3)
            }
            _ => None,
        }
    }

    /// Whether `extension` (lower case) fits this format.
    fn allows(self, extension: &str) -> bool {
        match self {
            Self::Wav => matches!(extension, "wav" | "wave" | "bwf" | "rf64" | "bw64" | "w64"),
            Self::Flac => extension == "flac",
            Self::Ogg => matches!(extension, "ogg" | "oga" | "opus"),
            Self::Mp3 => matches!(extension, "mp3" | "mpga" | "mpeg"),
            Self::Aiff => matches!(extension, "aif" | "aiff" | "aifc"),
            Self::Caf => extension == "caf",
            Self::Mp4 => matches!(extension, "m4a" | "mp4" | "m4b" | "alac"),
            Self::Adts => extension == "aac",
        }
    }

    /// The extension of `path` in lower case, if it does not fit this format.
    pub fn mismatched_extension(self, path: &Path) -> Option<String> {
        let extension = path.extension()?.to_string_lossy().to_lowercase();
        (!self.allows(&extension)).then_some(extension)
    }
}

/// The formats that are read, by the names that people know them by.
pub const FORMATS: &str = "WAV, FLAC, OGG, MP3, AIFF, CAF or M4A";

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wav => "WAV",
            Self::Flac => "FLAC",
            Self::Ogg => "OGG",
            Self::Mp3 => "MP3",
            Self::Aiff => "AIFF",
            Self::Caf => "CAF",
            Self::Mp4 => "M4A",
            Self::Adts => "AAC",
        })
    }
}

impl ExtensionKind {
    /// Classifies the extension of `path`, ignoring case.
    pub fn of(path: &Path) -> Self {
        const FORMATS: [Container; 8] = [
            Container::Wav,
            Container::Flac,
            Container::Ogg,
            Container::Mp3,
            Container::Aiff,
            Container::Caf,
            Container::Mp4,
            Container::Adts,
        ];
        let Some(extension) = path.extension() else {
            return Self::Unknown;
        };
        let extension = extension.to_string_lossy().to_lowercase();
        if let Some(format) = FORMATS.into_iter().find(|format| format.allows(&extension)) {
            Self::Known(format)
        } else if UNSUPPORTED_SOUND.contains(&extension.as_str()) {
            Self::UnsupportedSound
        } else if NO_SOUND.contains(&extension.as_str()) {
            Self::NoSound
        } else {
            Self::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_whatever_the_extension_says() {
        assert_eq!(Container::from_content(b"RIFF\0\0\0\0WAVEfmt "), Some(Container::Wav));
        assert_eq!(Container::from_content(b"RIFF\0\0\0\0AVI LIST"), None);
        assert_eq!(Container::from_content(b"FORM\0\0\0\0AIFC"), Some(Container::Aiff));
        assert_eq!(Container::from_content(&[0xff, 0xfb, 0x90, 0x00]), Some(Container::Mp3));
        assert_eq!(Container::from_content(&[0xff, 0xf1, 0x50, 0x80]), Some(Container::Adts));
        assert_eq!(Container::from_content(&[0xff, 0xff, 0xff, 0xff]), None);
        assert_eq!(Container::from_content(b"Hello"), None);
        assert_eq!(Container::from_content(b""), None);
    }

    #[test]
    fn extensions_are_known_in_any_case() {
        assert_eq!(ExtensionKind::of(Path::new("a/B.WAV")), ExtensionKind::Known(Container::Wav));
        assert_eq!(ExtensionKind::of(Path::new("a.wma")), ExtensionKind::UnsupportedSound);
        assert_eq!(ExtensionKind::of(Path::new("a.npy")), ExtensionKind::NoSound);
        assert_eq!(ExtensionKind::of(Path::new("noise")), ExtensionKind::Unknown);
        let contradiction = Container::Flac.mismatched_extension(Path::new("x.wav"));
        assert_eq!(contradiction.as_deref(), Some("wav"));
        assert_eq!(Container::Flac.mismatched_extension(Path::new("x.FLAC")), None);
    }
}

//! Sound files to clips.
//!
//! The content decides, never the extension: a FLAC file named `.wav` is decoded as FLAC and flagged. WAV is
//! read by hound, everything else (and the rarer codecs inside WAV) by symphonia. Headers are not believed:
//! what they promise is checked before anything is allocated.

mod compressed;
mod error;
mod wav;
mod wav_file;

use std::{
    fs::File,
    io::{ErrorKind, Read as _, Seek as _},
    path::Path,
};

pub use error::DecodeError;

use super::{
    clip::Clip,
    flag::Flag,
    format::{SNIFF_LEN, SoundFormat},
};

/// More channels than this are taken for a broken header.
const MOST_CHANNELS: usize = 64;
/// Rates outside these limits are taken for a broken header.
const SENSIBLE_RATES_HZ: std::ops::RangeInclusive<u32> = 100..=3_072_000;
/// Samples of all channels together that a clip may have (2 GiB): about 100 minutes of CD stereo.
const MOST_SAMPLES: usize = 1 << 29;

/// What the header of a sound file says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClipInfo {
    /// Samples a second.
    pub sample_rate_hz: u32,
    /// Channels in the file.
    pub channels: usize,
    /// Length in seconds, where the header tells.
    pub duration_secs: Option<f64>,
}

/// A decoded sound with what is worth knowing about its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// The samples.
    pub clip: Clip,
    /// What the header says about the whole file, also where only its start was decoded.
    pub info: ClipInfo,
    /// Remarks on the file.
    pub flags: Vec<Flag>,
}

/// Decodes a whole file.
///
/// # Errors
/// When the file cannot be read or holds no sound.
pub fn decode(path: &Path) -> Result<Clip, DecodeError> {
    decode_flagged(path, None).map(|decoded| decoded.clip)
}

/// Decodes the first `max_secs` seconds of a file, or all of it, and tells what was remarkable.
///
/// `int(max_secs * rate)` samples are kept, as `librosa.load(duration=...)` cuts at the file's own rate.
///
/// # Errors
/// When the file cannot be read, holds no sound, or nothing but NaN.
pub fn decode_flagged(path: &Path, max_secs: Option<f64>) -> Result<Decoded, DecodeError> {
    let (mut file, format) = open(path)?;
    let mut decoded = match format {
        SoundFormat::Wav => match wav::decode(path, &mut file, max_secs)? {
            Some(decoded) => decoded,
            None => compressed::decode(path, rewound(path, file)?, format, max_secs)?,
        },
        _ => compressed::decode(path, file, format, max_secs)?,
    };
    if decoded.clip.is_empty() {
        return Err(if decoded.flags.contains(&Flag::Truncated) {
            DecodeError::Truncated { path: path.into() }
        } else {
            DecodeError::NoSamples { path: path.into() }
        });
    }
    let (clip, bad) = without_non_finite(decoded.clip);
    decoded.clip = clip;
    if bad > 0 {
        if bad == decoded.clip.len() * decoded.clip.channels().len() {
            return Err(DecodeError::AllNonFinite { path: path.into(), samples: bad });
        }
        decoded.flags.push(Flag::NonFinite { samples: bad });
    }
    let beyond = decoded.clip.channels().iter().flatten().filter(|sample| sample.abs() > 1.0).count();
    if beyond > 0 {
        decoded.flags.push(Flag::BeyondFullScale { samples: beyond });
    }
    if let Some(extension) = format.contradicting_extension(path) {
        decoded.flags.push(Flag::Misnamed { extension, found: format.to_string() });
    }
    Ok(decoded)
}

/// Reads only the header.
///
/// # Errors
/// When the file cannot be read or is no sound file.
pub fn probe(path: &Path) -> Result<ClipInfo, DecodeError> {
    let (mut file, format) = open(path)?;
    if format == SoundFormat::Wav {
        if let Some(info) = wav::probe(path, &mut file)? {
            return Ok(info);
        }
        file = rewound(path, file)?;
    }
    compressed::probe(path, file, format)
}

/// Opens `path` and looks at its first bytes; the file is left at its start.
fn open(path: &Path) -> Result<(File, SoundFormat), DecodeError> {
    let io = |source| DecodeError::from_io(path, &source);
    let mut file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    if metadata.is_dir() {
        return Err(DecodeError::Folder { path: path.into() });
    }
    let mut start = Vec::with_capacity(SNIFF_LEN);
    file.by_ref().take(SNIFF_LEN as u64).read_to_end(&mut start).map_err(io)?;
    if start.is_empty() {
        return Err(DecodeError::Empty { path: path.into() });
    }
    let by_name = || match super::format::ExtensionKind::of(path) {
        // MPEG frames may follow junk, which their decoder skips.
        super::format::ExtensionKind::Known(format @ (SoundFormat::Mp3 | SoundFormat::Adts)) => Some(format),
        _ => None,
    };
    let format = SoundFormat::from_content(&start)
        .or_else(by_name)
        .ok_or_else(|| DecodeError::NotSound { path: path.into() })?;
    Ok((rewound(path, file)?, format))
}

fn rewound(path: &Path, mut file: File) -> Result<File, DecodeError> {
    file.rewind().map_err(|source| DecodeError::from_io(path, &source))?;
    Ok(file)
}

/// Refuses headers that cannot be true.
fn check_header(path: &Path, sample_rate_hz: u32, channels: usize) -> Result<(), DecodeError> {
    let implausible = |what, actual: u64, expected: String| DecodeError::ImplausibleHeader {
        path: path.into(),
        what,
        actual,
        expected,
    };
    if !(1..=MOST_CHANNELS).contains(&channels) {
        let expected = format!("1 to {MOST_CHANNELS}");
        return Err(implausible("number of channels", channels as u64, expected));
    }
    if !SENSIBLE_RATES_HZ.contains(&sample_rate_hz) {
        let (low, high) = (SENSIBLE_RATES_HZ.start(), SENSIBLE_RATES_HZ.end());
        let expected = format!("{low} to {high} Hz");
        return Err(implausible("sample rate", sample_rate_hz.into(), expected));
    }
    Ok(())
}

/// Samples a channel to read: `int(max_secs * rate)`, or as many as a clip may have.
///
/// The second value tells whether reaching that number is an error (a whole file that is too long).
fn wanted_len(sample_rate_hz: u32, channels: usize, max_secs: Option<f64>) -> (usize, bool) {
    let most = MOST_SAMPLES / channels.max(1);
    match max_secs.map(|secs| (secs * f64::from(sample_rate_hz)) as usize) {
        Some(wanted) if wanted <= most => (wanted, false),
        _ => (most, true),
    }
}

/// Sets NaN and infinite samples to zero; returns how many there were.
fn without_non_finite(clip: Clip) -> (Clip, usize) {
    let bad = clip.channels().iter().flatten().filter(|sample| !sample.is_finite()).count();
    if bad == 0 {
        return (clip, 0);
    }
    let repaired = clip
        .channels()
        .iter()
        .map(|channel| channel.iter().map(|s| if s.is_finite() { *s } else { 0.0 }).collect())
        .collect();
    (Clip::from_channels(repaired, clip.sample_rate_hz()), bad)
}

impl DecodeError {
    /// The error for a file that the system would not open or read.
    fn from_io(path: &Path, source: &std::io::Error) -> Self {
        match source.kind() {
            ErrorKind::NotFound => Self::NotFound { path: path.into() },
            _ => Self::Unreadable { path: path.into(), cause: source.to_string() },
        }
    }
}

#[cfg(test)]
mod tests;

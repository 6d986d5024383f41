//! Sound files to clips.
//!
//! The content decides, never the extension: a FLAC file named `.wav` is decoded as FLAC and flagged. WAV is
//! read by hound, everything else (and the rarer codecs inside WAV) by symphonia. Headers are not believed:
//! what they promise is checked before anything is allocated.

mod codec_name;
mod compressed;
mod error;
mod kept;
mod wav;
mod wav_file;

use std::{
    fs::File,
    io::{Read as _, Seek as _},
    path::Path,
};

pub use error::DecodeError;

use kept::Kept;

use super::{
    clip::Clip,
    flag::Flag,
    format::{SNIFF_LEN, SoundFormat},
};
use crate::{names::shown, panics, regular_file};

/// More channels than this are taken for a broken header.
const MOST_CHANNELS: usize = 64;
/// Rates outside these limits are taken for a broken header.
const SENSIBLE_RATES_HZ: std::ops::RangeInclusive<u32> = 100..=3_072_000;
/// Bytes that one recording may take in memory: its decoded samples, and what is made of them. An hour of a channel at 48 kHz
/// takes 660 MiB.
pub const MOST_BYTES: usize = 1 << 30;

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

/// Which channels of a file are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeptChannels {
    /// Every one.
    #[default]
    All,
    /// Their mean, as one channel.
    Mean,
    /// One, counted from 0.
    One(usize),
}

/// What is wanted of a file. Only that is held in memory while it is decoded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DecodeRequest {
    /// Seconds from its start, or all of it. `int(max_secs * rate)` samples are kept, as `librosa.load(duration=...)` cuts at the
    /// file's own rate.
    pub max_secs: Option<f64>,
    /// Which channels.
    pub channels: KeptChannels,
    /// Bytes that the kept samples may take.
    pub most_bytes: usize,
}

impl Default for DecodeRequest {
    fn default() -> Self {
        Self { max_secs: None, channels: KeptChannels::All, most_bytes: MOST_BYTES }
    }
}

/// A decoded file before its samples are judged.
struct Raw<'a> {
    kept: Kept<'a>,
    info: ClipInfo,
    is_truncated: bool,
}

/// Decodes a whole file.
///
/// # Errors
/// When the file cannot be read or holds no sound.
pub fn decode(path: &Path) -> Result<Clip, DecodeError> {
    decode_flagged(path, None).map(|decoded| decoded.clip)
}

/// Decodes every channel of the first `max_secs` seconds of a file, or of all of it, with remarks on the file.
///
/// # Errors
/// As [`decode_with`].
pub fn decode_flagged(path: &Path, max_secs: Option<f64>) -> Result<Decoded, DecodeError> {
    decode_with(path, &DecodeRequest { max_secs, ..DecodeRequest::default() })
}

/// Decodes what `request` names of a file, with remarks on the file.
///
/// # Errors
/// When the file cannot be read, holds no sound, nothing but NaN, or more than `request` allows.
pub fn decode_with(path: &Path, request: &DecodeRequest) -> Result<Decoded, DecodeError> {
    let (file, format) = open(path)?;
    let raw = guarded(path, format, || decode_raw(path, file, format, request))?;
    let mut flags = if raw.is_truncated { vec![Flag::Truncated] } else { Vec::new() };
    let (clip, counts) = raw.kept.finish();
    if clip.is_empty() {
        return Err(if raw.is_truncated {
            DecodeError::Truncated { path: path.into() }
        } else {
            DecodeError::NoSamples { path: path.into() }
        });
    }
    if counts.non_finite == counts.seen {
        return Err(DecodeError::AllNonFinite { path: path.into(), samples: counts.seen });
    }
    if counts.non_finite > 0 {
        flags.push(Flag::NonFinite { samples: counts.non_finite });
    }
    if counts.beyond > 0 {
        flags.push(Flag::BeyondFullScale { samples: counts.beyond });
    }
    if let Some(extension) = format.contradicting_extension(path) {
        flags.push(Flag::Misnamed { extension, found: format.to_string() });
    }
    Ok(Decoded { clip, info: raw.info, flags })
}

fn decode_raw<'a>(
    path: &'a Path,
    mut file: File,
    format: SoundFormat,
    request: &'a DecodeRequest,
) -> Result<Raw<'a>, DecodeError> {
    if format == SoundFormat::Wav {
        if let Some(raw) = wav::decode(path, &mut file, request)? {
            return Ok(raw);
        }
        file = rewound(path, file)?;
    }
    compressed::decode(path, file, format, request)
}

/// Reads only the header.
///
/// # Errors
/// When the file cannot be read or is no sound file.
pub fn probe(path: &Path) -> Result<ClipInfo, DecodeError> {
    let (mut file, format) = open(path)?;
    guarded(path, format, || {
        if format == SoundFormat::Wav {
            if let Some(info) = wav::probe(path, &mut file)? {
                return Ok(info);
            }
            file = rewound(path, file)?;
        }
        compressed::probe(path, file, format)
    })
}

/// Runs `work`; a panic of a decoder on a hostile file costs that file only, and prints nothing.
fn guarded<T>(
    path: &Path,
    format: SoundFormat,
    work: impl FnOnce() -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    panics::caught(work).unwrap_or_else(|caught| {
        log::debug!("{}: the decoder panicked: {caught}", shown(&path));
        Err(DecodeError::Damaged {
            path: path.into(),
            format: format.to_string(),
            cause: "the decoder cannot make sense of its contents".to_owned(),
        })
    })
}

/// Opens `path` and looks at its first bytes; the file is left at its start.
fn open(path: &Path) -> Result<(File, SoundFormat), DecodeError> {
    let io = |source| DecodeError::from_io(path, &source);
    let (mut file, _) = regular_file::open(path).map_err(io)?;
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

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod tests;

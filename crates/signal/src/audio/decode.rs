//! Sound files to clips.
//!
//! The content decides, never the extension: a FLAC file named `.wav` is decoded as FLAC and flagged. The containers of WAV,
//! AIFF and CAF are read here, since real files break their rules in more ways than a reader by the book allows;
//! what is inside goes to symphonia's decoders, as all other formats do, and Opus to opus-pure. Headers are not believed: what
//! they promise is checked before anything is allocated.

mod aiff;
mod caf;
mod codec_name;
mod compressed;
mod error;
mod flac;
mod kept;
mod mp4;
mod mpeg;
mod opus;
mod part;
mod payload;
mod riff;
mod tags;
mod unpacked;

use std::{fs::File, io, path::Path};

pub use error::DecodeError;
pub use kept::Listener;

use kept::{Counts, Kept, Order};
use payload::{NoSound, Payload};

use super::{
    clip::Clip,
    flag::Flag,
    format::{SNIFF_LEN, SoundFormat},
};
use timbrespace_base::{names::shown, panics, regular_file};

/// More channels than this are taken for a broken header.
const MOST_CHANNELS: usize = 64;
/// Rates outside these limits are taken for a broken header.
const SENSIBLE_RATES_HZ: std::ops::RangeInclusive<u32> = 100..=3_072_000;
/// Bytes that one recording may take in memory: its decoded samples, and what is made of them. An hour of a channel at 48 kHz
/// takes 660 MiB.
pub const MOST_BYTES: usize = 1 << 30;

/// Compressed files that are no longer are decoded anew for every part; copies are made of longer ones.
const UNPACKED_FROM_SECS: f64 = 15.0;

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
    /// Seconds from its start that are passed over: `int(offset_secs * rate)` samples, as `librosa.load(offset=...)` does.
    pub offset_secs: f64,
    /// Seconds from there on, or all of it. `int(max_secs * rate)` samples are kept, as `librosa.load(duration=...)` cuts at the
    /// file's own rate.
    pub max_secs: Option<f64>,
    /// Which channels.
    pub channels: KeptChannels,
    /// Bytes that the kept samples may take.
    pub most_bytes: usize,
}

impl Default for DecodeRequest {
    fn default() -> Self {
        Self { offset_secs: 0.0, max_secs: None, channels: KeptChannels::All, most_bytes: MOST_BYTES }
    }
}

/// A decoded file before its samples are judged.
struct Raw<'a> {
    kept: Kept<'a>,
    info: ClipInfo,
    is_truncated: bool,
    /// Its header was never finished, so it was read to the file's end.
    is_unfinished: bool,
    /// Other sounds follow it in the file, which do not go on with it.
    is_first_of_several: bool,
}

/// A file that was looked at.
struct Opened {
    file: File,
    format: SoundFormat,
    /// Where the sound's own file begins, after tags of other formats.
    start: u64,
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
    if request.offset_secs > 0.0
        && let Some(unpacked) = unpacked::known(path, request.channels)
    {
        return unpacked.decode(path, request);
    }
    let order = Order::keeping(*request);
    let (clip, info, flags) = ordered(path, &order)?;
    Ok(Decoded { clip, info, flags })
}

/// Decodes a file for `listener`, which receives the channels that are named, block by block; nothing else is held in memory.
///
/// # Errors
/// When the file cannot be read, or holds no sound or nothing but NaN.
pub fn stream(
    path: &Path,
    channels: KeptChannels,
    listener: &mut Listener<'_>,
) -> Result<(ClipInfo, Vec<Flag>), DecodeError> {
    let request = DecodeRequest { channels, ..DecodeRequest::default() };
    if let Some(unpacked) = unpacked::known(path, channels) {
        return unpacked.stream(path, listener);
    }
    ordered(path, &Order::handing_on(request, listener)).map(|(_, info, flags)| (info, flags))
}

/// Makes sure that parts of a long file can be read without decoding all before them: a compressed one of more than 15 seconds is
/// decoded into a temporary file first, if it was not yet. `is_stopped` is asked between blocks.
///
/// # Errors
/// When the file cannot be decoded.
pub fn make_seekable(
    path: &Path,
    channels: KeptChannels,
    is_stopped: &mut dyn FnMut() -> bool,
) -> Result<(), DecodeError> {
    if unpacked::known(path, channels).is_some() || is_seekable(path)? {
        return Ok(());
    }
    let is_short = |secs: f64| secs <= UNPACKED_FROM_SECS;
    if probe(path)?.duration_secs.is_some_and(is_short) {
        return Ok(());
    }
    unpacked::unpack(path, channels, is_stopped).map(drop)
}

/// Whether every sample of a file can be reached by itself.
fn is_seekable(path: &Path) -> Result<bool, DecodeError> {
    let mut opened = open(path)?;
    guarded(path, opened.format, || {
        let payload = payload(path, &mut opened)?;
        Ok(payload.as_ref().and_then(Payload::info).is_some())
    })
}

/// Decodes what `order` names; the clip has no samples where a listener has received them.
fn ordered<'a>(path: &'a Path, order: &'a Order<'a>) -> Result<(Clip, ClipInfo, Vec<Flag>), DecodeError> {
    let opened = open(path)?;
    let format = opened.format;
    let raw = guarded(path, format, || decode_raw(path, opened, order))?;
    if raw.kept.len() == 0 {
        return Err(nothing(path, &raw, order.request.offset_secs));
    }
    let noticed = [
        (raw.is_truncated, Flag::Truncated),
        (raw.is_unfinished, Flag::Unfinished),
        (raw.is_first_of_several, Flag::FirstOfSeveral),
    ];
    let mut flags: Vec<Flag> =
        noticed.into_iter().filter(|(is_so, _)| *is_so).map(|(_, flag)| flag).collect();
    let (clip, counts) = raw.kept.finish();
    flags_of_samples(path, counts, &mut flags)?;
    if let Some(extension) = format.contradicting_extension(path) {
        flags.push(Flag::Misnamed { extension, found: format.to_string() });
    }
    Ok((clip, raw.info, flags))
}

/// Why there is not one sample.
fn nothing(path: &Path, raw: &Raw<'_>, offset_secs: f64) -> DecodeError {
    match raw.info.duration_secs {
        _ if raw.is_truncated => DecodeError::Truncated { path: path.into() },
        Some(secs) if secs > 0.0 && secs <= offset_secs => {
            DecodeError::BeyondEnd { path: path.into(), offset_secs, secs }
        }
        _ => DecodeError::NoSamples { path: path.into() },
    }
}

/// Remarks on what was noticed about the samples.
fn flags_of_samples(path: &Path, counts: Counts, flags: &mut Vec<Flag>) -> Result<(), DecodeError> {
    if counts.non_finite == counts.seen {
        return Err(DecodeError::AllNonFinite { path: path.into(), samples: counts.seen });
    }
    if counts.non_finite > 0 {
        flags.push(Flag::NonFinite { samples: counts.non_finite });
    }
    if counts.beyond > 0 {
        flags.push(Flag::BeyondFullScale { samples: counts.beyond });
    }
    Ok(())
}

fn decode_raw<'a>(path: &'a Path, mut opened: Opened, order: &'a Order<'a>) -> Result<Raw<'a>, DecodeError> {
    if is_opus(path, &mut opened)? {
        return opus::decode(path, opened.file, opened.start, order);
    }
    let payload = payload(path, &mut opened)?;
    if let Some(payload) = &payload
        && let Some(raw) = payload.decode(path, &mut opened.file, order)?
    {
        return Ok(raw);
    }
    compressed::decode(path, opened, payload.as_ref(), order)
}

/// The sound inside a container that is read here; `None` where symphonia reads it.
fn payload(path: &Path, opened: &mut Opened) -> Result<Option<Payload>, DecodeError> {
    let format = opened.format;
    let payload = match format {
        SoundFormat::Wav => riff::read(&mut opened.file, opened.start).map(Some),
        SoundFormat::Aiff => aiff::read(&mut opened.file, opened.start).map(Some),
        SoundFormat::Caf => caf::read(&mut opened.file, opened.start),
        _ => Ok(None),
    };
    let payload = payload.map_err(|reason| match reason {
        NoSound::Io(source) => DecodeError::from_io(path, &source),
        NoSound::Truncated => DecodeError::Truncated { path: path.into() },
        NoSound::Unsupported(codec) => DecodeError::UnsupportedCodec {
            path: path.into(),
            format: format.to_string(),
            cause: format!("codec {codec}"),
        },
        NoSound::Damaged(cause) => {
            DecodeError::Damaged { path: path.into(), format: format.to_string(), cause: cause.to_owned() }
        }
    })?;
    if let Some(payload) = &payload {
        check_header(path, payload.sample_rate_hz, payload.channels.into())?;
    }
    Ok(payload)
}

fn is_opus(path: &Path, opened: &mut Opened) -> Result<bool, DecodeError> {
    if opened.format != SoundFormat::Ogg {
        return Ok(false);
    }
    opus::is_inside(&mut opened.file, opened.start).map_err(|source| DecodeError::from_io(path, &source))
}

/// Reads only the header.
///
/// # Errors
/// When the file cannot be read or is no sound file.
pub fn probe(path: &Path) -> Result<ClipInfo, DecodeError> {
    let mut opened = open(path)?;
    guarded(path, opened.format, || {
        if is_opus(path, &mut opened)? {
            return opus::probe(path, opened.file, opened.start);
        }
        let payload = payload(path, &mut opened)?;
        if let Some(info) = payload.as_ref().and_then(Payload::info) {
            return Ok(info);
        }
        compressed::probe(path, opened, payload.as_ref())
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

/// Opens `path` and looks at its first bytes, those after its tags.
fn open(path: &Path) -> Result<Opened, DecodeError> {
    let io = |source: io::Error| DecodeError::from_io(path, &source);
    let (mut file, _) = regular_file::open(path).map_err(io)?;
    if file.metadata().map_err(io)?.len() == 0 {
        return Err(DecodeError::Empty { path: path.into() });
    }
    let start = tags::end(&mut file).map_err(io)?;
    let first = part::bytes_at(&mut file, start, SNIFF_LEN).map_err(io)?;
    let by_name = || match super::format::ExtensionKind::of(path) {
        // MPEG frames may follow junk, which their decoder skips.
        super::format::ExtensionKind::Known(format @ (SoundFormat::Mp3 | SoundFormat::Adts)) => Some(format),
        _ => None,
    };
    let format = SoundFormat::from_content(&first)
        // Zero bytes may follow a tag of MPEG audio.
        .or_else(|| (start > 0).then_some(SoundFormat::Mp3))
        .or_else(by_name)
        .ok_or_else(|| DecodeError::NotSound { path: path.into() })?;
    Ok(Opened { file, format, start })
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
mod container_tests;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod tests;

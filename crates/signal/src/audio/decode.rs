//! Decodes sound files.
//!
//! The content decides the format, not the extension: a FLAC file named `.wav` is decoded as FLAC and
//! flagged. WAV, AIFF and CAF containers are parsed here, because real files violate their specifications in
//! more ways than a strict parser allows. Their payload goes to symphonia's decoders, as do all other formats
//! except Opus (opus-pure). Headers are not trusted: sizes are checked before memory is allocated.

mod aiff;
mod caf;
mod codec_name;
mod collector;
mod compressed;
mod error;
mod flac;
mod info;
mod mp4;
mod mpeg;
mod opus;
mod part;
mod payload;
mod raw;
mod request;
mod riff;
mod sound_file;
mod tags;
mod unpacked;

use std::{io, path::Path};

pub use collector::Listener;
pub use error::{DecodeError, ReadAdvice};
pub use info::ClipInfo;
pub use request::{DecodeRequest, Decoded, KeptChannels, MOST_BYTES, Streamed};

use collector::{Counts, DecodeTask};
use info::check_header;
use payload::{Payload, PayloadError};
use raw::{Opened, Raw};
use sound_file::{SoundFile, Wanted};

use super::{
    clip::Clip,
    flag::Flag,
    format::{Container, SNIFF_LEN},
};
use timbrespace_base::{names::shown, panics, sentence};

/// Compressed files up to this length are decoded again for every part; longer ones are unpacked to a
/// temporary file.
const UNPACKED_FROM_SECS: f64 = 15.0;

/// Decodes a whole file.
///
/// # Errors
/// When the file cannot be read or contains no sound.
pub fn decode(path: &Path) -> Result<Clip, DecodeError> {
    decode_flagged(path, None).map(|decoded| decoded.clip)
}

/// Decodes all channels of a file, at most its first `max_secs` seconds, and reports problems.
///
/// # Errors
/// As [`decode_with`].
pub fn decode_flagged(path: &Path, max_secs: Option<f64>) -> Result<Decoded, DecodeError> {
    decode_with(path, &DecodeRequest { max_secs, ..DecodeRequest::default() })
}

/// Decodes the part of a file given by `request` and reports problems.
///
/// # Errors
/// When the file cannot be read, contains no sound or only NaN, or exceeds the limit of `request`.
pub fn decode_with(path: &Path, request: &DecodeRequest) -> Result<Decoded, DecodeError> {
    if request.offset_secs > 0.0
        && let Some(unpacked) = unpacked::known(path, request.channels)
    {
        return unpacked.decode(path, request);
    }
    let task = DecodeTask::collecting(*request);
    run_task(path, &task)
}

/// Decodes a file block by block for `listener`, which receives the selected channels; holds only one block
/// in memory.
///
/// # Errors
/// When the file cannot be read or contains no sound or only NaN.
pub fn stream(
    path: &Path,
    channels: KeptChannels,
    listener: &mut Listener<'_>,
) -> Result<Streamed, DecodeError> {
    let request = DecodeRequest { channels, ..DecodeRequest::default() };
    if let Some(unpacked) = unpacked::known(path, channels) {
        return unpacked.stream(path, listener);
    }
    let Decoded { info, flags, .. } = run_task(path, &DecodeTask::streaming(request, listener))?;
    Ok(Streamed { info, flags })
}

/// As [`stream`], for the part of a file given by `request`, whose memory limit does not count.
///
/// # Errors
/// As [`stream`]; also when the file lacks the channel that was asked for.
pub fn stream_part(
    path: &Path,
    request: &DecodeRequest,
    listener: &mut Listener<'_>,
) -> Result<Streamed, DecodeError> {
    let Decoded { info, flags, .. } = run_task(path, &DecodeTask::streaming(*request, listener))?;
    Ok(Streamed { info, flags })
}

/// Makes random access fast: a compressed file of more than 15 seconds is decoded to a temporary file, unless
/// that was done before. `is_stopped` is called between blocks.
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

/// Whether the samples of a file can be addressed individually.
fn is_seekable(path: &Path) -> Result<bool, DecodeError> {
    let mut opened = open(path, Wanted::Samples)?;
    guarded(path, opened.format, || {
        let payload = payload(path, &mut opened)?;
        Ok(payload.as_ref().and_then(Payload::info).is_some())
    })
}

/// Decodes the part given by `task`; the clip is empty if a listener received the samples.
fn run_task<'a>(path: &'a Path, task: &'a DecodeTask<'a>) -> Result<Decoded, DecodeError> {
    let opened = open(path, Wanted::Samples)?;
    let format = opened.format;
    let raw = guarded(path, format, || decode_raw(path, opened, task))?;
    if raw.kept.len() == 0 {
        return Err(no_samples_error(path, &raw, task.request.offset_secs));
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
    if let Some(extension) = format.mismatched_extension(path) {
        flags.push(Flag::Misnamed { extension, found: format.to_string() });
    }
    Ok(Decoded { clip, info: raw.info, flags })
}

/// Explains why there are no samples.
fn no_samples_error(path: &Path, raw: &Raw<'_>, offset_secs: f64) -> DecodeError {
    match raw.info.duration_secs {
        _ if raw.is_truncated => DecodeError::Truncated { path: path.into() },
        Some(secs) if secs > 0.0 && secs <= offset_secs => {
            DecodeError::BeyondEnd { path: path.into(), offset_secs, secs }
        }
        _ => DecodeError::NoSamples { path: path.into() },
    }
}

/// Flags for problems of the samples.
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

fn decode_raw<'a>(
    path: &'a Path,
    mut opened: Opened,
    task: &'a DecodeTask<'a>,
) -> Result<Raw<'a>, DecodeError> {
    if is_opus(path, &mut opened)? {
        return opus::decode(path, opened.file, opened.start, task);
    }
    let payload = payload(path, &mut opened)?;
    if let Some(payload) = &payload
        && let Some(raw) = payload.decode(path, &mut opened.file, task)?
    {
        return Ok(raw);
    }
    compressed::decode(path, opened, payload.as_ref(), task)
}

/// The payload of a container that is parsed here; `None` for formats that symphonia reads.
fn payload(path: &Path, opened: &mut Opened) -> Result<Option<Payload>, DecodeError> {
    let format = opened.format;
    let payload = match format {
        Container::Wav => riff::read(&mut opened.file, opened.start).map(Some),
        Container::Aiff => aiff::read(&mut opened.file, opened.start).map(Some),
        Container::Caf => caf::read(&mut opened.file, opened.start),
        _ => Ok(None),
    };
    let payload = payload.map_err(|reason| match reason {
        PayloadError::Io(source) => DecodeError::from_io(path, &source),
        PayloadError::Truncated => DecodeError::Truncated { path: path.into() },
        PayloadError::Unsupported(codec) => DecodeError::UnsupportedCodec {
            path: path.into(),
            format: format.to_string(),
            cause: sentence!("codec-named", "codec {codec}", codec = codec),
        },
        PayloadError::Damaged(cause) => {
            DecodeError::Damaged { path: path.into(), format: format.to_string(), cause }
        }
    })?;
    if let Some(payload) = &payload {
        check_header(path, payload.sample_rate_hz, payload.channels.into())?;
    }
    Ok(payload)
}

fn is_opus(path: &Path, opened: &mut Opened) -> Result<bool, DecodeError> {
    if opened.format != Container::Ogg {
        return Ok(false);
    }
    opus::is_inside(&mut opened.file, opened.start).map_err(|source| DecodeError::from_io(path, &source))
}

/// Reads only the header.
///
/// # Errors
/// When the file cannot be read or is not a sound file.
pub fn probe(path: &Path) -> Result<ClipInfo, DecodeError> {
    let mut opened = open(path, Wanted::Header)?;
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

/// Runs `work` and turns a decoder's panic into an error, without printing anything.
fn guarded<T>(
    path: &Path,
    format: Container,
    work: impl FnOnce() -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    panics::caught(work).unwrap_or_else(|caught| {
        log::debug!("{}: the decoder panicked: {caught}", shown(&path));
        Err(DecodeError::Damaged {
            path: path.into(),
            format: format.to_string(),
            cause: sentence!("damaged-contents", "the decoder cannot make sense of its contents"),
        })
    })
}

/// Opens `path` and detects its format from the first bytes after leading tags.
fn open(path: &Path, wanted: Wanted) -> Result<Opened, DecodeError> {
    let io = |source: io::Error| DecodeError::from_io(path, &source);
    let mut file = SoundFile::open(path, wanted).map_err(io)?;
    if file.len().map_err(io)? == 0 {
        return Err(DecodeError::Empty { path: path.into() });
    }
    let start = tags::end(&mut file).map_err(io)?;
    let first = part::bytes_at(&mut file, start, SNIFF_LEN).map_err(io)?;
    let by_name = || match super::format::ExtensionKind::of(path) {
        // MPEG frames may follow other bytes, which their decoder skips.
        super::format::ExtensionKind::Known(format @ (Container::Mp3 | Container::Adts)) => Some(format),
        _ => None,
    };
    let format = Container::from_content(&first)
        // An MPEG tag may be followed by zeros.
        .or_else(|| (start > 0).then_some(Container::Mp3))
        .or_else(by_name)
        .ok_or_else(|| DecodeError::NotSound { path: path.into() })?;
    Ok(Opened { file, format, start })
}

#[cfg(test)]
mod container_tests;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod tests;

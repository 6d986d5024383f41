//! Opus in Ogg, decoded by opus-pure because symphonia has no Opus decoder.

use std::{
    io::{BufReader, Seek as _, SeekFrom},
    path::Path,
};

use super::sound_file::SoundFile;
use timbrespace_base::sentence;

use opus_pure::{MAX_PACKET_SAMPLES, OggOpusReader, Trim};

use super::{
    collector::{Collector, DecodeTask},
    error::DecodeError,
    info::ClipInfo,
    part::bytes_at,
    raw::Raw,
};

/// Time base of Opus, whatever the sample rate.
const TICKS_HZ: u32 = 48_000;
/// Output rates of the decoder in Hz.
const RATES_HZ: [u32; 5] = [8000, 12_000, 16_000, 24_000, TICKS_HZ];
/// Bytes at the end that are searched for the last page, which contains the length.
const TAIL: u64 = 1 << 17;

/// Whether the Ogg file that begins at `start` contains Opus.
pub(super) fn is_inside(file: &mut SoundFile, start: u64) -> std::io::Result<bool> {
    // The first page contains only the codec's header.
    Ok(bytes_at(file, start, 64)?.windows(8).any(|window| window == b"OpusHead"))
}

fn damaged(path: &Path, error: &opus_pure::Error) -> DecodeError {
    DecodeError::Damaged {
        path: path.into(),
        format: "OGG".to_owned(),
        cause: format!("Opus: {error}").into(),
    }
}

fn reader(
    path: &Path,
    mut file: SoundFile,
    start: u64,
) -> Result<OggOpusReader<BufReader<SoundFile>>, DecodeError> {
    file.seek(SeekFrom::Start(start)).map_err(|source| DecodeError::from_io(path, &source))?;
    OggOpusReader::new(BufReader::new(file)).map_err(|error| damaged(path, &error))
}

/// Reads only the header, and the last page for the length.
pub(super) fn probe(path: &Path, mut file: SoundFile, start: u64) -> Result<ClipInfo, DecodeError> {
    let io = |source| DecodeError::from_io(path, &source);
    let file_len = file.len().map_err(io)?;
    let tail_start = file_len.saturating_sub(TAIL).max(start);
    let tail = bytes_at(&mut file, tail_start, TAIL as usize).map_err(io)?;
    let reader = reader(path, file, start)?;
    let head = reader.head();
    // The last page's granule position counts samples at 48 kHz, including the encoder's delay.
    let last_page = tail.windows(4).rposition(|window| window == b"OggS");
    let samples = last_page
        .and_then(|at| tail.get(at + 6..at + 14))
        .and_then(|bytes| bytes.try_into().ok())
        .map(i64::from_le_bytes)
        .and_then(|position| position.checked_sub(head.pre_skip.into()))
        .filter(|samples| *samples >= 0);
    // Decode at the rate of the original sound if possible, as libsndfile does.
    let own_hz = head.input_sample_rate;
    Ok(ClipInfo {
        sample_rate_hz: if RATES_HZ.contains(&own_hz) { own_hz } else { TICKS_HZ },
        channels: head.channel_count.into(),
        duration_secs: samples.map(|samples| samples as f64 / f64::from(TICKS_HZ)),
    })
}

/// Decodes the part given by `task`.
pub(super) fn decode<'a>(
    path: &'a Path,
    file: SoundFile,
    start: u64,
    task: &'a DecodeTask<'a>,
) -> Result<Raw<'a>, DecodeError> {
    let mut info =
        probe(path, file.try_clone().map_err(|source| DecodeError::from_io(path, &source))?, start)?;
    let mut reader = reader(path, file, start)?;
    let (channels, rate_hz) = (info.channels, info.sample_rate_hz);
    let mut kept = Collector::new(path, task, channels, rate_hz)?;
    if let Some(secs) = info.duration_secs {
        kept.samples_to_collect((secs * f64::from(rate_hz)).round() as u64)?;
    }
    let mut decoder = reader.head().decoder(rate_hz as i32).map_err(|error| match channels {
        1 | 2 => damaged(path, &error),
        _ => DecodeError::UnsupportedCodec {
            path: path.into(),
            format: "OGG".to_owned(),
            cause: sentence!("codec-opus-channels", "codec Opus with {count} channels", count = channels),
        },
    })?;
    let mut trim =
        Trim::new(reader.head(), rate_hz as i32, channels).map_err(|error| damaged(path, &error))?;
    let mut interleaved = vec![0.0; MAX_PACKET_SAMPLES * channels];
    let mut block = vec![Vec::new(); channels];
    let mut broken = None;
    while !kept.is_full() {
        let packet = match reader.read_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => break,
            Err(error) => {
                broken = Some(error);
                break;
            }
        };
        let frames = match decoder.decode(&packet.data, MAX_PACKET_SAMPLES, &mut interleaved) {
            Ok(frames) => frames,
            // A bad packet leaves a gap; later ones may be good.
            Err(error) => {
                broken = Some(error);
                continue;
            }
        };
        let heard = trim.keep(&packet, interleaved.get(..frames * channels).unwrap_or_default());
        for (index, plane) in block.iter_mut().enumerate() {
            plane.clear();
            plane.extend(heard.iter().skip(index).step_by(channels));
        }
        kept.push(&mut block)?;
    }
    match broken {
        Some(error) if kept.len() == 0 => return Err(damaged(path, &error)),
        _ => {}
    }
    if !kept.is_full() {
        info.duration_secs = Some(kept.offset_secs() + kept.len() as f64 / f64::from(rate_hz));
    }
    Ok(Raw { kept, info, is_truncated: broken.is_some(), is_unfinished: false, is_first_of_several: false })
}

//! WAV files, by hound.

use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::Path,
};

use hound::{SampleFormat, WavReader, WavSpec};

use super::{ClipInfo, DecodeError, Decoded, check_header, wanted_len, wav_file::WavFile};
use crate::audio::{clip::Clip, flag::Flag};

/// Frames that are read together.
const FRAMES_AT_ONCE: usize = 1 << 13;

/// A header that hound understands, checked against the file's size.
struct Header {
    spec: WavSpec,
    /// Frames (samples a channel) that the header promises.
    promised: usize,
    /// Frames that are really there.
    available: usize,
}

/// Reads the header; `None` when hound does not know this kind of WAV file.
fn header(path: &Path, file: &mut File) -> Result<Option<Header>, DecodeError> {
    let io = |source| DecodeError::from_io(path, &source);
    let file_len = file.metadata().map_err(io)?.len();
    let mut reader = WavFile::new(file, 512).map_err(io)?;
    let (spec, promised) = match WavReader::new(&mut reader) {
        Ok(wav) => (wav.spec(), wav.duration() as usize),
        Err(hound::Error::IoError(source)) if source.kind() != std::io::ErrorKind::UnexpectedEof => {
            // hound reports a short read of its own as "other", with no code of the system's.
            return if source.raw_os_error().is_some() { Err(io(source)) } else { Ok(None) };
        }
        Err(_) => return Ok(None),
    };
    let data_start = reader.position();
    check_header(path, spec.sample_rate, spec.channels.into())?;
    let frame_bytes = u64::from(spec.channels) * u64::from(spec.bits_per_sample.div_ceil(8)).max(1);
    let available = (file_len.saturating_sub(data_start) / frame_bytes) as usize;
    Ok(Some(Header { spec, promised, available }))
}

impl Header {
    fn info(&self) -> ClipInfo {
        ClipInfo {
            sample_rate_hz: self.spec.sample_rate,
            channels: self.spec.channels.into(),
            duration_secs: Some(self.promised.min(self.available) as f64 / f64::from(self.spec.sample_rate)),
        }
    }
}

/// Reads only the header; `None` when hound does not know this kind of WAV file.
pub(super) fn probe(path: &Path, file: &mut File) -> Result<Option<ClipInfo>, DecodeError> {
    Ok(header(path, file)?.map(|header| header.info()))
}

/// Decodes the first `max_secs` seconds; `None` when hound does not know this kind of WAV file.
pub(super) fn decode(
    path: &Path,
    file: &mut File,
    max_secs: Option<f64>,
) -> Result<Option<Decoded>, DecodeError> {
    let Some(header) = header(path, file)? else {
        return Ok(None);
    };
    let spec = header.spec;
    let channels = usize::from(spec.channels);
    let (wanted, is_limit) = wanted_len(spec.sample_rate, channels, max_secs);
    let present = header.promised.min(header.available);
    if is_limit && present > wanted {
        let limit_secs = wanted as f64 / f64::from(spec.sample_rate);
        return Err(DecodeError::TooLong { path: path.into(), limit_secs });
    }
    let source = WavFile::new(file, 1 << 16).map_err(|source| DecodeError::from_io(path, &source))?;
    let reader_frame_bytes = source.frame_bytes();
    let Ok(reader) = WavReader::new(source) else {
        return Ok(None);
    };
    let frames = present.min(wanted);
    let mut planes: Vec<Vec<f32>> = vec![Vec::with_capacity(frames); channels];
    let two_bytes = reader_frame_bytes == 2 * channels as u64 && spec.bits_per_sample == 16;
    let complete = match spec.sample_format {
        SampleFormat::Int if two_bytes => fill_int16(&mut planes, frames, reader.into_inner()),
        SampleFormat::Float => fill(&mut planes, frames, reader.into_samples::<f32>()),
        SampleFormat::Int => {
            let scale = 1.0 / 2_f32.powi(i32::from(spec.bits_per_sample.clamp(1, 32)) - 1);
            let samples = reader.into_samples::<i32>();
            fill(&mut planes, frames, samples.map(|sample| sample.map(|s| s as f32 * scale)))
        }
    };
    let truncated = !complete || header.promised > header.available;
    Ok(Some(Decoded {
        clip: Clip::from_channels(planes, spec.sample_rate),
        info: header.info(),
        flags: if truncated { vec![Flag::Truncated] } else { Vec::new() },
    }))
}

/// Deals interleaved 16-bit samples out to `planes`, a block of bytes at a time: most recordings are of this kind, and asking
/// for one sample after the other takes several times as long.
fn fill_int16(planes: &mut [Vec<f32>], frames: usize, mut source: impl Read) -> bool {
    const SCALE: f32 = 1.0 / 32_768.0;
    let frame_bytes = 2 * planes.len();
    let mut bytes = vec![0_u8; FRAMES_AT_ONCE.min(frames.max(1)) * frame_bytes];
    let mut left = frames;
    while left > 0 {
        let wanted = left.min(FRAMES_AT_ONCE) * frame_bytes;
        let Some(block) = bytes.get_mut(..wanted) else { return false };
        let count = read_fully(&mut source, block);
        let samples = block.get(..count - count % frame_bytes).unwrap_or_default();
        for (index, plane) in planes.iter_mut().enumerate() {
            let (pairs, _) = samples.as_chunks::<2>();
            let own = pairs.iter().skip(index).step_by(frame_bytes / 2);
            plane.extend(own.map(|pair| f32::from(i16::from_le_bytes(*pair)) * SCALE));
        }
        if count < wanted {
            return false;
        }
        left -= wanted / frame_bytes;
    }
    true
}

/// Fills `block` as far as `source` has bytes; returns how many it gave.
fn read_fully(source: &mut impl Read, block: &mut [u8]) -> usize {
    let mut count = 0;
    while let Some(rest) = block.get_mut(count..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    count
}

/// Deals interleaved samples out to `planes`; false when they end before `frames` are full.
fn fill(
    planes: &mut [Vec<f32>],
    frames: usize,
    mut samples: impl Iterator<Item = hound::Result<f32>>,
) -> bool {
    for _ in 0..frames {
        for plane in &mut *planes {
            match samples.next() {
                Some(Ok(sample)) => plane.push(sample),
                _ => return false,
            }
        }
    }
    true
}

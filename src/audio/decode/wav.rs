//! WAV files, by hound.

use std::{fs::File, path::Path};

use hound::{SampleFormat, WavReader, WavSpec};

use super::{ClipInfo, DecodeError, Decoded, check_header, wanted_len, wav_file::WavFile};
use crate::audio::{clip::Clip, flag::Flag};

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
    let Ok(reader) = WavReader::new(source) else {
        return Ok(None);
    };
    let frames = present.min(wanted);
    let mut planes: Vec<Vec<f32>> = vec![Vec::with_capacity(frames); channels];
    let complete = match spec.sample_format {
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

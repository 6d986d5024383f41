//! WAV files, by hound.

use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::Path,
};

use hound::{SampleFormat, WavReader, WavSpec};

use super::{ClipInfo, DecodeError, DecodeRequest, Kept, Raw, check_header, wav_file::WavFile};

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

/// Decodes what `request` names; `None` when hound does not know this kind of WAV file.
pub(super) fn decode<'a>(
    path: &'a Path,
    file: &mut File,
    request: &'a DecodeRequest,
) -> Result<Option<Raw<'a>>, DecodeError> {
    let Some(header) = header(path, file)? else {
        return Ok(None);
    };
    let spec = header.spec;
    let channels = usize::from(spec.channels);
    let mut kept = Kept::new(path, request, channels, spec.sample_rate)?;
    let frames = kept.wanted_of(header.promised.min(header.available) as u64)?;
    let source = WavFile::new(file, 1 << 16).map_err(|source| DecodeError::from_io(path, &source))?;
    let Some(mut read) = blocks(spec, source) else {
        return Ok(None);
    };
    kept.reserve(frames);
    let mut block = vec![Vec::with_capacity(FRAMES_AT_ONCE.min(frames)); channels];
    let (mut left, mut complete) = (frames, true);
    while left > 0 && complete {
        let count = left.min(FRAMES_AT_ONCE);
        block.iter_mut().for_each(Vec::clear);
        complete = read(&mut block, count);
        kept.push(&mut block)?;
        left -= count;
    }
    let is_truncated = !complete || header.promised > header.available;
    Ok(Some(Raw { kept, info: header.info(), is_truncated }))
}

/// Deals so many frames out to one vector a channel; false when the file ends before.
type ReadBlock<'a> = Box<dyn FnMut(&mut [Vec<f32>], usize) -> bool + 'a>;

/// The samples of `source`, block by block; `None` when hound does not know this kind of WAV file.
fn blocks(spec: WavSpec, source: WavFile<'_>) -> Option<ReadBlock<'_>> {
    let two_bytes = source.frame_bytes() == 2 * u64::from(spec.channels) && spec.bits_per_sample == 16;
    let reader = WavReader::new(source).ok()?;
    Some(match spec.sample_format {
        SampleFormat::Int if two_bytes => {
            let (mut source, mut bytes) = (reader.into_inner(), Vec::new());
            Box::new(move |block, frames| fill_int16(block, frames, &mut source, &mut bytes))
        }
        SampleFormat::Float => {
            let mut samples = reader.into_samples::<f32>();
            Box::new(move |block, frames| fill(block, frames, &mut samples))
        }
        SampleFormat::Int => {
            let scale = 1.0 / 2_f32.powi(i32::from(spec.bits_per_sample.clamp(1, 32)) - 1);
            let mut samples =
                reader.into_samples::<i32>().map(move |sample| sample.map(|sample| sample as f32 * scale));
            Box::new(move |block, frames| fill(block, frames, &mut samples))
        }
    })
}

/// Deals interleaved 16-bit samples out to `planes`: most recordings are of this kind, and asking for one sample after the other
/// takes several times as long.
fn fill_int16(planes: &mut [Vec<f32>], frames: usize, source: &mut impl Read, bytes: &mut Vec<u8>) -> bool {
    const SCALE: f32 = 1.0 / 32_768.0;
    let frame_bytes = 2 * planes.len();
    bytes.resize(frames * frame_bytes, 0);
    let count = read_fully(source, bytes);
    let samples = bytes.get(..count - count % frame_bytes).unwrap_or_default();
    for (index, plane) in planes.iter_mut().enumerate() {
        let (pairs, _) = samples.as_chunks::<2>();
        let own = pairs.iter().skip(index).step_by(frame_bytes / 2);
        plane.extend(own.map(|pair| f32::from(i16::from_le_bytes(*pair)) * SCALE));
    }
    count == bytes.len()
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

/// Deals whole frames of interleaved samples out to `planes`; false when they end before `frames`.
fn fill(
    planes: &mut [Vec<f32>],
    frames: usize,
    mut samples: impl Iterator<Item = hound::Result<f32>>,
) -> bool {
    for _ in 0..frames {
        for plane in &mut *planes {
            if let Some(Ok(sample)) = samples.next() {
                plane.push(sample);
                continue;
            }
            // A frame that was cut is no frame.
            let whole = planes.iter().map(Vec::len).min().unwrap_or(0);
            for plane in planes {
                plane.truncate(whole);
            }
            return false;
        }
    }
    true
}

//! Unpacks long compressed files to temporary files, for fast random access.
//!
//! Reaching the end of a compressed file requires decoding everything before it, again for every part of a
//! long recording. The temporary file has no name, so the system removes it however the program ends.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufWriter, Read as _, Seek as _, SeekFrom},
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

use super::{
    collector::{DecodeTask, Listener},
    error::DecodeError,
    info::ClipInfo,
    request::{DecodeRequest, Decoded, KeptChannels, Streamed},
};
use crate::audio::{clip::Clip, file_memo::FileMemo, flag::Flag};

/// Total size limit of the temporary files: ten hours of mono at 44.1 kHz.
const MOST_BYTES: usize = 6 << 30;
/// Most temporary files, since the number of open files per process is limited.
const MOST_FILES: usize = 16;
/// Samples per channel in a block.
const FRAMES_AT_ONCE: usize = 1 << 14;
const SAMPLE_BYTES: usize = size_of::<f32>();

static UNPACKED: FileMemo<KeptChannels, Unpacked> = FileMemo::new(MOST_BYTES);
/// Files being unpacked, so that a second request waits for the first.
static IN_PROGRESS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
static UNPACKING_DONE: Condvar = Condvar::new();
/// Longest time until a waiting thread notices that it was stopped.
const LONGEST_WAIT: Duration = Duration::from_millis(50);

/// Exclusive permission to unpack one file; released when dropped.
struct UnpackPermit<'a>(&'a Path);

impl<'a> UnpackPermit<'a> {
    /// Waits until no other thread unpacks the file at `path`; `None` when stopped.
    fn wait(path: &'a Path, is_stopped: &mut dyn FnMut() -> bool) -> Option<Self> {
        let mut in_progress = IN_PROGRESS.lock().unwrap_or_else(PoisonError::into_inner);
        while in_progress.contains(path) {
            if is_stopped() {
                return None;
            }
            let waited = UNPACKING_DONE.wait_timeout(in_progress, LONGEST_WAIT);
            in_progress = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        in_progress.insert(path.to_owned());
        Some(Self(path))
    }
}

impl Drop for UnpackPermit<'_> {
    fn drop(&mut self) {
        IN_PROGRESS.lock().unwrap_or_else(PoisonError::into_inner).remove(self.0);
        UNPACKING_DONE.notify_all();
    }
}

/// Samples of a file as interleaved 32-bit floats.
pub(super) struct Unpacked {
    file: Mutex<File>,
    channels: usize,
    len: u64,
    /// Properties of the file, with its actual length.
    info: ClipInfo,
    /// Problems noticed in the whole file.
    flags: Vec<Flag>,
}

/// The unpacked samples of `path`, if they exist.
pub(super) fn known(path: &Path, channels: KeptChannels) -> Option<Arc<Unpacked>> {
    UNPACKED.get(path, &channels)
}

/// Unpacks a file unless that was done before; `is_stopped` is called after every block.
///
/// # Errors
/// When the file cannot be decoded. Returns `None` when stopped, or when there is no room for the temporary
/// file.
pub(super) fn unpack(
    path: &Path,
    channels: KeptChannels,
    is_stopped: &mut dyn FnMut() -> bool,
) -> Result<Option<Arc<Unpacked>>, DecodeError> {
    if let Some(known) = known(path, channels) {
        return Ok(Some(known));
    }
    let Some(_permit) = UnpackPermit::wait(path, is_stopped) else { return Ok(None) };
    if let Some(known) = known(path, channels) {
        return Ok(Some(known));
    }
    let Ok(file) = tempfile::tempfile() else { return Ok(None) };
    let mut writer = BufWriter::new(file);
    let (mut outcome, mut planes, mut len, mut was_stopped) = (Ok(()), 0, 0_u64, false);
    let mut listener = |_: u32, block: &[Vec<f32>]| {
        planes = block.len();
        len += block.first().map_or(0, Vec::len) as u64;
        outcome = write(&mut writer, block);
        was_stopped = is_stopped();
        if was_stopped || outcome.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let request = DecodeRequest { channels, ..DecodeRequest::default() };
    let Decoded { info, flags, .. } = super::run_task(path, &DecodeTask::streaming(request, &mut listener))?;
    let file = outcome.and_then(|()| writer.into_inner().map_err(io::IntoInnerError::into_error));
    let Some(file) = file.ok().filter(|_| !was_stopped) else { return Ok(None) };
    let unpacked = Arc::new(Unpacked { file: Mutex::new(file), channels: planes, len, info, flags });
    let bytes = (len as usize).saturating_mul(planes * SAMPLE_BYTES);
    UNPACKED.keep(path, channels, Arc::clone(&unpacked), bytes.max(MOST_BYTES / MOST_FILES));
    Ok(Some(unpacked))
}

fn write(writer: &mut impl io::Write, planes: &[Vec<f32>]) -> io::Result<()> {
    let mut bytes = vec![0; planes.iter().map(Vec::len).sum::<usize>() * SAMPLE_BYTES];
    for (channel, plane) in planes.iter().enumerate() {
        let (places, _) = bytes.as_chunks_mut::<SAMPLE_BYTES>();
        let own = places.iter_mut().skip(channel).step_by(planes.len());
        own.zip(plane).for_each(|(place, sample)| *place = sample.to_le_bytes());
    }
    writer.write_all(&bytes)
}

impl Unpacked {
    /// Reads `frames` samples per channel from `start` on.
    fn read(&self, start: u64, frames: usize) -> io::Result<Vec<Vec<f32>>> {
        let mut bytes = vec![0; frames * self.channels * SAMPLE_BYTES];
        {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(start * (self.channels * SAMPLE_BYTES) as u64))?;
            file.read_exact(&mut bytes)?;
        }
        let (samples, _) = bytes.as_chunks::<SAMPLE_BYTES>();
        let plane = |channel| {
            let own = samples.iter().skip(channel).step_by(self.channels.max(1));
            own.map(|bytes| f32::from_le_bytes(*bytes)).collect()
        };
        Ok((0..self.channels).map(plane).collect())
    }

    /// Decodes the part given by `request`, like [`super::decode_with`].
    ///
    /// # Errors
    /// When the temporary file cannot be read, or the part is empty or too long.
    pub(super) fn decode(&self, path: &Path, request: &DecodeRequest) -> Result<Decoded, DecodeError> {
        let rate = f64::from(self.info.sample_rate_hz);
        let start = ((request.offset_secs * rate) as u64).min(self.len);
        let wanted = request.max_secs.map_or(u64::MAX, |secs| (secs * rate) as u64);
        let frames = (self.len - start).min(wanted);
        if frames == 0 {
            let (offset_secs, secs) = (request.offset_secs, self.len as f64 / rate);
            return Err(DecodeError::BeyondEnd { path: path.into(), offset_secs, secs });
        }
        let bytes = frames.saturating_mul((self.channels * SAMPLE_BYTES) as u64);
        if bytes > request.most_bytes as u64 {
            return Err(DecodeError::TooLong {
                path: path.into(),
                secs: frames as f64 / rate,
                held: "as samples",
                bytes,
                limit: request.most_bytes as u64,
            });
        }
        let planes =
            self.read(start, frames as usize).map_err(|source| DecodeError::from_io(path, &source))?;
        let clip = Clip::from_channels(planes, self.info.sample_rate_hz);
        Ok(Decoded { clip, info: self.info, flags: self.flags.clone() })
    }

    /// Passes all samples to `listener` block by block, like [`super::stream`].
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub(super) fn stream(&self, path: &Path, listener: &mut Listener<'_>) -> Result<Streamed, DecodeError> {
        let mut start = 0;
        while start < self.len {
            let frames = (self.len - start).min(FRAMES_AT_ONCE as u64);
            let block =
                self.read(start, frames as usize).map_err(|source| DecodeError::from_io(path, &source))?;
            if listener(self.info.sample_rate_hz, &block).is_break() {
                break;
            }
            start += frames;
        }
        Ok(Streamed { info: self.info, flags: self.flags.clone() })
    }
}

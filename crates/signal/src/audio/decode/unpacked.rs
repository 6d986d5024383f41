//! Long compressed files, decoded once into a temporary file, so that any part of them can be read at once.
//!
//! To reach the end of a compressed file, all before it has to be decoded. Where many parts are read (the pieces of a long
//! recording), that would be done again for each. The temporary file has no name, so the system removes it however the program
//! ends.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufWriter, Read as _, Seek as _, SeekFrom},
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use super::{Clip, ClipInfo, DecodeError, DecodeRequest, Decoded, Flag, KeptChannels, Listener, Order};
use crate::audio::file_memo::FileMemo;

/// Bytes of all temporary files: ten hours of a channel at 44.1 kHz.
const MOST_BYTES: usize = 6 << 30;
/// Temporary files that are held open at most: a process may open only so many files.
const MOST_FILES: usize = 16;
/// Samples a channel that are read together.
const FRAMES_AT_ONCE: usize = 1 << 14;
const SAMPLE_BYTES: usize = size_of::<f32>();

static UNPACKED: FileMemo<KeptChannels, Unpacked> = FileMemo::new(MOST_BYTES);
/// Files that are being unpacked, so that who comes second waits for the first one's file.
static UNDER_WAY: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
static UNPACKED_ONE: Condvar = Condvar::new();

/// The right to unpack one file, given back on drop.
struct Turn<'a>(&'a Path);

impl<'a> Turn<'a> {
    /// Waits until nobody else unpacks the file at `path`.
    fn wait(path: &'a Path) -> Self {
        let mut under_way = UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);
        while under_way.contains(path) {
            under_way = UNPACKED_ONE.wait(under_way).unwrap_or_else(PoisonError::into_inner);
        }
        under_way.insert(path.to_owned());
        Self(path)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner).remove(self.0);
        UNPACKED_ONE.notify_all();
    }
}

/// Samples of a file as 32-bit floats, channels interleaved.
pub(super) struct Unpacked {
    file: Mutex<File>,
    channels: usize,
    len: u64,
    /// What the header says about the file, with the length that was found.
    info: ClipInfo,
    /// Remarks on the whole file.
    flags: Vec<Flag>,
}

/// The samples of `path`, if they were unpacked before.
pub(super) fn known(path: &Path, channels: KeptChannels) -> Option<Arc<Unpacked>> {
    UNPACKED.get(path, &channels)
}

/// Unpacks a file, or finds it unpacked; `is_stopped` is asked after every block.
///
/// # Errors
/// When the file cannot be decoded. Returns `None` where it was stopped or there is no room for the temporary file.
pub(super) fn unpack(
    path: &Path,
    channels: KeptChannels,
    is_stopped: &mut dyn FnMut() -> bool,
) -> Result<Option<Arc<Unpacked>>, DecodeError> {
    if let Some(known) = known(path, channels) {
        return Ok(Some(known));
    }
    let _turn = Turn::wait(path);
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
    let (_, info, flags) = super::ordered(path, &Order::handing_on(request, &mut listener))?;
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
    /// Reads `frames` samples a channel from `start` on.
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

    /// What `request` names, as [`super::decode_with`] gives it.
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

    /// All of it, block by block, as [`super::stream`] does.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub(super) fn stream(
        &self,
        path: &Path,
        listener: &mut Listener<'_>,
    ) -> Result<(ClipInfo, Vec<Flag>), DecodeError> {
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
        Ok((self.info, self.flags.clone()))
    }
}

//! Collects decoded samples block by block, or passes them to a listener: never more than requested.

use std::{cell::RefCell, ops::ControlFlow, path::Path};

use super::{
    error::DecodeError,
    request::{DecodeRequest, KeptChannels},
};
use crate::audio::clip::{Clip, append_mean};

/// Largest amplitude accepted as sound; full scale is 1. Above it the squares of a spectrum overflow and
/// images become NaN. 32-bit integers stored as floats stay below.
const MOST_AMPLITUDE: f32 = 1e12;

/// Whether a spectrum can be computed from this sample; false for NaN.
fn is_sound(sample: f32) -> bool {
    sample.abs() <= MOST_AMPLITUDE
}

/// Receives decoded blocks, `[channels][samples]`, with their rate in Hz; `Break` ends decoding.
pub type Listener<'l> = dyn FnMut(u32, &[Vec<f32>]) -> ControlFlow<()> + 'l;

/// Which samples to decode, and who receives them.
pub(super) struct DecodeTask<'a> {
    /// The requested part.
    pub request: DecodeRequest,
    /// Receiver of the samples; `None` collects them in memory.
    pub listener: Option<RefCell<&'a mut Listener<'a>>>,
}

impl<'a> DecodeTask<'a> {
    /// Collects the samples in memory.
    pub(super) const fn collecting(request: DecodeRequest) -> Self {
        Self { request, listener: None }
    }

    /// Passes the samples to `listener`.
    pub(super) const fn streaming(request: DecodeRequest, listener: &'a mut Listener<'a>) -> Self {
        Self { request, listener: Some(RefCell::new(listener)) }
    }
}

/// Collects the requested samples and counts problems.
pub(super) struct Collector<'a> {
    path: &'a Path,
    task: &'a DecodeTask<'a>,
    /// Samples per channel still to skip before the first requested one.
    before: u64,
    /// Samples per channel collected or passed on so far.
    len: usize,
    /// Whether the listener ended decoding.
    is_listener_done: bool,
    rate_hz: u32,
    /// Number of channels in the file.
    channels: usize,
    /// The selected channels, or only their mean.
    planes: Vec<Vec<f32>>,
    wanted: Wanted,
    /// Samples checked, over all channels.
    seen: usize,
    /// Samples replaced by 0 because they were NaN, infinite or far out of range.
    non_finite: usize,
    /// Samples outside -1..1.
    beyond: usize,
}

/// How much to collect.
#[derive(Clone, Copy)]
struct Wanted {
    /// Samples per channel.
    len: usize,
    /// Whether more of them are an error: `len` is what memory allows, not what was requested.
    is_limit: bool,
}

/// Problem counts over all samples of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counts {
    /// Samples checked, over all channels.
    pub seen: usize,
    /// Samples that were NaN, infinite or far out of range.
    pub non_finite: usize,
    /// Samples outside -1..1.
    pub beyond: usize,
}

impl<'a> Collector<'a> {
    /// A collector for a file with this number of channels and rate.
    pub(super) fn new(
        path: &'a Path,
        task: &'a DecodeTask<'a>,
        channels: usize,
        rate_hz: u32,
    ) -> Result<Self, DecodeError> {
        let request = &task.request;
        let count = match request.channels {
            KeptChannels::All => channels,
            KeptChannels::Mean => 1,
            KeptChannels::One(wanted) if wanted < channels => 1,
            KeptChannels::One(wanted) => {
                return Err(DecodeError::NoSuchChannel { path: path.into(), wanted, available: channels });
            }
        };
        let most = match task.listener {
            Some(_) => usize::MAX,
            None => request.most_bytes / size_of::<f32>() / count.max(1),
        };
        // `int(offset * rate)` samples, as librosa skips.
        let before = (request.offset_secs * f64::from(rate_hz)) as u64;
        // `int(max_secs * rate)` samples, as librosa keeps.
        let wanted = match request.max_secs.map(|secs| (secs * f64::from(rate_hz)) as usize) {
            Some(len) if len <= most => Wanted { len, is_limit: false },
            _ => Wanted { len: most, is_limit: true },
        };
        let planes = vec![Vec::new(); count];
        Ok(Self {
            path,
            task,
            before,
            len: 0,
            is_listener_done: false,
            rate_hz,
            channels,
            planes,
            wanted,
            seen: 0,
            non_finite: 0,
            beyond: 0,
        })
    }

    /// Sample rate of the file in Hz.
    pub(super) const fn rate_hz(&self) -> u32 {
        self.rate_hz
    }

    /// Number of channels in the file.
    pub(super) const fn channels(&self) -> usize {
        self.channels
    }

    /// Samples per channel so far, from the first requested one on.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Number of samples per channel that the caller can skip without decoding, at most `available`; they
    /// count as skipped.
    pub(super) fn skip_available(&mut self, available: u64) -> u64 {
        let passed = self.before.min(available);
        self.before -= passed;
        passed
    }

    /// Position in the file, in samples per channel.
    pub(super) fn position(&self) -> u64 {
        self.offset() - self.before + self.len as u64
    }

    /// Start of the requested part, in seconds.
    pub(super) fn offset_secs(&self) -> f64 {
        self.offset() as f64 / f64::from(self.rate_hz.max(1))
    }

    fn offset(&self) -> u64 {
        (self.task.request.offset_secs * f64::from(self.rate_hz)) as u64
    }

    /// Whether everything requested was collected. Exceeding the memory limit is an error instead.
    pub(super) fn is_full(&self) -> bool {
        let Wanted { len: wanted, is_limit } = self.wanted;
        self.is_listener_done || (!is_limit && self.len() >= wanted)
    }

    /// How many of the file's `promised` samples per channel to collect; fails if a whole file exceeds the
    /// limit.
    pub(super) fn samples_to_collect(&self, promised: u64) -> Result<usize, DecodeError> {
        let promised = promised.saturating_sub(self.offset());
        let Wanted { len: wanted, is_limit } = self.wanted;
        if is_limit && promised > wanted as u64 {
            // If a duration was requested, at most that much of the file counts.
            let asked = self.task.request.max_secs.map(|secs| (secs * f64::from(self.rate_hz)) as u64);
            return Err(self.too_long(asked.unwrap_or(promised).min(promised)));
        }
        Ok(promised.min(wanted as u64) as usize)
    }

    /// Reserves memory for `len` samples that the file is known to contain.
    pub(super) fn reserve(&mut self, len: usize) {
        if self.task.listener.is_some() {
            return;
        }
        for plane in &mut self.planes {
            plane.reserve_exact(len.min(self.wanted.len));
        }
    }

    /// Adds a block of all channels; shorter channels are padded with silence.
    pub(super) fn push(&mut self, block: &mut [Vec<f32>]) -> Result<(), DecodeError> {
        let mut len = block.iter().map(Vec::len).max().unwrap_or(0);
        let passed = self.skip_available(len as u64) as usize;
        if passed > 0 {
            for channel in &mut *block {
                channel.drain(..passed.min(channel.len()));
            }
            len -= passed;
        }
        let Wanted { len: wanted, is_limit } = self.wanted;
        let room = wanted.saturating_sub(self.len());
        if is_limit && len > room {
            return Err(self.too_long((self.len() + len) as u64));
        }
        for channel in &mut *block {
            channel.resize(len, 0.0);
            channel.truncate(room);
            self.sanitise(channel);
        }
        match self.task.request.channels {
            KeptChannels::All => {
                for (plane, channel) in self.planes.iter_mut().zip(&*block) {
                    plane.extend_from_slice(channel);
                }
            }
            KeptChannels::Mean => {
                let channels: Vec<&[f32]> = block.iter().map(Vec::as_slice).collect();
                self.planes.iter_mut().for_each(|mean| append_mean(mean, &channels));
            }
            KeptChannels::One(wanted) => {
                for (plane, channel) in self.planes.iter_mut().zip(block.get(wanted)) {
                    plane.extend_from_slice(channel);
                }
            }
        }
        self.len += len.min(room);
        self.forward_to_listener();
        Ok(())
    }

    /// Passes the collected samples to the listener, if there is one.
    fn forward_to_listener(&mut self) {
        let Some(listener) = &self.task.listener else { return };
        if self.planes.first().is_some_and(|plane| !plane.is_empty()) {
            self.is_listener_done |= (listener.borrow_mut())(self.rate_hz, &self.planes).is_break();
        }
        self.planes.iter_mut().for_each(Vec::clear);
    }

    /// Counts problems; replaces NaN, infinity and samples beyond [`MOST_AMPLITUDE`] by 0.
    fn sanitise(&mut self, channel: &mut [f32]) {
        self.seen += channel.len();
        for sample in channel {
            if !is_sound(*sample) {
                *sample = 0.0;
                self.non_finite += 1;
            } else if sample.abs() > 1.0 {
                self.beyond += 1;
            }
        }
    }

    fn too_long(&self, len: u64) -> DecodeError {
        DecodeError::TooLong {
            path: self.path.into(),
            secs: len as f64 / f64::from(self.rate_hz.max(1)),
            held: "as samples",
            bytes: len.saturating_mul(size_of::<f32>() as u64).saturating_mul(self.planes.len() as u64),
            limit: self.task.request.most_bytes as u64,
        }
    }

    /// The clip and the problem counts.
    pub(super) fn finish(self) -> (Clip, Counts) {
        let counts = Counts { seen: self.seen, non_finite: self.non_finite, beyond: self.beyond };
        (Clip::from_channels(self.planes, self.rate_hz), counts)
    }
}

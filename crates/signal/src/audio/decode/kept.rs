//! The samples of a file that are kept while it is decoded, block by block, or handed on: never more than was asked for.

use std::{cell::RefCell, ops::ControlFlow, path::Path};

use super::{DecodeError, DecodeRequest, KeptChannels};
use crate::audio::clip::{Clip, append_mean};

/// Largest amplitude that is taken for sound; full scale is 1. Beyond it the squares of a spectrum overflow, and images
/// become NaN. 32-bit integers that were stored as floats stay below.
const MOST_AMPLITUDE: f32 = 1e12;

/// Whether a sample is a number that spectra can be made of; NaN is not.
fn is_sound(sample: f32) -> bool {
    sample.abs() <= MOST_AMPLITUDE
}

/// Receives samples as they are decoded, `[channels][samples]`, with their rate in Hz; a break ends the decoding.
pub type Listener<'l> = dyn FnMut(u32, &[Vec<f32>]) -> ControlFlow<()> + 'l;

/// What is wanted of a file, and who receives it.
pub(super) struct Order<'a> {
    /// Which samples.
    pub request: DecodeRequest,
    /// Who receives them; they are kept where nobody does.
    pub listener: Option<RefCell<&'a mut Listener<'a>>>,
}

impl<'a> Order<'a> {
    /// Samples that are kept.
    pub(super) const fn keeping(request: DecodeRequest) -> Self {
        Self { request, listener: None }
    }

    /// Samples that `listener` receives.
    pub(super) const fn handing_on(request: DecodeRequest, listener: &'a mut Listener<'a>) -> Self {
        Self { request, listener: Some(RefCell::new(listener)) }
    }
}

/// Samples decoded so far, with what was noticed about them.
pub(super) struct Kept<'a> {
    path: &'a Path,
    order: &'a Order<'a>,
    /// Samples a channel that still come before the first one wanted.
    before: u64,
    /// Samples a channel that were kept or handed on so far.
    len: usize,
    /// Whether the listener has had enough.
    is_enough: bool,
    rate_hz: u32,
    /// Channels of the file.
    channels: usize,
    /// The kept channels, or their mean alone.
    planes: Vec<Vec<f32>>,
    /// Samples a channel to keep, and whether more are an error.
    wanted: (usize, bool),
    /// Samples of all channels that were looked at.
    seen: usize,
    /// Those that were NaN or infinite, and are zero now.
    non_finite: usize,
    /// Those outside -1..1.
    beyond: usize,
}

/// What was noticed about all samples of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counts {
    /// Samples of all channels.
    pub seen: usize,
    /// NaN or infinite.
    pub non_finite: usize,
    /// Outside -1..1.
    pub beyond: usize,
}

impl<'a> Kept<'a> {
    /// Of a file with so many channels at this rate.
    pub(super) fn new(
        path: &'a Path,
        order: &'a Order<'a>,
        channels: usize,
        rate_hz: u32,
    ) -> Result<Self, DecodeError> {
        let request = &order.request;
        let count = match request.channels {
            KeptChannels::All => channels,
            KeptChannels::Mean => 1,
            KeptChannels::One(wanted) if wanted < channels => 1,
            KeptChannels::One(wanted) => {
                return Err(DecodeError::NoSuchChannel { path: path.into(), wanted, available: channels });
            }
        };
        let most = match order.listener {
            Some(_) => usize::MAX,
            None => request.most_bytes / size_of::<f32>() / count.max(1),
        };
        // `int(offset * rate)` samples, as librosa skips.
        let before = (request.offset_secs * f64::from(rate_hz)) as u64;
        // `int(max_secs * rate)` samples, as librosa cuts.
        let wanted = match request.max_secs.map(|secs| (secs * f64::from(rate_hz)) as usize) {
            Some(wanted) if wanted <= most => (wanted, false),
            _ => (most, true),
        };
        let planes = vec![Vec::new(); count];
        Ok(Self {
            path,
            order,
            before,
            len: 0,
            is_enough: false,
            rate_hz,
            channels,
            planes,
            wanted,
            seen: 0,
            non_finite: 0,
            beyond: 0,
        })
    }

    /// Rate of the file in Hz.
    pub(super) const fn rate_hz(&self) -> u32 {
        self.rate_hz
    }

    /// Channels of the file.
    pub(super) const fn channels(&self) -> usize {
        self.channels
    }

    /// Samples a channel so far, without those before the first one wanted.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Samples a channel that come before the first one wanted, and that the caller passes over by itself, up to `available`.
    pub(super) fn pass_over(&mut self, available: u64) -> u64 {
        let passed = self.before.min(available);
        self.before -= passed;
        passed
    }

    /// Samples a channel of the file that were decoded so far.
    pub(super) fn position(&self) -> u64 {
        self.offset() - self.before + self.len as u64
    }

    /// Seconds of the file before [`Self::len`] begins to count.
    pub(super) fn offset_secs(&self) -> f64 {
        self.offset() as f64 / f64::from(self.rate_hz.max(1))
    }

    fn offset(&self) -> u64 {
        (self.order.request.offset_secs * f64::from(self.rate_hz)) as u64
    }

    /// Whether no more is wanted; a file that goes on past the limit is an error instead.
    pub(super) fn is_full(&self) -> bool {
        let (wanted, is_limit) = self.wanted;
        self.is_enough || (!is_limit && self.len() >= wanted)
    }

    /// How many of a file's `promised` samples a channel will be kept; refuses a whole file that is too long.
    pub(super) fn wanted_of(&self, promised: u64) -> Result<usize, DecodeError> {
        let promised = promised.saturating_sub(self.offset());
        let (wanted, is_limit) = self.wanted;
        if is_limit && promised > wanted as u64 {
            // With a duration, no more than that is used of a longer file.
            let asked = self.order.request.max_secs.map(|secs| (secs * f64::from(self.rate_hz)) as u64);
            return Err(self.too_long(asked.unwrap_or(promised).min(promised)));
        }
        Ok(promised.min(wanted as u64) as usize)
    }

    /// Makes room for `len` samples that the file is known to hold.
    pub(super) fn reserve(&mut self, len: usize) {
        if self.order.listener.is_some() {
            return;
        }
        for plane in &mut self.planes {
            plane.reserve_exact(len.min(self.wanted.0));
        }
    }

    /// Keeps a block of all channels; shorter channels end in silence.
    pub(super) fn push(&mut self, block: &mut [Vec<f32>]) -> Result<(), DecodeError> {
        let mut len = block.iter().map(Vec::len).max().unwrap_or(0);
        let passed = self.pass_over(len as u64) as usize;
        if passed > 0 {
            for channel in &mut *block {
                channel.drain(..passed.min(channel.len()));
            }
            len -= passed;
        }
        let (wanted, is_limit) = self.wanted;
        let room = wanted.saturating_sub(self.len());
        if is_limit && len > room {
            return Err(self.too_long((self.len() + len) as u64));
        }
        for channel in &mut *block {
            channel.resize(len, 0.0);
            channel.truncate(room);
            self.look_at(channel);
        }
        match self.order.request.channels {
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
        self.hand_on();
        Ok(())
    }

    /// Gives what is kept to the listener, where there is one.
    fn hand_on(&mut self) {
        let Some(listener) = &self.order.listener else { return };
        if self.planes.first().is_some_and(|plane| !plane.is_empty()) {
            self.is_enough |= (listener.borrow_mut())(self.rate_hz, &self.planes).is_break();
        }
        self.planes.iter_mut().for_each(Vec::clear);
    }

    /// Counts what is remarkable, and sets NaN, infinity and samples beyond [`MOST_AMPLITUDE`] to zero.
    fn look_at(&mut self, channel: &mut [f32]) {
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
            limit: self.order.request.most_bytes as u64,
        }
    }

    /// The clip, and what was noticed about its samples.
    pub(super) fn finish(self) -> (Clip, Counts) {
        let counts = Counts { seen: self.seen, non_finite: self.non_finite, beyond: self.beyond };
        (Clip::from_channels(self.planes, self.rate_hz), counts)
    }
}

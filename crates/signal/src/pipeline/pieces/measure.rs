//! What cutting needs to know of a recording, measured block by block: memory does not grow with its length.

use std::{ops::ControlFlow, path::Path, sync::Arc};

use crate::{
    audio::{
        decode::{self, DecodeError, KeptChannels},
        file_memo::FileMemo,
    },
    dsp::{
        level::{LevelMeter, Levels},
        onset::{Flux, MelFrames},
    },
    pipeline::config::kinds::ChannelChoice,
};
use timbrespace_base::interrupt::{Interrupt, Signal};

/// Values that are kept of all recordings; an hour at 44.1 kHz has some 900,000.
const MOST_VALUES: usize = 1 << 25;
/// Values of a column of the waveform's outline: smallest and largest sample, and its part of a block's power.
const VALUES_A_COLUMN: usize = 3;
/// Every recording counts as so many values more, for its name.
const VALUES_A_RECORDING: usize = 64;

/// Recordings are measured once for all who ask: the list, the stages, the data set.
static MEASURED: FileMemo<(ChannelChoice, bool), LevelCurve> = FileMemo::new(MOST_VALUES);

/// A recording's levels over time.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelCurve {
    /// Rate of the file in Hz.
    pub sample_rate_hz: u32,
    /// Its levels, at its own rate.
    pub levels: Levels,
    /// Its onset strength, frame by frame, where that was wanted.
    pub onset_strength: Option<Vec<f32>>,
}

/// Measures the channel of a file that is used, or returns what was measured before; `None` when stopped.
///
/// # Errors
/// When the file cannot be decoded.
pub fn measured(
    path: &Path,
    channel: ChannelChoice,
    with_onsets: bool,
    passed: &mut dyn FnMut(f64),
    interrupt: &Interrupt,
) -> Result<Option<Arc<LevelCurve>>, DecodeError> {
    if let Some(known) = MEASURED.get(path, &(channel, with_onsets)) {
        return Ok(Some(known));
    }
    let channels = KeptChannels::from(channel);
    decode::make_seekable(path, channels, &mut || interrupt.is_stopped())?;
    let mut meter = LevelMeter::default();
    let mut loudest = Loudest::default();
    let Some(sample_rate_hz) = pass(path, channels, interrupt, &mut |rate_hz, samples| {
        meter.push(samples);
        if with_onsets {
            loudest.push(rate_hz, samples);
        }
        passed(samples.len() as f64 / f64::from(rate_hz.max(1)));
    })?
    else {
        return Ok(None);
    };
    let onset_strength = if with_onsets {
        let Some(strength) = strength(path, channels, loudest.finish(), interrupt)? else { return Ok(None) };
        Some(strength)
    } else {
        None
    };
    let measured = Arc::new(LevelCurve { sample_rate_hz, levels: meter.finish(), onset_strength });
    let values = measured.levels.envelope().columns().len() * VALUES_A_COLUMN
        + measured.onset_strength.as_ref().map_or(0, Vec::len)
        + VALUES_A_RECORDING;
    MEASURED.keep(path, (channel, with_onsets), Arc::clone(&measured), values);
    Ok(Some(measured))
}

/// Streams one channel of a file to `each`; the rate, or `None` when stopped.
fn pass(
    path: &Path,
    channels: KeptChannels,
    interrupt: &Interrupt,
    each: &mut dyn FnMut(u32, &[f32]),
) -> Result<Option<u32>, DecodeError> {
    let mut was_stopped = false;
    let streamed = decode::stream(path, channels, &mut |rate_hz, block| {
        each(rate_hz, block.first().map(Vec::as_slice).unwrap_or_default());
        was_stopped = interrupt.wait_while_paused() == Signal::Stop;
        if was_stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok((!was_stopped).then_some(streamed.info.sample_rate_hz))
}

/// The onset strength of a file whose loudest mel band has the power `loudest`.
fn strength(
    path: &Path,
    channels: KeptChannels,
    loudest: f32,
    interrupt: &Interrupt,
) -> Result<Option<Vec<f32>>, DecodeError> {
    let mut flux = Flux::new(loudest);
    let mut frames: Option<MelFrames> = None;
    let rate = pass(path, channels, interrupt, &mut |rate_hz, samples| {
        let frames = frames.get_or_insert_with(|| MelFrames::new(rate_hz));
        frames.push(samples, &mut |bands| flux.push(bands));
    })?;
    if let Some(frames) = frames {
        frames.finish(&mut |bands| flux.push(bands));
    }
    Ok(rate.map(|_| flux.finish()))
}

/// The loudest mel band of a signal that comes in parts.
#[derive(Default)]
struct Loudest {
    frames: Option<MelFrames>,
    power: f32,
}

impl Loudest {
    fn push(&mut self, rate_hz: u32, samples: &[f32]) {
        let (frames, power) = (self.frames.get_or_insert_with(|| MelFrames::new(rate_hz)), &mut self.power);
        frames.push(samples, &mut |bands| *power = bands.iter().copied().fold(*power, f32::max));
    }

    fn finish(self) -> f32 {
        let Self { frames, mut power } = self;
        if let Some(frames) = frames {
            frames.finish(&mut |bands| power = bands.iter().copied().fold(power, f32::max));
        }
        power
    }
}

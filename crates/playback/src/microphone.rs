//! Recording from a microphone, behind a trait: a real device through cpal, or a test double.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use cpal::{
    FromSample, SampleFormat, SizedSample, StreamConfig,
    traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _},
};

use super::{
    stream::{host, name_of},
    tap::{Tap, TapWriter},
};
use timbrespace_signal::audio::clip::Clip;

/// Longest take in seconds. A take becomes one image, and a forgotten recording must not fill the memory.
pub const LONGEST_SECS: f64 = 60.0;
/// Interval at which the recording thread empties the ring and checks for a stop.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Progress of a take.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TakeProgress {
    /// Seconds recorded so far.
    pub seconds: f64,
    /// Peak amplitude since the last call; 1 is full scale.
    pub peak: f32,
    /// Whether the take has ended: on request, at its longest length or after an error.
    pub ended: bool,
}

/// A recording in progress; dropping it stops and discards it.
pub trait Take: Send {
    /// Progress so far; resets the peak.
    fn progress(&self) -> TakeProgress;

    /// Stops the take and returns the recording.
    ///
    /// # Errors
    /// When nothing was recorded; the message is for display.
    fn finish(self: Box<Self>) -> Result<Clip, String>;
}

/// An audio input.
pub trait Microphone: Send {
    /// Starts recording from the system's default input.
    ///
    /// # Errors
    /// When there is no input or access is denied; the message is for display.
    fn record(&mut self) -> Result<Box<dyn Take>, String>;
}

/// The system's default input.
#[derive(Debug, Default)]
pub struct SystemMicrophone;

/// State shared by the device thread and the take.
#[derive(Default)]
struct TakeState {
    samples: Mutex<Vec<f32>>,
    /// Sample rate in Hz; 0 until the device is open.
    rate_hz: AtomicU32,
    frames: AtomicU64,
    peak: AtomicU32,
    stop: AtomicBool,
    ended: AtomicBool,
    error: Mutex<Option<String>>,
}

struct SystemTake {
    heard: Arc<TakeState>,
    thread: Option<JoinHandle<()>>,
}

impl Microphone for SystemMicrophone {
    fn record(&mut self) -> Result<Box<dyn Take>, String> {
        let heard = Arc::new(TakeState::default());
        let thread_state = Arc::clone(&heard);
        // A thread opens the device, because a sound server can take seconds to answer.
        let thread = thread::Builder::new().name("microphone".to_owned()).spawn(move || {
            if let Err(error) = listen(&thread_state) {
                *thread_state.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
            thread_state.ended.store(true, Ordering::Release);
        });
        let thread =
            thread.map_err(|error| format!("Could not start the microphone's worker thread: {error}"))?;
        Ok(Box::new(SystemTake { heard, thread: Some(thread) }))
    }
}

impl Take for SystemTake {
    fn progress(&self) -> TakeProgress {
        let rate = f64::from(self.heard.rate_hz.load(Ordering::Relaxed).max(1));
        TakeProgress {
            seconds: self.heard.frames.load(Ordering::Relaxed) as f64 / rate,
            peak: f32::from_bits(self.heard.peak.swap(0, Ordering::Relaxed)),
            ended: self.heard.ended.load(Ordering::Acquire),
        }
    }

    fn finish(mut self: Box<Self>) -> Result<Clip, String> {
        self.end();
        if let Some(error) = self.heard.error.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(error);
        }
        let samples = std::mem::take(&mut *self.heard.samples.lock().unwrap_or_else(PoisonError::into_inner));
        if samples.is_empty() {
            return Err(
                "The microphone recorded no sound: check that it is connected and not muted".to_owned()
            );
        }
        Ok(Clip::mono(samples, self.heard.rate_hz.load(Ordering::Relaxed)))
    }
}

impl SystemTake {
    fn end(&mut self) {
        self.heard.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the microphone's thread panicked");
        }
    }
}

impl Drop for SystemTake {
    fn drop(&mut self) {
        self.end();
    }
}

/// Records from the default input until stopped or until [`LONGEST_SECS`] are reached.
fn listen(heard: &Arc<TakeState>) -> Result<(), String> {
    let explain = |error: cpal::Error| {
        format!(
            "The microphone cannot be used ({error}): connect one, and allow this program to use it in the system's settings"
        )
    };
    let host = host().map_err(explain)?;
    let device = host.default_input_device().ok_or_else(|| {
        "No microphone was found: connect one, or choose it as the system's default input".to_owned()
    })?;
    log::info!("microphone: {}", name_of(&device));
    let supported = device.default_input_config().map_err(explain)?;
    let config = supported.config();
    heard.rate_hz.store(config.sample_rate, Ordering::Relaxed);
    let (writer, tap) = Tap::new();
    tap.open();
    let stream = match supported.sample_format() {
        SampleFormat::F32 => build::<f32>(&device, config, writer),
        SampleFormat::I16 => build::<i16>(&device, config, writer),
        SampleFormat::I32 => build::<i32>(&device, config, writer),
        SampleFormat::U16 => build::<u16>(&device, config, writer),
        SampleFormat::U8 => build::<u8>(&device, config, writer),
        SampleFormat::I8 => build::<i8>(&device, config, writer),
        SampleFormat::I24 => build::<cpal::I24>(&device, config, writer),
        SampleFormat::F64 => build::<f64>(&device, config, writer),
        other => {
            return Err(format!("The microphone's sample type {other} is not supported"));
        }
    };
    let stream = stream.map_err(explain)?;
    stream.play().map_err(explain)?;
    let channels = usize::from(config.channels).max(1);
    let most = (LONGEST_SECS * f64::from(config.sample_rate)) as u64;
    let mut block = Vec::new();
    while !heard.stop.load(Ordering::Relaxed) && heard.frames.load(Ordering::Relaxed) < most {
        thread::sleep(POLL_INTERVAL);
        drain_tap(&tap, heard, &mut block, channels, most);
    }
    drop(stream);
    drain_tap(&tap, heard, &mut block, channels, most);
    if tap.lost() > 0 {
        log::warn!("microphone: {} samples were lost, because the computer was busy", tap.lost());
    }
    Ok(())
}

/// Drains the ring and appends all whole frames; `block` keeps an incomplete frame for the next call.
fn drain_tap(tap: &Tap, heard: &TakeState, block: &mut Vec<f32>, channels: usize, most: u64) {
    tap.drain(|sample| block.push(sample));
    let whole = block.len() - block.len() % channels;
    append_samples(heard, block.get(..whole).unwrap_or_default(), channels, most);
    block.drain(..whole);
}

/// Appends the mean over all channels to the recorded samples.
fn append_samples(heard: &TakeState, block: &[f32], channels: usize, most: u64) {
    let mut samples = heard.samples.lock().unwrap_or_else(PoisonError::into_inner);
    let mut peak = 0.0_f32;
    for frame in block.chunks_exact(channels) {
        let sample = frame.iter().sum::<f32>() / channels as f32;
        if (samples.len() as u64) < most {
            samples.push(sample);
            peak = peak.max(sample.abs());
        }
    }
    heard.frames.store(samples.len() as u64, Ordering::Relaxed);
    heard.peak.fetch_max(peak.to_bits(), Ordering::Relaxed);
}

fn build<T: SizedSample>(
    device: &cpal::Device,
    config: StreamConfig,
    mut writer: TapWriter,
) -> Result<cpal::Stream, cpal::Error>
where
    f32: FromSample<T>,
{
    device.build_input_stream(
        config,
        move |block: &[T], _: &cpal::InputCallbackInfo| {
            // The callback must not wait: blocks that do not fit are dropped and counted.
            writer.write_converted(block, f32::from_sample_);
        },
        |error: cpal::Error| log::warn!("microphone: {error}"),
        None,
    )
}

/// A stand-in for systems without a microphone.
#[derive(Debug, Default)]
pub struct NoMicrophone;

impl Microphone for NoMicrophone {
    fn record(&mut self) -> Result<Box<dyn Take>, String> {
        Err("No microphone was found: connect one, or choose it as the system's default input".to_owned())
    }
}

/// A test double that "records" a prepared clip at once.
#[derive(Clone, Debug)]
pub struct ScriptedMicrophone {
    /// The recording, or an error.
    pub heard: Result<Clip, String>,
}

struct ScriptedTake(Result<Clip, String>);

impl Microphone for ScriptedMicrophone {
    fn record(&mut self) -> Result<Box<dyn Take>, String> {
        Ok(Box::new(ScriptedTake(self.heard.clone())))
    }
}

impl Take for ScriptedTake {
    fn progress(&self) -> TakeProgress {
        match &self.0 {
            Ok(clip) => TakeProgress { seconds: clip.duration_secs(), peak: 0.5, ended: false },
            Err(_) => TakeProgress { ended: true, ..TakeProgress::default() },
        }
    }

    fn finish(self: Box<Self>) -> Result<Clip, String> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocations;

    #[test]
    fn the_callback_neither_allocates_nor_frees() {
        let (mut writer, tap) = Tap::new();
        tap.open();
        let block: Vec<i16> = (0..1024).collect();
        let count = allocations::in_this_thread(|| {
            for _ in 0..600 {
                writer.write_converted(&block, f32::from_sample_);
            }
        });
        assert_eq!(count, 0);
        // 512 blocks fill the ring; the rest is counted.
        assert_eq!(tap.lost(), 88 * 1024);
        let mut samples = Vec::new();
        tap.drain(|sample| samples.push(sample));
        assert_eq!((samples.len(), samples[1]), (1 << 19, 1.0 / 32_768.0));
    }

    #[test]
    fn a_frame_that_is_only_half_there_waits_for_its_other_half() {
        let (mut writer, tap) = Tap::new();
        tap.open();
        let (heard, mut block) = (TakeState::default(), Vec::new());
        for part in [&[0.5, -0.1, 0.2][..], &[0.4]] {
            writer.write(part);
            drain_tap(&tap, &heard, &mut block, 2, 100);
        }
        let samples = heard.samples.lock().unwrap().clone();
        assert_eq!(samples.len(), 2);
        assert!((samples[0] - 0.2).abs() < 1e-6 && (samples[1] - 0.3).abs() < 1e-6, "{samples:?}");
    }

    #[test]
    fn channels_are_averaged_and_a_take_has_an_end() {
        let heard = TakeState::default();
        append_samples(&heard, &[0.5, -0.1, 0.2, 0.2], 2, 3);
        append_samples(&heard, &[0.9, 0.9, 0.1, 0.1], 2, 3);
        let samples = heard.samples.lock().unwrap().clone();
        let expected = [0.2, 0.2, 0.9];
        assert!(samples.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6) && samples.len() == 3);
        assert_eq!(heard.frames.load(Ordering::Relaxed), 3);
        assert!((f32::from_bits(heard.peak.load(Ordering::Relaxed)) - 0.9).abs() < 1e-6);
    }
}

//! Sound from a microphone, behind the same kind of trait as the output: a real device by cpal, or a double for tests.

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

/// Longest take in seconds: what is recorded becomes one image, and nobody wants to fill the memory by forgetting it.
pub const LONGEST_SECS: f64 = 60.0;
/// Time between two looks at whether to stop.
const LOOK: Duration = Duration::from_millis(20);

/// How far a take is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TakeProgress {
    /// Seconds so far.
    pub seconds: f64,
    /// Largest amplitude since the last look, 1 at full scale.
    pub peak: f32,
    /// Whether it has ended, by request, by its length or by an error.
    pub ended: bool,
}

/// A take under way; dropping it ends it and throws it away.
pub trait Take: Send {
    /// How far it is; the peak is told once.
    fn progress(&self) -> TakeProgress;

    /// Ends it and returns what was heard.
    ///
    /// # Errors
    /// When nothing could be recorded, in words for a person.
    fn finish(self: Box<Self>) -> Result<Clip, String>;
}

/// Where sound comes in.
pub trait Microphone: Send {
    /// Begins to record from the system's default input.
    ///
    /// # Errors
    /// When there is none or it may not be used, in words for a person.
    fn record(&mut self) -> Result<Box<dyn Take>, String>;
}

/// The system's default input.
#[derive(Debug, Default)]
pub struct SystemMicrophone;

/// What the input's callback and the take share.
#[derive(Default)]
struct Heard {
    samples: Mutex<Vec<f32>>,
    /// Rate in Hz; 0 until the device is open.
    rate_hz: AtomicU32,
    frames: AtomicU64,
    peak: AtomicU32,
    stop: AtomicBool,
    ended: AtomicBool,
    error: Mutex<Option<String>>,
}

struct SystemTake {
    heard: Arc<Heard>,
    thread: Option<JoinHandle<()>>,
}

impl Microphone for SystemMicrophone {
    fn record(&mut self) -> Result<Box<dyn Take>, String> {
        let heard = Arc::new(Heard::default());
        let of_thread = Arc::clone(&heard);
        // The device is opened on a thread of its own: a sound server may take seconds to answer.
        let thread = thread::Builder::new().name("microphone".to_owned()).spawn(move || {
            if let Err(error) = listen(&of_thread) {
                *of_thread.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
            of_thread.ended.store(true, Ordering::Release);
        });
        let thread = thread.map_err(|error| format!("No thread for the microphone: {error}"))?;
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
            return Err("The microphone gave no sound: check that it is connected and not muted".to_owned());
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

/// Opens the default input and listens until told to stop, or until [`LONGEST_SECS`] are over.
fn listen(heard: &Arc<Heard>) -> Result<(), String> {
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
            return Err(format!(
                "The microphone gives samples of the type {other}, which this program cannot read"
            ));
        }
    };
    let stream = stream.map_err(explain)?;
    stream.play().map_err(explain)?;
    let channels = usize::from(config.channels).max(1);
    let most = (LONGEST_SECS * f64::from(config.sample_rate)) as u64;
    let mut block = Vec::new();
    while !heard.stop.load(Ordering::Relaxed) && heard.frames.load(Ordering::Relaxed) < most {
        thread::sleep(LOOK);
        take_from(&tap, heard, &mut block, channels, most);
    }
    drop(stream);
    take_from(&tap, heard, &mut block, channels, most);
    if tap.lost() > 0 {
        log::warn!("microphone: {} samples were lost, because the computer was busy", tap.lost());
    }
    Ok(())
}

/// Adds whole frames of what the callback has left in the ring; `block` keeps the rest of a frame for the next time.
fn take_from(tap: &Tap, heard: &Heard, block: &mut Vec<f32>, channels: usize, most: u64) {
    tap.drain(|sample| block.push(sample));
    let whole = block.len() - block.len() % channels;
    take_in(heard, block.get(..whole).unwrap_or_default(), channels, most);
    block.drain(..whole);
}

/// Adds the mean of all channels to what was heard.
fn take_in(heard: &Heard, block: &[f32], channels: usize, most: u64) {
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
            // Blocks that find no room are lost and counted: the device does not wait.
            writer.write_converted(block, f32::from_sample_);
        },
        |error: cpal::Error| log::warn!("microphone: {error}"),
        None,
    )
}

/// No microphone, for surroundings without.
#[derive(Debug, Default)]
pub struct NoMicrophone;

impl Microphone for NoMicrophone {
    fn record(&mut self) -> Result<Box<dyn Take>, String> {
        Err("No microphone was found: connect one, or choose it as the system's default input".to_owned())
    }
}

/// A microphone for tests: hears what the test says, all of it at once.
#[derive(Clone, Debug)]
pub struct ScriptedMicrophone {
    /// What it hears, or why it cannot.
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
        let (heard, mut block) = (Heard::default(), Vec::new());
        for part in [&[0.5, -0.1, 0.2][..], &[0.4]] {
            writer.write(part);
            take_from(&tap, &heard, &mut block, 2, 100);
        }
        let samples = heard.samples.lock().unwrap().clone();
        assert_eq!(samples.len(), 2);
        assert!((samples[0] - 0.2).abs() < 1e-6 && (samples[1] - 0.3).abs() < 1e-6, "{samples:?}");
    }

    #[test]
    fn channels_are_averaged_and_a_take_has_an_end() {
        let heard = Heard::default();
        take_in(&heard, &[0.5, -0.1, 0.2, 0.2], 2, 3);
        take_in(&heard, &[0.9, 0.9, 0.1, 0.1], 2, 3);
        let samples = heard.samples.lock().unwrap().clone();
        let expected = [0.2, 0.2, 0.9];
        assert!(samples.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6) && samples.len() == 3);
        assert_eq!(heard.frames.load(Ordering::Relaxed), 3);
        assert!((f32::from_bits(heard.peak.load(Ordering::Relaxed)) - 0.9).abs() < 1e-6);
    }
}

//! Times of the steps on the way from a WAV file to a log-mel spectrogram, one thread: the shortest of many runs.
//!
//! `cargo run --release -p timbrespace-signal --example speed`.
#![expect(clippy::print_stdout, reason = "an example prints its results")]

use std::{error::Error, f32::consts::TAU, hint::black_box, time::Instant};

use timbrespace_base::interrupt::Interrupt;
use timbrespace_signal::{
    audio::{
        clip::Clip,
        decode,
        encode::{BitDepth, write_wav},
        folder,
    },
    dsp::{
        resample::Resampler,
        stft::{Framing, Stft},
    },
    pipeline::{
        audio_to_mel::AudioToMel,
        config::{ClipDuration, PreprocessingConfig},
    },
};

/// Runs of each step.
const RUNS: usize = 500;
/// Length of the recordings, in seconds.
const DURATION_SECS: f32 = 0.74;

/// A gliding tone with overtones.
fn tone(rate_hz: u32) -> Vec<f32> {
    let glide = |index: usize| {
        let secs = index as f32 / rate_hz as f32;
        let phase = TAU * (150.0 * secs + 60.0 * secs * secs);
        (1..6).map(|overtone| (phase * overtone as f32).sin() / overtone as f32).sum::<f32>() * 0.2
    };
    (0..(DURATION_SECS * rate_hz as f32) as usize).map(glide).collect()
}

fn report<T>(step: &str, mut work: impl FnMut() -> T) {
    let mut shortest = f64::INFINITY;
    for _ in 0..RUNS {
        let start = Instant::now();
        black_box(work());
        shortest = shortest.min(start.elapsed().as_secs_f64());
    }
    println!("{step:<45} {:8.1} µs", shortest * 1e6);
}

fn report_items(name: &str, rate_hz: u32) -> Result<(), Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    for file in ["bell_1.wav", "bell_2.wav", "drum_1.wav", "drum_2.wav"] {
        write_wav(&dir.path().join(file), &Clip::mono(tone(rate_hz), rate_hz), BitDepth::Int16)?;
    }
    let path = dir.path().join("bell_1.wav");
    report(&format!("decode a WAV file of {rate_hz} Hz"), || decode::decode(&path));
    let scan = folder::scan(dir.path(), &Interrupt::new(), &mut |_| {})?;
    let config = PreprocessingConfig {
        duration: ClipDuration::Seconds(DURATION_SECS.into()),
        resample: true,
        ..PreprocessingConfig::log_mel()
    };
    let sounds = AudioToMel::new(&scan, &config)?;
    report(&format!("{name}, item"), || sounds.item(0));
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    for (from_hz, to_hz) in [(8000, 22_050), (8000, 44_100), (48_000, 22_050), (44_100, 48_000)] {
        let (resampler, signal) = (Resampler::new(from_hz, to_hz), tone(from_hz));
        report(&format!("resample 0.74 s from {from_hz} to {to_hz} Hz"), || resampler.resample(&signal));
    }
    let (mut stft, signal) = (Stft::new(1024, 256, Framing::Inside), tone(44_100));
    report("STFT of 0.74 s at 44,100 Hz, frame 1024", || stft.forward(&signal));
    report_items("log-mel of 44,100 Hz", 44_100)?;
    report_items("log-mel of 8,000 Hz", 8000)
}

//! Built-in demo sounds, synthesised deterministically.
//!
//! Six kinds of synthesis with sixty sounds each: `pluck`, `bell`, `drum`, `vowel`, `sweep` and `noise`. Each
//! sound draws its pitch, brightness, decay and length from a generator seeded by class and index.
//! Double-precision synthesis rounded to 16 bits gives the same samples on every machine.

mod bell;
mod draws;
mod drum;
mod noise;
mod pluck;
mod rate;
mod sweep;
mod vowel;

use std::f64::consts::PI;

use draws::Draws;
use rate::RATE;
pub use rate::SAMPLE_RATE_HZ;

use super::clip::Clip;

/// Number of sounds per class.
pub const SOUNDS_PER_CLASS: usize = 60;

/// Range of durations in seconds.
const DURATION_SECS: (f64, f64) = (0.35, 0.74);
const PEAK: f64 = 0.8;
const FADE_IN_SECS: f64 = 0.001;
const FADE_OUT_SECS: f64 = 0.03;
/// Full scale of 16-bit samples.
const FULL_SCALE: f64 = 32_768.0;

/// Renders `len` samples from random draws, at any level.
type Synthesis = fn(&mut Draws, len: usize) -> Vec<f64>;

const CLASSES: [(&str, Synthesis); 6] = [
    ("bell", bell::render),
    ("drum", drum::render),
    ("noise", noise::render),
    ("pluck", pluck::render),
    ("sweep", sweep::render),
    ("vowel", vowel::render),
];

/// A synthesised sound.
#[derive(Clone, Debug)]
pub struct DemoSound {
    /// Name of its class, for example `bell`.
    pub class: &'static str,
    /// File name without folder, for example `bell_007.wav`.
    pub file_name: String,
    /// Samples.
    pub clip: Clip,
}

/// All demo sounds, identical on every machine: 6 classes of 60, sorted by name.
pub fn sounds() -> impl Iterator<Item = DemoSound> {
    CLASSES.iter().enumerate().flat_map(|(class_index, &(class, synthesis))| {
        (0..SOUNDS_PER_CLASS).map(move |index| {
            let mut draws = Draws::new(class_index as u64, index as u64);
            let len = (draws.between(DURATION_SECS.0, DURATION_SECS.1) * RATE) as usize;
            let samples = finish(synthesis(&mut draws, len));
            DemoSound {
                class,
                file_name: format!("{class}_{index:03}.wav"),
                clip: Clip::mono(samples, SAMPLE_RATE_HZ),
            }
        })
    })
}

/// Removes the mean, fades both ends, normalises the peak and rounds to 16 bits.
fn finish(mut samples: Vec<f64>) -> Vec<f32> {
    let len = samples.len();
    let mean = samples.iter().sum::<f64>() / len.max(1) as f64;
    let ramp = |distance: usize, secs: f64| {
        let part = (distance as f64 / (secs * RATE)).min(1.0);
        0.5 - 0.5 * (PI * part).cos()
    };
    for (n, sample) in samples.iter_mut().enumerate() {
        *sample = (*sample - mean) * ramp(n, FADE_IN_SECS) * ramp(len - 1 - n, FADE_OUT_SECS);
    }
    let peak = samples.iter().fold(f64::MIN_POSITIVE, |peak, sample| peak.max(sample.abs()));
    let gain = PEAK / peak * FULL_SCALE;
    samples.into_iter().map(|sample| ((sample * gain).round() / FULL_SCALE) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_six_classes_of_sixty_sounds_at_one_level_without_clicks() {
        let sounds: Vec<DemoSound> = sounds().collect();
        assert_eq!(sounds.len(), 360);
        for sound in &sounds {
            let samples = &sound.clip.channels()[0];
            let secs = sound.clip.duration_secs();
            assert!((0.34..=0.74).contains(&secs), "{} lasts {secs} s", sound.file_name);
            let peak = timbrespace_base::differences::largest(samples.iter().map(|s| s.abs()));
            assert!((peak - 0.8).abs() < 1e-4, "{} peaks at {peak}", sound.file_name);
            assert!(samples[0].abs() < 1e-3 && samples[samples.len() - 1].abs() < 1e-3);
            let energy = samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32;
            assert!(energy.sqrt() > 0.02, "{} is nearly silent: {}", sound.file_name, energy.sqrt());
        }
    }

    #[test]
    fn every_sound_differs_from_every_other_and_comes_again() {
        let first: Vec<Vec<f32>> = sounds().map(|s| s.clip.channels()[0].clone()).collect();
        let again: Vec<Vec<f32>> = sounds().map(|s| s.clip.channels()[0].clone()).collect();
        assert_eq!(first, again);
        for (n, a) in first.iter().enumerate() {
            assert!(!first[n + 1..].contains(a));
        }
    }
}

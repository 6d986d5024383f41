//! Amplitude to decibels and back.
//!
//! Decibels are relative to an amplitude of 1 in the STFT's own scale, as in `librosa.amplitude_to_db`; they
//! are not dBFS.

use multiversion::multiversion;

use super::{logarithm::log2, normalise::MinMax};

/// Lower limit of amplitudes (−100 dB); librosa's `amin`.
pub const SMALLEST_AMPLITUDE: f32 = 1e-5;

/// Converts amplitudes to decibels and clips levels more than `top_db` below the loudest.
///
/// `20 log10(max(1e-5, amplitude))`: `librosa.amplitude_to_db` with reference 1.
///
/// ```
/// let mut values = [1.0, 0.1, 0.0];
/// timbrespace_signal::dsp::decibel::amplitude_to_db(&mut values, 80.0);
/// for (value, expected) in values.iter().zip([0.0, -20.0, -80.0]) {
///     assert!((value - expected).abs() < 1e-5);
/// }
/// ```
pub fn amplitude_to_db(amplitudes: &mut [f32], top_db: f32) {
    levels(amplitudes);
    let loudest = if amplitudes.is_empty() { 0.0 } else { MinMax::of(amplitudes).max };
    clip_below(amplitudes, loudest - top_db);
}

/// `20 log10(max(1e-5, amplitude))`.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn levels(amplitudes: &mut [f32]) {
    for value in amplitudes {
        *value = DB_PER_OCTAVE * log2(value.max(SMALLEST_AMPLITUDE));
    }
}

#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn clip_below(levels: &mut [f32], floor_db: f32) {
    for value in levels {
        *value = value.max(floor_db);
    }
}

/// Decibels per doubling of the amplitude, `20 log10(2)`.
const DB_PER_OCTAVE: f32 = 6.020_6;

/// Level in decibels of an amplitude, at least −100 dB.
pub fn db_from_amplitude(amplitude: f32) -> f32 {
    20.0 * amplitude.max(SMALLEST_AMPLITUDE).log10()
}

/// Amplitude of a level in decibels; `librosa.db_to_amplitude`.
pub fn db_to_amplitude(level_db: f32) -> f32 {
    10_f32.powf(level_db / 20.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_minus_one_hundred_db_everywhere() {
        let mut values = [0.0; 4];
        amplitude_to_db(&mut values, 80.0);
        assert!(values.iter().all(|v| (v + 100.0).abs() < 1e-4));
    }

    #[test]
    fn levels_are_those_of_the_standard_librarys_logarithm() {
        let exact = |amplitude: f32| 20.0 * f64::from(amplitude.max(SMALLEST_AMPLITUDE)).log10();
        let amplitudes: Vec<f32> = (0..200_000).map(|step| 1e-6 * 1.000_13_f32.powi(step)).collect();
        let mut values = amplitudes.clone();
        levels(&mut values);
        for (amplitude, level) in amplitudes.iter().zip(&values) {
            let error = (f64::from(*level) - exact(*amplitude)).abs();
            assert!(error < 2e-5, "{amplitude}: {level}, not {}", exact(*amplitude));
        }
    }

    #[test]
    fn amplitudes_come_back_from_decibels() {
        let mut values = [0.5, 2.0, 31.0];
        amplitude_to_db(&mut values, 80.0);
        for (level, expected) in values.iter().zip([0.5, 2.0, 31.0]) {
            assert!((db_to_amplitude(*level) / expected - 1.0).abs() < 1e-5);
        }
    }
}

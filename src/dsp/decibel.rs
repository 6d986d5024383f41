//! Amplitudes to decibels and back.
//!
//! These are decibels over a reference amplitude of 1 in the STFT's own scale, as
//! `librosa.amplitude_to_db` counts them: not dBFS.

/// Amplitudes below this count as this (−100 dB); librosa's `amin`.
pub const SMALLEST_AMPLITUDE: f32 = 1e-5;

/// Replaces amplitudes by decibels and raises everything more than `top_db` below the loudest to that floor.
///
/// `20 log10(max(1e-5, amplitude))`: `librosa.amplitude_to_db` with reference 1.
///
/// ```
/// let mut values = [1.0, 0.1, 0.0];
/// timbrespace::dsp::decibel::amplitude_to_db(&mut values, 80.0);
/// assert_eq!(values, [0.0, -20.0, -80.0]);
/// ```
pub fn amplitude_to_db(amplitudes: &mut [f32], top_db: f32) {
    let mut loudest = f32::NEG_INFINITY;
    for value in amplitudes.iter_mut() {
        *value = 20.0 * value.max(SMALLEST_AMPLITUDE).log10();
        loudest = loudest.max(*value);
    }
    let floor_db = loudest - top_db;
    for value in amplitudes {
        *value = value.max(floor_db);
    }
}

/// The amplitude of a level in decibels over an amplitude of 1; `librosa.db_to_amplitude`.
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
    fn amplitudes_come_back_from_decibels() {
        let mut values = [0.5, 2.0, 31.0];
        amplitude_to_db(&mut values, 80.0);
        for (level, expected) in values.iter().zip([0.5, 2.0, 31.0]) {
            assert!((db_to_amplitude(*level) / expected - 1.0).abs() < 1e-5);
        }
    }
}

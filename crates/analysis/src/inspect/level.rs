//! How loud a signal is, in decibels re full scale 1: 20 log10 of an amplitude, so that a sample of ±1 has a peak of 0 dB
//! and a full-scale sine an RMS level of −3.01 dB. (The unit dBFS of AES17 would call that sine 0 dB.)

/// Peak level of `signal` in dB re full scale 1; `None` where all is zero.
pub fn peak_db(signal: &[f32]) -> Option<f64> {
    db(f64::from(signal.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()))))
}

/// RMS level of `signal` in dB re full scale 1; `None` where all is zero.
pub fn rms_db(signal: &[f32]) -> Option<f64> {
    if signal.is_empty() {
        return None;
    }
    db((energy(signal) / signal.len() as f64).sqrt())
}

/// Sum of squares.
pub fn energy(signal: &[f32]) -> f64 {
    signal.iter().map(|&sample| f64::from(sample) * f64::from(sample)).sum()
}

/// The amplitude of a level in dB re full scale 1.
pub fn amplitude(level_db: f64) -> f64 {
    10f64.powf(level_db / 20.0)
}

fn db(amplitude: f64) -> Option<f64> {
    (amplitude > 0.0).then(|| 20.0 * amplitude.log10())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_scale_sine_peaks_at_0_db_and_has_an_rms_level_of_minus_3_db() {
        let sine: Vec<f32> = (0..8000).map(|n| (n as f32 * std::f32::consts::TAU / 80.0).sin()).collect();
        assert!(peak_db(&sine).unwrap().abs() < 1e-3);
        assert!((rms_db(&sine).unwrap() + 3.0103).abs() < 1e-3);
    }

    #[test]
    fn silence_has_no_level() {
        assert_eq!((peak_db(&[0.0; 4]), rms_db(&[0.0; 4]), rms_db(&[])), (None, None, None));
    }

    #[test]
    fn a_level_becomes_its_amplitude() {
        assert!((amplitude(-60.0) - 0.001).abs() < 1e-12);
    }
}

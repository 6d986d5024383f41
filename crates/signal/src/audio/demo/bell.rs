//! Bells: inharmonic partials, each with its own decay.

use rustfft::num_complex::Complex64;

use super::{draws::Draws, rate::RATE};

/// Hum, prime, tierce, quint, nominal and higher partials, as tuned in church bells.
const PARTIALS: [f64; 10] = [0.5, 1.0, 1.19, 1.5, 2.0, 2.51, 2.66, 3.01, 4.17, 5.43];

pub(super) fn render(draws: &mut Draws, len: usize) -> Vec<f64> {
    let hz = draws.note_hz(220.0, 3);
    let brightness = draws.between(0.35, 0.85);
    let decay_secs = draws.ratio_between(0.12, 0.6);
    let stretch = draws.between(0.97, 1.06);
    let beating = draws.between(0.0, 0.004);

    let mut samples = vec![0.0; len];
    for ratio in PARTIALS {
        let partial_hz = hz * ratio.powf(stretch);
        let level = brightness.powf(ratio) * draws.between(0.6, 1.0);
        // Small imperfections split every mode of a bell into two frequencies.
        for (detune, share) in [(1.0, 0.7), (1.0 + beating, 0.3)] {
            let turn_hz = partial_hz * detune;
            if turn_hz > 0.45 * RATE {
                continue;
            }
            let decay = (-1.0 / (RATE * decay_secs * ratio.powf(-0.7))).exp();
            let step = Complex64::from_polar(decay, std::f64::consts::TAU * turn_hz / RATE);
            let mut phasor = Complex64::new(level * share, 0.0);
            for sample in &mut samples {
                phasor *= step;
                *sample += phasor.im;
            }
        }
    }
    samples
}

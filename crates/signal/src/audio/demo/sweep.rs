//! Sweeps: a harmonic tone gliding up or down.

use rustfft::num_complex::Complex64;

use super::{draws::Draws, rate::RATE};

/// Harmonics above this are omitted to avoid aliasing.
const HIGHEST_HZ: f64 = 0.42 * RATE;

pub(super) fn render(draws: &mut Draws, len: usize) -> Vec<f64> {
    let low_hz = draws.ratio_between(90.0, 500.0);
    let high_hz = low_hz * draws.ratio_between(2.0, 12.0);
    let rises = draws.unit() < 0.5;
    let bend = draws.ratio_between(0.5, 2.0);
    let steepness = draws.between(1.0, 2.6);
    let harmonics = draws.pick(&[1_u32, 3, 6, 12], 3);
    let odd_only = draws.unit() < 0.35;
    let level = |number: u32| match number % 2 {
        0 if odd_only => 0.0,
        _ => f64::from(number).powf(-steepness),
    };
    let levels: Vec<(f64, f64)> = (1..=harmonics).map(|number| (number.into(), level(number))).collect();
    let tremolo_hz = draws.between(0.0, 9.0);

    let mut phase = 0.0_f64;
    (0..len)
        .map(|n| {
            let part = (n as f64 / len as f64).powf(bend);
            let position = if rises { part } else { 1.0 - part };
            let hz = low_hz * (high_hz / low_hz).powf(position);
            phase += std::f64::consts::TAU * hz / RATE;
            let turn = Complex64::from_polar(1.0, phase);
            let mut harmonic = Complex64::new(1.0, 0.0);
            let mut sum = 0.0;
            for (number, level) in &levels {
                harmonic *= turn;
                // Fade a harmonic out before it reaches the limit.
                let room = ((HIGHEST_HZ - hz * number) / 1000.0).clamp(0.0, 1.0);
                sum += harmonic.im * room * level;
            }
            let tremolo = 1.0 - 0.25 * (1.0 - (std::f64::consts::TAU * tremolo_hz * n as f64 / RATE).cos());
            sum * tremolo
        })
        .collect()
}

//! Noise bursts: white noise through a moving band-pass filter, with envelopes from a hit to a gust.

use super::{draws::Draws, rate::RATE};

#[derive(Clone, Copy)]
enum Shape {
    Hit,
    Swell,
    Pulses,
}

pub(super) fn render(draws: &mut Draws, len: usize) -> Vec<f64> {
    let start_hz = draws.ratio_between(300.0, 6000.0);
    let end_hz = (start_hz * draws.ratio_between(0.35, 2.8)).clamp(200.0, 8000.0);
    let resonance = draws.ratio_between(0.08, 0.9);
    let shape = draws.pick(&[Shape::Hit, Shape::Swell, Shape::Pulses], Shape::Hit);
    let time_secs = draws.ratio_between(0.05, 0.3);
    let pulses_hz = draws.ratio_between(7.0, 25.0);

    // State-variable filter in trapezoidal form (Zavalishin, 2012), stable while its frequency changes.
    let (mut band_state, mut low_state) = (0.0, 0.0);
    (0..len)
        .map(|n| {
            let (secs, part) = (n as f64 / RATE, n as f64 / len as f64);
            let hz = start_hz * (end_hz / start_hz).powf(part);
            let g = (std::f64::consts::PI * hz / RATE).tan();
            let damping = 2.0 * resonance;
            let high = (draws.noise() - (damping + g) * band_state - low_state) / (1.0 + g * (g + damping));
            let band = g * high + band_state;
            band_state = g * high + band;
            let low = g * band + low_state;
            low_state = g * band + low;
            band * envelope(shape, secs, part, time_secs, pulses_hz)
        })
        .collect()
}

fn envelope(shape: Shape, secs: f64, part: f64, time_secs: f64, pulses_hz: f64) -> f64 {
    match shape {
        Shape::Hit => (-secs / time_secs).exp(),
        Shape::Swell => (std::f64::consts::PI * part).sin().powi(2),
        Shape::Pulses => {
            let since_pulse_secs = (secs * pulses_hz).fract() / pulses_hz;
            (-since_pulse_secs / (0.25 / pulses_hz)).exp() * (1.0 - part)
        }
    }
}

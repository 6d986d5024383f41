//! Drums: a falling tone for the membrane and filtered noise for the stick, from kick to tom to snare.

use super::{draws::Draws, rate::RATE};

pub(super) fn render(draws: &mut Draws, len: usize) -> Vec<f64> {
    let end_hz = draws.ratio_between(45.0, 190.0);
    let start_hz = end_hz * draws.between(1.5, 5.0);
    let fall_secs = draws.ratio_between(0.015, 0.07);
    let skin_secs = draws.ratio_between(0.06, 0.22);
    let noise_level = draws.ratio_between(0.05, 1.2);
    let noise_secs = draws.ratio_between(0.012, 0.12);
    let noise_colour = draws.between(0.15, 0.9);
    let drive = draws.between(1.0, 3.0);

    let (mut phase, mut low, mut slow) = (0.0, 0.0, 0.0);
    (0..len)
        .map(|n| {
            let secs = n as f64 / RATE;
            let hz = end_hz + (start_hz - end_hz) * (-secs / fall_secs).exp();
            phase += std::f64::consts::TAU * hz / RATE;
            let skin = phase.sin() * (-secs / skin_secs).exp();
            low += noise_colour * (draws.noise() - low);
            slow += 0.05 * (low - slow);
            let stick = (low - slow) * noise_level * (-secs / noise_secs).exp();
            let driven = drive * (skin + stick);
            driven / (1.0 + driven * driven).sqrt()
        })
        .collect()
}

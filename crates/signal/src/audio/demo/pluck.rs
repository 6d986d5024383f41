//! Plucked strings: noise in a delay line with damping (Karplus and Strong, 1983), tuned to a fraction of a
//! sample by an all-pass filter (Jaffe and Smith, 1983).

use super::{draws::Draws, rate::RATE};

pub(super) fn render(draws: &mut Draws, len: usize) -> Vec<f64> {
    let hz = draws.note_hz(110.0, 3);
    let brightness = draws.between(0.15, 0.95);
    let decay_secs = draws.ratio_between(0.25, 1.6);
    let pluck_position = draws.between(0.1, 0.45);

    // The damping filter delays by half a sample, the all-pass by the fractional rest of the period.
    let period = RATE / hz - 0.5;
    let whole = (period - 0.2).floor().max(2.0);
    let fraction = period - whole;
    let tuning = (1.0 - fraction) / (1.0 + fraction);
    let loss = 0.001_f64.powf(1.0 / (hz * decay_secs));
    let mut string = excitation(draws, whole as usize, brightness, pluck_position);

    let damping = 0.5 + 0.45 * brightness;
    let (mut before, mut allpass_in, mut allpass_out) = (0.0, 0.0, 0.0);
    let mut samples = Vec::with_capacity(len);
    for position in (0..string.len()).cycle().take(len) {
        let Some(cell) = string.get_mut(position) else {
            break;
        };
        let out = *cell;
        let damped = loss * (damping * out + (1.0 - damping) * before);
        before = out;
        allpass_out = tuning * damped + allpass_in - tuning * allpass_out;
        allpass_in = damped;
        *cell = allpass_out;
        samples.push(out);
    }
    samples
}

/// A noise burst, low-passed for brightness and comb-filtered for the plucking position.
fn excitation(draws: &mut Draws, len: usize, brightness: f64, pluck_position: f64) -> Vec<f64> {
    let mut smooth = 0.0;
    let burst: Vec<f64> = (0..len)
        .map(|_| {
            smooth += brightness * (draws.noise() - smooth);
            smooth
        })
        .collect();
    let shift = ((len as f64 * pluck_position) as usize).max(1);
    let delayed = burst.iter().cycle().skip(len - shift % len);
    burst.iter().zip(delayed).map(|(direct, reflected)| direct - reflected).collect()
}

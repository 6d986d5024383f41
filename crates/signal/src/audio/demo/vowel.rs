//! Vowels: glottal pulses through formant resonators.

use super::{draws::Draws, rate::RATE};

/// Formant frequencies of a, e, i, o, u, and ə (after Peterson and Barney, 1952).
const VOWELS: [[f64; 4]; 6] = [
    [730.0, 1090.0, 2440.0, 3400.0],
    [530.0, 1840.0, 2480.0, 3500.0],
    [270.0, 2290.0, 3010.0, 3700.0],
    [570.0, 840.0, 2410.0, 3300.0],
    [300.0, 870.0, 2240.0, 3200.0],
    [500.0, 1500.0, 2500.0, 3500.0],
];
const BANDWIDTHS_HZ: [f64; 4] = [80.0, 100.0, 140.0, 200.0];
const LEVELS: [f64; 4] = [1.0, 0.6, 0.3, 0.15];

pub(super) fn render(draws: &mut Draws, len: usize) -> Vec<f64> {
    let pitch_hz = draws.ratio_between(95.0, 290.0);
    let glide = draws.between(0.8, 1.25);
    let vibrato_hz = draws.between(4.0, 7.0);
    let vibrato = draws.between(0.0, 0.02);
    let mouth = draws.between(0.9, 1.2);
    let breath = draws.ratio_between(0.002, 0.05);
    let open_part = draws.between(0.45, 0.7);
    let from = draws.pick(&VOWELS, [500.0, 1500.0, 2500.0, 3500.0]);
    // Two thirds hold their vowel, the others glide to another.
    let moves = draws.unit() < 1.0 / 3.0;
    let to = if moves { draws.pick(&VOWELS, from) } else { from };

    let mut resonators = [Resonator::default(); 4];
    let (mut cycle, mut flow_before) = (0.0_f64, 0.0);
    (0..len)
        .map(|n| {
            let (secs, part) = (n as f64 / RATE, n as f64 / len as f64);
            let wobble = 1.0 + vibrato * (std::f64::consts::TAU * vibrato_hz * secs).sin();
            cycle = (cycle + pitch_hz * glide.powf(part) * wobble / RATE).fract();
            let flow = glottal_flow(cycle, open_part);
            // Lips radiate the derivative of the air flow.
            let source = flow - flow_before + breath * draws.noise();
            flow_before = flow;
            let mut voice = 0.0;
            let settings = from.iter().zip(&to).zip(BANDWIDTHS_HZ).zip(LEVELS);
            for (resonator, (((from, to), bandwidth_hz), level)) in resonators.iter_mut().zip(settings) {
                let hz = (from + (to - from) * part) * mouth;
                voice += level * resonator.step(source, hz, bandwidth_hz);
            }
            let attack = (secs / 0.03).min(1.0);
            voice * attack * (1.0 - 0.6 * part)
        })
        .collect()
}

/// Air flow through the vocal folds at `cycle` (0 to 1): opening, then a faster closing (Rosenberg, 1971).
fn glottal_flow(cycle: f64, open_part: f64) -> f64 {
    let rise = open_part * 0.65;
    if cycle < rise {
        0.5 - 0.5 * (std::f64::consts::PI * cycle / rise).cos()
    } else if cycle < open_part {
        (std::f64::consts::FRAC_PI_2 * (cycle - rise) / (open_part - rise)).cos()
    } else {
        0.0
    }
}

/// Two-pole resonator with a peak gain of about 1.
#[derive(Clone, Copy, Default)]
struct Resonator {
    before: f64,
    earlier: f64,
}

impl Resonator {
    fn step(&mut self, input: f64, hz: f64, bandwidth_hz: f64) -> f64 {
        let radius = (-std::f64::consts::PI * bandwidth_hz / RATE).exp();
        let angle = std::f64::consts::TAU * hz / RATE;
        let gain = (1.0 - radius) * (1.0 - 2.0 * radius * (2.0 * angle).cos() + radius * radius).sqrt();
        let output = gain * input + 2.0 * radius * angle.cos() * self.before - radius * radius * self.earlier;
        self.earlier = self.before;
        self.before = output;
        output
    }
}

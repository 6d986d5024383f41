//! Peaks that are cut flat.
//!
//! A clipped peak is a run of samples at one and the same extreme that the wave enters and leaves at full slope. A healthy
//! peak can have equal samples too, because samples are quantised: the crest of a slow wave is flatter than a step. But
//! then the samples beside the run lie only a few steps below it, for a crest is a parabola: what stays within one step
//! over `n` samples is at most (n + 1)²/(n − 1)² steps lower one sample further on, 4 steps for the shortest run of 3. A
//! run whose neighbour lies further below was cut.

use super::evidence::Evidence;

/// Samples at the extreme that make a run: two can be equal by chance on either side of a crest.
const SHORTEST_RUN: usize = 3;
/// How many times deeper than beside a parabola's crest a neighbour must lie, beyond one step of rounding: real crests are
/// narrower than a parabola only where overtones are strong.
const TIMES_DEEPER: f32 = 2.0;
/// Runs that make a recording clipped. A single one can be a plosive's plateau or chance.
const FEWEST_RUNS: usize = 2;
/// Spacing of 32-bit floats near 1, relative: no signal has smaller steps.
const SMALLEST_STEP: f32 = 1.2e-7;

/// Judges the channels of a recording, each against its own extremes.
pub fn find<'a>(channels: impl Iterator<Item = &'a [f32]>) -> Option<Evidence> {
    let (mut runs, mut samples, mut level) = (0, 0, 0.0_f32);
    for channel in channels {
        let step = step(channel);
        let highest = channel.iter().copied().fold(0.0_f32, f32::max);
        let lowest = channel.iter().copied().fold(0.0_f32, f32::min);
        for (extreme, sign) in [(highest, 1.0), (-lowest, -1.0)] {
            let (count, inside) = flat_peaks(channel, sign, extreme, step);
            if count > 0 {
                runs += count;
                samples += inside;
                level = level.max(extreme);
            }
        }
    }
    (runs >= FEWEST_RUNS).then_some(Evidence::Clipped { runs, samples, level })
}

/// The smallest difference of two neighbours that differ: the step of the quantisation, or nearly nothing for floats.
fn step(channel: &[f32]) -> f32 {
    let peak = channel.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    channel
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .filter(|&difference| difference > 0.0)
        .fold(f32::INFINITY, f32::min)
        .clamp(SMALLEST_STEP * peak, peak.max(f32::MIN_POSITIVE))
}

/// Runs at `extreme` (of the channel times `sign`) that were cut, and the samples in them.
fn flat_peaks(channel: &[f32], sign: f32, extreme: f32, step: f32) -> (usize, usize) {
    if extreme <= 0.0 {
        return (0, 0);
    }
    // Half a step: equal samples, whatever rounding did to them.
    let at_extreme = |sample: &f32| sign * sample > extreme - step / 2.0;
    let (mut runs, mut samples) = (0, 0);
    let mut start = 0;
    for run in channel.chunk_by(|a, b| at_extreme(a) == at_extreme(b)) {
        let end = start + run.len();
        if run.len() >= SHORTEST_RUN && run.first().is_some_and(at_extreme) {
            let before = start.checked_sub(1).and_then(|index| channel.get(index));
            let below = [before, channel.get(end)].into_iter().flatten();
            let deepest = below.map(|sample| extreme - sign * sample).fold(0.0_f32, f32::max);
            if deepest > step + TIMES_DEEPER * below_crest(run.len()) * step {
                runs += 1;
                samples += run.len();
            }
        }
        start = end;
    }
    (runs, samples)
}

/// How many steps the neighbour of a run of `len` samples lies below it at most, where the run is the crest of a parabola.
fn below_crest(len: usize) -> f32 {
    ((len as f32 + 1.0) / (len as f32 - 1.0)).powi(2)
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;

    /// A sine of `hz` at 44.1 kHz, `gain` times full scale, cut at `limit` and quantised to 16 bits.
    fn sine(hz: f32, gain: f32, limit: f32) -> Vec<f32> {
        let sample = |n: usize| (gain * (TAU * hz * n as f32 / 44_100.0).sin()).clamp(-limit, limit);
        (0..44_100).map(|n| (sample(n) * 32_767.0).round() / 32_768.0).collect()
    }

    fn judge(signal: &[f32]) -> Option<Evidence> {
        find(std::iter::once(signal))
    }

    #[test]
    fn a_sine_that_was_too_loud_is_found_also_after_it_was_turned_down() {
        for (gain, limit) in [(1.5, 1.0), (0.6, 0.4)] {
            let Some(Evidence::Clipped { runs, level, .. }) = judge(&sine(220.0, gain, limit)) else {
                panic!("gain {gain}: not found")
            };
            assert_eq!(runs, 440, "two peaks a period");
            assert!((level - limit).abs() < 1e-3);
        }
    }

    #[test]
    fn slightly_clipped_speech_like_sound_is_found() {
        let wave = |n: usize| {
            let time = n as f32 / 8000.0;
            1.1 * (TAU * 130.0 * time).sin() * (TAU * 3.0 * time).sin()
        };
        let signal: Vec<f32> =
            (0..8000).map(|n| (wave(n).clamp(-1.0, 1.0) * 32_767.0).round() / 32_768.0).collect();
        assert!(judge(&signal).is_some());
    }

    #[test]
    fn a_loud_sine_is_healthy_however_slow() {
        for hz in [20.0, 50.0, 441.0, 1000.0, 11_025.0] {
            assert_eq!(judge(&sine(hz, 0.999, 1.0)), None, "{hz} Hz");
        }
    }

    #[test]
    fn a_loud_sine_of_8_bits_is_healthy_and_a_clipped_one_is_found() {
        let coarse = |gain: f32| -> Vec<f32> {
            sine(220.0, gain, 0.99).iter().map(|sample| (sample * 127.0).round() / 128.0).collect()
        };
        assert_eq!(judge(&coarse(0.99)), None);
        assert!(judge(&coarse(1.6)).is_some());
    }

    #[test]
    fn zeros_and_a_constant_are_not_clipped() {
        assert_eq!(judge(&[0.0; 100]), None);
        assert_eq!(judge(&[0.5; 100]), None);
        assert_eq!(judge(&[]), None);
    }
}

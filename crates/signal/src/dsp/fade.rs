//! Fades at the ends of a sound: the player's, and those of sounds that are written to files.
//!
//! All are quarter sines (equal power): uncorrelated sounds keep their loudness in a cross-fade, and no sound starts or ends with a step.

use std::f32::consts::FRAC_PI_2;

/// Length of the fade-in at the start of a sound: long enough to avoid a click, short enough to keep an attack.
pub const START_FADE_SECS: f32 = 0.001;
/// Length of all other fades: stop, replacement, loop seam, natural end, underrun of the player's ring.
pub const FADE_SECS: f32 = 0.005;

/// `sin(level * pi / 2)`; exactly 1 at full level, so that samples outside of fades pass unchanged.
pub fn quarter_sine(level: f32) -> f32 {
    if level >= 1.0 { 1.0 } else { (level * FRAC_PI_2).sin() }
}

/// Fades an end of `samples` that does not lie at zero, so that other players do not click there. All other samples keep their bits.
pub fn soften_ends(samples: &mut [f32], sample_rate_hz: u32) {
    let half = samples.len() / 2;
    let frames = |secs: f32| ((secs * sample_rate_hz as f32) as usize).min(half);
    let level = |place: usize, fade: usize| quarter_sine(place as f32 / fade.max(1) as f32);
    if samples.first().is_some_and(|sample| *sample != 0.0) {
        let fade = frames(START_FADE_SECS);
        samples.iter_mut().take(fade).enumerate().for_each(|(place, sample)| *sample *= level(place, fade));
    }
    if samples.last().is_some_and(|sample| *sample != 0.0) {
        let fade = frames(FADE_SECS);
        let end = samples.iter_mut().rev().take(fade);
        end.enumerate().for_each(|(place, sample)| *sample *= level(place, fade));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_that_begins_and_ends_hard_begins_and_ends_at_zero() {
        let mut samples = vec![0.5; 22_050];
        soften_ends(&mut samples, 22_050);
        assert_eq!((samples[0], samples[22_049]), (0.0, 0.0));
        let largest = samples.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(largest < 0.04, "no step is left: {largest}");
        assert!(samples[22..22_050 - 110].iter().all(|sample| *sample == 0.5), "the rest is as it was");
    }

    #[test]
    fn an_end_at_zero_stays_as_it_is() {
        let mut samples: Vec<f32> = (0..1000).map(|place| place as f32 / 1000.0).collect();
        let before = samples.clone();
        soften_ends(&mut samples, 8000);
        assert_eq!(samples[..900], before[..900]);
        assert_eq!(samples[999], 0.0);
        for len in 0..3 {
            let mut short = vec![1.0; len];
            soften_ends(&mut short, 8000);
            assert!(short.iter().all(|sample| sample.is_finite()));
        }
    }
}

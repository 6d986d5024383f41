//! Where the sounds of a morph lie: which part of each is used, where it starts, how it fades into the next.

use std::ops::Range;
use timbrespace_base::{numbers, sentence};

use ndarray::{Array2, Axis};

use super::{JobError, LEAST_STEPS};
use timbrespace_analysis::inspect::level::amplitude;
use timbrespace_signal::{dsp::crossfade::starts, pipeline::config::PreprocessingConfig};

/// Part of a sound that fades into the next one where the length leaves the choice: most of every sound is heard alone.
pub(super) const FADE: f64 = 0.25;
/// Least part of a sound that fades into the next one.
const LEAST_FADE: f64 = 0.125;
/// Longest sound: Griffin-Lim takes some seconds for as much at once, during which no stop is heard.
pub const MOST_SECS: f64 = 120.0;
/// Most sounds: all are decoded before the first is laid down, some 70 kB each.
pub const STEPS: std::ops::RangeInclusive<usize> = LEAST_STEPS..=1000;
/// Frames at a sound's ends that are quieter than its loudest by more than this, in dB, are a pause between two sounds.
const PAUSE_DB: f64 = -40.0;

/// A plan for sounds of one length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Frames of every sound that are used.
    pub used: Range<usize>,
    /// Frame at which each starts.
    pub starts: Vec<usize>,
    /// Frames that fade into the next.
    pub fade: usize,
    /// Frames of the whole.
    pub total: usize,
    /// Samples of the whole.
    pub len: usize,
}

impl Plan {
    /// Lays `steps` sounds of `frames` frames, heard during `sounding` of them, into `secs`, or into as long as they fill.
    ///
    /// Where the length asked for is more than what is heard fills, the sounds keep more of their ends.
    pub fn new(
        config: &PreprocessingConfig,
        frames: usize,
        sounding: Range<usize>,
        steps: usize,
        secs: Option<f64>,
    ) -> Result<Self, JobError> {
        if steps > *STEPS.end() {
            return Err(JobError::Setting(sentence!(
                "error-too-many-steps",
                "{steps} steps are asked for, but at most {most} are possible",
                steps = numbers::count(steps),
                most = numbers::count(*STEPS.end())
            )));
        }
        let joints = steps.saturating_sub(1) as f64;
        let filled =
            |frames: usize, fade: f64| (frames as f64 * (1.0 + joints * (1.0 - fade))).round() as usize;
        let rate = f64::from(config.sample_rate_hz);
        let len = secs.map_or_else(
            || config.samples_of_frames(filled(sounding.len(), FADE)),
            |secs| (secs.min(MOST_SECS) * rate).round() as usize,
        );
        let total = config.image_shape_of(len).1;
        let possible = sounding.len()..=filled(frames, LEAST_FADE);
        let asked = secs.unwrap_or(len as f64 / rate);
        if !possible.contains(&total) || asked > MOST_SECS {
            let [least, most] = [*possible.start(), *possible.end()]
                .map(|frames| config.samples_of_frames(frames) as f64 / rate);
            return Err(sentence!(
                "error-morph-length",
                "{count} sounds make from {least} s to {most} s, but {asked} s are asked for; change --steps or --seconds",
                count = steps,
                least = format!("{least:.2}"),
                most = format!("{:.2}", most.min(MOST_SECS)),
                asked = format!("{asked:.2}")
            )
            .into());
        }
        let wanted = (total as f64 / (1.0 + joints * (1.0 - FADE))).ceil() as usize;
        let wanted = wanted.clamp(sounding.len(), frames);
        let end = frames.min(sounding.start + wanted);
        let used = end - wanted..end;
        let apart = (total - wanted).div_ceil(steps.saturating_sub(1).max(1));
        Ok(Self {
            starts: starts(steps, wanted, total),
            fade: wanted.saturating_sub(apart),
            total: total.max(wanted),
            used,
            len,
        })
    }
}

/// The frames between the pauses at both ends, of all `magnitudes` together, each `[bins, frames]`; all frames of silence.
pub(super) fn sounding(magnitudes: &[Array2<f32>]) -> Range<usize> {
    let frames = magnitudes.iter().map(Array2::ncols).max().unwrap_or(0);
    let heard = magnitudes.iter().filter_map(heard_frames);
    heard.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)).unwrap_or(0..frames)
}

/// The frames between the pauses of one sound; `None` where it is silent.
fn heard_frames(magnitude: &Array2<f32>) -> Option<Range<usize>> {
    let energy =
        |column: ndarray::ArrayView1<'_, f32>| column.iter().map(|value| f64::from(*value).powi(2)).sum();
    let energies: Vec<f64> = magnitude.axis_iter(Axis(1)).map(energy).collect();
    let loudest = energies.iter().copied().fold(0.0, f64::max);
    let pause = loudest * amplitude(PAUSE_DB).powi(2);
    let is_heard = |energy: &f64| *energy > 0.0 && *energy >= pause;
    let first = energies.iter().position(is_heard)?;
    let last = energies.iter().rposition(is_heard)?;
    Some(first..last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(sounding: Range<usize>, steps: usize, secs: Option<f64>) -> Result<Plan, JobError> {
        Plan::new(&PreprocessingConfig::default(), 64, sounding, steps, secs)
    }

    #[test]
    fn pauses_between_sounds_are_left_out_unless_the_length_needs_them() {
        let short = plan(4..24, 5, None).unwrap();
        assert_eq!((short.used, short.total, short.fade), (4..24, 80, 5));
        assert_eq!(short.starts, [0, 15, 30, 45, 60]);
        // 2 s are 173 frames: pieces of 44 and not of 20.
        let long = plan(4..24, 5, Some(2.0)).unwrap();
        assert_eq!((long.used.clone(), long.len), (4..48, 44_100));
        // So long that a sound is needed whole, its beginning included.
        assert_eq!(plan(4..24, 5, Some(3.2)).unwrap().used, 0..64);
    }

    #[test]
    fn every_length_from_the_shortest_to_the_longest_is_filled_to_its_end() {
        for steps in [2, 3, 10, 60] {
            for secs in [0.3, 0.74, 1.0, 1.3] {
                let plan = plan(0..25, steps, Some(secs)).unwrap();
                assert_eq!(plan.starts.last().unwrap() + plan.used.len(), plan.total, "{steps} {secs}");
                let apart = plan.starts.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
                assert!(
                    apart + plan.fade >= plan.used.len() && apart < plan.used.len(),
                    "{steps} {secs}: {plan:?}"
                );
            }
        }
    }

    #[test]
    fn lengths_and_steps_that_do_not_fit_are_refused_with_both_limits() {
        for secs in [0.1, 1.6, 1e9, f64::NAN] {
            let error = plan(0..25, 2, Some(secs)).unwrap_err().to_string();
            assert!(error.contains("from 0.28 s to 1.38 s") && error.contains("--steps"), "{error}");
        }
        assert!(plan(0..64, 1001, None).unwrap_err().to_string().contains("at most 1,000"));
        assert!(plan(0..64, 900, None).unwrap_err().to_string().contains("120.00 s"));
    }

    #[test]
    fn what_is_heard_of_several_sounds_is_what_any_of_them_needs() {
        let tone = |heard: Range<usize>| {
            Array2::from_shape_fn((3, 10), |(_, frame)| if heard.contains(&frame) { 1.0 } else { 0.009 })
        };
        assert_eq!(sounding(&[tone(2..4), tone(3..7)]), 2..7);
        assert_eq!(sounding(&[tone(2..4), Array2::zeros((3, 10))]), 2..4);
        assert_eq!(sounding(&[Array2::zeros((3, 10))]), 0..10);
    }
}

//! One sounding clip: its place, its envelope, its loop.
//!
//! Every edge is a quarter sine (equal power): two uncorrelated sounds that cross keep their loudness,
//! and neither starts nor ends with a step.

use std::{f32::consts::FRAC_PI_2, sync::Arc};

use super::backend::StreamFormat;

/// Length of a fade-in at a clip's beginning: enough against a click, too short to soften an attack.
pub const START_FADE_SECS: f32 = 0.001;

/// Length of every other fade: stop, replacement, loop seam, natural end.
pub const FADE_SECS: f32 = 0.005;

/// A clip in the device's format, on its way through the mixer.
#[derive(Debug)]
pub struct Voice {
    /// Interleaved samples in the device's channels; shared, so that nothing is copied or freed by the mixer.
    samples: Arc<[f32]>,
    /// Samples a frame.
    channels: usize,
    /// Whether it starts over.
    looping: bool,
    /// The next frame to play.
    position: usize,
    /// Frames of the cross-fade at the loop seam, or of the fade at the natural end.
    seam: usize,
    /// Where on its quarter sine the envelope is, 0 (silent) to 1 (full).
    level: f32,
    /// Change of `level` a frame; negative once released.
    slope: f32,
    /// Change of `level` a frame of a [`FADE_SECS`] fade.
    fade_slope: f32,
    /// Factor on its amplitude.
    gain: f32,
    /// Nothing more to play.
    finished: bool,
}

impl Voice {
    /// A voice at the beginning of `samples` (interleaved, in `format`).
    pub fn new(samples: Arc<[f32]>, format: StreamFormat, looping: bool) -> Self {
        let rate = format.sample_rate_hz as f32;
        let channels = format.channels.max(1);
        let len = samples.len() / channels;
        Self {
            finished: len == 0,
            samples,
            channels,
            looping,
            gain: 1.0,
            position: 0,
            seam: ((FADE_SECS * rate) as usize).min(len / 2),
            level: 0.0,
            slope: 1.0 / (START_FADE_SECS * rate).max(1.0),
            fade_slope: 1.0 / (FADE_SECS * rate).max(1.0),
        }
    }

    /// The same voice with a factor on its amplitude.
    #[must_use]
    pub fn with_gain(self, gain: f32) -> Self {
        Self { gain, ..self }
    }

    /// Frames in the clip.
    pub fn len(&self) -> usize {
        self.samples.len() / self.channels
    }

    /// Whether the clip has no frame.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The next frame to play.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Whether there is nothing more to play.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// Goes on from the place of the sound it replaces, with a cross-fade of [`FADE_SECS`].
    pub fn take_over(&mut self, position: usize) {
        self.position = position.checked_rem(self.len()).unwrap_or(0);
        self.slope = self.fade_slope;
    }

    /// Fades out from wherever the envelope is.
    pub fn release(&mut self) {
        self.slope = -self.fade_slope;
        self.finished |= self.level <= 0.0;
    }

    /// Adds the next frames to `out` (interleaved, whole frames).
    pub fn add_to(&mut self, out: &mut [f32]) {
        for frame in out.chunks_exact_mut(self.channels) {
            if self.finished {
                return;
            }
            self.add_frame(frame);
            self.advance();
        }
    }

    fn add_frame(&self, out: &mut [f32]) {
        let envelope = self.gain * quarter_sine(self.level);
        let into_seam = (self.position + self.seam).checked_sub(self.len());
        let Some(into_seam) = into_seam else {
            add_scaled(out, self.frame(self.position), envelope);
            return;
        };
        let crossed = into_seam as f32 / self.seam.max(1) as f32;
        add_scaled(out, self.frame(self.position), envelope * quarter_sine(1.0 - crossed));
        if self.looping {
            add_scaled(out, self.frame(into_seam), envelope * quarter_sine(crossed));
        }
    }

    fn advance(&mut self) {
        self.position += 1;
        if self.position >= self.len() {
            // The frames before `seam` have already sounded under the tail.
            self.position = self.seam;
            self.finished |= !self.looping;
        }
        self.level = (self.level + self.slope).clamp(0.0, 1.0);
        self.finished |= self.slope < 0.0 && self.level <= 0.0;
    }

    fn frame(&self, index: usize) -> &[f32] {
        let start = index * self.channels;
        self.samples.get(start..start + self.channels).unwrap_or_default()
    }
}

/// `sin(level * pi / 2)`, exactly 1 at the end of a fade so that the samples in between pass unchanged.
fn quarter_sine(level: f32) -> f32 {
    if level >= 1.0 { 1.0 } else { (level * FRAC_PI_2).sin() }
}

fn add_scaled(out: &mut [f32], frame: &[f32], gain: f32) {
    for (target, &sample) in out.iter_mut().zip(frame) {
        *target += sample * gain;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMAT: StreamFormat = StreamFormat { sample_rate_hz: 48_000, channels: 1 };

    fn sine(frames: usize) -> Arc<[f32]> {
        (0..frames).map(|i| (i as f32 * 0.05).sin()).collect()
    }

    fn play(voice: &mut Voice, frames: usize) -> Vec<f32> {
        let mut out = vec![0.0; frames];
        voice.add_to(&mut out);
        out
    }

    #[test]
    fn samples_between_the_fades_pass_unchanged() {
        let samples = sine(4800);
        let out = play(&mut Voice::new(samples.clone(), FORMAT, false), 5000);
        assert_eq!(out[49..4560], samples[49..4560]);
        assert!(out[4799].abs() < 0.01, "the end fades: {}", out[4799]);
        assert!(out[4800..].iter().all(|&sample| sample == 0.0));
    }

    #[test]
    fn a_loop_has_no_gap_and_keeps_its_loudness_at_the_seam() {
        let ones: Arc<[f32]> = vec![0.5; 2400].into();
        let out = play(&mut Voice::new(ones, FORMAT, true), 24_000);
        for (index, &sample) in out.iter().enumerate().skip(48) {
            // Equal power: between 1 and sqrt(2) for a sound crossed with itself.
            assert!((0.5..=0.7072).contains(&sample), "{sample} at {index}");
        }
    }

    #[test]
    fn a_loop_comes_round_every_length_less_one_seam() {
        let samples = sine(2400);
        let out = play(&mut Voice::new(samples, FORMAT, true), 9600);
        let period = 2400 - 240;
        assert_eq!(out[300..2000], out[300 + period..2000 + period]);
        assert_eq!(out[300..2000], out[300 + 2 * period..2000 + 2 * period]);
    }

    #[test]
    fn a_release_in_the_middle_of_a_fade_in_goes_down_from_there() {
        let ones: Arc<[f32]> = vec![1.0; 48_000].into();
        let mut voice = Voice::new(ones, FORMAT, true);
        let before = play(&mut voice, 24);
        voice.release();
        let after = play(&mut voice, 300);
        assert!((before[23] - after[0]).abs() < 0.04);
        assert!(after.windows(2).all(|pair| pair[1] <= pair[0]));
        assert!(voice.is_finished());
    }

    #[test]
    fn tiny_and_empty_clips_do_no_harm() {
        for len in 0..4 {
            let mut voice = Voice::new(vec![0.5; len].into(), FORMAT, true);
            voice.take_over(17);
            let out = play(&mut voice, 1000);
            assert_eq!(voice.is_finished(), len == 0);
            assert!(out.iter().all(|sample| sample.is_finite()));
        }
    }
}

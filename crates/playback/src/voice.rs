//! A playing clip: samples, position and envelope.
//!
//! Samples are in memory or arrive through a ring filled by another thread ([`super::streamed`]). Fades at
//! the end and loop seams are in `edges`.

use std::sync::Arc;

use rtrb::Consumer;

use timbrespace_signal::dsp::fade::quarter_sine;
pub use timbrespace_signal::dsp::fade::{FADE_SECS, START_FADE_SECS};

use super::{edges::Edges, stream_format::StreamFormat};

/// Source of a voice's samples.
#[derive(Debug)]
enum Samples {
    /// Interleaved in the device's channels; shared, so that the mixer neither copies nor frees them.
    Whole(Arc<[f32]>),
    /// Mono, in playing order, with fades and loop seams already applied.
    Streamed(Consumer<f32>),
}

/// A clip in the device's format, being mixed.
#[derive(Debug)]
pub struct Voice {
    samples: Samples,
    /// Samples per frame.
    channels: usize,
    /// Length, fades and loop.
    edges: Edges,
    /// Next frame to play.
    position: usize,
    /// Position on the envelope's quarter sine, 0 (silent) to 1 (full).
    level: f32,
    /// Change of `level` per frame; negative once released.
    slope: f32,
    /// Change of `level` per frame in a fade of [`FADE_SECS`].
    fade_slope: f32,
    /// Factor on the amplitude.
    gain: f32,
    /// Underrun: the ring is empty, or would be before a fade-out ends.
    starved: bool,
    /// Whether there is nothing more to play.
    finished: bool,
}

impl Voice {
    /// A voice at the beginning of `samples` (interleaved, in `format`).
    pub fn new(samples: Arc<[f32]>, format: StreamFormat, looping: bool) -> Self {
        let edges = Edges::new(samples.len() / format.channels.max(1), format, looping);
        Self::of(Samples::Whole(samples), edges, format)
    }

    /// A voice that reads `ring` and is silent while the ring is empty; `edges` describe the clip.
    pub(super) fn streamed(ring: Consumer<f32>, edges: Edges, format: StreamFormat) -> Self {
        Self::of(Samples::Streamed(ring), edges, format)
    }

    fn of(samples: Samples, edges: Edges, format: StreamFormat) -> Self {
        let rate = format.sample_rate_hz as f32;
        Self {
            samples,
            channels: format.channels.max(1),
            edges,
            gain: 1.0,
            position: 0,
            level: 0.0,
            slope: 1.0 / (START_FADE_SECS * rate).max(1.0),
            fade_slope: 1.0 / (FADE_SECS * rate).max(1.0),
            starved: false,
            finished: edges.len == 0,
        }
    }

    /// The same voice with another amplitude factor.
    #[must_use]
    pub fn with_gain(self, gain: f32) -> Self {
        Self { gain, ..self }
    }

    /// Number of frames in the clip.
    pub fn len(&self) -> usize {
        self.edges.len
    }

    /// Whether the clip has no frames.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Next frame to play.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Whether there is nothing more to play.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// Continues at the position of the sound it replaces, with a cross-fade of [`FADE_SECS`]. A streamed
    /// voice starts where its ring does.
    pub fn take_over(&mut self, position: usize) {
        if matches!(self.samples, Samples::Whole(_)) {
            self.position = position.checked_rem(self.len()).unwrap_or(0);
        }
        self.slope = self.fade_slope;
    }

    /// Starts a fade-out from the current level.
    pub fn release(&mut self) {
        self.slope = -self.fade_slope;
        self.finished |= self.level <= 0.0;
    }

    /// Adds the next frames to `out` (interleaved, whole frames).
    pub fn add_to(&mut self, out: &mut [f32]) {
        self.detect_underrun(out.len() / self.channels);
        for frame in out.chunks_exact_mut(self.channels) {
            let is_waiting = self.starved && self.level <= 0.0;
            if self.finished || is_waiting || !self.add_frame(frame) {
                return;
            }
            self.advance();
        }
    }

    /// Detects an underrun `frames` before it happens: the voice fades out with the samples left and fades in
    /// again when more arrive.
    fn detect_underrun(&mut self, frames: usize) {
        let Samples::Streamed(ring) = &self.samples else { return };
        // Read before the fill level: the feed drops its end right after the last frame.
        let is_abandoned = ring.is_abandoned();
        let fade = (1.0 / self.fade_slope) as usize;
        let left = if self.edges.looping { usize::MAX } else { self.len() - self.position.min(self.len()) };
        self.starved = ring.slots() < (frames + fade).min(left);
        if self.starved && self.level <= 0.0 {
            self.finished |= is_abandoned || self.slope < 0.0;
        }
    }

    /// Adds one frame to `out`; returns `false` if the ring is empty.
    fn add_frame(&mut self, out: &mut [f32]) -> bool {
        let envelope = self.gain * quarter_sine(self.level);
        match &mut self.samples {
            Samples::Whole(samples) => {
                let mix = self.edges.mix(self.position);
                add_scaled(out, frame_of(samples, self.channels, self.position), envelope * mix.own);
                if let Some((index, factor)) = mix.beginning {
                    add_scaled(out, frame_of(samples, self.channels, index), envelope * factor);
                }
            }
            Samples::Streamed(ring) => {
                let Ok(sample) = ring.pop() else { return false };
                for target in out {
                    *target += sample * envelope;
                }
            }
        }
        true
    }

    fn advance(&mut self) {
        match self.edges.next_position(self.position + 1) {
            Some(position) => self.position = position,
            None => self.finished = true,
        }
        let slope = if self.starved { -self.fade_slope } else { self.slope };
        self.level = (self.level + slope).clamp(0.0, 1.0);
        self.finished |= self.slope < 0.0 && self.level <= 0.0;
    }
}

fn frame_of(samples: &[f32], channels: usize, index: usize) -> &[f32] {
    samples.get(index * channels..(index + 1) * channels).unwrap_or_default()
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
            // Equal power: between 1 and sqrt(2) for a sound cross-faded with itself.
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

    /// A voice of a clip of `len` frames, with the writing end of a ring that holds all of it.
    fn streamed(len: usize) -> (rtrb::Producer<f32>, Voice) {
        let (ring, voice_ring) = rtrb::RingBuffer::new(len);
        (ring, Voice::streamed(voice_ring, Edges::new(len, FORMAT, false), FORMAT))
    }

    #[test]
    fn a_ring_that_runs_empty_is_silence_without_a_click_and_the_voice_goes_on_where_it_was() {
        let (mut ring, mut voice) = streamed(48_000);
        assert_eq!(play(&mut voice, 640), [0.0; 640], "nothing is there yet");
        assert_eq!((voice.position(), voice.is_finished()), (0, false));
        let mut out = Vec::new();
        for _ in 0..2 {
            (0..2000).for_each(|_| ring.push(0.5).unwrap());
            (0..40).for_each(|_| out.extend(play(&mut voice, 64)));
        }
        assert!(!voice.is_finished());
        assert_eq!((out[1000], out[2500], out[3500]), (0.5, 0.0, 0.5));
        let largest = timbrespace_base::differences::largest_difference(&out[1..], &out[..out.len() - 1]);
        // The fade-in of 48 frames is the steepest.
        assert!(largest < 0.5 * std::f32::consts::PI / 96.0 + 1e-4, "{largest}");
        let left = ring.buffer().capacity() - ring.slots();
        assert_eq!(voice.position(), 4000 - left, "every frame counts once");
    }

    #[test]
    fn a_starved_voice_ends_when_it_is_stopped_and_when_nobody_fills_its_ring() {
        let (mut ring, mut voice) = streamed(48_000);
        (0..1000).for_each(|_| ring.push(0.5).unwrap());
        (0..10).for_each(|_| drop(play(&mut voice, 64)));
        voice.release();
        (0..10).for_each(|_| drop(play(&mut voice, 64)));
        assert!(voice.is_finished());

        let (mut ring, mut voice) = streamed(48_000);
        (0..1000).for_each(|_| ring.push(0.5).unwrap());
        (0..100).for_each(|_| drop(play(&mut voice, 64)));
        assert!(!voice.is_finished());
        drop(ring);
        play(&mut voice, 64);
        assert!(voice.is_finished());
    }
}

//! Level of a signal over time, and its non-silent parts.
//!
//! Frames are those of `librosa.feature.rms` with its defaults: 2,048 samples centred on every 512th, with
//! zeros around the signal. Such a frame spans four blocks of 512 samples, so one pass that stores one value
//! per block suffices for a signal of any length.

use std::ops::Range;

use super::envelope::Envelope;

/// Hop length and block length, in samples.
pub const HOP: usize = 512;
/// Blocks per frame.
const BLOCKS: usize = 4;
/// Frame length, in samples: that of `librosa.effects.split`.
pub const FRAME: usize = BLOCKS * HOP;
/// Lower limit of the power (−100 dB), as in `librosa.amplitude_to_db`.
const SMALLEST_POWER: f64 = 1e-10;

/// Seconds of silence between sounds from which on it is found for certain: a whole frame lies in it wherever it begins.
pub fn shortest_found_silence_secs(sample_rate_hz: u32) -> f64 {
    ((BLOCKS + 1) * HOP) as f64 / f64::from(sample_rate_hz.max(1))
}

/// Measures a signal that arrives in chunks.
#[derive(Clone, Debug, Default)]
pub struct LevelMeter {
    levels: Levels,
    /// Sum of the squares in the current, incomplete block.
    squares: f64,
    /// Samples in the current block.
    filled: usize,
}

/// Levels of a whole signal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Levels {
    /// Sum of squares of each block; the last block may be shorter.
    squares: Vec<f32>,
    /// Smallest and largest samples.
    envelope: Envelope,
    /// Length of the signal in samples.
    len: u64,
}

impl LevelMeter {
    /// Adds the next chunk of samples.
    pub fn push(&mut self, mut samples: &[f32]) {
        self.levels.envelope.push(samples);
        while !samples.is_empty() {
            let (now, later) = samples.split_at(samples.len().min(HOP - self.filled));
            for &sample in now {
                self.squares += f64::from(sample) * f64::from(sample);
            }
            self.filled += now.len();
            self.levels.len += now.len() as u64;
            if self.filled == HOP {
                self.close_block();
            }
            samples = later;
        }
    }

    fn close_block(&mut self) {
        self.levels.squares.push(std::mem::take(&mut self.squares) as f32);
        self.filled = 0;
    }

    /// The levels of all samples added.
    pub fn finish(mut self) -> Levels {
        if self.filled > 0 {
            self.close_block();
        }
        self.levels
    }
}

impl Levels {
    /// Length of the signal in samples.
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether the signal has no samples.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of frames: one centred on every 512th sample, starting at sample 0.
    fn frames(&self) -> usize {
        1 + (self.len / HOP as u64) as usize
    }

    /// Largest absolute sample value.
    pub fn peak(&self) -> f32 {
        self.envelope.columns().iter().fold(0.0, |peak, (low, high)| peak.max(*high).max(-low))
    }

    /// The waveform's outline.
    pub const fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Mean square of the frame centred on sample `frame * 512`.
    fn power(&self, frame: usize) -> f64 {
        let first = frame.saturating_sub(BLOCKS / 2);
        let end = (frame + BLOCKS / 2).min(self.squares.len());
        let blocks = self.squares.get(first..end).unwrap_or_default();
        blocks.iter().map(|squares| f64::from(*squares)).sum::<f64>() / (BLOCKS * HOP) as f64
    }

    fn loudest(&self) -> f64 {
        (0..self.frames()).map(|frame| self.power(frame)).fold(0.0, f64::max)
    }

    /// Power `depth_db` below the loudest frame; `None` for a silent signal.
    fn threshold(&self, depth_db: f64) -> Option<f64> {
        let loudest = self.loudest();
        (loudest > SMALLEST_POWER).then(|| loudest * 10_f64.powf(-depth_db / 10.0))
    }

    /// Ranges of samples in which frames are less than `depth_db` below the loudest one:
    /// `librosa.effects.split` with `top_db`. Empty for a silent signal.
    ///
    /// ```
    /// use timbrespace_signal::dsp::level::LevelMeter;
    ///
    /// let mut meter = LevelMeter::default();
    /// meter.push(&[0.0; 8192]);
    /// meter.push(&[0.5; 8192]);
    /// let levels = meter.finish();
    /// assert_eq!(levels.stretches(40.0), [7680..16_384]);
    /// ```
    pub fn stretches(&self, depth_db: f64) -> Vec<Range<u64>> {
        let Some(threshold) = self.threshold(depth_db) else { return Vec::new() };
        let is_loud = |frame: usize| self.power(frame).max(SMALLEST_POWER) > threshold;
        let mut stretches: Vec<Range<u64>> = Vec::new();
        let mut start = None;
        let frames = self.frames();
        for frame in 0..=frames {
            let place = ((frame * HOP) as u64).min(self.len);
            match (start, frame < frames && is_loud(frame)) {
                (None, true) => start = Some(place),
                (Some(from), false) => {
                    stretches.push(from..place);
                    start = None;
                }
                _ => {}
            }
        }
        stretches.retain(|stretch| !stretch.is_empty());
        stretches
    }

    /// Whether each of `parts` (ranges of samples) is silent: all frames entirely inside it (or else the
    /// frame at its middle) are at least `depth_db` below the loudest frame.
    pub fn silent_parts(&self, parts: &[Range<u64>], depth_db: f64) -> Vec<bool> {
        let threshold = self.threshold(depth_db);
        let is_silent = |part: &Range<u64>| threshold.is_none_or(|least| self.is_below(part.clone(), least));
        parts.iter().map(is_silent).collect()
    }

    fn is_below(&self, part: Range<u64>, threshold: f64) -> bool {
        let (hop, margin) = (HOP as u64, (BLOCKS / 2) as u64);
        let first = part.start.div_ceil(hop) + margin;
        let end = (part.end / hop + 1).saturating_sub(margin);
        let middle = u64::midpoint(part.start, part.end) / hop;
        let frames = if first < end { first..end } else { middle..middle + 1 };
        frames.into_iter().all(|frame| self.power(frame as usize) <= threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(signal: &[f32], part: usize) -> Levels {
        let mut meter = LevelMeter::default();
        signal.chunks(part).for_each(|samples| meter.push(samples));
        meter.finish()
    }

    #[test]
    fn parts_of_any_length_give_the_same_levels() {
        let signal: Vec<f32> = (0..5000).map(|n| (n as f32 * 0.37).sin() * n as f32 / 5000.0).collect();
        let whole = levels(&signal, 5000);
        assert_eq!(levels(&signal, 1), whole);
        assert_eq!(levels(&signal, 777), whole);
        assert_eq!((whole.len(), whole.frames(), whole.envelope().columns().len()), (5000, 10, 625));
        let mean = signal[1536..3584].iter().map(|s| f64::from(s * s)).sum::<f64>() / 2048.0;
        assert!((whole.power(5) - mean).abs() < 1e-6, "{} {mean}", whole.power(5));
    }

    #[test]
    fn a_silence_is_found_for_certain_once_a_whole_frame_lies_in_it() {
        assert_eq!(shortest_found_silence_secs(8000), 0.32);
        for start in 5000..5000 + HOP {
            let sounds = |silence: usize| {
                let sounds = |n: usize| n < start || n >= start + silence;
                let signal: Vec<f32> =
                    (0..20_000).map(|n| if sounds(n) { (n as f32 * 0.37).sin() } else { 0.0 }).collect();
                levels(&signal, 4096).stretches(40.0).len()
            };
            assert_eq!((sounds(FRAME + HOP), sounds(FRAME - HOP)), (2, 1), "a silence at {start}");
        }
    }

    #[test]
    fn silence_has_no_stretches_and_is_silent() {
        let silent = levels(&[0.0; 4000], 512);
        assert!(silent.stretches(60.0).is_empty());
        assert_eq!(silent.silent_parts(&[0..4000, 100..200], 60.0), [true, true]);
        assert!(levels(&[], 1).stretches(60.0).is_empty());
    }

    #[test]
    fn a_part_is_silent_by_the_frames_within_it_and_not_by_its_neighbours() {
        let mut signal = vec![0.001_f32; 30_000];
        signal[10_000..20_000].fill(0.5);
        let levels = levels(&signal, 600);
        assert_eq!(levels.silent_parts(&[0..10_000, 20_480..30_000, 0..14_000], 40.0), [true, true, false]);
        assert_eq!(levels.silent_parts(&[0..10_000, 0..5000], 60.0), [false, false], "54 dB below");
        assert_eq!(levels.peak(), 0.5);
        assert_eq!(levels.silent_parts(&[0..5000, 15_000..15_100], 40.0), [true, false]);
    }
}

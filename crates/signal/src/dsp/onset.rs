//! Onset detection.
//!
//! `librosa.onset.onset_detect(backtrack=True)` with its defaults (spectral flux of 128 mel bands in dB, peak
//! picking, backtracking to the preceding minimum), for signals that arrive in chunks. Levels are clipped 80
//! dB below the loudest band of the whole signal, so two passes are needed: one for that loudest band, one
//! for the flux.

use ndarray::Array2;
use rustfft::num_complex::Complex32;

use super::{
    filter_bank::FilterBank,
    mel,
    stft::{Framing, Stft},
};

/// Frame length in samples.
const FRAME: usize = 2048;
/// Hop length in samples.
pub const HOP: usize = 512;
/// Number of mel bands, from 0 Hz to the Nyquist frequency.
const BANDS: usize = 128;
/// Frames per block of transforms.
const FRAMES_AT_ONCE: usize = 64;
/// Dynamic range below the loudest band, in dB.
const TOP_DB: f32 = 80.0;
/// Lower limit of the power.
const SMALLEST_POWER: f32 = 1e-10;
/// Delay of the flux in frames: one for the difference, the rest for half a frame.
const LAG_FRAMES: usize = 1 + FRAME / (2 * HOP);

/// Mel power of a signal that arrives in chunks, frame by frame.
pub struct MelFrames {
    stft: Stft,
    filters: FilterBank,
    /// Samples not yet used by all their frames.
    pending: Vec<f32>,
    spectra: Array2<Complex32>,
    power: Vec<f32>,
    bands: Vec<f32>,
}

impl MelFrames {
    /// Mel power of a signal at `sample_rate_hz`.
    pub fn new(sample_rate_hz: u32) -> Self {
        let nyquist_hz = f64::from(sample_rate_hz) / 2.0;
        let stft = Stft::new(FRAME, HOP, Framing::Inside);
        Self {
            power: vec![0.0; stft.bins()],
            stft,
            filters: mel::filters(sample_rate_hz, FRAME, BANDS, 0.0, nyquist_hz),
            // The first frame is centred on the first sample.
            pending: vec![0.0; FRAME / 2],
            spectra: Array2::default((0, 0)),
            bands: vec![0.0; BANDS],
        }
    }

    /// Adds the next samples and calls `each` with the bands of every frame completed by them.
    pub fn push(&mut self, samples: &[f32], each: &mut dyn FnMut(&[f32])) {
        self.pending.extend_from_slice(samples);
        while self.pending.len() >= FRAME + (FRAMES_AT_ONCE - 1) * HOP {
            let used = FRAME + (FRAMES_AT_ONCE - 1) * HOP;
            self.transform(used, each);
            self.pending.drain(..FRAMES_AT_ONCE * HOP);
        }
    }

    /// Pads the end and completes the last frames.
    pub fn finish(mut self, each: &mut dyn FnMut(&[f32])) {
        self.pending.resize(self.pending.len() + FRAME / 2, 0.0);
        self.transform(self.pending.len(), each);
    }

    fn transform(&mut self, len: usize, each: &mut dyn FnMut(&[f32])) {
        self.stft.forward_into(self.pending.get(..len).unwrap_or_default(), &mut self.spectra);
        for spectrum in self.spectra.outer_iter() {
            for (power, value) in self.power.iter_mut().zip(spectrum) {
                *power = value.norm_sqr();
            }
            self.filters.apply(&self.power, &mut self.bands);
            each(&self.bands);
        }
    }
}

/// Spectral flux of mel bands, frame by frame.
pub struct Flux {
    floor_db: f32,
    last_db: Vec<f32>,
    /// Mean rise of the bands in dB, for every frame but the first.
    rises: Vec<f32>,
    frames: usize,
}

impl Flux {
    /// Flux of a signal whose loudest band has the power `loudest`.
    pub fn new(loudest: f32) -> Self {
        let floor_db = 10.0 * loudest.max(SMALLEST_POWER).log10() - TOP_DB;
        Self { floor_db, last_db: Vec::new(), rises: Vec::new(), frames: 0 }
    }

    /// Adds the bands of the next frame.
    pub fn push(&mut self, bands: &[f32]) {
        let db = |power: &f32| (10.0 * power.max(SMALLEST_POWER).log10()).max(self.floor_db);
        self.frames += 1;
        if self.last_db.is_empty() {
            self.last_db = bands.iter().map(db).collect();
            return;
        }
        let mut rise = 0.0;
        for (power, last_db) in bands.iter().zip(&mut self.last_db) {
            let now_db = db(power);
            rise += (now_db - *last_db).max(0.0);
            *last_db = now_db;
        }
        self.rises.push(rise / bands.len().max(1) as f32);
    }

    /// Onset strength of each frame, from 0 to 1.
    pub fn finish(self) -> Vec<f32> {
        let mut strength = vec![0.0; LAG_FRAMES];
        strength.extend(self.rises);
        strength.truncate(self.frames);
        let least = strength.iter().copied().fold(f32::INFINITY, f32::min);
        let most = strength.iter().copied().fold(0.0, f32::max) - least;
        for value in &mut strength {
            *value = (*value - least) / (most + f32::MIN_POSITIVE);
        }
        strength
    }
}

/// Onset frames in ascending order, without duplicates: peaks of `strength` at least `delta` above the mean
/// around them, moved back to the preceding minimum.
pub fn onsets(strength: &[f32], sample_rate_hz: u32, delta: f32) -> Vec<usize> {
    let minima: Vec<usize> = strength
        .array_windows()
        .enumerate()
        .filter(|(_, [before, here, after])| here <= before && here < after)
        .map(|(before, _)| before + 1)
        .collect();
    let mut onsets: Vec<usize> = peaks(strength, sample_rate_hz, delta)
        .into_iter()
        .map(|peak| match minima.partition_point(|minimum| *minimum <= peak) {
            0 => 0,
            later => minima.get(later - 1).copied().unwrap_or_default(),
        })
        .collect();
    onsets.dedup();
    onsets
}

/// `librosa.util.peak_pick` with the windows of `onset_detect`: maximum over the 30 ms before a peak, mean
/// over 100 ms either side, at least 30 ms to the next peak.
fn peaks(strength: &[f32], sample_rate_hz: u32, delta: f32) -> Vec<usize> {
    let frames = |secs: f64| (secs * f64::from(sample_rate_hz) / HOP as f64).floor() as usize;
    let (before_max, around_mean, rest) = (frames(0.03), frames(0.1), frames(0.03));
    let mut peaks = Vec::new();
    if strength.iter().all(|value| *value == 0.0) {
        return peaks;
    }
    let mut frame = 0;
    while let Some(&here) = strength.get(frame) {
        let before = strength.get(frame.saturating_sub(before_max)..=frame).unwrap_or_default();
        let end = (frame + around_mean + 1).min(strength.len());
        let around = strength.get(frame.saturating_sub(around_mean)..end).unwrap_or_default();
        let mean = around.iter().map(|value| f64::from(*value)).sum::<f64>() / around.len().max(1) as f64;
        let is_peak = before.iter().all(|value| *value <= here) && f64::from(here) >= mean + f64::from(delta);
        if is_peak {
            peaks.push(frame);
        }
        frame += if is_peak { rest + 1 } else { 1 };
    }
    peaks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strength(signal: &[f32], sample_rate_hz: u32, part: usize) -> Vec<f32> {
        let frames = |each: &mut dyn FnMut(&[f32])| {
            let mut frames = MelFrames::new(sample_rate_hz);
            signal.chunks(part).for_each(|samples| frames.push(samples, each));
            frames.finish(each);
        };
        let mut loudest = 0.0_f32;
        frames(&mut |bands| loudest = bands.iter().copied().fold(loudest, f32::max));
        let mut flux = Flux::new(loudest);
        frames(&mut |bands| flux.push(bands));
        flux.finish()
    }

    #[test]
    fn bursts_begin_where_they_begin_whatever_the_parts() {
        let mut signal = vec![0.0_f32; 44_100];
        for start in [8000, 20_000, 31_000] {
            for n in 0..4000 {
                signal[start + n] = (n as f32 * 0.2).sin() * (-(n as f32) / 300.0).exp();
            }
        }
        let whole = strength(&signal, 22_050, signal.len());
        assert_eq!(whole.len(), 1 + 44_100 / HOP);
        assert_eq!(strength(&signal, 22_050, 1000), whole);
        let starts: Vec<usize> = onsets(&whole, 22_050, 0.07).into_iter().map(|frame| frame * HOP).collect();
        assert_eq!(starts.len(), 3, "{starts:?}");
        for (start, expected) in starts.iter().zip([8000_usize, 20_000, 31_000]) {
            assert!(start.abs_diff(expected) <= 2 * HOP, "{starts:?}");
        }
    }

    #[test]
    fn nothing_begins_in_silence() {
        assert!(onsets(&strength(&vec![0.0; 9000], 8000, 100), 8000, 0.07).is_empty());
        assert!(onsets(&[], 8000, 0.07).is_empty());
    }
}

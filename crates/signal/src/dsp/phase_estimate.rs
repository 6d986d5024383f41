//! Single-pass phase estimate from a magnitude, an alternative start for [`super::griffin_lim`].
//!
//! Single-pass spectrogram inversion (Beauregard, Harish and Wyse, 2015): each spectral peak is treated as a
//! sinusoid. Its frequency is interpolated by a parabola through the log magnitudes of peak and neighbours;
//! its phase advances from frame to frame by the mean of the frequencies at both ends, and the bins around
//! the peak share it. Half random phases of this kind are a better start than fully random ones: 32
//! iterations leave about nine tenths of the error in noisy speech, and half of it in clear tones.

use std::f32::consts::{PI, TAU};

use ndarray::ArrayRef2;
use rand::{Rng as _, rngs::StdRng};

/// Width of the random part of each phase, in turns. It breaks up peaks caused by noise: with less randomness
/// tones get better, but noise gets worse than from random phases.
const SPREAD_TURNS: f32 = 0.6;
/// Largest frequency change between frames, in bins, within one sinusoid.
const MAX_GLIDE_BINS: f32 = 1.5;
/// Added before logarithms to keep them finite.
const SMALLEST: f32 = 1e-9;

/// Buffers, reused between calls.
#[derive(Clone, Debug, Default)]
pub struct PhaseEstimate {
    /// Phase of each bin in the current frame, in radians.
    phases: Vec<f32>,
    /// Frequency of each bin's sinusoid, in bins; NaN before the first frame.
    frequencies: Vec<f32>,
    peaks: Vec<usize>,
    /// Phases of the current frame including their random part.
    spread: Vec<f32>,
}

impl PhaseEstimate {
    /// Calls `visit` with the index and phases (in radians) of each frame in turn.
    ///
    /// # Shapes
    /// `magnitude`: `[frames, bins]`, from frames of `frame_size` samples, `hop_length` apart.
    pub fn run(
        &mut self,
        magnitude: &ArrayRef2<f32>,
        frame_size: usize,
        hop_length: usize,
        random: &mut StdRng,
        mut visit: impl FnMut(usize, &[f32]),
    ) {
        self.phases.clear();
        self.phases.extend((0..magnitude.ncols()).map(|_| random.random::<f32>() * TAU));
        self.frequencies.clear();
        self.frequencies.resize(self.phases.len(), f32::NAN);
        self.spread.resize(self.phases.len(), 0.0);
        let turns_per_bin = hop_length as f32 / frame_size as f32;
        let mut values = Vec::with_capacity(self.phases.len());
        for (index, frame) in magnitude.outer_iter().enumerate() {
            values.clear();
            values.extend(frame);
            self.advance(&values, turns_per_bin);
            for (target, &phase) in self.spread.iter_mut().zip(&self.phases) {
                *target = phase + (random.random::<f32>() - 0.5) * SPREAD_TURNS * TAU;
            }
            visit(index, &self.spread);
        }
    }

    /// Advances the phases by one frame, whose magnitudes are `values`.
    fn advance(&mut self, values: &[f32], turns_per_bin: f32) {
        let bins = self.phases.len();
        self.peaks.clear();
        let is_peak = |of: &[f32]| matches!(of, [left, top, right] if top > left && top >= right);
        let peaks = values.windows(3).enumerate().filter(|(_, of)| is_peak(of));
        self.peaks.extend(peaks.map(|(left, _)| left + 1));
        let mut start = 0;
        for (index, &peak) in self.peaks.iter().enumerate() {
            // A peak's region ends at the lowest bin between it and the next peak.
            let end = self.peaks.get(index + 1).map_or(bins, |&next| {
                peak + 1
                    + index_of_minimum(values.get(peak + 1..next).unwrap_or_default())
                        .map_or(0, |place| place + 1)
            });
            let frequency =
                peak as f32 + parabolic_offset(values.get(peak - 1..peak + 2).unwrap_or_default());
            let before = self.frequencies[peak];
            let glides = (before - frequency).abs() < MAX_GLIDE_BINS;
            let turns = turns_per_bin * if glides { f32::midpoint(before, frequency) } else { frequency };
            // Reduced to one turn, so that sums over many frames stay precise.
            let turns = self.phases[peak] / TAU + turns;
            let phase = (turns - (turns as u32) as f32) * TAU;
            for (bin, target) in self.phases[start..end].iter_mut().enumerate() {
                // Bins of a windowed sinusoid alternate in sign.
                *target = phase + if (start + bin).abs_diff(peak) % 2 == 1 { PI } else { 0.0 };
            }
            self.frequencies[start..end].fill(frequency);
            start = end;
        }
    }
}

/// Index of the smallest value; the first if there are several.
fn index_of_minimum(values: &[f32]) -> Option<usize> {
    let smaller = |a: (usize, f32), b: (usize, f32)| if b.1 < a.1 { b } else { a };
    values.iter().copied().enumerate().reduce(smaller).map(|(place, _)| place)
}

/// Parabolic interpolation: offset of the maximum from the middle of three magnitudes, in bins, -0.5 to 0.5.
fn parabolic_offset(around: &[f32]) -> f32 {
    let &[left, top, right] = around else { return 0.0 };
    let (left, top, right) = ((left + SMALLEST).ln(), (top + SMALLEST).ln(), (right + SMALLEST).ln());
    let bend = left - 2.0 * top + right;
    if bend < 0.0 { (0.5 * (left - right) / bend).clamp(-0.5, 0.5) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn a_sinusoid_between_two_bins_advances_at_its_own_frequency() {
        // The magnitudes of a Hann-windowed sinusoid at bin 10.25 of a frame of 512.
        let offset = |bin: usize| bin as f32 - 10.25;
        let lobe = |x: f32| if x.abs() < 2.0 { (PI * x / 4.0).cos().powi(3) } else { 0.0 };
        let magnitude = Array2::from_shape_fn((6, 257), |(_, bin)| lobe(offset(bin)));
        let mut phases = Vec::new();
        PhaseEstimate::default().run(&magnitude, 512, 256, &mut StdRng::seed_from_u64(1), |_, frame| {
            phases.push((frame[9], frame[10]));
        });
        let spread = SPREAD_TURNS * TAU;
        for pair in phases.windows(2) {
            let step = (pair[1].1 - pair[0].1 - 10.25 * PI).rem_euclid(TAU);
            assert!(step.min(TAU - step) < spread + 0.2, "{step}");
            let neighbours = (pair[1].0 - pair[1].1 - PI).rem_euclid(TAU);
            assert!(neighbours.min(TAU - neighbours) < spread, "{neighbours}");
        }
    }

    #[test]
    fn silence_and_single_bins_have_phases_too() {
        for bins in [1, 2, 9] {
            let mut frames = 0;
            let silent = Array2::zeros((4, bins));
            PhaseEstimate::default().run(&silent, 16, 8, &mut StdRng::seed_from_u64(0), |_, phases| {
                frames += 1;
                assert!(phases.len() == bins && phases.iter().all(|phase| phase.is_finite()));
            });
            assert_eq!(frames, 4);
        }
    }
}

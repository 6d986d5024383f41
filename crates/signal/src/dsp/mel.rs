//! Triangular filters on the mel scale.
//!
//! The scale is Slaney's (linear up to 1 kHz, logarithmic above) and all filters have the same area, the
//! defaults of `librosa.filters.mel`.

use std::sync::Arc;

use ndarray::{Array2, ArrayView2};

const LINEAR_HZ_PER_MEL: f64 = 200.0 / 3.0;
const LOGARITHMIC_FROM_HZ: f64 = 1000.0;
const LOGARITHMIC_FROM_MEL: f64 = LOGARITHMIC_FROM_HZ / LINEAR_HZ_PER_MEL;
/// Mels between 1 kHz and 6.4 kHz.
const STEPS_TO_6400_HZ: f64 = 27.0;

/// Hz to mel on Slaney's scale.
pub fn mel_from_hz(hz: f64) -> f64 {
    if hz < LOGARITHMIC_FROM_HZ {
        hz / LINEAR_HZ_PER_MEL
    } else {
        LOGARITHMIC_FROM_MEL + (hz / LOGARITHMIC_FROM_HZ).ln() * STEPS_TO_6400_HZ / 6.4_f64.ln()
    }
}

/// Mel on Slaney's scale to Hz.
pub fn hz_from_mel(mel: f64) -> f64 {
    if mel < LOGARITHMIC_FROM_MEL {
        mel * LINEAR_HZ_PER_MEL
    } else {
        LOGARITHMIC_FROM_HZ * ((mel - LOGARITHMIC_FROM_MEL) * 6.4_f64.ln() / STEPS_TO_6400_HZ).exp()
    }
}

/// The `mels + 2` edge frequencies of the filters: filter `k` rises from edge `k` to edge `k + 1` and falls
/// to edge `k + 2`.
pub fn edges_hz(mels: usize, low_hz: f64, high_hz: f64) -> Vec<f64> {
    let (low, high) = (mel_from_hz(low_hz), mel_from_hz(high_hz));
    (0..mels + 2).map(|n| hz_from_mel(low + (high - low) * n as f64 / (mels + 1) as f64)).collect()
}

/// Peak weight of a triangular filter with unit area.
pub fn peak_weight(left_hz: f64, right_hz: f64) -> f64 {
    2.0 / (right_hz - left_hz)
}

/// A bank of mel filters for one frame size; clones share the weights.
#[derive(Clone, Debug)]
pub struct MelFilters {
    bank: Arc<Array2<f32>>,
    /// First bin and number of bins with non-zero weights, for each filter.
    supports: Arc<[(usize, usize)]>,
}

impl MelFilters {
    /// `mels` filters from `low_hz` to `high_hz` for frames of `frame_size` samples at `sample_rate_hz`.
    pub fn new(sample_rate_hz: u32, frame_size: usize, mels: usize, low_hz: f64, high_hz: f64) -> Self {
        let bins = frame_size / 2 + 1;
        let bin_hz = f64::from(sample_rate_hz) / frame_size as f64;
        let edges = edges_hz(mels, low_hz, high_hz);
        let mut bank = Array2::zeros((mels, bins));
        for (mut filter, edges) in bank.outer_iter_mut().zip(edges.array_windows()) {
            let [left, centre, right] = *edges;
            for (bin, weight) in filter.iter_mut().enumerate() {
                let hz = bin as f64 * bin_hz;
                let rising = (hz - left) / (centre - left);
                let falling = (right - hz) / (right - centre);
                *weight = (rising.min(falling).max(0.0) * peak_weight(left, right)) as f32;
            }
        }
        let supports = bank
            .outer_iter()
            .map(|filter| {
                let first = filter.iter().position(|w| *w != 0.0).unwrap_or(0);
                let end = filter.iter().rposition(|w| *w != 0.0).map_or(first, |n| n + 1);
                (first, end - first)
            })
            .collect();
        Self { bank: Arc::new(bank), supports }
    }

    /// Filter weights, `[mels, bins]`.
    pub fn bank(&self) -> ArrayView2<'_, f32> {
        self.bank.view()
    }

    /// Applies all filters: a spectrum `[bins]` to bands `[mels]`.
    pub fn apply(&self, spectrum: &[f32], mels: &mut [f32]) {
        for ((filter, &(first, len)), mel) in self.bank.outer_iter().zip(&*self.supports).zip(mels) {
            let weights = filter.iter().skip(first).take(len);
            *mel = weights.zip(spectrum.iter().skip(first)).map(|(w, s)| w * s).sum();
        }
    }

    /// The transpose of [`Self::apply`]: bands `[mels]` to a spectrum `[bins]`.
    pub fn spread(&self, mels: &[f32], spectrum: &mut [f32]) {
        spectrum.fill(0.0);
        for ((filter, &(first, len)), &mel) in self.bank.outer_iter().zip(&*self.supports).zip(mels) {
            let weights = filter.iter().skip(first).take(len);
            for (value, weight) in spectrum.iter_mut().skip(first).zip(weights) {
                *value += weight * mel;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_linear_to_one_kilohertz_and_goes_both_ways() {
        assert!((mel_from_hz(500.0) - 7.5).abs() < 1e-12);
        assert!((mel_from_hz(6400.0) - 42.0).abs() < 1e-9);
        for hz in [0.0, 440.0, 1000.0, 3000.0, 16_000.0] {
            assert!((hz_from_mel(mel_from_hz(hz)) - hz).abs() < 1e-6);
        }
    }

    #[test]
    fn spreading_is_the_transpose_of_filtering() {
        let filters = MelFilters::new(44_100, 1024, 80, 0.0, 8000.0);
        let spectrum: Vec<f32> = (0..513).map(|n| 1.0 + (n as f32 * 0.2).sin()).collect();
        let weights: Vec<f32> = (0..80).map(|n| (n as f32 * 0.7).cos()).collect();
        let (mut mels, mut spread) = (vec![0.0; 80], vec![0.0; 513]);
        filters.apply(&spectrum, &mut mels);
        filters.spread(&weights, &mut spread);
        let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        assert!((product(&mels, &weights) - product(&spectrum, &spread)).abs() < 1e-5);
    }

    #[test]
    fn every_filter_has_the_area_of_one() {
        let edges = edges_hz(80, 0.0, 8000.0);
        assert_eq!(edges.len(), 82);
        assert!((edges[81] - 8000.0).abs() < 1e-6);
        let [left, right] = [edges[40], edges[42]];
        assert!((peak_weight(left, right) * (right - left) / 2.0 - 1.0).abs() < 1e-12);
    }
}

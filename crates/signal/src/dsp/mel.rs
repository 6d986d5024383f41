//! Triangular filters on the mel scale.
//!
//! The scale is Slaney's (linear up to 1 kHz, logarithmic above) and all filters have the same area, the
//! defaults of `librosa.filters.mel`.

use ndarray::Array2;

use super::filter_bank::{FilterBank, triangle};

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

/// `mels` filters from `low_hz` to `high_hz` for frames of `frame_size` samples at `sample_rate_hz`.
pub fn filters(sample_rate_hz: u32, frame_size: usize, mels: usize, low_hz: f64, high_hz: f64) -> FilterBank {
    let bins = frame_size / 2 + 1;
    let bin_hz = f64::from(sample_rate_hz) / frame_size as f64;
    let edges = edges_hz(mels, low_hz, high_hz);
    let mut weights = Array2::zeros((mels, bins));
    for (mut filter, edges) in weights.outer_iter_mut().zip(edges.array_windows()) {
        let [left, _, right] = *edges;
        for (bin, weight) in filter.iter_mut().enumerate() {
            *weight = (triangle(*edges, bin as f64 * bin_hz) * peak_weight(left, right)) as f32;
        }
    }
    FilterBank::new(weights)
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
    fn every_filter_has_the_area_of_one() {
        let edges = edges_hz(80, 0.0, 8000.0);
        assert_eq!(edges.len(), 82);
        assert!((edges[81] - 8000.0).abs() < 1e-6);
        let [left, right] = [edges[40], edges[42]];
        assert!((peak_weight(left, right) * (right - left) / 2.0 - 1.0).abs() < 1e-12);
    }
}

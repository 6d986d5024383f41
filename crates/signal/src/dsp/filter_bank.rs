//! Banks of filters over the bins of a spectrum: how rows of mel or log-frequency images are made of magnitudes.

use std::sync::Arc;

use ndarray::{Array2, ArrayView2};

/// Independent partial sums of a product, so that it vectorises.
const LANES: usize = 8;

/// A bank of filters for spectra of one size; clones share it.
#[derive(Clone, Debug)]
pub struct FilterBank {
    weights: Arc<Array2<f32>>,
    /// First bin and number of bins where each filter is not zero.
    supports: Arc<[(usize, usize)]>,
}

impl FilterBank {
    /// The bank with the given weights.
    ///
    /// # Shapes
    /// `weights` is `[filters, bins]`.
    pub fn new(weights: Array2<f32>) -> Self {
        let supports = weights
            .outer_iter()
            .map(|filter| {
                let first = filter.iter().position(|w| *w != 0.0).unwrap_or(0);
                let end = filter.iter().rposition(|w| *w != 0.0).map_or(first, |n| n + 1);
                (first, end - first)
            })
            .collect();
        Self { weights: Arc::new(weights), supports }
    }

    /// The weights, `[filters, bins]`.
    pub fn weights(&self) -> ArrayView2<'_, f32> {
        self.weights.view()
    }

    /// Filters one spectrum of `bins` values into one value a filter.
    pub fn apply(&self, spectrum: &[f32], bands: &mut [f32]) {
        let bins = self.weights.ncols();
        let filters = self.weights.as_slice().unwrap_or_default().chunks_exact(bins.max(1));
        for ((filter, &(first, len)), band) in filters.zip(&*self.supports).zip(bands) {
            *band = product(&filter[first..first + len], spectrum.get(first..).unwrap_or_default());
        }
    }

    /// The transpose of [`Self::apply`]: spreads one value a filter over a spectrum of `bins`.
    pub fn spread(&self, bands: &[f32], spectrum: &mut [f32]) {
        spectrum.fill(0.0);
        for ((filter, &(first, len)), &band) in self.weights.outer_iter().zip(&*self.supports).zip(bands) {
            let weights = filter.iter().skip(first).take(len);
            for (value, weight) in spectrum.iter_mut().skip(first).zip(weights) {
                *value += weight * band;
            }
        }
    }
}

/// Sum of the products of two slices, as far as both reach.
fn product(left: &[f32], right: &[f32]) -> f32 {
    let len = left.len().min(right.len());
    let (left, left_rest) = left[..len].as_chunks::<LANES>();
    let (right, right_rest) = right[..len].as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for (left, right) in left.iter().zip(right) {
        for (lane, (left, right)) in lanes.iter_mut().zip(left.iter().zip(right)) {
            *lane += left * right;
        }
    }
    let rest: f32 = left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum();
    lanes.iter().sum::<f32>() + rest
}

/// Height at `hz` of a triangle of height 1 that begins, peaks and ends at the given frequencies; 0 outside it.
pub fn triangle([left, centre, right]: [f64; 3], hz: f64) -> f64 {
    let rising = (hz - left) / (centre - left);
    let falling = (right - hz) / (right - centre);
    rising.min(falling).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::{log_frequency::LogFrequencyScale, mel};

    #[test]
    fn spreading_is_the_transpose_of_filtering() {
        let log = LogFrequencyScale { rows: 80, per_octave: 12, min_hz: 65.406 };
        for bank in [mel::filters(44_100, 1024, 80, 0.0, 8000.0), log.filters(44_100, 1024)] {
            let spectrum: Vec<f32> = (0..513).map(|n| 1.0 + (n as f32 * 0.2).sin()).collect();
            let weights: Vec<f32> = (0..80).map(|n| (n as f32 * 0.7).cos()).collect();
            let (mut bands, mut spread) = (vec![0.0; 80], vec![0.0; 513]);
            bank.apply(&spectrum, &mut bands);
            bank.spread(&weights, &mut spread);
            let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
            let (one, other) = (product(&bands, &weights), product(&spectrum, &spread));
            assert!((one - other).abs() < 1e-5 * one.abs().max(1.0), "{one} {other}");
        }
    }

    #[test]
    fn a_triangle_is_1_at_its_peak_and_0_outside() {
        let heights = [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 7.0].map(|hz| triangle([1.0, 2.0, 6.0], hz));
        assert_eq!(heights, [0.0, 0.0, 1.0, 0.75, 0.5, 0.0, 0.0]);
    }
}

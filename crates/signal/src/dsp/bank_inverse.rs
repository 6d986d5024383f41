//! Bands of a filter bank to a magnitude spectrum, by non-negative least squares.
//!
//! 80 mel bands hold less information than 513 bins, so many non-negative spectra fit. As in
//! `librosa.feature.inverse.mel_to_stft`, the search starts at the pseudo-inverse of the filter bank, the
//! smoothest spectrum that fits. Its negative values are clipped; multiplicative updates (Lee and Seung,
//! 2001) then restore the bands.
//!
//! At low frequencies filters are narrower than bins, and the bank is ill-conditioned: a band that is wrong
//! by one per cent, as in every decoded image, would come back as an error thousands of times as large. Such
//! errors show up as strongly negative values. So there are two pseudo-inverses, with and without the
//! ill-conditioned directions, and a frame uses the full one only if that needs hardly more clipping than the
//! reduced one.

use nalgebra::{DMatrix, SymmetricEigen};

use super::filter_bank::FilterBank;

/// Multiplicative updates per frame of mel bands. After 30 the bands are closer than librosa's on every test vector.
pub const MEL_UPDATES: usize = 30;
/// Multiplicative updates per frame of log-frequency bands; the highest are wider than mel bands.
pub const LOG_FREQUENCY_UPDATES: usize = 60;
/// Squared singular values below this fraction of the largest are rounding errors.
const ROUNDING: f64 = 1e-12;
/// Squared singular values below this fraction of the largest are ill-conditioned.
const ILL_CONDITIONED: f64 = 1e-6;
/// Limit of the clipping by the full pseudo-inverse, relative to the reduced one.
const CLIPPING_RATIO: f64 = 1.5;
/// Lower limit of the initial values, relative to evenly spread bands: multiplicative updates cannot grow a
/// zero.
const START_FLOOR: f32 = 1e-3;

/// Inverse of one filter bank, with its matrices and scratch buffers.
pub struct BankInverse {
    filters: FilterBank,
    /// First bin of the matrices; bins outside them have no filter.
    first_bin: usize,
    /// Full pseudo-inverse, `[bins, bands]` row after row.
    exact: Vec<f64>,
    /// Pseudo-inverse without the ill-conditioned directions, `[bins, bands]` row after row.
    robust: Vec<f64>,
    /// Sum of the weights of each filter, `[bands]`; of each bin, `[bins]`.
    filter_sums: Vec<f32>,
    bin_sums: Vec<f32>,
    /// Multiplicative updates per frame.
    updates: usize,
    scratch: Scratch,
}

/// Buffers for one frame.
struct Scratch {
    exact: Vec<f64>,
    robust: Vec<f64>,
    /// `[bands]`.
    bands: Vec<f32>,
    /// `[bins]`: `Wᵀ b` of the given bands `b`, and `Wᵀ W x` of the current spectrum `x`, with the bank `W`.
    wanted: Vec<f32>,
    got: Vec<f32>,
}

impl BankInverse {
    /// Computes both pseudo-inverses of `filters`. `updates` is the number of multiplicative updates per frame.
    pub fn new(filters: FilterBank, updates: usize) -> Self {
        let bank = filters.weights();
        let (count, bins) = bank.dim();
        let bin_sums: Vec<f32> = bank.columns().into_iter().map(|column| column.sum()).collect();
        // Bins without any filter are left out of the matrices.
        let first_bin = bin_sums.iter().position(|sum| *sum > 0.0).unwrap_or(0);
        let used = bin_sums.iter().rposition(|sum| *sum > 0.0).map_or(0, |last| last + 1 - first_bin);
        // W, [bands, used bins], and the eigenvalues of W Wᵀ, its squared singular values
        let weights = DMatrix::from_fn(count, used, |band, bin| f64::from(bank[[band, first_bin + bin]]));
        let eigen = SymmetricEigen::new(&weights * weights.transpose());
        Self {
            exact: pseudo_inverse(&weights, &eigen, ROUNDING),
            robust: pseudo_inverse(&weights, &eigen, ILL_CONDITIONED),
            filter_sums: bank.outer_iter().map(|filter| filter.sum()).collect(),
            first_bin,
            bin_sums,
            updates,
            scratch: Scratch {
                exact: vec![0.0; used],
                robust: vec![0.0; used],
                bands: vec![0.0; count],
                wanted: vec![0.0; bins],
                got: vec![0.0; bins],
            },
            filters,
        }
    }

    /// A non-negative spectrum whose bands approximate `values`; zero where there is no filter.
    ///
    /// # Shapes
    /// `values`: `[bands]`; `spectrum`: `[bins]`.
    pub fn invert(&mut self, values: &[f32], spectrum: &mut [f32]) {
        self.start(values, spectrum);
        let Scratch { bands, wanted, got, .. } = &mut self.scratch;
        // Lee and Seung: x ← x · (Wᵀ b) / (Wᵀ W x), elementwise; the numerator is constant.
        self.filters.spread(values, wanted);
        for _ in 0..self.updates {
            // W x, then Wᵀ W x: [bins] to [bands] and back
            self.filters.apply(spectrum, bands);
            self.filters.spread(bands, got);
            for ((value, want), have) in spectrum.iter_mut().zip(&*wanted).zip(&*got) {
                if *have > f32::MIN_POSITIVE {
                    *value *= want / have;
                }
            }
        }
    }

    /// Initial spectrum: the better pseudo-inverse, clipped to a small positive minimum.
    fn start(&mut self, values: &[f32], spectrum: &mut [f32]) {
        let Scratch { exact, robust, bands, .. } = &mut self.scratch;
        let clipped_exact = product(&self.exact, values, exact);
        let clipped_robust = product(&self.robust, values, robust);
        let start = if clipped_exact <= CLIPPING_RATIO * clipped_robust { exact } else { robust };
        // Minimum: START_FLOOR times each bin's weighted mean of the levels (band / sum of its filter's weights)
        for ((level, band), sum) in bands.iter_mut().zip(values).zip(&self.filter_sums) {
            *level = if *sum > 0.0 { band / sum } else { 0.0 };
        }
        self.filters.spread(bands, spectrum);
        for (value, sum) in spectrum.iter_mut().zip(&self.bin_sums) {
            *value = if *sum > 0.0 { START_FLOOR * *value / sum } else { 0.0 };
        }
        // The pseudo-inverse wherever it exceeds the minimum, which also clips negative values
        for (value, found) in spectrum.iter_mut().skip(self.first_bin).zip(start) {
            *value = value.max(*found as f32);
        }
    }
}

/// `Wᵀ (W Wᵀ)⁻¹`, `[bins, bands]` row after row, restricted to directions whose squared singular value exceeds
/// `least` times the largest.
fn pseudo_inverse(
    weights: &DMatrix<f64>,
    eigen: &SymmetricEigen<f64, nalgebra::Dyn>,
    least: f64,
) -> Vec<f64> {
    let least = eigen.eigenvalues.max() * least;
    // Inverse eigenvalues, 0 for the directions to leave out
    let reciprocal = eigen.eigenvalues.map(|value| if value > least { value.recip() } else { 0.0 });
    let inverse = &eigen.eigenvectors * DMatrix::from_diagonal(&reciprocal) * eigen.eigenvectors.transpose();
    // nalgebra stores matrices column by column, so this is the transpose row by row.
    (inverse * weights).iter().copied().collect()
}

/// `out = matrix · bands`, `[bins, bands] x [bands]`; returns the sum of the negative part.
fn product(matrix: &[f64], bands: &[f32], out: &mut [f64]) -> f64 {
    let mut below = 0.0;
    for (value, row) in out.iter_mut().zip(matrix.chunks_exact(bands.len().max(1))) {
        *value = row.iter().zip(bands).map(|(weight, band)| weight * f64::from(*band)).sum();
        below -= value.min(0.0);
    }
    below
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::mel;

    fn filters() -> FilterBank {
        mel::filters(44_100, 1024, 80, 0.0, 8000.0)
    }

    fn filtered(spectrum: &[f32]) -> Vec<f32> {
        let mut mels = vec![0.0; 80];
        filters().apply(spectrum, &mut mels);
        mels
    }

    fn relative_error(found: &[f32], wanted: &[f32]) -> f32 {
        let error: f32 = found.iter().zip(wanted).map(|(a, b)| (a - b).powi(2)).sum();
        let norm: f32 = wanted.iter().map(|value| value * value).sum();
        (error / norm).sqrt()
    }

    #[test]
    fn the_spectrum_found_has_the_bands_that_were_asked_for() {
        let spectrum: Vec<f32> = (0..513).map(|n| 1.0 + (n as f32 * 0.2).sin()).collect();
        let mels = filtered(&spectrum);
        let mut found = vec![0.0; 513];
        BankInverse::new(filters(), MEL_UPDATES).invert(&mels, &mut found);
        assert!(relative_error(&filtered(&found), &mels) < 1e-4);
        assert!(found.iter().all(|value| *value >= 0.0));
        let highest = (8000.0_f32 / (44_100.0 / 1024.0)) as usize;
        assert!(found[highest + 1..].iter().all(|value| *value == 0.0), "no filter reaches there");
    }

    #[test]
    fn a_smooth_spectrum_comes_back_and_slightly_wrong_bands_do_no_harm() {
        // No filter covers 0 Hz or frequencies above 8 kHz.
        let spectrum: Vec<f32> =
            (0..513).map(|n| if (1..180).contains(&n) { (-(n as f32) / 40.0).exp() } else { 0.0 }).collect();
        let mels = filtered(&spectrum);
        let mut inverse = BankInverse::new(filters(), MEL_UPDATES);
        let mut found = vec![0.0; 513];
        inverse.invert(&mels, &mut found);
        let exact = relative_error(&found, &spectrum);
        let wrong: Vec<f32> =
            mels.iter().enumerate().map(|(n, mel)| mel * if n % 3 == 0 { 1.03 } else { 0.98 }).collect();
        inverse.invert(&wrong, &mut found);
        let disturbed = relative_error(&found, &spectrum);
        println!("exact {exact}, disturbed {disturbed}");
        assert!(exact < 0.01, "{exact}");
        assert!(disturbed < 0.05, "{disturbed}");
    }

    #[test]
    fn silence_and_banks_with_empty_filters_give_numbers() {
        let mut inverse = BankInverse::new(mel::filters(22_050, 256, 128, 20.0, 8000.0), MEL_UPDATES);
        let mut found = vec![1.0; 129];
        inverse.invert(&[0.0; 128], &mut found);
        assert!(found.iter().all(|value| *value == 0.0));
        inverse.invert(&[1.0; 128], &mut found);
        assert!(found.iter().all(|value| value.is_finite() && *value >= 0.0));
    }
}

//! Triangular filters whose centres are equal ratios apart, as notes are: rows like those of a constant-Q transform, made from
//! the frames of one short-time Fourier transform.
//!
//! Centres are those of `librosa.cqt_frequencies`. Each triangle reaches to its neighbours' centres, but at least one bin to
//! either side (as in Ellis's `logfsgram`, 2004): where rows are closer together than bins it interpolates between two bins,
//! so that no row is empty. The weights of a row add up to 1: a row is a weighted mean of magnitudes.

use ndarray::Array2;

use super::filter_bank::{FilterBank, triangle};

/// Rows at equal ratios.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogFrequencyScale {
    /// Number of rows.
    pub rows: usize,
    /// Rows an octave.
    pub per_octave: usize,
    /// Centre of the lowest row, in Hz.
    pub min_hz: f64,
}

impl LogFrequencyScale {
    /// Centre of a row, in Hz.
    pub fn centre_hz(&self, row: usize) -> f64 {
        self.hz(row as f64)
    }

    /// The frequency at `row`, in Hz; whole numbers are the centres of rows.
    pub fn hz(&self, row: f64) -> f64 {
        self.min_hz * (row / self.rows_an_octave()).exp2()
    }

    /// The row at `hz`; whole numbers are the centres of rows.
    pub fn row(&self, hz: f64) -> f64 {
        (hz / self.min_hz).log2() * self.rows_an_octave()
    }

    fn rows_an_octave(&self) -> f64 {
        self.per_octave.max(1) as f64
    }

    /// Most rows whose centres are not above `max_hz`.
    pub fn rows_up_to(&self, max_hz: f64) -> usize {
        let last = self.row(max_hz);
        // NaN is no row. The least bit more, so that a limit that is itself a centre counts.
        let has_rows = last >= 0.0;
        if has_rows { ((last + 1e-9) as usize).saturating_add(1) } else { 0 }
    }

    /// Where each row's triangle begins, peaks and ends, in Hz, for bins `bin_hz` apart.
    pub fn triangles(&self, bin_hz: f64) -> Vec<[f64; 3]> {
        let step = (1.0 / self.rows_an_octave()).exp2();
        let triangle = |row| {
            let centre = self.centre_hz(row);
            [(centre / step).min(centre - bin_hz), centre, (centre * step).max(centre + bin_hz)]
        };
        (0..self.rows).map(triangle).collect()
    }

    /// The filters for frames of `frame_size` samples at `sample_rate_hz`.
    ///
    /// ```
    /// use timbrespace_signal::dsp::log_frequency::LogFrequencyScale;
    ///
    /// // Two octaves of semitones from A4 on.
    /// let scale = LogFrequencyScale { rows: 25, per_octave: 12, min_hz: 440.0 };
    /// assert_eq!(scale.centre_hz(12), 880.0);
    /// let bank = scale.filters(22_050, 2048);
    /// assert_eq!(bank.weights().dim(), (25, 1025));
    /// assert!((bank.weights().row(12).sum() - 1.0).abs() < 1e-6);
    /// ```
    pub fn filters(&self, sample_rate_hz: u32, frame_size: usize) -> FilterBank {
        let bin_hz = f64::from(sample_rate_hz) / frame_size as f64;
        let mut weights = Array2::zeros((self.rows, frame_size / 2 + 1));
        for (mut filter, edges) in weights.outer_iter_mut().zip(self.triangles(bin_hz)) {
            let heights: Vec<f64> =
                (0..filter.len()).map(|bin| triangle(edges, bin as f64 * bin_hz)).collect();
            let sum: f64 = heights.iter().sum();
            for (weight, height) in filter.iter_mut().zip(heights) {
                *weight = if sum > 0.0 { (height / sum) as f32 } else { 0.0 };
            }
        }
        FilterBank::new(weights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: LogFrequencyScale = LogFrequencyScale { rows: 192, per_octave: 24, min_hz: 32.703 };

    #[test]
    fn senseless_settings_give_a_number_of_rows_and_no_panic() {
        let rows =
            |min_hz, per_octave| LogFrequencyScale { per_octave, min_hz, ..SCALE }.rows_up_to(11_025.0);
        assert_eq!(rows(0.0, 24), usize::MAX);
        assert_eq!(rows(32.703, usize::MAX), usize::MAX);
        assert_eq!([rows(f64::NAN, 24), rows(-1.0, 24), rows(22_050.0, 24)], [0, 0, 0]);
    }

    #[test]
    fn an_octave_is_as_many_rows_everywhere() {
        for row in [0, 50, 100, 168] {
            let ratio = SCALE.centre_hz(row + 24) / SCALE.centre_hz(row);
            assert!((ratio - 2.0).abs() < 1e-12, "{ratio}");
        }
        // librosa.cqt_frequencies(192, fmin=32.703, bins_per_octave=24)[[45, 191]]
        assert!((SCALE.centre_hz(45) - 119.955_133).abs() < 1e-5, "{}", SCALE.centre_hz(45));
        assert!((SCALE.centre_hz(191) - 8_133.634_322).abs() < 1e-5, "{}", SCALE.centre_hz(191));
    }

    #[test]
    fn rows_end_at_the_limit() {
        assert_eq!(SCALE.rows_up_to(11_025.0), 202);
        assert!(SCALE.centre_hz(201) <= 11_025.0 && SCALE.centre_hz(202) > 11_025.0);
        assert_eq!(SCALE.rows_up_to(2.0 * 32.703), 25);
        assert_eq!(SCALE.rows_up_to(30.0), 0);
    }

    #[test]
    fn every_row_is_a_mean_of_at_least_one_bin_even_where_rows_are_closer_than_bins() {
        for (rate, frame) in [(22_050, 2048), (22_050, 512), (22_050, 16)] {
            let bank = SCALE.filters(rate, frame);
            for (row, filter) in bank.weights().outer_iter().enumerate() {
                assert!((filter.sum() - 1.0).abs() < 1e-5, "{rate} {frame} {row}: {}", filter.sum());
                assert!(filter.iter().all(|weight| *weight >= 0.0));
            }
        }
    }
}

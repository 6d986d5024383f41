//! The frequencies of an image's rows.

use crate::dsp::frequency_scale::FrequencyScale;

/// Rows that lie equally far apart on a scale of frequencies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowAxis {
    /// The scale.
    pub scale: FrequencyScale,
    /// Position on it of the middle of row 0.
    first: f64,
    /// Distance of two rows on it.
    step: f64,
}

impl RowAxis {
    /// Equally spaced frequencies from 0, in Hz.
    pub fn linear(hz_per_row: f64) -> Self {
        Self { scale: FrequencyScale::Linear, first: 0.0, step: hz_per_row }
    }

    /// The centres of `bands` mel bands, of which the highest ends at `max_hz`.
    pub fn mel(bands: usize, max_hz: f64) -> Self {
        let scale = FrequencyScale::Mel;
        let step = scale.position(max_hz) / (bands as f64 + 1.0);
        Self { scale, first: step, step }
    }

    /// Rows at equal ratios from `min_hz`.
    pub fn geometric(min_hz: f64, per_octave: usize) -> Self {
        let scale = FrequencyScale::Log;
        let first = scale.position_above(min_hz, f64::MIN_POSITIVE);
        Self { scale, first, step: 1.0 / per_octave.max(1) as f64 }
    }

    /// The frequency at row `row`, in Hz; whole numbers are the middles of rows.
    pub fn hz(&self, row: f64) -> f64 {
        self.scale.hz(self.first + row * self.step)
    }

    /// The row at `hz`; whole numbers are the middles of rows. Rows at equal ratios never reach 0 Hz: frequencies more than one row
    /// below the lowest row give −1, which is no row.
    pub fn row(&self, hz: f64) -> f64 {
        (self.scale.position_above(hz, self.hz(-1.0)) - self.first) / self.step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_frequencies_lead_to_each_other() {
        for axis in [RowAxis::linear(43.066), RowAxis::mel(80, 8000.0), RowAxis::geometric(32.703, 24)] {
            for row in [0.0, 0.5, 17.0, 79.25] {
                assert!((axis.row(axis.hz(row)) - row).abs() < 1e-9, "{axis:?} {row}");
            }
        }
        let octaves = RowAxis::geometric(55.0, 12);
        assert!((octaves.hz(24.0) - 220.0).abs() < 1e-9);
        assert!((octaves.hz(-0.5) - 53.434).abs() < 1e-3, "half a semitone below A1");
    }

    #[test]
    fn rows_below_the_lowest_frequency_of_drawn_axes_have_their_frequencies() {
        let lowest = RowAxis::geometric(10.0, 24);
        assert!((lowest.row(lowest.hz(-0.5)) + 0.5).abs() < 1e-9);
        let deeper = RowAxis::geometric(2.5, 12);
        assert!((deeper.hz(0.0) - 2.5).abs() < 1e-12 && (deeper.hz(12.0) - 5.0).abs() < 1e-12);
        assert!((deeper.row(5.0) - 12.0).abs() < 1e-9);
        for axis in [lowest, deeper] {
            assert!((axis.row(0.0) + 1.0).abs() < 1e-9, "{axis:?}");
        }
    }
}

//! The frequencies of an image's rows.

use crate::dsp::{frequency_scale::FrequencyScale, log_frequency::LogFrequencyScale};

/// Rows that lie equally far apart on a scale of frequencies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowAxis {
    /// The scale.
    pub scale: FrequencyScale,
    rows: Rows,
}

/// Where the rows lie.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rows {
    /// Equally far apart on the scale.
    Equal {
        /// Position of the middle of row 0.
        first: f64,
        /// Distance of two rows.
        step: f64,
    },
    /// At equal ratios.
    Ratios(LogFrequencyScale),
}

impl RowAxis {
    /// Equally spaced frequencies from 0, in Hz.
    pub fn linear(hz_per_row: f64) -> Self {
        Self { scale: FrequencyScale::Linear, rows: Rows::Equal { first: 0.0, step: hz_per_row } }
    }

    /// The centres of `bands` mel bands, of which the highest ends at `max_hz`.
    pub fn mel(bands: usize, max_hz: f64) -> Self {
        let scale = FrequencyScale::Mel;
        let step = scale.position(max_hz) / (bands as f64 + 1.0);
        Self { scale, rows: Rows::Equal { first: step, step } }
    }

    /// Rows at equal ratios.
    pub fn geometric(rows: LogFrequencyScale) -> Self {
        Self { scale: FrequencyScale::Log, rows: Rows::Ratios(rows) }
    }

    /// The frequency at row `row`, in Hz; whole numbers are the middles of rows.
    pub fn hz(&self, row: f64) -> f64 {
        match self.rows {
            Rows::Equal { first, step } => self.scale.hz(first + row * step),
            Rows::Ratios(rows) => rows.hz(row),
        }
    }

    /// The row at `hz`; whole numbers are the middles of rows. Rows at equal ratios never reach 0 Hz: frequencies more than one row
    /// below the lowest row give −1, which is no row.
    pub fn row(&self, hz: f64) -> f64 {
        match self.rows {
            Rows::Equal { first, step } => (self.scale.position(hz) - first) / step,
            Rows::Ratios(rows) => rows.row(hz).max(-1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn geometric(min_hz: f64, per_octave: usize) -> RowAxis {
        RowAxis::geometric(LogFrequencyScale { rows: 192, per_octave, min_hz })
    }

    #[test]
    fn rows_and_frequencies_lead_to_each_other() {
        for axis in [RowAxis::linear(43.066), RowAxis::mel(80, 8000.0), geometric(32.703, 24)] {
            for row in [0.0, 0.5, 17.0, 79.25] {
                assert!((axis.row(axis.hz(row)) - row).abs() < 1e-9, "{axis:?} {row}");
            }
        }
        let octaves = geometric(55.0, 12);
        assert!((octaves.hz(24.0) - 220.0).abs() < 1e-9);
        assert!((octaves.hz(-0.5) - 53.434).abs() < 1e-3, "half a semitone below A1");
    }

    #[test]
    fn rows_below_the_lowest_frequency_of_drawn_axes_have_their_frequencies() {
        let lowest = geometric(10.0, 24);
        assert!((lowest.row(lowest.hz(-0.5)) + 0.5).abs() < 1e-9);
        let deeper = geometric(2.5, 12);
        assert!((deeper.hz(0.0) - 2.5).abs() < 1e-12 && (deeper.hz(12.0) - 5.0).abs() < 1e-12);
        assert!((deeper.row(5.0) - 12.0).abs() < 1e-9);
        for axis in [lowest, deeper] {
            assert!((axis.row(0.0) + 1.0).abs() < 1e-9, "{axis:?}");
        }
    }
}

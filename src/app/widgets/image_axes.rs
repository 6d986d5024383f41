//! Where the cells of an image lie in time and frequency.

use crate::{
    dsp::mel::{hz_from_mel, mel_from_hz},
    pipeline::config::{Feature, PreprocessingConfig},
};

/// What the rows of an image are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rows {
    /// Equally spaced frequencies from 0.
    Bins {
        /// Distance of two bins.
        hz_per_bin: f64,
    },
    /// Mel bands.
    Mels {
        /// Bands.
        bands: usize,
        /// Upper edge of the highest.
        max_hz: f64,
    },
}

/// The axes of an image, `[bins, frames]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImageAxes {
    /// Rows.
    pub bins: usize,
    /// Columns.
    pub frames: usize,
    /// Seconds from one frame to the next.
    pub secs_per_frame: f64,
    /// Seconds at the middle of frame 0.
    pub first_frame_secs: f64,
    /// What the rows are.
    pub rows: Rows,
}

/// A cell under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Row.
    pub bin: usize,
    /// Column.
    pub frame: usize,
    /// Frequency at the middle of the row.
    pub hz: f64,
}

impl ImageAxes {
    /// Axes of a linear-frequency image made with `config`.
    pub fn linear(config: &PreprocessingConfig, (bins, frames): (usize, usize)) -> Self {
        let hz_per_bin = f64::from(config.sample_rate_hz) / config.frame_size.max(1) as f64;
        Self::with_rows(config, (bins, frames), Rows::Bins { hz_per_bin })
    }

    /// Axes of the feature that `config` asks for.
    pub fn feature(config: &PreprocessingConfig, (bins, frames): (usize, usize)) -> Self {
        match config.feature {
            Feature::LogSpectrogram => Self::linear(config, (bins, frames)),
            Feature::LogMel => {
                let max_hz = f64::from(config.mel_max_hz);
                Self::with_rows(config, (bins, frames), Rows::Mels { bands: bins, max_hz })
            }
        }
    }

    fn with_rows(config: &PreprocessingConfig, (bins, frames): (usize, usize), rows: Rows) -> Self {
        let rate = f64::from(config.sample_rate_hz.max(1));
        let secs_per_frame = config.hop_length as f64 / rate;
        // Frames of the log spectrogram are centred on multiples of the hop; HiFi-GAN's padding puts its frames half a hop later.
        let first_frame_secs = match config.feature {
            Feature::LogSpectrogram => 0.0,
            Feature::LogMel => secs_per_frame / 2.0,
        };
        Self { bins, frames, secs_per_frame, first_frame_secs, rows }
    }

    /// Left and right edge of the image in seconds: half a hop around the middle of its frames.
    pub fn time_edges(&self) -> (f64, f64) {
        let left = self.first_frame_secs - self.secs_per_frame / 2.0;
        (left, left + self.frames as f64 * self.secs_per_frame)
    }

    /// Lower and upper edge of the image on the vertical axis, in the axis's unit (Hz, or bands).
    pub fn row_edges(&self) -> (f64, f64) {
        let unit = match self.rows {
            Rows::Bins { hz_per_bin } => hz_per_bin,
            Rows::Mels { .. } => 1.0,
        };
        (-0.5 * unit, (self.bins as f64 - 0.5) * unit)
    }

    /// The cell at `(seconds, vertical)`, or `None` outside the image.
    pub fn cell(&self, secs: f64, vertical: f64) -> Option<Cell> {
        let (left, right) = self.time_edges();
        let (low, high) = self.row_edges();
        if !(left..right).contains(&secs) || !(low..high).contains(&vertical) {
            return None;
        }
        let frame = ((secs - left) / self.secs_per_frame) as usize;
        let bin = ((vertical - low) / (high - low) * self.bins as f64) as usize;
        let (bin, frame) = (bin.min(self.bins - 1), frame.min(self.frames - 1));
        Some(Cell { bin, frame, hz: self.hz(bin) })
    }

    /// Frequency at the middle of row `bin`.
    pub fn hz(&self, bin: usize) -> f64 {
        match self.rows {
            Rows::Bins { hz_per_bin } => bin as f64 * hz_per_bin,
            Rows::Mels { bands, max_hz } => {
                let step = mel_from_hz(max_hz) / (bands + 1) as f64;
                hz_from_mel((bin + 1) as f64 * step)
            }
        }
    }

    /// Title of the vertical axis.
    pub fn row_label(&self) -> &'static str {
        match self.rows {
            Rows::Bins { .. } => "Frequency (kHz)",
            Rows::Mels { .. } => "Mel band",
        }
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_abs_diff_eq;

    use super::*;

    #[test]
    fn frames_are_centred_on_multiples_of_the_hop() {
        let axes = ImageAxes::linear(&PreprocessingConfig::default(), (256, 64));
        let (left, right) = axes.time_edges();
        assert_abs_diff_eq!(left, -128.0 / 22_050.0, epsilon = 1e-12);
        assert_abs_diff_eq!(right, 63.5 * 256.0 / 22_050.0, epsilon = 1e-12);
        let cell = axes.cell(10.0 * 256.0 / 22_050.0, 1000.0).unwrap();
        assert_eq!((cell.bin, cell.frame), (23, 10));
        assert_abs_diff_eq!(cell.hz, 23.0 * 22_050.0 / 512.0, epsilon = 1e-9);
        assert_eq!(axes.cell(-0.1, 0.0), None);
        assert_eq!(axes.cell(0.1, 12_000.0), None);
    }

    #[test]
    fn mel_bands_have_librosas_centres() {
        // librosa.mel_frequencies(82, fmin=0, fmax=8000)[[1, 40, 80]]
        let axes = ImageAxes::feature(&PreprocessingConfig::log_mel(), (80, 100));
        assert_abs_diff_eq!(axes.hz(0), 37.239_210, epsilon = 1e-5);
        assert_abs_diff_eq!(axes.hz(39), 1_656.787_483, epsilon = 1e-5);
        assert_abs_diff_eq!(axes.hz(79), 7_698.593_218, epsilon = 1e-5);
    }
}

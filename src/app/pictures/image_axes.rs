//! The time and frequency axes of an image: which cell lies where.

use crate::{
    dsp::{frequency_scale::FrequencyScale, stft::Framing},
    pipeline::{
        config::PreprocessingConfig,
        feature::{Feature, LOG_SPECTROGRAM, axis::RowAxis},
    },
};

/// Largest number of rows of an image that is resampled to another frequency scale.
const MAX_ROWS: usize = 768;

/// The axes of an image, `[bins, columns]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImageAxes {
    /// Rows.
    pub bins: usize,
    /// Columns.
    pub columns: usize,
    /// Seconds from one frame to the next.
    pub secs_per_frame: f64,
    /// Seconds at the middle of frame 0.
    pub first_frame_secs: f64,
    /// The frame of the first column: above 0 when the image is a part of a long sound.
    pub first_frame: usize,
    /// Frames per column; a column shows their largest values. Above 1 when a long sound is zoomed out.
    pub frames_per_column: usize,
    /// The frequencies of the rows.
    pub rows: RowAxis,
    /// What the rows show.
    pub feature: Feature,
}

/// A cell under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Row.
    pub bin: usize,
    /// Column of the image.
    pub column: usize,
    /// Frame of the sound that the column begins with.
    pub frame: usize,
    /// Frequency at the middle of the row.
    pub hz: f64,
}

impl ImageAxes {
    /// Axes of a linear-frequency image made with `config`.
    pub fn linear(config: &PreprocessingConfig, size: (usize, usize)) -> Self {
        Self::with_rows(config, size, LOG_SPECTROGRAM)
    }

    /// Axes of the feature of `config`.
    pub fn feature(config: &PreprocessingConfig, size: (usize, usize)) -> Self {
        Self::with_rows(config, size, config.feature)
    }

    fn with_rows(config: &PreprocessingConfig, (bins, columns): (usize, usize), feature: Feature) -> Self {
        let rate = f64::from(config.sample_rate_hz.max(1));
        let secs_per_frame = config.hop_length as f64 / rate;
        // Centred frames lie on multiples of the hop; HiFi-GAN's padding puts its frames half a hop later.
        let first_frame_secs = match config.framing() {
            Framing::Centred => 0.0,
            Framing::Inside => secs_per_frame / 2.0,
        };
        Self {
            bins,
            columns,
            secs_per_frame,
            first_frame_secs,
            first_frame: 0,
            frames_per_column: 1,
            rows: feature.axis(config),
            feature,
        }
    }

    /// The axes of a part of a long sound that starts at `first_frame`.
    #[must_use]
    pub fn part(self, first_frame: usize, frames_per_column: usize) -> Self {
        Self { first_frame, frames_per_column: frames_per_column.max(1), ..self }
    }

    /// Left and right edge of the image in seconds: half a hop around the middle of its frames.
    pub fn time_edges(&self) -> (f64, f64) {
        let left = self.first_frame_secs + (self.first_frame as f64 - 0.5) * self.secs_per_frame;
        (left, left + (self.columns * self.frames_per_column) as f64 * self.secs_per_frame)
    }

    /// Lowest and highest frequency of the image, in Hz: the outer edges of its rows, not below 0.
    pub fn hz_edges(&self) -> (f64, f64) {
        (self.rows.hz(-0.5).max(0.0), self.rows.hz(self.bins as f64 - 0.5))
    }

    /// The cell at `secs` and `hz`, or `None` outside the image.
    pub fn cell(&self, secs: f64, hz: f64) -> Option<Cell> {
        let column = self.column(secs)?;
        let bin = (self.rows.row(hz) + 0.5).floor();
        if !(0.0..self.bins as f64).contains(&bin) {
            return None;
        }
        let bin = bin as usize;
        Some(Cell {
            bin,
            column,
            frame: self.first_frame + column * self.frames_per_column,
            hz: self.hz(bin),
        })
    }

    /// The column at `secs`.
    pub fn column(&self, secs: f64) -> Option<usize> {
        let (left, right) = self.time_edges();
        if !(left..right).contains(&secs) {
            return None;
        }
        let column = (secs - left) / (self.secs_per_frame * self.frames_per_column as f64);
        Some((column as usize).min(self.columns.saturating_sub(1)))
    }

    /// Seconds at the middle of frame `frame`.
    pub fn frame_secs(&self, frame: usize) -> f64 {
        self.first_frame_secs + frame as f64 * self.secs_per_frame
    }

    /// Frequency at the middle of row `bin`.
    pub fn hz(&self, bin: usize) -> f64 {
        self.rows.hz(bin as f64)
    }

    /// For every row of the image resampled to `scale`, from the top: the range of image rows that it shows, first and
    /// one past the last. `None` when no resampling is needed.
    pub fn picture_rows(&self, scale: FrequencyScale) -> Option<Vec<(usize, usize)>> {
        if self.rows.scale == scale || self.bins == 0 {
            return None;
        }
        let (low, high) = self.hz_edges();
        let (low, high) = (scale.position(low), scale.position(high));
        let count = (2 * self.bins).clamp(1, MAX_ROWS.max(self.bins));
        // A little more, because the round trip through the frequency scale loses the last digits.
        let row_at = |part: f64| (self.rows.row(scale.hz(low + (high - low) * part)) + 0.5 + 1e-6).max(0.0);
        let rows = (0..count).rev().map(|row| {
            let (from, to) = (row_at(row as f64 / count as f64), row_at((row + 1) as f64 / count as f64));
            let first = (from as usize).min(self.bins - 1);
            // A cell on the border of two rows goes to the next one, unless this one would be empty.
            (first, (to as usize).clamp(first + 1, self.bins))
        });
        Some(rows.collect())
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_abs_diff_eq;

    use super::*;
    use crate::pipeline::feature::LOG_FREQUENCY;

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
        assert_abs_diff_eq!(axes.frame_secs(10), 10.0 * 256.0 / 22_050.0, epsilon = 1e-12);
    }

    #[test]
    fn a_part_of_a_long_sound_counts_the_sounds_frames() {
        let axes = ImageAxes::linear(&PreprocessingConfig::default(), (256, 2048)).part(1000, 4);
        let hop = 256.0 / 22_050.0;
        assert_abs_diff_eq!(axes.time_edges().0, 999.5 * hop, epsilon = 1e-9);
        let cell = axes.cell(1009.6 * hop, 0.0).unwrap();
        assert_eq!((cell.column, cell.frame), (2, 1008));
        assert_eq!(axes.cell(999.0 * hop, 0.0), None);
    }

    #[test]
    fn mel_bands_have_librosas_centres() {
        // librosa.mel_frequencies(82, fmin=0, fmax=8000)[[1, 40, 80]]
        let axes = ImageAxes::feature(&PreprocessingConfig::log_mel(), (80, 100));
        assert_abs_diff_eq!(axes.hz(0), 37.239_210, epsilon = 1e-5);
        assert_abs_diff_eq!(axes.hz(39), 1_656.787_483, epsilon = 1e-5);
        assert_abs_diff_eq!(axes.hz(79), 7_698.593_218, epsilon = 1e-5);
        assert_eq!(axes.cell(0.1, 1650.0).unwrap().bin, 39);
    }

    #[test]
    fn log_frequency_rows_have_librosas_centres() {
        // librosa.cqt_frequencies(192, fmin=32.703, bins_per_octave=24)[[0, 45, 191]]
        let config = LOG_FREQUENCY.defaults();
        let axes = ImageAxes::feature(&config, (192, 64));
        assert_abs_diff_eq!(axes.hz(0), 32.703, epsilon = 1e-5);
        assert_abs_diff_eq!(axes.hz(45), 119.955_133, epsilon = 1e-4);
        assert_abs_diff_eq!(axes.hz(191), 8_133.634_322, epsilon = 1e-2);
        assert_eq!(axes.cell(0.1, 440.0).unwrap().bin, 90);
        assert_eq!(axes.time_edges().0, -128.0 / 22_050.0);
    }

    #[test]
    fn a_picture_in_another_spacing_shows_every_row_of_the_image() {
        for feature in Feature::ALL {
            for scale in FrequencyScale::ALL {
                // Eighty rows of an image of more would end elsewhere.
                let config = PreprocessingConfig { mel_bands: 80, log_bands: 80, ..feature.defaults() };
                let axes = ImageAxes::feature(&config, (80, 10));
                let Some(rows) = axes.picture_rows(scale) else { continue };
                let mut next = 0;
                for &(first, after) in rows.iter().rev() {
                    assert!(first <= next && after > first, "{scale:?}: {first}..{after}, {next}");
                    next = next.max(after);
                }
                assert_eq!(next, 80);
            }
        }
    }
}

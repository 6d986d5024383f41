//! Third stage: a padded signal to an image.

use ndarray::{Array2, s};
use rustfft::num_complex::Complex32;

use super::config::{Feature, PreprocessingConfig};
use crate::dsp::{
    decibel,
    mel::MelFilters,
    pad::{Extension, pad_into},
    stft::Stft,
};

/// Everything on the way from signal to feature.
#[derive(Clone, Debug)]
pub struct Extracted {
    /// Short-time Fourier transform, `[frame_size / 2 + 1, frames]`.
    pub stft: Array2<Complex32>,
    /// Its magnitude without the Nyquist row, `[bins, frames]`.
    pub magnitude: Array2<f32>,
    /// The feature, `[bins, frames]` or `[mels, frames]`.
    pub feature: Array2<f32>,
}

/// Computes a feature; each thread works with a copy of its own, which may keep scratch between calls.
pub trait Extractor: Send + Sync {
    /// The feature of a padded signal, `[bins, frames]`.
    fn extract(&mut self, padded: &[f32]) -> Array2<f32>;

    /// The feature and what it was made from.
    fn extract_stages(&mut self, padded: &[f32]) -> Extracted;

    /// `(bins, frames)` of the feature of a padded signal of `padded_len` samples.
    fn image_shape(&self, padded_len: usize) -> (usize, usize);

    /// A copy for another thread; plans and filters may be shared.
    fn worker(&self) -> Box<dyn Extractor>;
}

/// The extractor that `config` asks for.
pub fn standard(config: &PreprocessingConfig) -> Box<dyn Extractor> {
    match config.feature {
        Feature::LogSpectrogram => Box::new(LogSpectrogramExtractor::new(config)),
        Feature::LogMel => Box::new(LogMelExtractor::new(config)),
    }
}

/// Bins whose magnitudes are taken together: a cache line of spectra a frame.
const BINS_AT_ONCE: usize = 8;

/// The magnitude spectrogram in decibels, without its Nyquist row.
#[derive(Clone)]
pub struct LogSpectrogramExtractor {
    config: PreprocessingConfig,
    stft: Stft,
    spectra: Array2<Complex32>,
}

impl LogSpectrogramExtractor {
    /// An extractor with the settings of `config`.
    pub fn new(config: &PreprocessingConfig) -> Self {
        Self {
            config: config.clone(),
            stft: Stft::new(config.frame_size, config.hop_length, config.framing()),
            spectra: Array2::default((0, 0)),
        }
    }

    /// The magnitude of the last transform, `[bins, frames]`.
    fn magnitude(&self) -> Array2<f32> {
        let bins = self.spectra.ncols().saturating_sub(1);
        let mut magnitude = Array2::zeros((bins, self.spectra.nrows()));
        // Some bins at a time, so that the rows that are written and the frames that are read stay in the cache.
        for start in (0..bins).step_by(BINS_AT_ONCE) {
            let end = bins.min(start + BINS_AT_ONCE);
            let spectra = self.spectra.slice(s![.., start..end]);
            for (mut column, frame) in
                magnitude.slice_mut(s![start..end, ..]).columns_mut().into_iter().zip(spectra.rows())
            {
                column.zip_mut_with(&frame, |m, value: &Complex32| *m = value.norm_sqr().sqrt());
            }
        }
        magnitude
    }

    fn log_db(&self, mut magnitude: Array2<f32>) -> Array2<f32> {
        if let Some(values) = magnitude.as_slice_mut() {
            decibel::amplitude_to_db(values, self.config.top_db);
        }
        magnitude
    }
}

impl Extractor for LogSpectrogramExtractor {
    fn extract(&mut self, padded: &[f32]) -> Array2<f32> {
        self.stft.forward_into(padded, &mut self.spectra);
        self.log_db(self.magnitude())
    }

    fn extract_stages(&mut self, padded: &[f32]) -> Extracted {
        self.stft.forward_into(padded, &mut self.spectra);
        let magnitude = self.magnitude();
        Extracted {
            stft: self.spectra.t().as_standard_layout().into_owned(),
            feature: self.log_db(magnitude.clone()),
            magnitude,
        }
    }

    fn image_shape(&self, padded_len: usize) -> (usize, usize) {
        self.config.image_shape_of(padded_len)
    }

    fn worker(&self) -> Box<dyn Extractor> {
        Box::new(self.clone())
    }
}

/// Added to the power before its root, as HiFi-GAN does.
const POWER_OFFSET: f32 = 1e-9;
/// Mel values below this count as this before the logarithm, as in HiFi-GAN.
pub const SMALLEST_MEL: f32 = 1e-5;

/// HiFi-GAN's natural-log mel spectrogram (Kong, Kim and Bae, 2020).
#[derive(Clone)]
pub struct LogMelExtractor {
    linear: LogSpectrogramExtractor,
    filters: MelFilters,
    /// The signal with its reflected ends.
    reflected: Vec<f32>,
    /// One frame's magnitude.
    magnitude: Vec<f32>,
    /// One frame's bands.
    mels: Vec<f32>,
}

impl LogMelExtractor {
    /// An extractor with the settings of `config`.
    pub fn new(config: &PreprocessingConfig) -> Self {
        let linear = LogSpectrogramExtractor::new(config);
        Self {
            filters: mel_filters(config),
            reflected: Vec::new(),
            magnitude: vec![0.0; linear.stft.bins()],
            mels: vec![0.0; config.mel_bands],
            linear,
        }
    }

    fn transform(&mut self, padded: &[f32]) {
        let margin = self.linear.config.reflect_margin();
        pad_into(padded, (margin, margin), Extension::Reflect, &mut self.reflected);
        self.linear.stft.forward_into(&self.reflected, &mut self.linear.spectra);
    }

    fn log_mel(&mut self) -> Array2<f32> {
        let spectra = &self.linear.spectra;
        let mut feature = Array2::zeros((self.mels.len(), spectra.nrows()));
        for (mut column, row) in feature.columns_mut().into_iter().zip(spectra.outer_iter()) {
            for (target, value) in self.magnitude.iter_mut().zip(row) {
                *target = (value.norm_sqr() + POWER_OFFSET).sqrt();
            }
            self.filters.apply(&self.magnitude, &mut self.mels);
            for (target, mel) in column.iter_mut().zip(&self.mels) {
                *target = mel.max(SMALLEST_MEL).ln();
            }
        }
        feature
    }
}

/// The mel filters that `config` describes.
pub(super) fn mel_filters(config: &PreprocessingConfig) -> MelFilters {
    MelFilters::new(config.sample_rate_hz, config.frame_size, config.mel_bands, 0.0, config.mel_max_hz.into())
}

impl Extractor for LogMelExtractor {
    fn extract(&mut self, padded: &[f32]) -> Array2<f32> {
        self.transform(padded);
        self.log_mel()
    }

    fn extract_stages(&mut self, padded: &[f32]) -> Extracted {
        self.transform(padded);
        Extracted {
            stft: self.linear.spectra.t().as_standard_layout().into_owned(),
            magnitude: self.linear.magnitude(),
            feature: self.log_mel(),
        }
    }

    fn image_shape(&self, padded_len: usize) -> (usize, usize) {
        self.linear.image_shape(padded_len)
    }

    fn worker(&self) -> Box<dyn Extractor> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_have_the_shape_that_was_announced() {
        for config in [PreprocessingConfig::default(), PreprocessingConfig::log_mel()] {
            let mut extractor = standard(&config);
            for len in [5000, 16_317, 32_634] {
                let signal: Vec<f32> = (0..len).map(|n| (n as f32 * 0.3).sin()).collect();
                let stages = extractor.extract_stages(&signal);
                assert_eq!(stages.feature.dim(), extractor.image_shape(len), "{len}");
                assert_eq!(stages.feature, extractor.extract(&signal));
                assert_eq!(stages.stft.nrows(), stages.magnitude.nrows() + 1);
            }
        }
    }
}

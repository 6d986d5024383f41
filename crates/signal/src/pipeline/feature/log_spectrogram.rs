//! The magnitude spectrogram in decibels, without its Nyquist row: the tutorial's feature.

use ndarray::Array2;

use super::{
    axis::RowAxis,
    definition::{Definition, Feature},
    inverse::{Amplitudes, Inverse},
    transform::Transform,
    unit::Unit,
    words::Words,
};
use crate::{
    dsp::decibel,
    pipeline::{
        config::PreprocessingConfig,
        extractor::{Extracted, Extractor},
    },
};

/// Magnitude spectrogram in dB, Nyquist row dropped.
pub const LOG_SPECTROGRAM: Feature = Feature(&LogSpectrogram);

struct LogSpectrogram;

static WORDS: Words = Words {
    choice: "Log spectrogram",
    noun: "log spectrogram",
    images: "log spectrograms",
    values: "Log magnitude",
    values_in_unit: "Log magnitude in dB",
    row: "bin",
    file: "log_db",
    brief: "Decibels re 1: ratios, as the ear hears",
    details: "Decibels re 1, floored at the file's maximum − top dB: the ear hears ratios, and so does the model. Drag the \
              handles of the colour bar to look into quiet or loud parts.",
    python: "log spectrogram in dB",
    filters: None,
};

impl Definition for LogSpectrogram {
    fn name(&self) -> &'static str {
        "log-spectrogram"
    }

    fn words(&self) -> &'static Words {
        &WORDS
    }

    fn unit(&self) -> Unit {
        Unit::Decibels
    }

    fn defaults(&self) -> PreprocessingConfig {
        PreprocessingConfig::default()
    }

    fn fine(&self) -> (usize, usize) {
        let defaults = self.defaults();
        (2 * defaults.frame_size, defaults.hop_length)
    }

    fn own_settings(&self, config: &PreprocessingConfig) -> Vec<(&'static str, String)> {
        vec![("top_db", config.top_db.to_string())]
    }

    fn fit_rows(&self, config: &mut PreprocessingConfig, rows: usize) {
        config.frame_size = 2 * rows;
        config.hop_length = rows;
    }

    fn rows(&self, config: &PreprocessingConfig) -> usize {
        config.frame_size / 2
    }

    fn axis(&self, config: &PreprocessingConfig) -> RowAxis {
        RowAxis::linear(f64::from(config.sample_rate_hz) / config.frame_size.max(1) as f64)
    }

    fn highest_hz(&self, config: &PreprocessingConfig) -> f64 {
        f64::from(config.sample_rate_hz) / 2.0
    }

    fn extractor(&self, config: &PreprocessingConfig) -> Box<dyn Extractor> {
        Box::new(LogSpectrogramExtractor::new(config))
    }

    fn inverse(&self, _config: &PreprocessingConfig) -> Box<dyn Inverse> {
        Box::new(Amplitudes)
    }

    fn librosa_code(&self, config: &PreprocessingConfig) -> String {
        let PreprocessingConfig { frame_size, hop_length, top_db, .. } = config;
        format!(
            "    magnitude = np.abs(librosa.stft(padded, n_fft={frame_size}, hop_length={hop_length}))[:-1]\n    \
             feature = librosa.amplitude_to_db(magnitude, ref=1.0, amin=1e-5, top_db={top_db:?})\n"
        )
    }

    fn formula(&self) -> String {
        "20 log10(max(1e-5, |STFT|)) in dB, periodic Hann window, centred frames, Nyquist bin dropped, limited to top_db below \
         the recording's maximum"
            .to_owned()
    }
}

/// The magnitude spectrogram in decibels, without its Nyquist row.
#[derive(Clone)]
pub struct LogSpectrogramExtractor {
    config: PreprocessingConfig,
    transform: Transform,
}

impl LogSpectrogramExtractor {
    /// An extractor with the settings of `config`.
    pub fn new(config: &PreprocessingConfig) -> Self {
        Self { config: config.clone(), transform: Transform::new(config) }
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
        let magnitude = self.transform.magnitude(padded);
        self.log_db(magnitude)
    }

    fn extract_stages(&mut self, padded: &[f32]) -> Extracted {
        let (stft, magnitude) = self.transform.stages(padded);
        Extracted { stft, feature: self.log_db(magnitude.clone()), magnitude }
    }

    fn image_shape(&self, padded_len: usize) -> (usize, usize) {
        self.config.image_shape_of(padded_len)
    }

    fn worker(&self) -> Box<dyn Extractor> {
        Box::new(self.clone())
    }

    fn for_parts(&self) -> Option<Box<dyn Extractor>> {
        Some(Box::new(Self::new(&decibel_parts(&self.config))))
    }

    fn floor(&self, max: f32) -> f32 {
        max - self.config.top_db
    }
}

/// Settings for parts of a sound in decibels: no part is floored by its own maximum.
pub(super) fn decibel_parts(config: &PreprocessingConfig) -> PreprocessingConfig {
    /// A dynamic range that no sound has.
    const NO_FLOOR_DB: f32 = 200.0;
    PreprocessingConfig { top_db: NO_FLOOR_DB, ..config.clone() }
}

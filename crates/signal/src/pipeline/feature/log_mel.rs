//! HiFi-GAN's natural-log mel spectrogram (Kong, Kim and Bae, 2020).

use ndarray::Array2;
use timbrespace_base::{sentence, setting::Misfit};

use super::{
    axis::RowAxis,
    bands::Bands,
    definition::{Definition, Feature},
    inverse::{Filtered, Inverse},
    transform::Transform,
    unit::Unit,
    words::{FilterWords, Words},
};
use crate::{
    dsp::{
        bank_inverse::MEL_UPDATES,
        filter_bank::FilterBank,
        logarithm::natural_logarithms,
        mel,
        pad::{Extension, pad_into},
        stft::Framing,
    },
    pipeline::{
        config::{PREPROCESSING, PreprocessingConfig},
        extractor::{Extracted, Extractor},
    },
};

/// HiFi-GAN's natural-log mel spectrogram.
pub const LOG_MEL: Feature = Feature(&LogMel);

/// Added to the power before its root, as HiFi-GAN does.
const POWER_OFFSET: f32 = 1e-9;
/// Mel values below this count as this before the logarithm, as in HiFi-GAN.
const SMALLEST_MEL: f32 = 1e-5;

struct LogMel;

impl PreprocessingConfig {
    /// The defaults of the log-mel route: 44100 Hz, frame 1024, hop 256. As HiFi-GAN's it takes recordings of that rate
    /// only, until [`Self::resample`] allows others.
    pub fn log_mel() -> Self {
        Self {
            feature: LOG_MEL,
            sample_rate_hz: 44_100,
            resample: false,
            frame_size: 1024,
            ..Self::default()
        }
    }
}

static WORDS: Words = Words {
    choice: "Log-mel",
    noun: "log-mel",
    images: "log-mel images",
    values: "Log-mel",
    values_in_unit: "Log-mel",
    row: "mel band",
    file: "log_mel",
    brief: "Bands as the ear hears pitch, in logarithms",
    details: "Mel bands are spaced as the ear hears pitch; natural logarithm of their magnitude. Drag the handles of the \
              colour bar to look into quiet or loud parts.",
    python: "log-mel spectrogram (HiFi-GAN's)",
    filters: Some(FilterWords {
        title: "Mel filters",
        band: "Mel band",
        short: "mel",
        brief: "From 3 to 4: narrow bands below, wide ones above",
        details: "Each triangle weighs the magnitudes below it and adds them up to one row of the log-mel image. The bands \
                  are spaced as the ear hears pitch; all triangles have the same area. Point at one for its frequencies, \
                  zoom with Ctrl and the wheel.",
    }),
};

impl Definition for LogMel {
    fn name(&self) -> &'static str {
        "log-mel"
    }

    fn words(&self) -> &'static Words {
        &WORDS
    }

    fn unit(&self) -> Unit {
        Unit::NaturalLog
    }

    fn defaults(&self) -> PreprocessingConfig {
        PreprocessingConfig::log_mel()
    }

    fn fine(&self) -> (usize, usize) {
        let defaults = self.defaults();
        (defaults.frame_size, defaults.hop_length / 2)
    }

    fn own_settings(&self, config: &PreprocessingConfig) -> Vec<(&'static str, String)> {
        vec![("mel_bands", config.mel_bands.to_string()), ("mel_max_hz", config.mel_max_hz.to_string())]
    }

    fn check(&self, config: &PreprocessingConfig) -> Result<(), Misfit> {
        let highest_hz = config.sample_rate_hz as f32 / 2.0;
        if config.mel_max_hz <= highest_hz {
            return Ok(());
        }
        let expected =
            sentence!("misfit-half-of-rate", "at most half of --sample-rate ({most} Hz)", most = highest_hz);
        Err(PREPROCESSING.mel_max_hz.misfit(config.mel_max_hz, expected))
    }

    fn fit_to_rate(&self, config: &mut PreprocessingConfig) {
        config.mel_max_hz = config.mel_max_hz.min(config.sample_rate_hz as f32 / 2.0);
    }

    fn rows(&self, config: &PreprocessingConfig) -> usize {
        config.mel_bands
    }

    fn framing(&self) -> Framing {
        Framing::Inside
    }

    fn reflect_margin(&self, config: &PreprocessingConfig) -> usize {
        config.frame_size.saturating_sub(config.hop_length) / 2
    }

    fn axis(&self, config: &PreprocessingConfig) -> RowAxis {
        RowAxis::mel(config.mel_bands, config.mel_max_hz.into())
    }

    fn highest_hz(&self, config: &PreprocessingConfig) -> f64 {
        config.mel_max_hz.into()
    }

    fn triangles(&self, config: &PreprocessingConfig) -> Option<Vec<[f64; 3]>> {
        let edges = mel::edges_hz(config.mel_bands, 0.0, config.mel_max_hz.into());
        Some(edges.array_windows().copied().collect())
    }

    fn headroom_db(&self, config: &PreprocessingConfig) -> f32 {
        // Filters have the area 1: the widest one, the highest, weighs a bin least.
        let highest = self.triangles(config).and_then(|triangles| triangles.last().copied());
        highest.map_or(0.0, |[left, _, right]| -20.0 * mel::peak_weight(left, right).log10() as f32)
    }

    fn extractor(&self, config: &PreprocessingConfig) -> Box<dyn Extractor> {
        Box::new(LogMelExtractor::new(config))
    }

    fn inverse(&self, config: &PreprocessingConfig) -> Box<dyn Inverse> {
        Box::new(Filtered::new(filters(config), MEL_UPDATES, f32::exp))
    }

    fn librosa_code(&self, config: &PreprocessingConfig) -> String {
        let PreprocessingConfig { frame_size, hop_length, sample_rate_hz, mel_bands, mel_max_hz, .. } =
            config;
        let margin = self.reflect_margin(config);
        format!(
            "    reflected = np.pad(padded, {margin}, mode=\"reflect\")\n    \
             spectrum = librosa.stft(reflected, n_fft={frame_size}, hop_length={hop_length}, center=False)\n    \
             magnitude = np.sqrt(np.abs(spectrum) ** 2 + 1e-9)\n    \
             bank = librosa.filters.mel(sr={sample_rate_hz}, n_fft={frame_size}, n_mels={mel_bands}, fmin=0, fmax={mel_max_hz:?})\n    \
             feature = np.log(np.maximum(bank @ magnitude, 1e-5))\n"
        )
    }

    fn formula(&self) -> String {
        format!(
            "ln(max({SMALLEST_MEL:e}, mel)), Slaney's mel bands of the magnitude |STFT|, periodic Hann window, signal \
             reflected by (frame_size - hop_length) / 2 at both ends"
        )
    }
}

fn filters(config: &PreprocessingConfig) -> FilterBank {
    mel::filters(config.sample_rate_hz, config.frame_size, config.mel_bands, 0.0, config.mel_max_hz.into())
}

/// HiFi-GAN's natural-log mel spectrogram (Kong, Kim and Bae, 2020).
#[derive(Clone)]
pub struct LogMelExtractor {
    config: PreprocessingConfig,
    transform: Transform,
    bands: Bands,
    /// The signal with its reflected ends.
    reflected: Vec<f32>,
}

impl LogMelExtractor {
    /// An extractor with the settings of `config`.
    pub fn new(config: &PreprocessingConfig) -> Self {
        Self {
            config: config.clone(),
            transform: Transform::new(config),
            bands: Bands::new(filters(config)),
            reflected: Vec::new(),
        }
    }

    fn reflect(&mut self, padded: &[f32]) {
        let margin = self.config.reflect_margin();
        pad_into(padded, margin, margin, Extension::Reflect, &mut self.reflected);
    }

    fn log_mel(&mut self) -> Array2<f32> {
        let mut image = self.bands.image(&mut self.transform, &self.reflected, POWER_OFFSET);
        if let Some(values) = image.as_slice_mut() {
            natural_logarithms(values, SMALLEST_MEL);
        }
        image
    }
}

impl Extractor for LogMelExtractor {
    fn extract(&mut self, padded: &[f32]) -> Array2<f32> {
        self.reflect(padded);
        self.log_mel()
    }

    fn extract_stages(&mut self, padded: &[f32]) -> Extracted {
        self.reflect(padded);
        let (stft, magnitude) = self.transform.stages(&self.reflected);
        Extracted { stft, magnitude, feature: self.log_mel() }
    }

    fn image_shape(&self, padded_len: usize) -> (usize, usize) {
        self.config.image_shape_of(padded_len)
    }

    fn worker(&self) -> Box<dyn Extractor> {
        Box::new(self.clone())
    }

    fn for_parts(&self) -> Option<Box<dyn Extractor>> {
        Some(self.worker())
    }
}

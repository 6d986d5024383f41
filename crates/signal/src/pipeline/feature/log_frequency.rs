//! Magnitudes in decibels over rows that are equal ratios apart: an octave is as many rows everywhere, as in a constant-Q
//! transform, but from the frames of one short-time Fourier transform.

use ndarray::Array2;
use timbrespace_base::{sentence, setting::Misfit};

use super::{
    axis::RowAxis,
    bands::Bands,
    definition::{Definition, Feature},
    inverse::{Filtered, Inverse},
    log_spectrogram::decibel_parts,
    transform::Transform,
    unit::Unit,
    words::{FilterWords, Words},
};
use crate::{
    dsp::{
        bank_inverse::LOG_FREQUENCY_UPDATES,
        decibel::{self, db_to_amplitude},
        filter_bank::FilterBank,
        log_frequency::LogFrequencyScale,
    },
    pipeline::{
        config::{PREPROCESSING, PreprocessingConfig},
        extractor::{Extracted, Extractor},
    },
};

/// Magnitudes in dB over rows that are equal ratios apart.
pub const LOG_FREQUENCY: Feature = Feature(&LogFrequency);

/// Samples of a frame: low notes are told apart.
const FRAME_SIZE: usize = 2048;

struct LogFrequency;

static WORDS: Words = Words {
    choice: "Log-frequency",
    noun: "log-frequency",
    images: "log-frequency images",
    values: "Log-frequency",
    values_in_unit: "Log-frequency in dB",
    row: "band",
    file: "log_frequency",
    brief: "Decibels in bands of equal width in octaves",
    details: "Rows are equal ratios apart, as notes are: a melody keeps its shape when it is transposed. Decibels re 1, \
              floored at the file's maximum − top dB. Drag the handles of the colour bar to look into quiet or loud parts.",
    python: "log-frequency spectrogram in dB",
    filters: Some(FilterWords {
        title: "Log-frequency filters",
        band: "Band",
        short: "band",
        brief: "From 3 to 4: bands per octave",
        details: "Each triangle is one row of the image: the mean of the magnitudes below it, weighed by its height. It reaches to \
                  its neighbours' centres, or one bin to either side where bands are closer together than bins. Point at one for \
                  its frequencies, zoom with Ctrl and the wheel.",
    }),
};

impl Definition for LogFrequency {
    fn name(&self) -> &'static str {
        "log-frequency"
    }

    fn words(&self) -> &'static Words {
        &WORDS
    }

    fn unit(&self) -> Unit {
        Unit::Decibels
    }

    fn defaults(&self) -> PreprocessingConfig {
        PreprocessingConfig {
            feature: LOG_FREQUENCY,
            frame_size: FRAME_SIZE,
            ..PreprocessingConfig::default()
        }
    }

    fn fine(&self) -> (usize, usize) {
        let defaults = self.defaults();
        (defaults.frame_size, defaults.hop_length / 2)
    }

    fn own_settings(&self, config: &PreprocessingConfig) -> Vec<(&'static str, String)> {
        vec![
            ("log_bands", config.log_bands.to_string()),
            ("bands_per_octave", config.bands_per_octave.to_string()),
            ("log_min_hz", config.log_min_hz.to_string()),
            ("top_db", config.top_db.to_string()),
        ]
    }

    fn check(&self, config: &PreprocessingConfig) -> Result<(), Misfit> {
        let nyquist_hz = config.sample_rate_hz as f32 / 2.0;
        if config.log_min_hz > nyquist_hz {
            let expected = sentence!(
                "misfit-half-of-rate",
                "at most half of --sample-rate ({most} Hz)",
                most = nyquist_hz
            );
            return Err(PREPROCESSING.log_min_hz.misfit(config.log_min_hz, expected));
        }
        let most = scale(config).rows_up_to(nyquist_hz.into());
        if config.log_bands > most {
            return Err(PREPROCESSING
                .log_bands
                .misfit(config.log_bands, sentence!("misfit-bands", "from 1 to {most}", most = most)));
        }
        Ok(())
    }

    fn fit_to_rate(&self, config: &mut PreprocessingConfig) {
        let most = scale(config).rows_up_to(f64::from(config.sample_rate_hz) / 2.0);
        config.log_bands = config.log_bands.min(most.max(1));
    }

    fn rows(&self, config: &PreprocessingConfig) -> usize {
        config.log_bands
    }

    fn axis(&self, config: &PreprocessingConfig) -> RowAxis {
        RowAxis::geometric(scale(config))
    }

    fn lowest_hz(&self, config: &PreprocessingConfig) -> f64 {
        self.axis(config).hz(-0.5)
    }

    fn highest_hz(&self, config: &PreprocessingConfig) -> f64 {
        let edge = self.axis(config).hz(config.log_bands as f64 - 0.5);
        edge.min(f64::from(config.sample_rate_hz) / 2.0)
    }

    fn triangles(&self, config: &PreprocessingConfig) -> Option<Vec<[f64; 3]>> {
        Some(scale(config).triangles(f64::from(config.sample_rate_hz) / config.frame_size.max(1) as f64))
    }

    fn headroom_db(&self, config: &PreprocessingConfig) -> f32 {
        // A row is a mean over its bins: the widest triangle, the highest, has the most. Its heights add up to half its width.
        let bin_hz = f64::from(config.sample_rate_hz) / config.frame_size.max(1) as f64;
        let highest = scale(config).triangles(bin_hz).last().copied();
        highest.map_or(0.0, |[left, _, right]| 20.0 * ((right - left) / 2.0 / bin_hz).log10() as f32)
    }

    fn extractor(&self, config: &PreprocessingConfig) -> Box<dyn Extractor> {
        Box::new(LogFrequencyExtractor::new(config))
    }

    fn inverse(&self, config: &PreprocessingConfig) -> Box<dyn Inverse> {
        Box::new(Filtered::new(filters(config), LOG_FREQUENCY_UPDATES, db_to_amplitude))
    }

    fn librosa_code(&self, config: &PreprocessingConfig) -> String {
        let PreprocessingConfig { frame_size, hop_length, sample_rate_hz, top_db, .. } = config;
        let PreprocessingConfig { log_bands, bands_per_octave, log_min_hz, .. } = config;
        format!(
            "    magnitude = np.abs(librosa.stft(padded, n_fft={frame_size}, hop_length={hop_length}))\n    \
             bins = librosa.fft_frequencies(sr={sample_rate_hz}, n_fft={frame_size})\n    \
             centres = librosa.cqt_frequencies(n_bins={log_bands}, fmin={log_min_hz:?}, bins_per_octave={bands_per_octave})[:, None]\n    \
             step, width = 2 ** (1 / {bands_per_octave}), {sample_rate_hz} / {frame_size}\n    \
             left, right = np.minimum(centres / step, centres - width), np.maximum(centres * step, centres + width)\n    \
             bank = np.maximum(0, np.minimum((bins - left) / (centres - left), (right - bins) / (right - centres)))\n    \
             bank = librosa.util.normalize(bank, norm=1, axis=1)\n    \
             feature = librosa.amplitude_to_db(bank @ magnitude, ref=1.0, amin=1e-5, top_db={top_db:?})\n"
        )
    }

    fn formula(&self) -> String {
        "20 log10(max(1e-5, bank |STFT|)) in dB, periodic Hann window, centred frames, limited to top_db below the recording's \
         maximum; row k of the bank is a triangle that peaks at log_min_hz 2^(k / bands_per_octave), reaches to the peaks of \
         its neighbours and at least one bin to either side, and is divided by its sum"
            .to_owned()
    }
}

fn scale(config: &PreprocessingConfig) -> LogFrequencyScale {
    LogFrequencyScale {
        rows: config.log_bands,
        per_octave: config.bands_per_octave,
        min_hz: config.log_min_hz.into(),
    }
}

fn filters(config: &PreprocessingConfig) -> FilterBank {
    scale(config).filters(config.sample_rate_hz, config.frame_size)
}

/// Magnitudes in decibels over rows that are equal ratios apart.
#[derive(Clone)]
struct LogFrequencyExtractor {
    config: PreprocessingConfig,
    transform: Transform,
    bands: Bands,
}

impl LogFrequencyExtractor {
    fn new(config: &PreprocessingConfig) -> Self {
        Self { config: config.clone(), transform: Transform::new(config), bands: Bands::new(filters(config)) }
    }

    fn log_db(&mut self, padded: &[f32]) -> Array2<f32> {
        let mut feature = self.bands.image(&mut self.transform, padded, 0.0);
        if let Some(values) = feature.as_slice_mut() {
            decibel::amplitude_to_db(values, self.config.top_db);
        }
        feature
    }
}

impl Extractor for LogFrequencyExtractor {
    fn extract(&mut self, padded: &[f32]) -> Array2<f32> {
        self.log_db(padded)
    }

    fn extract_stages(&mut self, padded: &[f32]) -> Extracted {
        let (stft, magnitude) = self.transform.stages(padded);
        Extracted { stft, magnitude, feature: self.log_db(padded) }
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

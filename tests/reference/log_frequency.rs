//! Log-frequency images and their way back beside librosa's on the same recordings.

use std::collections::BTreeMap;

use ndarray::{Array2, s};
use rustfft::num_complex::Complex32;
use serde::Deserialize;
use timbrespace::{
    dsp::{decibel::db_to_amplitude, log_frequency::LogFrequencyScale},
    pipeline::{
        config::{ClipDuration, PreprocessingConfig},
        feature::LOG_FREQUENCY,
        normaliser::{MinMaxNormaliser, Normaliser as _},
        sound_generator::{DEFAULT_ITERATIONS, SoundGenerator},
    },
};

use super::vectors::{self, Vectors};
use timbrespace_base::differences::largest_difference;

/// The relative errors of librosa's non-negative least squares for one recording.
#[derive(Debug, Deserialize)]
struct Figures {
    bands: f64,
    magnitude: f64,
}

/// How much farther from the true magnitude than librosa's ours may be, whose figures have four digits.
const MAGNITUDE_TOLERANCE: f64 = 1.005;
/// Largest distance, by its median over the recordings, between the sound's magnitude and the recording's own, with 32
/// iterations of Griffin-Lim: bands, phase and all.
const MEDIAN_ROUND_TRIP: f64 = 0.2;

fn librosas_figures() -> BTreeMap<String, serde_json::Value> {
    let text = std::fs::read_to_string(Vectors::own().root.join("log_frequency.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn config(samples: usize) -> PreprocessingConfig {
    PreprocessingConfig { duration: ClipDuration::Samples(samples), ..LOG_FREQUENCY.defaults() }
}

fn log_db(vectors: &Vectors, name: &str) -> Array2<f32> {
    vectors::image(&vectors.root.join("log_frequency"), name)
}

fn relative_error(found: &Array2<f32>, truth: &Array2<f32>) -> f64 {
    let difference = found.iter().zip(truth).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>();
    (difference / truth.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>()).sqrt()
}

/// The whole magnitude of a recording's frames, Nyquist row included.
fn magnitude_of(padded: &[f32]) -> Array2<f32> {
    LOG_FREQUENCY.extractor(&config(padded.len())).extract_stages(padded).stft.mapv(Complex32::norm)
}

#[test]
fn filters_are_librosas() {
    let scale = LogFrequencyScale { rows: 48, per_octave: 12, min_hz: 65.406 };
    let bank = scale.filters(22_050, 512);
    let folder = Vectors::own().root.join("log_frequency");
    let error =
        largest_difference(bank.weights(), &vectors::image(&folder, "filters_sr22050_nfft512_rows48_12_65"));
    println!("own, log-frequency filters: {error:e}");
    assert!(error <= 1e-6, "{error}");
}

#[test]
fn images_are_librosas() {
    let vectors = Vectors::own();
    let mut worst = 0.0_f32;
    for folder in vectors.recordings("log_spectrogram") {
        let padded = vectors::signal(&folder, "padded");
        let expected = log_db(&vectors, &vectors::stem(&folder));
        let mut extractor = LOG_FREQUENCY.extractor(&config(padded.len()));
        let feature = extractor.extract(&padded);
        assert_eq!(feature.dim(), expected.dim());
        worst = worst.max(largest_difference(&feature, &expected));
    }
    println!("own, log-frequency: {worst} dB");
    assert!(worst <= 0.01, "log-frequency: {worst} dB");
}

#[test]
fn the_way_back_is_as_near_as_librosas() {
    let vectors = Vectors::own();
    let figures = librosas_figures();
    let bank =
        LogFrequencyScale { rows: 192, per_octave: 24, min_hz: 32.703_f32.into() }.filters(22_050, 2048);
    for folder in vectors.recordings("log_spectrogram") {
        let name = vectors::stem(&folder);
        let padded = vectors::signal(&folder, "padded");
        let image = log_db(&vectors, &name);
        let found = LOG_FREQUENCY.inverse(&config(padded.len())).magnitude(image.clone());
        assert!(found.iter().all(|value| value.is_finite() && *value >= 0.0), "{name}");
        let librosas: Figures = serde_json::from_value(figures[&name].clone()).unwrap();
        let bands = image.mapv(db_to_amplitude);
        let of_bands = relative_error(&bank.weights().dot(&found), &bands);
        let of_magnitude = relative_error(&found, &magnitude_of(&padded));
        let own_spectrum = vectors::image(&vectors.root.join("log_frequency_inverse"), &name);
        let from_librosas = relative_error(&found.slice(s![.., 6..10]).to_owned(), &own_spectrum);
        println!(
            "own, log-frequency inverse: {name:16} bands {of_bands:.1e}, magnitude {of_magnitude:.4}, {from_librosas:.4} from \
             librosa's; librosa {:.1e}, {:.4}",
            librosas.bands, librosas.magnitude
        );
        assert!(of_bands <= librosas.bands, "{name}: {of_bands}, librosa {}", librosas.bands);
        assert!(
            of_magnitude <= librosas.magnitude * MAGNITUDE_TOLERANCE,
            "{name}: magnitude {of_magnitude}, librosa {}",
            librosas.magnitude
        );
        // librosa stops earlier: its bands are up to 0.2 % off.
        assert!(from_librosas < 0.04, "{name}: {from_librosas}");
    }
}

#[test]
fn a_recording_comes_back_as_sound() {
    let vectors = Vectors::own();
    let mut errors = Vec::new();
    for folder in vectors.recordings("log_spectrogram") {
        let padded = vectors::signal(&folder, "padded");
        let truth = magnitude_of(&padded);
        let config = config(padded.len());
        let mut image = log_db(&vectors, &vectors::stem(&folder));
        let min_max = MinMaxNormaliser::new(&config).normalise(&mut image);
        let mut generator = SoundGenerator::new(&config).unwrap();
        let sound = generator.generate(&image, min_max, DEFAULT_ITERATIONS, 0);
        let samples: Vec<f32> = sound.clip.channels()[0].iter().map(|sample| sample / sound.gain).collect();
        assert_eq!(samples.len(), padded.len());
        let error = relative_error(&magnitude_of(&samples), &truth);
        println!("own, log-frequency round trip: {:16} {error:.4}", vectors::stem(&folder));
        errors.push(error);
    }
    errors.sort_by(f64::total_cmp);
    let median = errors[errors.len() / 2];
    println!("own, log-frequency round trip: median {median:.4}");
    assert!(median <= MEDIAN_ROUND_TRIP, "median spectral convergence {median}");
}

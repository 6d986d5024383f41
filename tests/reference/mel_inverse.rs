//! From mel bands to the magnitude, beside librosa's non-negative least squares on the same recordings; then to sound.

use std::collections::BTreeMap;

use ndarray::Array2;
use rustfft::num_complex::Complex32;
use serde::Deserialize;
use timbrespace::{
    dsp::{
        bank_inverse::{BankInverse, MEL_UPDATES},
        filter_bank::FilterBank,
        mel,
    },
    pipeline::{
        config::{ClipDuration, PreprocessingConfig},
        feature::LOG_MEL,
        normaliser::{MinMaxNormaliser, Normaliser as _},
        sound_generator::{DEFAULT_ITERATIONS, SoundGenerator},
    },
};

use super::vectors::{self, Vectors};

/// librosa's relative errors of one recording.
#[derive(Debug, Deserialize)]
struct Figures {
    bands: f64,
    magnitude: f64,
}

/// How much farther from the true magnitude than librosa's ours may be. Both have the bands that were asked for; which of
/// the spectra behind them is the true one, neither can know.
const MAGNITUDE_TOLERANCE: f64 = 1.005;
/// Largest distance, by its median over the recordings, between the sound's magnitude and the recording's own, with 32
/// iterations of Griffin-Lim: bands, phase and all.
const MEDIAN_ROUND_TRIP: f64 = 0.15;

fn librosas_figures(set: &str) -> BTreeMap<String, Option<Figures>> {
    let text = std::fs::read_to_string(Vectors::own().root.join("mel_inverse.json")).unwrap();
    let all: serde_json::Value = serde_json::from_str(&text).unwrap();
    serde_json::from_value(all[set].clone()).unwrap()
}

fn filters() -> FilterBank {
    mel::filters(44_100, 1024, 80, 0.0, 8000.0)
}

fn config(samples: usize) -> PreprocessingConfig {
    let duration = ClipDuration::Seconds((samples as f64 + 0.5) / 44_100.0);
    PreprocessingConfig { duration, ..PreprocessingConfig::log_mel() }
}

fn inverted(bands: &Array2<f32>) -> Array2<f32> {
    let mut inverse = BankInverse::new(filters(), MEL_UPDATES);
    let mut magnitude = Array2::zeros((513, bands.ncols()));
    let mut spectrum = vec![0.0; 513];
    for (bands, mut column) in bands.columns().into_iter().zip(magnitude.columns_mut()) {
        inverse.invert(&bands.to_vec(), &mut spectrum);
        column.iter_mut().zip(&spectrum).for_each(|(target, value)| *target = *value);
    }
    magnitude
}

fn filtered(magnitude: &Array2<f32>) -> Array2<f32> {
    let mut bands = Array2::zeros((80, magnitude.ncols()));
    let mut mels = vec![0.0; 80];
    for (column, mut target) in magnitude.columns().into_iter().zip(bands.columns_mut()) {
        filters().apply(&column.to_vec(), &mut mels);
        target.iter_mut().zip(&mels).for_each(|(target, mel)| *target = *mel);
    }
    bands
}

fn relative_error(found: &Array2<f32>, truth: &Array2<f32>) -> f64 {
    let difference = found.iter().zip(truth).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>();
    (difference / truth.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>()).sqrt()
}

/// The whole magnitude of a recording's frames, Nyquist row included.
fn magnitude_of(audio: &[f32]) -> Array2<f32> {
    LOG_MEL.extractor(&config(audio.len())).extract_stages(audio).stft.mapv(Complex32::norm)
}

fn check_inverse(vectors: &Vectors) {
    let figures = librosas_figures(vectors.name);
    for folder in vectors.recordings("log_mel") {
        let name = vectors::stem(&folder);
        let bands = vectors::image(&folder, "log_mel").mapv(f32::exp);
        let found = inverted(&bands);
        assert!(found.iter().all(|value| value.is_finite() && *value >= 0.0), "{name}");
        let Some(librosas) = &figures[&name] else { continue };
        let of_bands = relative_error(&filtered(&found), &bands);
        let of_magnitude = relative_error(&found, &magnitude_of(&vectors::signal(&folder, "audio")));
        println!(
            "{}, mel inverse: {name:24} bands {of_bands:.1e}, magnitude {of_magnitude:.4}; librosa {:.1e}, {:.4}",
            vectors.name, librosas.bands, librosas.magnitude
        );
        assert!(of_bands <= librosas.bands, "{name}: bands {of_bands}, librosa {}", librosas.bands);
        assert!(
            of_magnitude <= librosas.magnitude * MAGNITUDE_TOLERANCE,
            "{name}: magnitude {of_magnitude}, librosa {}",
            librosas.magnitude
        );
    }
}

/// A recording to its image, to sound again, to the magnitude of that.
fn check_round_trip(vectors: &Vectors) {
    let mut errors = Vec::new();
    for folder in vectors.recordings("log_mel") {
        let audio = vectors::signal(&folder, "audio");
        let truth = magnitude_of(&audio);
        if truth.iter().all(|value| *value < 1e-3) {
            continue;
        }
        let config = config(audio.len());
        let mut image = vectors::image(&folder, "log_mel");
        let min_max = MinMaxNormaliser::new(&config).normalise(&mut image);
        let mut generator = SoundGenerator::new(&config).unwrap();
        let sound = generator.generate(&image, min_max, DEFAULT_ITERATIONS, 0);
        let samples: Vec<f32> = sound.clip.channels()[0].iter().map(|sample| sample / sound.gain).collect();
        assert_eq!(samples.len(), audio.len());
        let error = relative_error(&magnitude_of(&samples), &truth);
        println!("{}, log-mel round trip: {:24} {error:.4}", vectors.name, vectors::stem(&folder));
        errors.push(error);
    }
    errors.sort_by(f64::total_cmp);
    let median = errors[errors.len() / 2];
    println!("{}, log-mel round trip: median {median:.4}", vectors.name);
    assert!(median <= MEDIAN_ROUND_TRIP, "median spectral convergence {median}");
}

#[test]
fn own_mel_inverse_is_as_near_as_librosas() {
    check_inverse(&Vectors::own());
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs ../shared/reference")]
fn shared_mel_inverse_is_as_near_as_librosas() {
    check_inverse(&Vectors::shared());
}

#[test]
fn some_frames_are_librosas_own_spectrum() {
    let vectors = Vectors::own();
    for folder in vectors.recordings("log_mel") {
        let name = vectors::stem(&folder);
        let bands = vectors::image(&folder, "log_mel").mapv(f32::exp);
        let found = inverted(&bands.slice(ndarray::s![.., 6..10]).to_owned());
        let error = relative_error(&found, &vectors::image(&vectors.root.join("mel_inverse"), &name));
        println!("own, mel inverse: {name:24} {error:.4} from librosa's spectrum");
        assert!(error < 0.03, "{name}: {error}");
    }
}

#[test]
fn own_log_mel_round_trip() {
    check_round_trip(&Vectors::own());
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs ../shared/reference")]
fn shared_log_mel_round_trip() {
    check_round_trip(&Vectors::shared());
}

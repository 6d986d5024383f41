//! STFT, decibels, normalisation, inverse, mel: from the padded signal and from the file.

use ndarray::Array2;
use rustfft::num_complex::Complex32;
use timbrespace::{
    audio::decode,
    dsp::{
        mel,
        normalise::{MinMax, normalise},
        stft::{Framing, Stft},
    },
    pipeline::{
        config::{ClipDuration, PreprocessingConfig},
        feature::LOG_MEL,
        preprocessing::PreprocessingPipeline,
    },
};

use super::vectors::{self, Vectors};
use timbrespace_base::differences::{largest, largest_difference};

/// Largest deviations over a set of recordings.
#[derive(Debug, Default)]
struct Deviations {
    stft: f32,
    log_db: f32,
    normalised: f32,
    istft: f32,
}

fn check_from_padded(vectors: &Vectors) {
    let config = vectors.config();
    let mut worst = Deviations::default();
    for folder in vectors.recordings("log_spectrogram") {
        let padded = vectors::signal(&folder, "padded");
        let mut stft = Stft::new(config.frame_size, config.hop_length, Framing::Centred);
        let spectra = stft.forward(&padded);
        let expected = complex(&vectors::image(&folder, "stft_real"), &vectors::image(&folder, "stft_imag"));
        assert_eq!(spectra.dim(), expected.dim());
        let loudest = largest(expected.iter().map(|value| value.norm())).max(f32::MIN_POSITIVE);
        let error = largest(spectra.iter().zip(&expected).map(|(a, b)| (a - b).norm()));
        worst.stft = worst.stft.max(error / loudest);

        let stages = config.feature.extractor(&config).extract_stages(&padded);
        let log_db = vectors::image(&folder, "log_db");
        worst.log_db = worst.log_db.max(largest_difference(&stages.feature, &log_db));
        let mut image = stages.feature;
        normalise(image.as_slice_mut().unwrap(), MinMax { min: 0.0, max: 1.0 });
        let normalised = vectors::image(&folder, "normalised");
        worst.normalised = worst.normalised.max(largest_difference(&image, &normalised));

        let back = stft.inverse(&expected, None);
        worst.istft = worst.istft.max(largest_difference(&back, &vectors::signal(&folder, "istft")));
    }
    println!("{}, from padded: {worst:?}", vectors.name);
    assert!(worst.stft <= 1e-4, "STFT: {} of the largest magnitude", worst.stft);
    assert!(worst.log_db <= 0.01, "log-dB: {} dB", worst.log_db);
    assert!(worst.normalised <= 1e-4, "normalised: {}", worst.normalised);
    assert!(worst.istft <= 1e-5, "inverse STFT: {}", worst.istft);
}

fn complex(real: &Array2<f32>, imaginary: &Array2<f32>) -> Array2<Complex32> {
    let mut both = real.mapv(|re| Complex32::new(re, 0.0));
    both.zip_mut_with(imaginary, |value, &im| value.im = im);
    both
}

fn check_from_file(vectors: &Vectors) {
    let pipeline = PreprocessingPipeline::from_config(&vectors.config()).unwrap();
    let (mut means, mut percentiles) = (Vec::new(), Vec::new());
    for folder in vectors.recordings("log_spectrogram") {
        let stages = pipeline.stages(&vectors.sound_file(&folder)).unwrap();
        assert_eq!(stages.signal.len(), vectors::signal(&folder, "signal").len(), "{}", folder.display());
        let expected = vectors::image(&folder, "log_db");
        assert_eq!(stages.feature.dim(), expected.dim(), "{}", folder.display());
        let mut differences: Vec<f32> =
            stages.feature.iter().zip(&expected).map(|(a, b)| (a - b).abs()).collect();
        differences.sort_by(f32::total_cmp);
        means.push(differences.iter().sum::<f32>() / differences.len() as f32);
        percentiles.push(differences[differences.len() * 99 / 100]);
        println!(
            "{}, from file: {:24} mean {:.4} dB, 99th percentile {:.4} dB",
            vectors.name,
            vectors::stem(&folder),
            means[means.len() - 1],
            percentiles[percentiles.len() - 1]
        );
    }
    let average = |values: &[f32]| values.iter().sum::<f32>() / values.len() as f32;
    let (mean, percentile) = (average(&means), average(&percentiles));
    println!("{}, from file: averages {mean:.4} dB and {percentile:.4} dB", vectors.name);
    assert!(mean <= 0.1, "mean {mean} dB");
    assert!(percentile <= 1.5, "99th percentile {percentile} dB");
}

fn check_log_mel(vectors: &Vectors) {
    let mut worst = 0.0_f32;
    for folder in vectors.recordings("log_mel") {
        let audio = vectors::signal(&folder, "audio");
        let config = PreprocessingConfig {
            duration: ClipDuration::Seconds((audio.len() as f64 + 0.5) / 44_100.0),
            ..PreprocessingConfig::log_mel()
        };
        let feature = LOG_MEL.extractor(&config).extract(&audio);
        worst = worst.max(largest_difference(&feature, &vectors::image(&folder, "log_mel")));
    }
    println!("{}, log-mel: {worst}", vectors.name);
    assert!(worst <= 5e-3, "log-mel: {worst}");
}

fn check_mel_filters(vectors: &Vectors) {
    let mut checked = 0;
    for (name, rate_hz, frame, mels, low_hz, high_hz) in [
        ("sr44100_nfft1024_mels80_0_8000", 44_100, 1024, 80, 0.0, 8000.0),
        ("sr22050_nfft512_mels40_0_11025", 22_050, 512, 40, 0.0, 11_025.0),
        ("sr22050_nfft1024_mels128_20_8000", 22_050, 1024, 128, 20.0, 8000.0),
    ] {
        let folder = vectors.root.join("mel_filters");
        // The project's own set holds the smallest bank alone.
        if vectors.name == "own" && mels != 40 {
            continue;
        }
        let filters = mel::filters(rate_hz, frame, mels, low_hz, high_hz);
        let error = largest_difference(filters.weights(), &vectors::image(&folder, name));
        println!("{}, mel filters {name}: {error:e}", vectors.name);
        assert!(error <= 1e-6, "{name}: {error}");
        checked += 1;
    }
    assert!(checked > 0);
}

#[test]
fn own_signal_path_from_padded_signal() {
    check_from_padded(&Vectors::own());
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs ../shared/reference")]
fn shared_signal_path_from_padded_signal() {
    check_from_padded(&Vectors::shared());
}

#[test]
fn own_log_db_from_sound_files() {
    check_from_file(&Vectors::own());
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs ../shared/reference")]
fn shared_log_db_from_sound_files() {
    check_from_file(&Vectors::shared());
}

#[test]
fn own_log_mel_and_filters() {
    check_log_mel(&Vectors::own());
    check_mel_filters(&Vectors::own());
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs ../shared/reference")]
fn shared_log_mel_and_filters() {
    check_log_mel(&Vectors::shared());
    check_mel_filters(&Vectors::shared());
}

#[test]
fn one_sound_in_three_formats_is_one_sound() {
    let folder = Vectors::own().root.join("audio");
    let wav = decode::decode(&folder.join("pluck_22k.wav")).unwrap();
    assert_eq!(decode::decode(&folder.join("pluck_22k.aiff")).unwrap(), wav);
    let mp3 = decode::decode(&folder.join("pluck_22k.mp3")).unwrap();
    assert_eq!(mp3.sample_rate_hz(), wav.sample_rate_hz());
    let (a, b) = (&wav.channels()[0], &mp3.channels()[0]);
    assert!(b.len().abs_diff(a.len()) < 2400, "{} {}", a.len(), b.len());
    let norm: f32 = a.iter().map(|s| s * s).sum::<f32>().sqrt();
    let error: f32 = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
    println!("MP3: {} of {} samples, relative error {}", b.len(), a.len(), error / norm);
    assert!(error / norm < 0.3, "the MP3 is aligned and close: {}", error / norm);
    for name in ["pluck_22k.aiff", "pluck_22k.mp3", "bell_48k_stereo.flac", "drum_44k.ogg"] {
        let path = folder.join(name);
        let info = decode::probe(&path).unwrap();
        let decoded = decode::decode_flagged(&path, None).unwrap();
        assert_eq!(
            (info.sample_rate_hz, info.channels),
            (decoded.clip.sample_rate_hz(), decoded.clip.channels().len())
        );
        assert!(decoded.flags.is_empty(), "{name}: {:?}", decoded.flags);
        let secs = info.duration_secs.unwrap();
        assert!(
            (secs - decoded.clip.duration_secs()).abs() < 0.11,
            "{name}: {secs} {}",
            decoded.clip.duration_secs()
        );
    }
}

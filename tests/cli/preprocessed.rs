//! Preprocessed folders with something amiss, on the command line: what can be used is used, the rest is named.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::Command;
use ndarray::Array2;
use serde_json::Value;
use timbrespace::audio::{
    clip::Clip,
    encode::{BitDepth, write_wav},
};

/// A folder of its own, gone at the end of the test.
struct Place(tempfile::TempDir);

impl Place {
    /// `p/spectrograms` with eight images of 32 x 8, as a Python program leaves them.
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(place.path("p/spectrograms")).unwrap();
        for index in 0..8 {
            place.write(&format!("{index}_x_0.wav.npy"), 0.9, index);
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, scale: f32, index: usize) {
        let value = |(bin, frame): (usize, usize)| scale * ((bin * (index + 1) + frame) % 16) as f32 / 15.0;
        let image = Array2::from_shape_fn((32, 8), value);
        ndarray_npy::write_npy(self.path("p/spectrograms").join(name), &image).unwrap();
    }

    /// Exit code, JSON on standard output, and standard error.
    fn run(&self, arguments: &[&str]) -> (i32, Value, String) {
        let mut command = Command::cargo_bin("timbrespace").unwrap();
        let output = command.current_dir(self.0.path()).args(arguments).arg("--json").output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {text}"));
        (output.status.code().unwrap(), json, text)
    }

    fn train(&self, flags: &[&str]) -> (i32, Value, String) {
        let line = ["train", "p", "--out", "b", "--preset", "small", "--epochs", "1", "--threads", "1"];
        self.run(&[&line, flags].concat())
    }
}

#[track_caller]
fn assert_noted((json, stderr): (&Value, &str), parts: &[&str]) {
    let notes: Vec<&str> =
        json["notes"].as_array().unwrap().iter().map(|note| note.as_str().unwrap()).collect();
    for part in parts {
        assert!(notes.iter().any(|note| note.contains(part)), "`{part}` is missing in {notes:#?}");
        assert!(stderr.contains(part), "`{part}` is missing in {stderr}");
    }
}

fn config(bundle: &Path) -> Value {
    serde_json::from_slice(&fs::read(bundle.join("config.json")).unwrap()).unwrap()
}

#[test]
fn settings_of_a_python_folder_are_the_flags_and_the_model_keeps_them() {
    let place = Place::new();
    fs::write(place.path("p/spectrograms/3_x_0.wav.npy"), "version https://git-lfs.github.com/spec/v1\n")
        .unwrap();
    let given = ["--frame-size", "64", "--hop-length", "16", "--sample-rate", "16000"];
    let (code, json, stderr) = place.train(&given);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(json["images"], 7);
    let notes =
        ["no preprocessing.json", "min_max_values.pkl is missing", "1 of 8 images cannot be used", "hop 16"];
    assert_noted((&json, &stderr), &notes);
    assert!(json["skipped"][0]["cause"].as_str().unwrap().contains("git lfs pull"), "{json}");
    let settings = &config(&place.path("b"))["preprocessing"];
    assert_eq!((&settings["frame_size"], &settings["hop_length"]), (&64.into(), &16.into()));
    assert_eq!(settings["sample_rate_hz"], 16_000);
    // What the model was trained with is what its own commands take the folder to be.
    let (code, json, stderr) = place.run(&["evaluate", "b", "p"]);
    assert_eq!(code, 0, "{stderr}");
    assert_noted((&json, &stderr), &["16000 Hz", "hop 16"]);
    let (code, json, stderr) = place.run(&["encode", "b", "p", "--out", "v"]);
    assert_eq!((code, &json["encoded"]), (0, &7.into()), "{stderr}");
    assert_noted((&json, &stderr), &["no preprocessing.json"]);
    // A run that goes on keeps them without the flags.
    let (code, _, stderr) =
        place.run(&["train", "p", "--out", "b", "--resume", "--epochs", "2", "--threads", "1"]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(config(&place.path("b"))["preprocessing"]["hop_length"], 16);
}

#[test]
fn settings_that_give_other_images_are_wrong_arguments() {
    let place = Place::new();
    let (code, _, stderr) = place.train(&["--frame-size", "1024"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(
        stderr.contains("512 x 8") && stderr.contains("32 x 8") && stderr.contains("--frame-size 64"),
        "{stderr}"
    );
    assert!(!place.path("b").exists());
}

#[test]
fn images_in_decibels_are_refused_with_their_range_until_it_is_given() {
    let place = Place::new();
    for index in 0..8 {
        place.write(&format!("{index}_x_0.wav.npy"), -45.0, index);
    }
    let (code, json, stderr) = place.train(&[]);
    assert_eq!(code, 1, "{stderr}");
    let error = json["error"].as_str().unwrap();
    assert!(error.contains("8 of 8") && error.contains("-45") && error.contains("--min"), "{error}");
    assert!(!place.path("b").exists());
    let (code, _, stderr) = place.train(&["--min", "-45", "--max", "0"]);
    assert_eq!(code, 0, "{stderr}");
}

#[test]
fn a_model_with_a_weight_that_is_not_finite_is_refused_by_name_and_a_bad_baseline_costs_itself() {
    let place = Place::new();
    assert_eq!(place.train(&[]).0, 0);
    fs::write(place.path("b/baselines/components.npy"), b"\x93NUMPY damaged").unwrap();
    let (code, json, stderr) = place.run(&["evaluate", "b", "p"]);
    assert_eq!((code, &json["baselines_from_training"]), (0, &false.into()), "{stderr}");
    assert_noted((&json, &stderr), &["components.npy"]);
    let path = place.path("b/model.safetensors");
    let mut bytes = fs::read(&path).unwrap();
    let end = bytes.len();
    bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    fs::write(&path, bytes).unwrap();
    let (code, json, _) = place.run(&["evaluate", "b", "p"]);
    let error = json["error"].as_str().unwrap();
    assert_eq!(code, 1, "{error}");
    assert!(error.contains("model.safetensors") && error.contains("finite"), "{error}");
    fs::write(&path, &fs::read(&path).unwrap()[..end / 2]).unwrap();
    let (_, json, _) = place.run(&["evaluate", "b", "p"]);
    let error = json["error"].as_str().unwrap();
    assert!(error.ends_with("copy the model's whole folder again, or train it again"), "{error}");
}

#[test]
fn the_images_alone_are_refused_with_the_name_of_their_folder() {
    let place = Place::new();
    let (code, json, _) = place.run(&["train", "p/spectrograms", "--out", "b"]);
    let error = json["error"].as_str().unwrap();
    assert_eq!(code, 1, "{error}");
    assert!(error.contains("holds images, not recordings") && error.ends_with("belong to, p"), "{error}");
}

#[test]
fn bands_are_chosen_by_flags() {
    let place = Place::new();
    let tone = Clip::mono((0..11_025).map(|n| 0.4 * (n as f32 * 0.1).sin()).collect(), 22_050);
    write_wav(&place.path("F/tone.wav"), &tone, BitDepth::Int16).unwrap();
    let octaves =
        ["--feature", "log-frequency", "--bands", "36", "--bands-per-octave", "12", "--lowest-band", "110"];
    let mel = ["--feature", "log-mel", "--resample", "--mel-bands", "40", "--mel-max", "6000"];
    for (out, flags, rows) in [("octaves", &octaves[..], 36), ("mel", &mel[..], 40)] {
        let (code, json, stderr) = place.run(&[&["preprocess", "F", "--out", out], flags].concat());
        assert_eq!(code, 0, "{json} {stderr}");
        let image = place.path(out).join("spectrograms/tone.wav.npy");
        let image: Array2<f32> = ndarray_npy::read_npy(image).unwrap();
        assert_eq!(image.nrows(), rows, "{out}");
    }
    let read = |out: &str| -> Value {
        serde_json::from_slice(&fs::read(place.path(out).join("preprocessing.json")).unwrap()).unwrap()
    };
    let settings = &read("octaves")["settings"];
    assert_eq!((&settings["bands_per_octave"], &settings["log_min_hz"]), (&12.into(), &110.0.into()));
    assert_eq!(read("mel")["settings"]["mel_max_hz"], 6000.0);
    // Two octaves and a half up to half the sample rate have no room for 36 bands.
    let (code, json, _) =
        place.run(&[&["preprocess", "F", "--out", "q"], &octaves[..6], &["--lowest-band", "2000"]].concat());
    assert_eq!(code, 2, "{json}");
    let error = json["error"].as_str().unwrap();
    assert!(error.contains("--bands is 36, but must be from 1 to 30"), "{error}");
}

//! Models of the tutorial's Python on the command line: opened as they are, imported, and saved for it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::Command;
use serde_json::Value;

/// A small model of random weights, as Keras 2 wrote it: images of 16 × 8.
fn model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keras/keras2")
}

fn timbrespace(arguments: &[&str]) -> assert_cmd::assert::Assert {
    Command::cargo_bin("timbrespace").unwrap().args(arguments).assert()
}

fn json(arguments: &[&str]) -> Value {
    let output = timbrespace(&[arguments, &["--json"]].concat()).success().get_output().stdout.clone();
    serde_json::from_slice(&output).unwrap()
}

#[test]
fn a_model_of_keras_makes_sounds_without_being_imported() {
    let dir = tempfile::tempdir().unwrap();
    let (model, out) = (model(), dir.path().join("sounds"));
    timbrespace(&["generate", model.to_str().unwrap(), "--out", out.to_str().unwrap(), "--count", "2"])
        .success();
    assert!(out.join("000.wav").is_file() && out.join("001.wav").is_file());
    assert_eq!(fs::read_dir(&model).unwrap().count(), 5, "nothing was written beside it");
}

#[test]
fn nothing_is_written_beside_a_model_of_keras_and_its_settings_are_not_made_up() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(at("K")).unwrap();
    for file in ["parameters.pkl", "weights.h5"] {
        fs::copy(model().join(file), Path::new(&at("K")).join(file)).unwrap();
    }
    timbrespace(&["demo", "--out", &at("sounds")]).success();
    let refused = |arguments: &[&str]| {
        let words = timbrespace(arguments).failure().code(1).get_output().stderr.clone();
        let words = String::from_utf8_lossy(&words).into_owned();
        assert!(words.contains("timbrespace import"), "{arguments:?}: {words}");
    };
    refused(&["detail", &at("K"), &at("sounds")]);
    refused(&["report", &at("K"), "--out", &at("r.html")]);
    refused(&["settings", "--of", &at("K"), "--out", &at("s.toml")]);
    assert_eq!(fs::read_dir(at("K")).unwrap().count(), 2);
}

#[test]
fn an_imported_model_keeps_its_settings_and_what_the_recordings_tell() {
    let dir = tempfile::tempdir().unwrap();
    let (model, out) = (model(), dir.path().join("B"));
    let sounds = dir.path().join("sounds");
    timbrespace(&["demo", "--out", sounds.to_str().unwrap()]).success();
    let arguments = [
        "import",
        model.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--sample-rate",
        "8000",
        "--duration",
        "8frames",
        "--images",
        sounds.to_str().unwrap(),
    ];
    let report = json(&arguments);
    assert_eq!((&report["image_shape"], &report["latent_size"]), (&Value::from([16, 8]), &3.into()));
    let images = report["images"].as_u64().unwrap();
    assert!(images > 100, "{report}");
    let config: Value = serde_json::from_slice(&fs::read(out.join("config.json")).unwrap()).unwrap();
    assert_eq!(config["preprocessing"]["sample_rate_hz"], 8000);
    assert_eq!(config["dataset"]["images"], images);
    assert!(out.join("density.safetensors").is_file());
    let evaluated = json(&["evaluate", out.to_str().unwrap(), sounds.to_str().unwrap()]);
    assert!(evaluated["model"]["reconstruction"].as_f64().unwrap_or(1.0) > 0.0, "{evaluated}");
    // What stands there stays.
    let words = timbrespace(&arguments).failure().code(1).get_output().stderr.clone();
    assert!(String::from_utf8_lossy(&words).contains("not empty"));
}

#[test]
fn a_model_is_saved_for_the_tutorial_unless_its_class_cannot_be_it() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let model = model();
    timbrespace(&["import", model.to_str().unwrap(), "--out", &at("B")]).success();
    let saved = json(&["export", &at("B"), "--keras", &at("K")]);
    assert_eq!(saved["weights"], "weights.h5");
    timbrespace(&["import", &at("K"), "--out", &at("C")]).success();
    let weights = |name: &str| fs::read(Path::new(&at(name)).join("model.safetensors")).unwrap();
    assert_eq!(weights("B"), weights("C"));
    timbrespace(&["demo", "--out", &at("sounds")]).success();
    for preset in ["small", "flat"] {
        let out = at(preset);
        let settings = [
            "--preset",
            preset,
            "--epochs",
            "1",
            "--frame-size",
            "64",
            "--hop-length",
            "64",
            "--duration",
            "0.2",
        ];
        timbrespace(&[&["train", &at("sounds"), "--out", &out], &settings[..]].concat()).success();
        let words =
            timbrespace(&["export", &out, "--keras", &at("L")]).failure().code(1).get_output().stderr.clone();
        let words = String::from_utf8_lossy(&words).into_owned();
        assert!(words.contains("the tutorial's class has no such layer"), "{words}");
        assert!(!Path::new(&at("L")).join("weights.h5").exists());
    }
}

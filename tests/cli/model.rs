//! A model of convolutions: `train`, `evaluate`, `encode`, `reconstruct` and `generate`.

use std::fs;

use serde_json::Value;
use timbrespace_base::differences::largest_difference;

use super::workplace::{Workplace, assert_sounds, wav};

#[test]
fn a_model_goes_from_recordings_to_new_sounds() {
    let place = Workplace::new();
    place.recordings();
    place.run(&["preprocess", "recordings", "--out", "p"]).succeeded();
    train(&place);
    evaluate_and_encode(&place);
    reconstruct(&place);
    generate(&place);
}

fn train(place: &Workplace) {
    let run = |more: &[&str]| place.train("small", "b", more);
    let first = run(&["--epochs", "1"]).succeeded();
    assert!(first.stderr.contains("encoder") && first.stderr.contains("parameters"), "{first:#?}");
    assert!(first.stderr.contains("epoch   1/1"), "{first:#?}");
    assert!(first.stdout.contains("validation"), "{first:#?}");
    assert!(first.stderr.contains("CPU"), "{first:#?}");
    #[cfg(not(feature = "cuda"))]
    run(&["--epochs", "2", "--resume", "--device", "cuda"]).failed(1, &["NVIDIA", "--device cpu"]);
    run(&["--epochs", "2"]).failed(1, &["--resume", "--overwrite"]);
    let resumed = run(&["--epochs", "2", "--resume", "--json"]).succeeded().json();
    assert_eq!(resumed["finished"], true);
    assert_eq!(resumed["last_epoch"]["epoch"], 2);
    for file in ["model.safetensors", "density.safetensors", "config.json", "history.csv"] {
        assert!(place.path("b").join(file).is_file(), "{file}");
    }
}

/// Whether a figure is what was measured when the test was written, within a factor of 2: the model is trained for two epochs
/// on as many threads as there are cores, so its last digits differ from machine to machine.
#[track_caller]
fn is_near(figure: &Value, measured: f64) {
    let figure = figure.as_f64().unwrap();
    assert!((measured / 2.0..measured * 2.0).contains(&figure), "{figure}, measured was {measured}");
}

fn evaluate_and_encode(place: &Workplace) {
    let figures = place.run(&["evaluate", "b", "p", "--json"]).succeeded().json();
    assert_eq!(figures["images"], 12);
    is_near(&figures["reconstruction"], 0.001_83);
    is_near(&figures["kl"], 11.6);
    is_near(&figures["baselines"]["mean_image"], 0.009_36);
    is_near(&figures["baselines"]["pca"], 0.001_93);
    let words = place.run(&["evaluate", "b", "recordings"]).succeeded();
    assert!(words.stdout.contains("mean image"), "{words:#?}");
    assert!(figures.get("prior_samples").is_none());
    let random = &figures["random_samples"];
    assert_eq!((&random["samples"], &random["reference"]), (&100.into(), &"unseen".into()), "{random}");
    assert!(
        random["originality"].as_f64().unwrap() > 0.0 && random["pairwise_error"].as_f64().unwrap() > 0.0,
        "{random}"
    );
    assert!(words.stdout.contains("100 random sounds") && words.stdout.contains("originality"), "{words:#?}");
    let none = place.run(&["evaluate", "b", "p", "--no-random-samples", "--json"]).succeeded().json();
    assert!(none.get("random_samples").is_none());
    samples_from_the_prior(place);
    place.run(&["encode", "b", "recordings", "--out", "codes"]).succeeded();
    for file in ["mu.npy", "log_variance.npy", "names.csv"] {
        assert!(place.path("codes").join(file).is_file(), "{file}");
    }
    assert_eq!(fs::read_to_string(place.path("codes/names.csv")).unwrap().lines().count(), 13);
}

fn samples_from_the_prior(place: &Workplace) {
    let line = ["evaluate", "b", "p", "--samples", "8", "--json"];
    let measured = || place.run(&line).succeeded().json()["prior_samples"].clone();
    let figures = measured();
    assert_eq!(figures["samples"], 8);
    for (name, measured) in [
        ("nearest_error", 0.005_83),
        ("data_nearest_error", 0.008_51),
        ("mean_image_nearest_error", 0.004_27),
        ("pairwise_error", 0.0142),
        ("data_pairwise_error", 0.0201),
    ] {
        is_near(&figures[name], measured);
    }
    assert_eq!(figures, measured(), "one seed draws the same samples");
    let words = place.run(&["evaluate", "b", "p", "--samples", "8", "--seed", "3"]).succeeded();
    assert!(words.stdout.contains("8 samples from the prior"), "{words:#?}");
    place.run(&["evaluate", "b", "p", "--samples", "1"]).failed(2, &["from 2 to 10000"]);
}

fn reconstruct(place: &Workplace) {
    let files = ["recordings/dull/dull_0.wav", "recordings/bright/bright_3.wav"];
    let run = place.run(&[
        "reconstruct",
        "b",
        files[0],
        files[1],
        "missing.wav",
        "--out",
        "r",
        "--bits",
        "24",
        "--json",
    ]);
    let report = run.succeeded().json();
    assert_eq!(report["reconstructions"].as_array().unwrap().len(), 2);
    assert_eq!(report["skipped"][0]["path"], "missing.wav");
    assert_eq!(wav(&place.path("r/dull_0.wav")).1, 24);
    assert_ne!(assert_sounds(&place.path("r/dull_0.wav")), assert_sounds(&place.path("r/bright_3.wav")));
    assert!(place.path("r/bright_3.npy").is_file());
}

fn generate(place: &Workplace) {
    let drawn = place.run(&["generate", "b", "--out", "g", "--count", "2", "--seed", "5"]).succeeded();
    assert!(drawn.stdout.contains("nearest recording "), "{drawn:#?}");
    let table = fs::read_to_string(place.path("g/vectors.csv")).unwrap();
    assert!(table.starts_with("sound,nearest,nearest_distance,z0,"), "{table}");
    let dull =
        ["generate", "b", "--out", "dull", "--count", "3", "--class", "dull", "--temperature", "0", "--json"];
    let report = place.run(&dull).succeeded().json();
    for sound in report["sounds"].as_array().unwrap() {
        assert_eq!(
            (&sound["nearest"]["class"], &sound["nearest"]["distance"]),
            (&"dull".into(), &0.0.into()),
            "{report}"
        );
    }
    place.run(&["generate", "b", "--out", "x", "--class", "none"]).failed(2, &["none", "bright, dull"]);
    place
        .run(&["generate", "b", "--out", "x", "--class", "dull", "--distribution", "prior"])
        .failed(2, &["density"]);
    assert_ne!(assert_sounds(&place.path("g/000.wav")), assert_sounds(&place.path("g/001.wav")));
    place
        .run(&["generate", "b", "--out", "again", "--count", "2", "--seed", "5", "--bits", "32f"])
        .succeeded();
    let (same, bits) = wav(&place.path("again/001.wav"));
    assert_eq!(bits, 32);
    assert_eq!(
        (same.first(), same.last()),
        (Some(&0.0), Some(&0.0)),
        "no click at the ends in other players"
    );
    let difference = largest_difference(&same, &wav(&place.path("g/001.wav")).0);
    assert!(difference < 1e-4, "one seed, one sound: {difference}");
    let way = place.run(&[
        "generate",
        "b",
        "--out",
        "way",
        "--from",
        "recordings/dull/dull_0.wav",
        "--to",
        "recordings/bright/bright_0.wav",
        "--steps",
        "3",
        "--json",
    ]);
    assert_eq!(way.succeeded().json()["sounds"].as_array().unwrap().len(), 3);
    assert_sounds(&place.path("way/001.wav"));
}

#[test]
fn settings_that_contradict_preprocessed_images_are_refused_with_both_values() {
    let place = Workplace::new();
    place.recordings();
    place.run(&["preprocess", "recordings", "--out", "p"]).succeeded();
    place
        .run(&["train", "p", "--out", "b", "--hop-length", "128"])
        .failed(2, &["--hop-length", "128", "256"]);
    assert!(!place.path("b").exists());
}

#[test]
fn a_folder_that_is_not_a_bundle_is_refused() {
    let place = Workplace::new();
    place.recordings();
    for verb in ["evaluate", "encode", "generate"] {
        let line = match verb {
            "evaluate" => vec![verb, "recordings", "recordings"],
            "encode" => vec![verb, "recordings", "recordings", "--out", "o"],
            _ => vec![verb, "recordings", "--out", "o"],
        };
        place.run(&line).failed(1, &["recordings"]);
    }
}

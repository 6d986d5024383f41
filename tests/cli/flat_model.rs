//! A model of dense layers: `train`, `evaluate`, `encode`, `reconstruct` and `generate`.

use std::fs;

use super::workplace::{Workplace, assert_sounds};

#[test]
fn a_flat_model_of_log_mel_images_goes_from_recordings_to_new_sounds() {
    let place = Workplace::new();
    place.recordings();
    let mel = ["--feature", "log-mel", "--resample", "--duration", "40frames"];
    place.run(&[&["preprocess", "recordings", "--out", "p"][..], &mel].concat()).succeeded();
    let train = |more: &[&str]| place.train("flat", "b", more);
    let first = train(&["--epochs", "1"]).succeeded();
    assert!(
        first.stderr.contains("encoder.dense_1") && first.stderr.contains("decoder.dense_3"),
        "{first:#?}"
    );
    assert_eq!(train(&["--epochs", "3", "--resume", "--json"]).succeeded().json()["last_epoch"]["epoch"], 3);
    let other = ["train", "p", "--out", "b", "--preset", "small", "--latent-size", "4", "--resume"];
    place.run(&other).failed(1, &["filters", "[]", "[16, 16, 32, 64, 128]"]);
    // One go gives the same bits as two.
    place.train("flat", "whole", &["--epochs", "3"]).succeeded();
    let weights = |bundle: &str| fs::read(place.path(bundle).join("model.safetensors")).unwrap();
    assert!(weights("whole") == weights("b"), "a resumed run has other weights");

    let figures = place.run(&["evaluate", "b", "p", "--json"]).succeeded().json();
    assert_eq!(figures["images"], 12);
    assert_eq!(figures["reconstruction"], figures["reconstruction_running"], "there is no batch norm");
    place.run(&["evaluate", "b", "recordings"]).succeeded();
    place.run(&["encode", "b", "recordings", "--out", "codes"]).succeeded();
    let file = "recordings/plain/plain_1.wav";
    place.run(&["reconstruct", "b", file, "--out", "r"]).succeeded();
    assert_eq!(assert_sounds(&place.path("r/plain_1.wav")).len(), 40 * 256);
    place.run(&["generate", "b", "--out", "g", "--count", "2"]).succeeded();
    assert_ne!(assert_sounds(&place.path("g/000.wav")), assert_sounds(&place.path("g/001.wav")));
}

//! `preprocess`.

use std::fs;

use serde_json::Value;
use timbrespace::audio::{
    clip::Clip,
    encode::{BitDepth, write_wav},
};

use super::workplace::{RATE, Workplace};

#[test]
fn a_missing_folder_is_named_on_standard_error_and_in_json() {
    let place = Workplace::new();
    place.run(&["preprocess", "no/such/folder", "--out", "p"]).failed(1, &["no/such/folder"]);
    let run = place.run(&["preprocess", "no/such/folder", "--out", "p", "--json"]);
    run.failed(1, &["no/such/folder"]);
    assert!(run.json()["error"].as_str().unwrap().contains("no/such/folder"));
}

#[test]
fn a_bad_file_is_named_and_skipped_and_the_rest_goes_on() {
    let place = Workplace::new();
    let recordings = place.recordings();
    fs::write(recordings.join("broken.wav"), b"RIFF but not really").unwrap();
    fs::write(recordings.join("empty.wav"), b"").unwrap();
    let run = place.run(&["preprocess", "recordings", "--out", "p", "--json"]).succeeded();
    let report = run.json();
    assert_eq!(report["saved"], 12);
    let skipped: Vec<&str> =
        report["skipped"].as_array().unwrap().iter().map(|s| s["path"].as_str().unwrap()).collect();
    assert_eq!(skipped.len(), 2, "{report}");
    for name in ["broken.wav", "empty.wav"] {
        assert!(skipped.iter().any(|path| path.ends_with(name)), "{skipped:?}");
        assert!(run.stderr.contains(name), "{run:#?}");
    }
}

#[test]
fn a_folder_without_a_good_file_fails() {
    let place = Workplace::new();
    fs::create_dir(place.path("bad")).unwrap();
    fs::write(place.path("bad/broken.wav"), b"RIFF but not really").unwrap();
    place.run(&["preprocess", "bad", "--out", "p"]).failed(1, &[]);
    fs::create_dir(place.path("none")).unwrap();
    place.run(&["preprocess", "none", "--out", "q"]).failed(1, &["none"]);
}

#[test]
fn shards_merge_to_what_one_run_writes() {
    let place = Workplace::new();
    place.recordings();
    place.run(&["preprocess", "recordings", "--out", "whole", "--jobs", "1"]).succeeded();
    for shard in ["1/2", "2/2"] {
        place.run(&["preprocess", "recordings", "--out", "parts", "--shard", shard]).succeeded();
    }
    let merged = place.run(&["preprocess", "--merge", "parts", "--json"]).succeeded().json();
    assert_eq!(merged["images"], 12);
    let image = "spectrograms/bright/bright_2.wav.npy";
    assert_eq!(
        fs::read(place.path("whole").join(image)).unwrap(),
        fs::read(place.path("parts").join(image)).unwrap()
    );
    assert!(place.path("parts/min_max_values.pkl").is_file());
    assert!(place.path("parts/preprocessing.json").is_file());
}

#[test]
fn samples_beyond_full_scale_are_reported_and_used() {
    let place = Workplace::new();
    let recordings = place.recordings();
    let loud = Clip::mono([0.5, 1.5, -2.0, 0.25].repeat(3000), RATE);
    write_wav(&recordings.join("loud.wav"), &loud, BitDepth::Float32).unwrap();
    let run = place.run(&["preprocess", "recordings", "--out", "p", "--json"]).succeeded();
    assert!(
        run.stderr.contains("loud.wav") && run.stderr.contains("6000 samples are outside -1..1"),
        "{run:#?}"
    );
    let report = run.json();
    assert_eq!((&report["saved"], report["flagged"].as_array().unwrap().len()), (&Value::from(13), 1));
    let stages = place.run(&["stages", "recordings/loud.wav", "--out", "s"]).succeeded();
    assert!(stages.stdout.contains("note: 6000 samples are outside -1..1"), "{stages:#?}");
}

//! Recordings that a list leaves out, on the command line.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::Command;
use serde_json::Value;
use timbrespace::audio::{
    clip::Clip,
    encode::{BitDepth, write_wav},
};

/// A folder of its own, gone at the end of the test.
struct Place(tempfile::TempDir);

impl Place {
    /// `sounds` with twelve recordings in two classes, one of them silent, and `list` that leaves out three names.
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for class in ["low", "high"] {
            fs::create_dir_all(place.path("sounds").join(class)).unwrap();
            for index in 0..6 {
                let period = if class == "low" { 60.0 } else { 20.0 } + index as f32;
                let level = if (class, index) == ("high", 5) { 0.0 } else { 0.5 };
                let samples = (0..8000).map(|n| level * (n as f32 / period).sin()).collect();
                let path = place.path("sounds").join(class).join(format!("{index}.wav"));
                write_wav(&path, &Clip::mono(samples, 22_050), BitDepth::Int16).unwrap();
            }
        }
        place.write("list", "# silent, and one more\nhigh/5.wav\r\n\nlow/0.wav\nlow/gone.wav\n");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Exit code, JSON on standard output, and standard error.
    fn run(&self, arguments: &[&str]) -> (i32, Value, String) {
        let mut command = Command::cargo_bin("timbrespace").unwrap();
        let output = command.current_dir(self.0.path()).args(arguments).arg("--json").output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {text}"));
        (output.status.code().unwrap(), json, text)
    }

    /// The result of a command that succeeds.
    #[track_caller]
    fn done(&self, arguments: &[&str]) -> (Value, String) {
        let (code, json, stderr) = self.run(arguments);
        assert_eq!(code, 0, "{stderr}");
        (json, stderr)
    }

    fn train(&self, images: &str, out: &str, flags: &[&str]) -> (i32, Value, String) {
        let line =
            ["train", images, "--out", out, "--preset", "small", "--threads", "1", "--validation", "0.2"];
        self.run(&[&line, flags].concat())
    }
}

fn json_of(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn preprocess_leaves_out_what_the_list_names_and_says_how_many() {
    let place = Place::new();
    let (json, stderr) = place.done(&["preprocess", "sounds", "--out", "p", "--exclude", "list"]);
    assert_eq!((&json["saved"], &json["left_out"]), (&10.into(), &2.into()));
    assert!(stderr.contains("2 recordings left out by the list"), "{stderr}");
    let notes = json["notes"].as_array().unwrap();
    let is_said = |note: &Value| note.as_str().unwrap().contains("low/gone.wav");
    assert!(notes.iter().any(is_said), "a name that matches nothing is said: {notes:?}");
    assert!(json["skipped"].as_array().unwrap().is_empty(), "left out is no error: {json}");
    assert!(!place.path("p/spectrograms/low/0.wav.npy").exists());
    assert!(place.path("p/spectrograms/low/1.wav.npy").is_file());
    let manifest = json_of(&place.path("p/preprocessing.json"));
    assert_eq!(manifest["left_out"], serde_json::json!(["high/5.wav", "low/0.wav"]));
    // Without the list, all are there again and nothing is recorded.
    let (json, _) = place.done(&["preprocess", "sounds", "--out", "p"]);
    assert_eq!((&json["saved"], &json["left_out"]), (&12.into(), &Value::Null));
    assert_eq!(json_of(&place.path("p/preprocessing.json"))["left_out"], Value::Null);
}

#[test]
fn shards_of_different_lists_are_not_merged() {
    let place = Place::new();
    let shard = |number, list: &[&str]| {
        let line = ["preprocess", "sounds", "--out", "p", "--shard", number];
        place.done(&[&line, list].concat());
    };
    shard("1/2", &["--exclude", "list"]);
    shard("2/2", &[]);
    let (code, json, _) = place.run(&["preprocess", "p", "--merge"]);
    let error = json["error"].as_str().unwrap();
    assert!(code == 1 && error.contains("leaves out 0") && error.contains("shard 1 2"), "{error}");
    shard("2/2", &["--exclude", "list"]);
    assert_eq!(place.done(&["preprocess", "p", "--merge"]).0["images"], 10);
}

#[test]
fn a_list_that_names_everything_or_cannot_be_read_is_an_error_that_says_so() {
    let place = Place::new();
    let all: BTreeSet<String> = ["low", "high"]
        .iter()
        .flat_map(|class| (0..6).map(move |index| format!("{class}/{index}.wav\n")))
        .collect();
    place.write("all", &all.into_iter().collect::<String>());
    let (code, json, _) = place.run(&["preprocess", "sounds", "--out", "p", "--exclude", "all"]);
    let error = json["error"].as_str().unwrap();
    assert!(code == 1 && error.contains("names all 12"), "{error}");
    fs::write(place.path("bytes"), b"\xff\xfe").unwrap();
    for list in ["bytes", "missing"] {
        let (code, json, _) = place.run(&["doctor", "sounds", "--exclude", list]);
        let error = json["error"].as_str().unwrap();
        assert!(code == 1 && error.contains(list) && error.contains("one path a line"), "{error}");
    }
}

#[test]
fn the_doctor_and_the_comparisons_look_at_the_others_alone() {
    let place = Place::new();
    let silent = |json: &Value| {
        let findings = json["findings"].as_array().unwrap().iter();
        findings.filter(|finding| finding["file"] == "high/5.wav").count()
    };
    let (json, _) = place.done(&["doctor", "sounds"]);
    assert!(silent(&json) > 0 && json["recordings"] == 12, "{json}");
    let (json, _) = place.done(&["doctor", "sounds", "--exclude", "list"]);
    assert_eq!((silent(&json), &json["recordings"], &json["left_out"]), (0, &10.into(), &2.into()));
    let (json, _) = place.done(&["compare-loading", "sounds", "--epochs", "1", "--exclude", "list"]);
    assert_eq!((&json["recordings"], &json["left_out"]), (&10.into(), &2.into()));
    place.done(&["preprocess", "sounds", "--out", "p"]);
    let (json, _) = place.done(&["parity", "sounds", "p", "--exclude", "list"]);
    assert_eq!((json["files"].as_array().unwrap().len(), &json["left_out"]), (10, &2.into()));
    // The list is read, so nothing is written over it.
    let line = ["doctor", "sounds", "--exclude", "list", "--csv", "list", "--overwrite"];
    let (code, json, _) = place.run(&line);
    let error = json["error"].as_str().unwrap();
    assert!(code == 1 && error.contains("the list of recordings to leave out"), "{error}");
}

#[test]
fn a_run_keeps_its_list_and_goes_on_with_it_alone() {
    let place = Place::new();
    let (code, json, stderr) = place.train("sounds", "b", &["--epochs", "1", "--exclude", "list"]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!((&json["images"], &json["left_out"]), (&10.into(), &2.into()));
    let kept = || json_of(&place.path("b/config.json"))["dataset"]["left_out"].clone();
    assert_eq!(kept(), serde_json::json!(["high/5.wav", "low/0.wav"]));
    // Another list would train on other images.
    place.write("more", "high/5.wav\nlow/0.wav\nlow/1.wav\n");
    place.write("fewer", "high/5.wav\n");
    for (list, named) in [("more", "low/1.wav"), ("fewer", "low/0.wav")] {
        let (code, json, _) = place.train("sounds", "b", &["--epochs", "2", "--resume", "--exclude", list]);
        let error = json["error"].as_str().unwrap();
        assert!(code == 2 && error.contains(named) && error.contains("left out 2"), "{error}");
    }
    for (epochs, list) in [("2", &[][..]), ("3", &["--exclude", "list"])] {
        let flags = [&["--epochs", epochs, "--resume"], list].concat();
        let (code, json, stderr) = place.train("sounds", "b", &flags);
        assert_eq!((code, &json["images"], &json["left_out"]), (0, &10.into(), &2.into()), "{stderr}");
    }
    assert_eq!(kept(), serde_json::json!(["high/5.wav", "low/0.wav"]));
    // Its own split needs its own recordings, whatever else lies there.
    let line = ["neighbours", "b", "sounds", "--neighbours", "1", "--labels", "{class}/{index}"];
    let (code, json, stderr) = place.run(&line);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(json["known"].as_u64().unwrap() + json["kept_out"].as_u64().unwrap(), 10);
}

#[test]
fn a_model_looks_at_the_others_alone_in_recordings_and_images() {
    let place = Place::new();
    place.done(&["preprocess", "sounds", "--out", "p"]);
    for flags in [&["--epochs", "1", "--exclude", "list"][..], &["--epochs", "2", "--resume", "--stream"]] {
        let (code, json, stderr) = place.train("p", "b", flags);
        assert_eq!((code, &json["images"], &json["left_out"]), (0, &10.into(), &2.into()), "{stderr}");
    }
    for folder in ["sounds", "p"] {
        let (json, _) = place.done(&["evaluate", "b", folder, "--exclude", "list", "--no-random-samples"]);
        assert_eq!((&json["images"], &json["left_out"]), (&10.into(), &2.into()));
        let line = ["encode", "b", folder, "--out", "v", "--exclude", "list", "--overwrite"];
        let (json, _) = place.done(&line);
        assert_eq!((&json["encoded"], &json["left_out"]), (&10.into(), &2.into()));
        let names = fs::read_to_string(place.path("v/names.csv")).unwrap();
        assert!(names.contains("low/1.wav") && !names.contains("low/0.wav"), "{names}");
    }
}

#[test]
fn a_streamed_run_makes_its_images_anew_for_another_list() {
    let place = Place::new();
    let images = |list: &[&str]| {
        let flags = [&["--epochs", "1", "--stream", "--overwrite"], list].concat();
        let (code, json, stderr) = place.train("sounds", "b", &flags);
        assert_eq!(code, 0, "{stderr}");
        json["images"].clone()
    };
    assert_eq!(images(&[]), 12);
    assert_eq!(images(&["--exclude", "list"]), 10);
    assert_eq!(images(&[]), 12);
}

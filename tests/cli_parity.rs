//! `timbrespace parity` as scripts use it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

use std::{
    f32::consts::TAU,
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use assert_cmd::Command;
use ndarray::Array2;
use ndarray_npy::{read_npy, write_npy};
use serde_json::Value;
use timbrespace::audio::{
    clip::Clip,
    encode::{BitDepth, write_wav},
};

const RATE: u32 = 22_050;

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// Three tones, and their images as `python` with a pickle beside them.
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(place.path("sounds")).unwrap();
        for (name, hz) in [("a_1", 330.0), ("a_2", 440.0), ("b_1", 550.0)] {
            let samples = (0..16_317).map(|n| 0.4 * (TAU * hz * n as f32 / RATE as f32).sin()).collect();
            let path = place.path("sounds").join(name).with_extension("wav");
            write_wav(&path, &Clip::mono(samples, RATE), BitDepth::Int16).unwrap();
        }
        let made = place.run(&["preprocess", "sounds", "--out", "python"]);
        assert!(made.status.success(), "{}", words(&made.stderr));
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::cargo_bin("timbrespace")
            .unwrap()
            .current_dir(self.folder.path())
            .args(arguments)
            .output()
            .unwrap()
    }

    fn image(&self, recording: &str) -> PathBuf {
        let folder = self.path("python/spectrograms");
        let names = [format!("{recording}.npy"), recording.replace(".wav", ".npy")];
        names.iter().map(|name| folder.join(name)).find(|path| path.exists()).unwrap()
    }

    fn json(&self, more: &[&str]) -> Value {
        let output = self.run(&[&["parity", "sounds", "python", "--json"][..], more].concat());
        assert!(output.status.success(), "{}", words(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn change(path: &Path, change: impl FnOnce(&mut Array2<f32>)) {
    let mut image: Array2<f32> = read_npy(path).unwrap();
    change(&mut image);
    write_npy(path, &image).unwrap();
}

#[test]
fn images_that_agree_are_counted_and_the_exit_code_is_0() {
    let place = Place::new();
    let report = place.json(&[]);
    assert_eq!(report["summary"]["compared"], 3);
    assert_eq!(report["summary"]["within_1e-4"], 3);
    assert_eq!(report["summary"]["largest"], 0.0);
}

#[test]
fn the_worst_file_comes_first_and_the_table_has_a_line_for_each() {
    let place = Place::new();
    change(&place.image("b_1.wav"), |image| image[[10, 20]] = 3.0);
    fs::remove_file(place.image("a_1.wav")).unwrap();
    let report = place.json(&["--csv", "parity.csv"]);
    let worst = &report["files"][0];
    assert_eq!(worst["recording"], "b_1.wav");
    assert_eq!((&worst["difference"]["bin"], &worst["difference"]["frame"]), (&10.into(), &20.into()));
    assert_eq!(report["without_image"][0], "a_1.wav");
    let table = fs::read_to_string(place.path("parity.csv")).unwrap();
    let names: Vec<&str> = table.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(names, ["b_1.wav", "a_2.wav", "a_1.wav"]);
    let text = words(&place.run(&["parity", "sounds", "python", "--limit", "1"]).stdout);
    assert!(text.contains("... and 1 file that differ less") && !text.contains("a_2.wav"), "{text}");
}

#[test]
fn settings_beside_the_images_serve_unless_others_are_given() {
    let place = Place::new();
    assert_eq!(place.json(&["--hop-length", "128"])["files"][0]["our_shape"], serde_json::json!([256, 128]));
    assert_eq!(place.json(&[])["settings"]["hop_length"], 256);
}

#[test]
fn folders_that_do_not_belong_together_are_refused_with_a_name_of_each() {
    let place = Place::new();
    fs::create_dir(place.path("others")).unwrap();
    fs::copy(place.path("sounds/a_1.wav"), place.path("others/zebra.wav")).unwrap();
    let output = place.run(&["parity", "others", "python"]);
    assert!(!output.status.success());
    let text = words(&output.stderr);
    assert!(text.contains("zebra.wav") && text.contains("a_1"), "{text}");
    let output = place.run(&["parity", "sounds", "sounds"]);
    assert!(!output.status.success() && words(&output.stderr).contains("sounds"), "{output:?}");
}

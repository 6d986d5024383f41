//! Long recordings in pieces, on the command line.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use assert_cmd::Command;
use ndarray::{Array1, Array2};
use ndarray_npy::ReadNpyExt as _;
use serde_json::Value;
use timbrespace::audio::{
    clip::Clip,
    encode::{BitDepth, write_wav},
};

const RATE_HZ: u32 = 8000;

/// A folder of its own, gone at the end of the test.
struct Place(tempfile::TempDir);

/// Tones of half a second at these frequencies, a second of silence after each.
fn tones(frequencies: &[f32]) -> Vec<f32> {
    let tone = |hz: &f32| {
        let step = std::f32::consts::TAU * hz / RATE_HZ as f32;
        let sound = (0..4096).map(move |n| 0.4 * (n as f32 * step).sin());
        sound.chain(std::iter::repeat_n(0.0, 8192))
    };
    frequencies.iter().flat_map(tone).collect()
}

impl Place {
    /// `sounds` with three recordings: of six, four and two tones.
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for (name, count) in [("a_1", 6), ("b_2", 4), ("c_3", 2)] {
            let frequencies: Vec<f32> = (0..count).map(|n| 200.0 + 150.0 * n as f32).collect();
            fs::create_dir_all(place.path("sounds/x")).unwrap();
            let path = place.path(&format!("sounds/x/{name}.wav"));
            write_wav(&path, &Clip::mono(tones(&frequencies), RATE_HZ), BitDepth::Float32).unwrap();
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    #[track_caller]
    fn done(&self, arguments: &[&str]) -> Value {
        let (code, json, stderr) = self.run(arguments);
        assert_eq!(code, 0, "{stderr}");
        json
    }

    fn run(&self, arguments: &[&str]) -> (i32, Value, String) {
        let mut command = Command::cargo_bin("timbrespace").unwrap();
        let output = command.current_dir(self.0.path()).args(arguments).arg("--json").output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        let json = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        (output.status.code().unwrap(), json, text)
    }
}

/// Names of the files below `folder`, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_piece_is_an_image_named_after_its_file_and_start() {
    let place = Place::new();
    let line = ["preprocess", "sounds", "--out", "P", "--pieces", "silences", "--sample-rate", "8000"];
    let (code, json, stderr) =
        place.run(&[&line[..], &["--save-signal", "--labels", "{class}_{index}"]].concat());
    assert_eq!((code, &json["saved"]), (0, &12.into()), "{stderr}");
    assert!(stderr.contains("12 pieces of 3 files"), "{stderr}");
    let images = names(&place.path("P/spectrograms/x"));
    assert_eq!(images.len(), 12);
    // A frame of 2,048 samples that reaches into the tone is not silent: 512 samples before it.
    assert_eq!(images[..3], ["a_1.wav@0.000.npy", "a_1.wav@1.472.npy", "a_1.wav@3.008.npy"]);
    let manifest: Value =
        serde_json::from_slice(&fs::read(place.path("P/preprocessing.json")).unwrap()).unwrap();
    assert_eq!(manifest["items"][1]["name"], "x/a_1.wav@1.472");
    assert_eq!(manifest["items"][1]["class"], "a");
    // The samples of that part, then padding.
    let read = |name: &str| Array1::<f32>::read_npy(File::open(place.path(name)).unwrap()).unwrap();
    let signal = read("P/signals/x/a_1.wav@1.472.npy");
    let all = tones(&[200.0, 350.0]);
    let start = (1.472 * f64::from(RATE_HZ)) as usize;
    assert_eq!(signal.len(), 5920);
    assert_eq!(signal.as_slice().unwrap()[..5632], all[start..start + 5632]);
    assert!(signal.iter().skip(5632).all(|sample| *sample == 0.0));
    let pickle = String::from_utf8_lossy(&fs::read(place.path("P/min_max_values.pkl")).unwrap()).into_owned();
    assert!(pickle.contains("P/spectrograms/x/a_1.wav@1.472.npy"), "{pickle}");
}

#[test]
fn a_piece_has_a_name_wherever_recordings_have() {
    let place = Place::new();
    let settings = ["--pieces", "silences", "--sample-rate", "8000"];
    place.done(&[&["stages", "sounds/x/a_1.wav@1.472", "--out", "S"][..], &settings].concat());
    let stage = Array1::<f32>::read_npy(File::open(place.path("S/signal.npy")).unwrap()).unwrap();
    assert_eq!(stage.len(), 5632);
    fs::write(place.path("list"), "x/b_2.wav\nx/a_1.wav@1.472\n").unwrap();
    let line = ["preprocess", "sounds", "--out", "P", "--exclude", "list"];
    let json = place.done(&[&line[..], &settings].concat());
    assert_eq!((&json["saved"], &json["left_out"]), (&7.into(), &2.into()));
    let findings = place.done(&[&["doctor", "sounds"][..], &settings].concat());
    assert_eq!(findings["recordings"], 12);
    assert!(!findings["findings"].to_string().contains("collision"), "{findings}");
    let loading = place.done(&[&["compare-loading", "sounds", "--epochs", "1"][..], &settings].concat());
    assert_eq!((&loading["recordings"], &loading["images_equal"]), (&12.into(), &true.into()));
    let (code, _, stderr) = place.run(&["stages", "sounds/x/a_1.wav@99.000", "--out", "T"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("9.216 s long") && stderr.contains("from 99.000 s on"), "{stderr}");
}

#[test]
fn pieces_of_one_file_are_never_on_both_sides_of_a_split() {
    let place = Place::new();
    let train =
        ["train", "sounds", "--preset", "small", "--epochs", "1", "--threads", "1", "--batch-size", "4"];
    let settings =
        ["--pieces", "silences", "--sample-rate", "8000", "--frame-size", "64", "--hop-length", "64"];
    let json = place.done(
        &[&train[..], &["--out", "B", "--validation", "0.3", "--latent-size", "2"], &settings].concat(),
    );
    assert_eq!(json["images"], 12);
    let kept_out = json["validation_images"].as_u64().unwrap();
    assert!([2, 4, 6].contains(&kept_out), "a file's whole number of pieces: {kept_out}");
    let encoded = place.done(&["encode", "B", "sounds/x/c_3.wav", "--out", "E"]);
    assert_eq!(encoded["encoded"], 2, "{encoded}");
    let mu = Array2::<f32>::read_npy(File::open(place.path("E/mu.npy")).unwrap()).unwrap();
    assert_eq!(mu.dim(), (2, 2));
    place.done(&["reconstruct", "B", "sounds/x/c_3.wav@1.472", "--out", "R"]);
    assert!(place.path("R/c_3@1.472.wav").is_file());
    // One file only: all of it trains, and that is said.
    let one = ["train", "sounds/x/a_1.wav", "--preset", "small", "--epochs", "1", "--threads", "1"];
    let (code, json, stderr) = place
        .run(&[&one[..], &["--out", "C", "--latent-size", "2", "--batch-size", "4"], &settings].concat());
    assert_eq!((code, &json["images"], &json["validation_images"]), (0, &6.into(), &0.into()), "{stderr}");
    assert!(stderr.contains("pieces of one file"), "{stderr}");
}

/// Open files are few: a copy of each compressed file, held open, would leave none for the recordings.
#[cfg(target_os = "linux")]
#[test]
fn many_compressed_files_are_cut_with_few_open_files() {
    let place = Place(tempfile::tempdir().unwrap());
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/audio/pluck_22k.mp3");
    fs::create_dir(place.path("sounds")).unwrap();
    for number in 0..80 {
        fs::copy(&source, place.path(&format!("sounds/{number}.mp3"))).unwrap();
    }
    let program = assert_cmd::cargo::cargo_bin("timbrespace");
    let line = format!(
        "ulimit -n 48; exec '{}' preprocess sounds --out P --pieces length --duration 0.2 --jobs 2 --json",
        program.display()
    );
    let output = Command::new("sh").current_dir(place.0.path()).args(["-c", &line]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["skipped"].as_array().unwrap().len(), 0, "{report}");
    assert!(report["saved"].as_u64().unwrap() >= 160, "{report}");
}

#[test]
fn what_has_no_piece_is_named_with_the_cause() {
    let place = Place::new();
    write_wav(&place.path("sounds/silent.wav"), &Clip::mono(vec![0.0; 9000], RATE_HZ), BitDepth::Int16)
        .unwrap();
    for (at, cause) in
        [("silences", "all of it is silent"), ("onsets", "nothing begins to sound"), ("length", "silent")]
    {
        let out = format!("P{at}");
        let (code, json, stderr) = place.run(&["preprocess", "sounds", "--out", &out, "--pieces", at]);
        assert_eq!(code, 0, "{stderr}");
        let skipped = json["skipped"].to_string();
        assert!(skipped.contains("silent.wav") && skipped.contains(cause), "{skipped}");
    }
    let (code, _, stderr) =
        place.run(&["preprocess", "sounds", "--out", "Q", "--pieces", "length", "--duration", "full"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("--duration is full"), "{stderr}");
}

//! The command line as scripts use it: every verb, its files, its exit codes, its JSON.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

use std::{
    f32::consts::TAU,
    fs,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use assert_cmd::Command;
use serde_json::Value;
use timbrespace::audio::{
    clip::Clip,
    encode::{BitDepth, write_wav},
};

use timbrespace_base::differences::{largest, largest_difference};

const RATE: u32 = 22_050;

/// A folder of its own, gone at the end of the test.
struct Workplace(tempfile::TempDir);

impl Workplace {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Twelve short sounds of three classes.
    fn recordings(&self) -> PathBuf {
        let folder = self.path("recordings");
        for (class, overtones) in [("dull", 1), ("plain", 3), ("bright", 8)] {
            fs::create_dir_all(folder.join(class)).unwrap();
            for number in 0..4 {
                let path = folder.join(class).join(format!("{class}_{number}.wav"));
                write_wav(&path, &tone(150.0 + 90.0 * number as f32, overtones), BitDepth::Int16).unwrap();
            }
        }
        folder
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let output = Command::cargo_bin("timbrespace")
            .unwrap()
            .current_dir(self.0.path())
            .args(arguments)
            .output()
            .unwrap();
        Run::new(&output)
    }
}

fn tone(hz: f32, overtones: usize) -> Clip {
    let samples = (0..RATE / 2).map(|index| {
        let time = index as f32 / RATE as f32;
        let sum: f32 = (1..=overtones).map(|n| (time * hz * n as f32 * TAU).sin() / n as f32).sum();
        0.3 * sum * (-4.0 * time).exp()
    });
    Clip::mono(samples.collect(), RATE)
}

/// What a command did.
#[derive(Debug)]
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Run {
    fn new(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    #[track_caller]
    fn succeeded(self) -> Self {
        assert_eq!(self.code, 0, "{self:#?}");
        self
    }

    /// The one JSON object on standard output.
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    #[track_caller]
    fn failed(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{self:#?}");
        assert_eq!(self.stderr.matches("error:").count(), 1, "said once: {self:#?}");
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is missing in {self:#?}");
        }
    }
}

/// Samples of a WAV file, with its bits per sample.
fn wav(path: &Path) -> (Vec<f32>, u16) {
    let mut reader = hound::WavReader::open(path).unwrap();
    let spec = reader.spec();
    let samples = match spec.sample_format {
        hound::SampleFormat::Float => reader.samples::<f32>().map(Result::unwrap).collect(),
        hound::SampleFormat::Int => {
            let full = (1_u32 << (spec.bits_per_sample - 1)) as f32;
            reader.samples::<i32>().map(|sample| sample.unwrap() as f32 / full).collect()
        }
    };
    (samples, spec.bits_per_sample)
}

#[track_caller]
fn assert_sounds(path: &Path) -> Vec<f32> {
    let (samples, _) = wav(path);
    let peak = largest(samples.iter().map(|sample| sample.abs()));
    assert!(peak > 0.001 && peak <= 0.9901, "{}: peak {peak}", path.display());
    samples
}

#[test]
fn help_and_version_are_results() {
    let place = Workplace::new();
    let help = place.run(&["--help"]).succeeded();
    for verb in [
        "stages",
        "preprocess",
        "train",
        "evaluate",
        "encode",
        "reconstruct",
        "generate",
        "neighbours",
        "ladder",
        "detail",
        "morph",
        "compare-loading",
        "demo",
    ] {
        assert!(help.stdout.contains(verb), "{verb}");
        let own = place.run(&[verb, "--help"]).succeeded();
        assert!(own.stdout.contains("--json"), "{verb}");
    }
    let version = place.run(&["--version"]).succeeded();
    assert_eq!(version.stdout.trim(), format!("timbrespace {}", timbrespace::VERSION));
    let number = timbrespace::VERSION.split(' ').next();
    assert_eq!(number, Some(env!("CARGO_PKG_VERSION")), "the number stands first, for scripts");
}

#[test]
fn wrong_arguments_end_with_exit_code_2() {
    let place = Workplace::new();
    place.run(&["stages"]).failed(2, &["FILE", "--out"]);
    place.run(&["nowhere"]).failed(2, &["nowhere", "--help"]);
    place.run(&["preprocess", "x", "--out", "p", "--frame-size", "0"]).failed(2, &["frame-size", "0"]);
    place.run(&["preprocess", "x", "--out", "p", "--shard", "5/4"]).failed(2, &["5/4", "2/4"]);
    place
        .run(&["train", "x", "--out", "b", "--resume", "--overwrite"])
        .failed(2, &["--resume", "--overwrite"]);
}

#[test]
fn a_missing_folder_is_named_on_standard_error_and_in_json() {
    let place = Workplace::new();
    place.run(&["preprocess", "no/such/folder", "--out", "p"]).failed(1, &["no/such/folder"]);
    let run = place.run(&["preprocess", "no/such/folder", "--out", "p", "--json"]);
    run.failed(1, &["no/such/folder"]);
    assert!(run.json()["error"].as_str().unwrap().contains("no/such/folder"));
}

#[test]
fn stages_writes_every_stage_as_array_and_picture() {
    let place = Workplace::new();
    place.recordings();
    let run = place.run(&["stages", "recordings/plain/plain_1.wav", "--out", "stages", "--json"]).succeeded();
    let report = run.json();
    assert_eq!(report["image_shape"], serde_json::json!([256, 64]));
    assert_eq!(report["native_rate_hz"], RATE);
    for stage in ["signal", "padded", "stft_real", "stft_imag", "magnitude", "log_db", "normalised"] {
        assert!(place.path("stages").join(stage).with_extension("npy").is_file(), "{stage}");
    }
    for picture in ["signal", "padded", "magnitude", "log_db", "normalised"] {
        assert!(place.path("stages").join(picture).with_extension("png").is_file(), "{picture}");
    }
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
fn log_mel_refuses_other_rates_with_both_named_until_resample_is_given() {
    let place = Workplace::new();
    place.recordings();
    let mel = ["--feature", "log-mel"];
    let allowed = ["--feature", "log-mel", "--resample"];
    for line in [
        &["preprocess", "recordings", "--out", "p"][..],
        &["train", "recordings", "--out", "b", "--epochs", "1"],
        &["compare-loading", "recordings", "--epochs", "1"],
        &["stages", "recordings/dull/dull_0.wav", "--out", "s"],
    ] {
        let refused = place.run(&[line, &mel].concat());
        refused.failed(1, &["_0.wav", "22050 Hz", "44100 Hz", "--resample"]);
        assert!(refused.stderr.lines().count() <= 2, "said once, not for every file: {refused:#?}");
    }
    assert!(!place.path("p").exists() && !place.path("s").exists(), "nothing was begun");
    place.run(&[&["preprocess", "recordings", "--out", "p"][..], &allowed].concat()).succeeded();
    place.run(&[&["compare-loading", "recordings", "--epochs", "1"][..], &allowed].concat()).succeeded();
    let stages = [&["stages", "recordings/dull/dull_0.wav", "--out", "s", "--json"][..], &allowed].concat();
    let report = place.run(&stages).succeeded().json();
    assert_eq!(report["image_shape"], serde_json::json!([80, 127]));
    assert!(place.path("s/log_mel.npy").is_file());
    place
        .run(
            &[&["stages", "recordings/dull/dull_0.wav", "--out", "t", "--sample-rate", "22050"][..], &mel]
                .concat(),
        )
        .succeeded();
}

#[test]
fn a_flat_model_of_log_mel_images_goes_from_recordings_to_new_sounds() {
    let place = Workplace::new();
    place.recordings();
    let mel = ["--feature", "log-mel", "--resample", "--duration", "40frames"];
    place.run(&[&["preprocess", "recordings", "--out", "p"][..], &mel].concat()).succeeded();
    let line = [
        "train",
        "p",
        "--out",
        "b",
        "--preset",
        "flat",
        "--batch-size",
        "4",
        "--latent-size",
        "4",
        "--seed",
        "7",
    ];
    let train = |more: &[&str]| place.run(&[&line[..], &["--validation", "0.25"], more].concat());
    let first = train(&["--epochs", "1"]).succeeded();
    assert!(
        first.stderr.contains("encoder.dense_1") && first.stderr.contains("decoder.dense_3"),
        "{first:#?}"
    );
    assert_eq!(train(&["--epochs", "3", "--resume", "--json"]).succeeded().json()["last_epoch"]["epoch"], 3);
    let other = ["train", "p", "--out", "b", "--preset", "small", "--latent-size", "4", "--resume"];
    place.run(&other).failed(1, &["filters", "[]", "[16, 16, 32, 64, 128]"]);
    // One go gives the same bits as two.
    let whole = [&line[..], &["--validation", "0.25", "--epochs", "3"]].concat();
    let whole: Vec<&str> = whole.into_iter().map(|word| if word == "b" { "whole" } else { word }).collect();
    place.run(&whole).succeeded();
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

#[test]
fn a_model_of_one_rate_takes_other_rates_when_resample_is_given() {
    let place = Workplace::new();
    place.recordings();
    let own_rate =
        ["--feature", "log-mel", "--sample-rate", "22050", "--duration", "24frames", "--frame-size", "256"];
    let line =
        ["train", "recordings", "--out", "b", "--preset", "small", "--epochs", "1", "--latent-size", "2"];
    place.run(&[&line[..], &own_rate].concat()).succeeded();
    let low: Vec<f32> = (0..8000).map(|n| 0.3 * (n as f32 * 0.4).sin()).collect();
    fs::create_dir(place.path("low")).unwrap();
    write_wav(&place.path("low/low.wav"), &Clip::mono(low, 8000), BitDepth::Int16).unwrap();
    for line in [
        &["evaluate", "b", "low"][..],
        &["encode", "b", "low", "--out", "c"],
        &["reconstruct", "b", "low/low.wav", "--out", "r"],
        &["generate", "b", "--from", "low/low.wav", "--to", "low/low.wav", "--steps", "2", "--out", "g"],
    ] {
        let refused = place.run(line);
        assert_eq!(refused.code, 1, "{refused:#?}");
        for words in ["low.wav", "8000 Hz", "22050 Hz", "--resample"] {
            assert!(refused.stderr.contains(words), "{words}: {refused:#?}");
        }
        place.run(&[line, &["--resample"]].concat()).succeeded();
    }
}

#[test]
fn a_length_in_frames_gives_images_of_so_many() {
    let place = Workplace::new();
    place.recordings();
    let line = [
        "stages",
        "recordings/dull/dull_0.wav",
        "--out",
        "s",
        "--json",
        "--feature",
        "log-mel",
        "--resample",
    ];
    for (duration, frames) in [("96frames", 96), ("12800samples", 50), ("12800 samples", 50)] {
        let report = place.run(&[&line[..], &["--duration", duration]].concat()).succeeded().json();
        assert_eq!(report["image_shape"], serde_json::json!([80, frames]));
    }
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
    let small = [
        "train",
        "p",
        "--out",
        "b",
        "--preset",
        "small",
        "--batch-size",
        "4",
        "--latent-size",
        "4",
        "--seed",
        "7",
        "--validation",
        "0.25",
    ];
    let run = |more: &[&str]| place.run(&[&small[..], more].concat());
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
fn a_bundle_that_is_none_is_refused() {
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

#[test]
fn compare_loading_times_both_ways() {
    let place = Workplace::new();
    place.recordings();
    let report = place.run(&["compare-loading", "recordings", "--epochs", "2", "--json"]).succeeded().json();
    let ways = report["ways"].as_array().unwrap();
    assert_eq!(ways.len(), 2);
    for way in ways {
        assert_eq!(way["seconds_per_epoch"].as_array().unwrap().len(), 2);
    }
    assert!(!report["verdict"].as_str().unwrap().is_empty());
}

#[test]
fn demo_writes_at_least_300_sounds_of_at_least_6_classes() {
    let place = Workplace::new();
    let report = place.run(&["demo", "--out", "demo", "--json"]).succeeded().json();
    assert!(report["sounds"].as_u64().unwrap() >= 300, "{report}");
    let classes = report["classes"].as_array().unwrap();
    assert!(classes.len() >= 6, "{report}");
    let files: usize = classes
        .iter()
        .map(|class| fs::read_dir(place.path("demo").join(class.as_str().unwrap())).unwrap().count())
        .sum();
    assert_eq!(files as u64, report["sounds"].as_u64().unwrap());
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = Workplace::new();
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("timbrespace"))
        .current_dir(place.0.path())
        .args(["train", "--help"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{output:?}");
}

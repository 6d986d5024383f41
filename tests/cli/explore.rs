//! The verbs that look into a finished model, as scripts use them, with the model that is embedded in the program.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use assert_cmd::Command;
use ndarray::Array2;
use ndarray_npy::read_npy;
use serde_json::Value;
use timbrespace::audio::{
    demo,
    encode::{BitDepth, write_wav},
};

use timbrespace_base::differences::largest_difference;

/// A folder with the embedded model as the bundle `b`.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo_model");
        fs::create_dir(place.path("b")).unwrap();
        for file in ["config.json", "model.safetensors"] {
            fs::copy(assets.join(file), place.path("b").join(file)).unwrap();
        }
        place
    }

    /// Every demo sound whose number in its class is one of `numbers`, in `sounds/<class>/`.
    fn sounds(&self, numbers: std::ops::Range<usize>) {
        for (place, sound) in demo::sounds().enumerate() {
            if numbers.contains(&(place % demo::SOUNDS_PER_CLASS)) {
                let folder = self.path("sounds").join(sound.class);
                fs::create_dir_all(&folder).unwrap();
                write_wav(&folder.join(sound.file_name), &sound.clip, BitDepth::Int16).unwrap();
            }
        }
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

    /// Standard output of a command that succeeds.
    #[track_caller]
    fn words(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.words(&[arguments, &["--json"]].concat())).unwrap()
    }

    #[track_caller]
    fn fails(&self, code: i32, arguments: &[&str], words: &[&str]) {
        let output = self.run(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        for word in words {
            assert!(said.contains(word), "`{word}` is missing in {said}");
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn ladder_writes_a_sound_a_rung_and_a_table_of_its_measures() {
    let place = Place::new();
    place.sounds(3..5);
    let line = ["ladder", "b", "sounds/drum/drum_003.wav", "--out", "rungs", "--iterations", "8"];
    let report = place.json(&line);
    let names: Vec<&str> =
        report["rungs"].as_array().unwrap().iter().map(|rung| rung["rung"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["original", "original phase", "Griffin-Lim", "model", "zero phase", "single-pass phases"]
    );
    assert_eq!(report["rungs"][0]["spectral_convergence"], 0.0);
    assert!(report["rungs"][3]["log_spectral_distance"].as_f64().unwrap() > 1.0, "{report}");
    for file in
        ["1_original", "2_original_phase", "3_griffin_lim", "4_model", "5_zero_phase", "6_single_pass_phases"]
    {
        assert!(place.path("rungs").join(file).with_extension("wav").is_file(), "{file}");
    }
    let words = place.words(&[&line[..], &["--phase-of", "sounds/drum/drum_004.wav"]].concat());
    assert!(words.contains("borrowed phase") && words.contains("largest loss:"), "{words}");
    assert!(place.path("rungs/6_borrowed_phase.wav").is_file());
    let nearest = place.json(&[&line[..], &["--phase-from", "sounds"]].concat());
    let lender = nearest["phase_of"].as_str().unwrap();
    assert!(lender.contains("sounds") && !lender.ends_with("drum_003.wav"), "{nearest}");
    place.fails(1, &["ladder", "b", "nothing.wav", "--out", "x"], &["nothing.wav"]);
    place.fails(2, &[&line[..5], &["--iterations", "0"]].concat(), &["--iterations"]);
}

#[test]
fn neighbours_recognises_kept_out_recordings_beside_three_baselines() {
    let place = Place::new();
    place.sounds(0..24);
    let line = ["neighbours", "b", "sounds", "--kept-out-index", "0-5", "--labels", "{class}_{index}"];
    let report = place.json(&line);
    assert_eq!((&report["known"], &report["kept_out"]), (&108.into(), &36.into()));
    assert_eq!((&report["voters"], &report["distance"]), (&5.into(), &"Euclidean".into()));
    assert_eq!(report["placeholders"].as_array().unwrap().len(), 1, "the index is no label");
    let class = &report["placeholders"][0];
    assert_eq!((&class["placeholder"], &class["labels"]), (&"class".into(), &6.into()));
    assert_eq!(class["chance"], 6.0 / 36.0);
    for space in ["mu", "pca", "pixels"] {
        assert!(class[space].as_f64().unwrap() > 0.6, "{space}: {report}");
    }
    let words = place.words(&[&line[..], &["--neighbours", "1"]].concat());
    assert!(words.contains("36 recordings kept out (index 0 to 5)") && words.contains("chance"), "{words}");
    // The folder names the classes where no pattern does.
    let by_folder = place.json(&["neighbours", "b", "sounds", "--kept-out", "class=bell", "--labels", ""]);
    let class = &by_folder["placeholders"][0];
    assert_eq!(
        (&class["new_labels"], &class["mu"]),
        (&24.into(), &0.0.into()),
        "a class that was kept out whole"
    );
    place.fails(1, &["neighbours", "b", "sounds"], &["360", "144", "--kept-out-index"]);
    place.fails(1, &["neighbours", "b", "sounds", "--kept-out", "speaker=theo"], &["speaker theo", "class"]);
    place.fails(2, &["neighbours", "b", "sounds", "--kept-out-index", "9-5"], &["5-9"]);
}

#[test]
fn morph_writes_one_sound_of_the_length_that_was_asked_for() {
    let place = Place::new();
    place.sounds(3..4);
    let line =
        ["morph", "b", "sounds/bell/bell_003.wav", "sounds/drum/drum_003.wav", "--iterations", "4", "--out"];
    let report =
        place.json(&[&line[..], &["m.wav", "--seconds", "2.5", "--spherical", "--bits", "24"]].concat());
    let starts = report["starts"].as_array().unwrap();
    assert_eq!((&report["seconds"], &report["steps"]), (&2.5.into(), &starts.len().into()));
    assert!((4..=12).contains(&starts.len()), "as many steps as the length asks for: {report}");
    let wav = hound::WavReader::open(place.path("m.wav")).unwrap();
    assert_eq!((wav.duration(), wav.spec().bits_per_sample), (55_125, 24));
    let words = place.words(&[&line[..], &["n.wav", "--steps", "3"]].concat());
    assert!(words.contains("n.wav: 3 steps in 1.") && words.contains("spectral convergence"), "{words}");
    place.fails(
        1,
        &[&line[..], &["x.wav", "--steps", "2", "--seconds", "9"]].concat(),
        &["9.00 s", "--steps"],
    );
    place.fails(2, &[&line[..], &["x.wav", "--steps", "1"]].concat(), &["from 2 to 1000"]);
    assert!(!place.path("x.wav").exists());
}

#[test]
fn encode_writes_tables_a_map_and_what_the_embedding_projector_opens() {
    let place = Place::new();
    place.sounds(0..3);
    let plain = place.json(&["encode", "b", "sounds", "--out", "plain"]);
    assert_eq!(plain["written"].as_array().unwrap().len(), 3, "{plain}");
    let line = ["encode", "b", "sounds", "--out", "v", "--csv", "--projection", "--projector"];
    let report = place.json(&line);
    assert_eq!(report["written"].as_array().unwrap().len(), 9, "{report}");
    let explained: f64 =
        report["explained"].as_array().unwrap().iter().map(|part| part.as_f64().unwrap()).sum();
    assert!((0.3..=1.0).contains(&explained), "{report}");
    let mu: Array2<f32> = read_npy(place.path("v/mu.npy")).unwrap();
    let table = fs::read_to_string(place.path("v/mu.csv")).unwrap();
    let second: Vec<&str> = table.lines().nth(2).unwrap().split(',').collect();
    assert_eq!((second[0], second[1], second.len()), ("bell/bell_001.wav", "bell", 2 + 32));
    assert_eq!(second[2].parse::<f32>().unwrap(), mu[[1, 0]]);
    let vectors = fs::read_to_string(place.path("v/vectors.tsv")).unwrap();
    assert!(vectors.lines().count() == 18 && vectors.lines().all(|line| line.split('\t').count() == 32));
    let metadata = fs::read_to_string(place.path("v/metadata.tsv")).unwrap();
    assert_eq!(metadata.lines().take(2).collect::<Vec<_>>(), ["name\tclass", "bell/bell_000.wav\tbell"]);
    let map: Array2<f32> = read_npy(place.path("v/projection.npy")).unwrap();
    assert_eq!(map.dim(), (18, 2));
    assert!(
        fs::read_to_string(place.path("v/projection.csv")).unwrap().starts_with("name,class,pca_1,pca_2\n")
    );
}

#[test]
fn generate_draws_from_the_prior_or_the_data_of_a_bundle_without_density_at_any_temperature_and_keeps_the_vectors()
 {
    let place = Place::new();
    let vectors = |out: &str, more: &[&str]| -> Array2<f32> {
        place.words(&[&["generate", "b", "--out", out, "--count", "3", "--seed", "4"], more].concat());
        read_npy(place.path(out).join("latent.npy")).unwrap()
    };
    let prior = vectors("prior", &["--distribution", "prior"]);
    let half = vectors("half", &["--distribution", "prior", "--temperature", "0.5"]);
    assert!(largest_difference(&prior.mapv(|a| a * 0.5), &half) < 1e-6, "one seed, half the spread");
    let table = fs::read_to_string(place.path("prior/vectors.csv")).unwrap();
    let row: Vec<&str> = table.lines().nth(3).unwrap().split(',').collect();
    assert_eq!((row[0], row.len()), ("002.wav", 33));
    assert_eq!(row[32].parse::<f32>().unwrap(), prior[[2, 31]]);
    let data = vectors("data", &["--distribution", "data", "--temperature", "0"]);
    let config: Value =
        serde_json::from_str(&fs::read_to_string(place.path("b/config.json")).unwrap()).unwrap();
    for (value, mean) in data.row(0).iter().zip(config["latent"]["mean"].as_array().unwrap()) {
        assert!(
            (f64::from(*value) - mean.as_f64().unwrap()).abs() < 1e-6,
            "no spread: the middle of the data"
        );
    }
    // The bundle has no density, as those of earlier versions.
    assert_eq!(vectors("default", &[]), vectors("as-data", &["--distribution", "data"]));
    place.fails(
        1,
        &["generate", "b", "--out", "x", "--distribution", "density"],
        &["no density", "--distribution data"],
    );
    place.fails(2, &["generate", "b", "--out", "x", "--temperature", "-1"], &["from 0 to 100"]);
}

#[test]
fn a_log_mel_model_has_a_ladder_and_morphs_too() {
    let place = Place::new();
    place.sounds(0..3);
    let train =
        ["train", "sounds", "--out", "mel", "--preset", "flat", "--latent-size", "4", "--epochs", "1"];
    let mel = ["--feature", "log-mel", "--resample", "--duration", "40frames", "--batch-size", "6"];
    place.words(&[&train[..], &mel].concat());
    let [from, to] = ["sounds/vowel/vowel_000.wav", "sounds/bell/bell_001.wav"];
    let ladder = place.json(&["ladder", "mel", from, "--out", "rungs", "--iterations", "8"]);
    let lost = |rung: usize| ladder["rungs"][rung]["spectral_convergence"].as_f64().unwrap();
    let far = ladder["rungs"][1]["log_spectral_distance"].as_f64().unwrap();
    assert!(far > 3.0 && lost(1) > 0.01, "bands are wider than bins, whatever the phase: {ladder}");
    assert!(lost(2) < lost(3), "{ladder}");
    assert_eq!(hound::WavReader::open(place.path("rungs/4_model.wav")).unwrap().duration(), 40 * 256);
    let morph =
        place.json(&["morph", "mel", from, to, "--out", "m.wav", "--seconds", "0.5", "--iterations", "4"]);
    assert_eq!(morph["seconds"], 0.5);
    let wav = hound::WavReader::open(place.path("m.wav")).unwrap();
    assert_eq!((wav.duration(), wav.spec().sample_rate), (22_050, 44_100));
    let own = place.json(&["neighbours", "mel", "sounds", "--labels", "{class}_{index}"]);
    assert_eq!((&own["kept_out"], &own["split_of_run"]), (&2.into(), &true.into()), "{own}");
}

#[test]
fn detail_is_made_from_the_recordings_and_added_where_it_is_asked_for() {
    let place = Place::new();
    place.sounds(0..3);
    let recording = "sounds/bell/bell_001.wav";
    let line = ["reconstruct", "b", recording, "--out", "alone"];
    place.fails(
        1,
        &[&line[..], &["--detail", "1"]].concat(),
        &["no detail yet", "timbrespace detail B FOLDER"],
    );
    place.fails(2, &[&line[..], &["--detail", "1.5"]].concat(), &["--detail", "from 0 to 1"]);
    place.fails(2, &[&line[..], &["--detail", "1", "--detail-from", "0"]].concat(), &["--detail-from"]);

    let made = place.json(&["detail", "b", "sounds"]);
    assert_eq!((&made["recordings"], &made["of"]), (&Value::from(18), &Value::from(18)));
    assert_eq!(made["bytes"], fs::metadata(place.path("b/detail.safetensors")).unwrap().len());
    let few = place.words(&["detail", "b", "sounds", "--most", "5"]);
    assert!(few.contains("residuals of 5 training recordings, evenly spread over 18"), "{few}");
    place.json(&["detail", "b", "sounds"]);

    let alone = place.json(&line);
    assert!(alone.get("detail").is_none(), "{alone}");
    let with = |out: &'static str, amount: &'static str| {
        ["reconstruct", "b", recording, "--out", out, "--detail", amount, "--detail-from", "1"]
    };
    let all = place.json(&with("all", "1"));
    assert_eq!(all["detail"], serde_json::json!({ "amount": 1.0, "from": 1, "recordings": 18 }));
    place.json(&with("half", "0.5"));
    let image = |out: &str| -> Array2<f32> { read_npy(place.path(out).join("bell_001.npy")).unwrap() };
    let (model, half, whole) = (image("alone"), image("half"), image("all"));
    // Half of what all of it adds, where neither is cut off at 0 or 1.
    let between = model.iter().zip(&whole).filter(|(_, whole)| (0.01..0.99).contains(*whole));
    assert!(between.clone().count() > 1000);
    for ((model, whole), half) in model.iter().zip(&whole).zip(&half) {
        if (0.01..0.99).contains(whole) {
            assert!((half - (model + whole) / 2.0).abs() < 1e-4, "{model} {half} {whole}");
        }
    }
    let error = |report: &Value| report["reconstructions"][0]["reconstruction"].as_f64().unwrap();
    assert!(error(&all) > 1e-5, "its own residual is never used: {all}");
    assert_eq!(error(&place.json(&line)), error(&alone), "off by default");

    let words = place.words(&["generate", "b", "--out", "new", "--count", "2", "--detail", "0.75"]);
    assert!(
        words.contains("detail 0.75: to each image of the model, residuals of the 4 nearest of 18"),
        "{words}"
    );
    let ladder = place.json(&["ladder", "b", recording, "--out", "rungs", "--iterations", "4"]);
    assert_eq!(ladder["rungs"][6]["rung"], "model with detail");
    assert!(place.path("rungs/6_single_pass_phases.wav").is_file());
    assert!(place.path("rungs/7_model_with_detail.wav").is_file());

    // Residuals of other weights are refused.
    let weights = place.path("b/model.safetensors");
    let mut bytes = fs::read(&weights).unwrap();
    *bytes.iter_mut().nth_back(3).unwrap() ^= 1;
    fs::write(&weights, bytes).unwrap();
    place.fails(1, &with("other", "1"), &["other weights", "timbrespace detail B FOLDER"]);
    let ladder = place.json(&["ladder", "b", recording, "--out", "rungs", "--iterations", "4"]);
    assert_eq!(ladder["rungs"].as_array().unwrap().len(), 6);
}

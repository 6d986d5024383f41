//! `settings`, `train --settings`, `report` and `scalars`: what a run starts from and what it leaves.

use std::{fs, path::Path};

use assert_cmd::Command;

fn timbrespace(arguments: &[&str]) -> assert_cmd::assert::Assert {
    Command::cargo_bin("timbrespace").unwrap().args(arguments).assert()
}

fn words(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A tiny run on a few demo sounds, one of them with a name that is markup.
fn train(dir: &Path, settings: &str) -> assert_cmd::assert::Assert {
    let (sounds, all) = (dir.join("sounds"), dir.join("all"));
    timbrespace(&["demo", "--out", words(&all)]).success();
    let mut files: Vec<_> = walk(&all);
    files.sort();
    fs::create_dir_all(sounds.join("a")).unwrap();
    for (number, file) in files.iter().step_by(files.len().div_ceil(12)).enumerate() {
        fs::copy(file, sounds.join(format!("a/<script>{number}.wav"))).unwrap();
    }
    let file = dir.join("settings.toml");
    fs::write(&file, settings).unwrap();
    let out = dir.join("run");
    timbrespace(&["train", words(&sounds), "--out", words(&out), "--settings", words(&file), "--epochs", "2"])
}

fn walk(dir: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "wav"))
        .collect()
}

const SETTINGS: &str = "[model]\npreset = \"flat\"\nlatent_size = 3\n\n[training]\nepochs = 9\nbatch_size = 4\nvalidation_fraction = 0.25\n\n\
                        [preprocessing]\nframe_size = 128\nhop_length = 128\nduration = { seconds = 0.2 }\n";

#[test]
fn a_run_leaves_a_record_a_replay_a_report_and_scalars() {
    let dir = tempfile::tempdir().unwrap();
    train(dir.path(), SETTINGS).success();
    let run = dir.path().join("run");
    let config: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(run.join("config.json")).unwrap()).unwrap();
    assert_eq!(config["training"]["epochs"], 2, "the flag wins over the file");
    assert_eq!(config["training"]["batch_size"], 4);
    assert_eq!(
        (&config["model"]["latent_size"], &config["preprocessing"]["frame_size"]),
        (&3.into(), &128.into())
    );
    let record: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(run.join("run.json")).unwrap()).unwrap();
    assert_eq!((&record["status"], &record["epochs_done"]), (&"finished".into(), &2.into()));
    assert!(record["baselines"]["pca"].as_f64().unwrap() > 0.0);
    let replay: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(run.join("replay/replay.json")).unwrap()).unwrap();
    assert_eq!(replay["epochs"].as_array().unwrap().len(), 2);
    assert_eq!(replay["recordings"].as_array().unwrap().len(), 3);

    let page = dir.path().join("report.html");
    timbrespace(&["report", words(&run), "--out", words(&page)]).success();
    let page = fs::read_to_string(page).unwrap();
    for outside in ["http://", "https://", "<script", "src=\"/", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside} in the report");
    }
    assert!(page.contains("&lt;script&gt;"));
    for part in [
        "Total loss",
        "Reconstruction error",
        "KL divergence of each dimension",
        "Learning rate",
        "Gradient norm",
        "epoch 1, error",
        "epoch 2, error",
        "data:audio/wav;base64,",
        "data:image/png;base64,",
        "vector 4",
        "latent size",
        "timbrespace train",
    ] {
        assert!(page.contains(part), "{part} is not in the report");
    }
    let (opened, closed) = (page.matches("<table").count(), page.matches("</table>").count());
    assert_eq!(opened, closed);
    // 3 recordings and 4 vectors at 2 epochs, and the originals of the recordings.
    assert_eq!(page.matches("<audio").count(), 3 * 3 + 4 * 2);

    let tables = dir.path().join("tables");
    timbrespace(&["scalars", words(&run), "--out", words(&tables)]).success();
    let table = fs::read_to_string(tables.join("scalars.csv")).unwrap();
    assert!(table.starts_with("step,epochs,seconds,name,value\n"));
    assert_eq!(table.lines().filter(|line| line.contains(",validation/reconstruction,")).count(), 2);

    let again = dir.path().join("again.toml");
    timbrespace(&["settings", "--of", words(&run), "--out", words(&again)]).success();
    let again = fs::read_to_string(again).unwrap();
    assert!(again.contains("preset = \"flat\"") && again.contains("frame_size = 128"), "{again}");
}

#[test]
fn every_preset_can_be_written_as_a_file() {
    let dir = tempfile::tempdir().unwrap();
    for (preset, latent_size) in
        [("clear", 64), ("small", 16), ("explore", 16), ("reference", 128), ("flat", 16)]
    {
        let file = dir.path().join(format!("{preset}.toml"));
        timbrespace(&["settings", "--preset", preset, "--out", words(&file)]).success();
        let text = fs::read_to_string(file).unwrap();
        assert!(text.contains(&format!("preset = \"{preset}\"")), "{text}");
        assert!(text.contains(&format!("latent_size = {latent_size}\n")), "{text}");
    }
}

#[test]
fn a_wrong_setting_in_a_file_is_reported_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let assert = train(dir.path(), "[training]\nepochs = 3\nlearning_rat = 0.1\n").failure();
    let said = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
    assert!(said.contains("settings.toml: line 3: `learning_rat`"), "{said}");
}

#[test]
fn what_is_no_run_has_no_report_and_no_scalars() {
    let dir = tempfile::tempdir().unwrap();
    let (nothing, out) = (dir.path().join("nothing"), dir.path().join("out"));
    timbrespace(&["report", words(&nothing), "--out", words(&out)]).failure().code(1);
    timbrespace(&["scalars", words(&nothing), "--out", words(&out)]).failure().code(1);
    assert!(!out.exists());
}

#[test]
fn a_model_and_its_run_go_to_other_programs() {
    let dir = tempfile::tempdir().unwrap();
    train(dir.path(), SETTINGS).success();
    let (run, onnx) = (dir.path().join("run"), dir.path().join("onnx"));
    let output = timbrespace(&["export", words(&run), "--onnx", words(&onnx), "--json"]).success();
    let report: serde_json::Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
    assert_eq!((&report["latent_size"], &report["bins"]), (&3.into(), &64.into()));
    for name in ["encoder", "decoder"] {
        let path = onnx.join(format!("{name}.onnx"));
        assert_eq!(report[name], words(&path));
        // Weights of dense layers in single precision, and little else.
        assert!(fs::metadata(path).unwrap().len() > 4 * 512 * 256);
    }
    let nothing = timbrespace(&["export", words(&dir.path().join("nothing")), "--onnx", words(&onnx)]);
    let stderr = String::from_utf8(nothing.code(1).get_output().stderr.clone()).unwrap();
    assert!(stderr.contains("nothing") && stderr.contains("no such folder"), "{stderr}");
    let events = dir.path().join("events");
    let sounds = dir.path().join("sounds");
    let line = ["train", words(&sounds), "--out", words(&run), "--epochs", "3", "--resume"];
    timbrespace(&[&line[..], &["--tensorboard", words(&events)]].concat()).success();
    for part in ["train", "validation"] {
        let names: Vec<_> =
            fs::read_dir(events.join(part)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        let [name] = &names[..] else { panic!("{names:?}") };
        assert!(name.to_string_lossy().starts_with("events.out.tfevents."), "{name:?}");
    }
    fs::remove_dir_all(&events).unwrap();
    fs::write(&events, "a person's").unwrap();
    let other = dir.path().join("other");
    let line = ["train", words(&sounds), "--out", words(&other), "--preset", "flat", "--epochs", "1"];
    timbrespace(&[&line[..], &["--tensorboard", words(&events)]].concat()).code(1);
    assert!(!other.join("config.json").exists());
}

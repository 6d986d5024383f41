//! `timbrespace doctor` as scripts use it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

use std::{
    f32::consts::TAU,
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use assert_cmd::Command;
use serde_json::Value;
use timbrespace::audio::{
    clip::Clip,
    encode::{BitDepth, write_wav},
};

const RATE: u32 = 22_050;

fn write(path: &Path, samples: Vec<f32>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    write_wav(path, &Clip::mono(samples, RATE), BitDepth::Int16).unwrap();
}

/// Three quarters of a second of a tone.
fn tone(hz: f32) -> Vec<f32> {
    (0..16_317).map(|n| 0.4 * (TAU * hz * n as f32 / RATE as f32).sin()).collect()
}

/// Two healthy recordings, a copy of the first, and silence.
fn recordings() -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("sounds");
    write(&folder.join("a/bell_1.wav"), tone(440.0));
    write(&folder.join("a/bell_2.wav"), tone(550.0));
    write(&folder.join("b/copy_1.wav"), tone(440.0));
    write(&folder.join("b/silent_1.wav"), vec![0.0; 16_317]);
    (place, folder)
}

fn doctor(arguments: &[&str]) -> Output {
    Command::cargo_bin("timbrespace").unwrap().arg("doctor").args(arguments).output().unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn findings_name_the_file_the_figure_the_reason_and_the_sums() {
    let (_place, folder) = recordings();
    let output = doctor(&[folder.to_str().unwrap()]);
    let stdout = words(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    for part in [
        "Silent (fault, 1 recording)",
        "b/silent_1.wav  nothing but zeros in its first 0.74 s",
        "Duplicates (fault, 1 recording)",
        "Copies count twice in training",
        "b/copy_1.wav  same samples as a/bell_1.wav",
        "4 recordings examined in ",
        ": 1 silent, 1 duplicate\n",
    ] {
        assert!(stdout.contains(part), "`{part}` is missing in\n{stdout}");
    }
}

#[test]
fn the_json_is_one_object_and_the_table_has_a_line_a_finding() {
    let (place, folder) = recordings();
    let table = place.path().join("findings.csv");
    let output = doctor(&[folder.to_str().unwrap(), "--csv", table.to_str().unwrap(), "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["recordings"], 4);
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2);
    assert_eq!(findings[1]["check"], "duplicate");
    assert_eq!(findings[1]["file"], "b/copy_1.wav");
    assert_eq!(findings[1]["other"], "a/bell_1.wav");
    let text = fs::read_to_string(&table).unwrap();
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(
        text.lines().nth(2).unwrap().starts_with("duplicate,fault,b/copy_1.wav,a/bell_1.wav,1,"),
        "{text}"
    );
}

#[test]
fn the_settings_decide_what_is_cut_off_and_padded() {
    let (_place, folder) = recordings();
    let found = |duration: &str| words(&doctor(&[folder.to_str().unwrap(), "--duration", duration]).stdout);
    assert!(found("0.3").contains("3 cut-off"), "{}", found("0.3"));
    assert!(found("2").contains("4 mostly-padded"), "{}", found("2"));
}

#[test]
fn a_healthy_folder_has_nothing_and_a_missing_one_is_named() {
    let place = tempfile::tempdir().unwrap();
    write(&place.path().join("bell_1.wav"), tone(440.0));
    let output = doctor(&[place.path().to_str().unwrap()]);
    assert!(words(&output.stdout).contains("nothing found"), "{output:?}");
    let output = doctor(&["no/such/folder"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output.stderr).contains("no/such/folder"), "{output:?}");
    let output = doctor(&[place.path().to_str().unwrap(), "--frame-size", "0"]);
    assert_eq!(output.status.code(), Some(2));
}

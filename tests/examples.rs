//! The examples of all crates run, with the results that they promise.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

#[path = "examples/program.rs"]
mod program;

use std::{fs, path::Path, process::Command};

use program::example;
use timbrespace::audio::{
    demo,
    encode::{BitDepth, write_wav},
};

fn output(name: &str, arguments: &[&Path]) -> String {
    let output = Command::new(example(name)).args(arguments).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_folder_is_preprocessed() {
    let folder = tempfile::tempdir().unwrap();
    let recordings = folder.path().join("recordings");
    fs::create_dir(&recordings).unwrap();
    for sound in demo::sounds().take(3) {
        write_wav(&recordings.join(&sound.file_name), &sound.clip, BitDepth::Int16).unwrap();
    }
    fs::write(recordings.join("empty.wav"), "").unwrap();
    let out = folder.path().join("out");
    let text = output("preprocess_folder", &[&recordings, &out]);
    assert!(text.contains("3 images"), "{text}");
    assert!(text.contains("skipped") && text.contains("empty.wav"), "{text}");
    assert!(out.join("min_max_values.pkl").is_file());
}

#[test]
fn an_own_stage_makes_the_images() {
    let text = output("own_stage", &[]);
    assert!(text.contains("an image of (8, 64)"), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("band ")).count(), 8, "{text}");
}

#[test]
fn ten_steps_lower_the_loss() {
    let text = output("train_ten_steps", &[]);
    let losses: Vec<f64> = text
        .lines()
        .filter(|line| line.starts_with("step"))
        .map(|line| line.rsplit(' ').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(losses.len(), 10, "{text}");
    assert!(losses[9] < losses[0], "{text}");
    assert!(text.contains("mean squared error"), "{text}");
}

#[test]
fn a_vector_is_decoded_and_a_missing_sound_card_is_reported() {
    let text = output("play_vector", &[Path::new("1.5"), Path::new("-0.5")]);
    assert!(text.contains("0.74 s at 22050 Hz"), "{text}");
    assert!(text.contains("playing on") || text.contains("nothing can be heard"), "{text}");
}

#[test]
fn a_step_is_counted_and_more_threads_are_never_slower() {
    let text = output("scaling", &[Path::new("16"), Path::new("8"), Path::new("1")]);
    let rows: Vec<Vec<f64>> = text
        .lines()
        .filter_map(|line| line.split_once(" batch "))
        .map(|(_, row)| row.split_whitespace().skip(1).take(7).map(|word| word.parse().unwrap()).collect())
        .collect();
    assert_eq!(rows.len(), 6, "{text}");
    for row in rows {
        assert!(row[0] == 1.0 && row[1] <= 2.0 && row[..5].is_sorted(), "{text}");
    }
}

//! `parity`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ndarray::Array2;
use ndarray_npy::{read_npy, write_npy};
use serde_json::{Value, json};

use super::workplace::{Workplace, sine};

/// `sounds` with three tones, and their images as `python` with a pickle beside them.
fn tones_and_images() -> Workplace {
    let place = Workplace::new();
    for (name, hz) in [("a_1", 330.0), ("a_2", 440.0), ("b_1", 550.0)] {
        place.write(&format!("sounds/{name}.wav"), &sine(hz));
    }
    place.run(&["preprocess", "sounds", "--out", "python"]).succeeded();
    place
}

fn image(place: &Workplace, recording: &str) -> PathBuf {
    let folder = place.path("python/spectrograms");
    let names = [format!("{recording}.npy"), recording.replace(".wav", ".npy")];
    names.iter().map(|name| folder.join(name)).find(|path| path.exists()).unwrap()
}

#[track_caller]
fn report(place: &Workplace, more: &[&str]) -> Value {
    place.run(&[&["parity", "sounds", "python", "--json"][..], more].concat()).succeeded().json()
}

fn change(path: &Path, change: impl FnOnce(&mut Array2<f32>)) {
    let mut image: Array2<f32> = read_npy(path).unwrap();
    change(&mut image);
    write_npy(path, &image).unwrap();
}

#[test]
fn images_that_agree_are_counted_and_the_exit_code_is_0() {
    let place = tones_and_images();
    let report = report(&place, &[]);
    assert_eq!(report["summary"]["compared"], 3);
    assert_eq!(report["summary"]["within_1e-4"], 3);
    assert_eq!(report["summary"]["largest"], 0.0);
}

#[test]
fn the_worst_file_comes_first_and_the_table_has_a_line_for_each() {
    let place = tones_and_images();
    change(&image(&place, "b_1.wav"), |image| image[[10, 20]] = 3.0);
    fs::remove_file(image(&place, "a_1.wav")).unwrap();
    let report = report(&place, &["--csv", "parity.csv"]);
    let worst = &report["files"][0];
    assert_eq!(worst["recording"], "b_1.wav");
    assert_eq!((&worst["difference"]["bin"], &worst["difference"]["frame"]), (&10.into(), &20.into()));
    assert_eq!(report["without_image"][0], "a_1.wav");
    let table = fs::read_to_string(place.path("parity.csv")).unwrap();
    let names: Vec<&str> = table.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(names, ["b_1.wav", "a_2.wav", "a_1.wav"]);
    let text = place.run(&["parity", "sounds", "python", "--limit", "1"]).stdout;
    assert!(text.contains("... and 1 file that differ less") && !text.contains("a_2.wav"), "{text}");
}

#[test]
fn settings_beside_the_images_serve_unless_others_are_given() {
    let place = tones_and_images();
    assert_eq!(report(&place, &["--hop-length", "128"])["files"][0]["our_shape"], json!([256, 128]));
    assert_eq!(report(&place, &[])["settings"]["hop_length"], 256);
}

#[test]
fn folders_that_do_not_belong_together_are_refused_with_a_name_of_each() {
    let place = tones_and_images();
    fs::create_dir(place.path("others")).unwrap();
    fs::copy(place.path("sounds/a_1.wav"), place.path("others/zebra.wav")).unwrap();
    let run = place.run(&["parity", "others", "python"]);
    assert_ne!(run.code, 0, "{run:#?}");
    assert!(run.stderr.contains("zebra.wav") && run.stderr.contains("a_1"), "{run:#?}");
    let run = place.run(&["parity", "sounds", "sounds"]);
    assert!(run.code != 0 && run.stderr.contains("sounds"), "{run:#?}");
}

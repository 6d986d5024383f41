//! `doctor`.

use std::fs;

use timbrespace::audio::clip::Clip;

use super::workplace::{RATE, Run, USED_SAMPLES, Workplace, sine};

/// `sounds` with two healthy recordings, a copy of the first, and silence.
fn recordings() -> Workplace {
    let place = Workplace::new();
    place.write("sounds/a/bell_1.wav", &sine(440.0));
    place.write("sounds/a/bell_2.wav", &sine(550.0));
    place.write("sounds/b/copy_1.wav", &sine(440.0));
    place.write("sounds/b/silent_1.wav", &Clip::mono(vec![0.0; USED_SAMPLES], RATE));
    place
}

fn doctor(place: &Workplace, more: &[&str]) -> Run {
    place.run(&[&["doctor", "sounds"][..], more].concat())
}

#[test]
fn findings_name_the_file_the_figure_the_reason_and_the_sums() {
    let stdout = doctor(&recordings(), &[]).succeeded().stdout;
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
    let place = recordings();
    let report = doctor(&place, &["--csv", "findings.csv", "--json"]).succeeded().json();
    assert_eq!(report["recordings"], 4);
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2);
    assert_eq!(findings[1]["check"], "duplicate");
    assert_eq!(findings[1]["file"], "b/copy_1.wav");
    assert_eq!(findings[1]["other"], "a/bell_1.wav");
    let text = fs::read_to_string(place.path("findings.csv")).unwrap();
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(
        text.lines().nth(2).unwrap().starts_with("duplicate,fault,b/copy_1.wav,a/bell_1.wav,1,"),
        "{text}"
    );
}

#[test]
fn the_settings_decide_what_is_cut_off_and_padded() {
    let place = recordings();
    let found = |duration: &str| doctor(&place, &["--duration", duration]).stdout;
    assert!(found("0.3").contains("3 cut-off"), "{}", found("0.3"));
    assert!(found("2").contains("4 mostly-padded"), "{}", found("2"));
}

#[test]
fn a_healthy_folder_has_nothing_and_a_missing_one_is_named() {
    let place = Workplace::new();
    place.write("sounds/bell_1.wav", &sine(440.0));
    let run = doctor(&place, &[]).succeeded();
    assert!(run.stdout.contains("nothing found"), "{run:#?}");
    fs::create_dir_all(place.path("none")).unwrap();
    place.run(&["doctor", "none"]).failed(1, &["none: holds no sound files", "CAF or M4A"]);
    place.run(&["doctor", "no/such/folder"]).failed(1, &["no/such/folder"]);
    assert_eq!(doctor(&place, &["--frame-size", "0"]).code, 2);
}

//! Leaving recordings out, operated as a person does.

use std::sync::Arc;

use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use timbrespace::{
    audio::left_out::LeftOut,
    inspect::doctor::{evidence::Evidence, finding::Finding},
    jobs::doctor,
    pipeline::config::PreprocessingConfig,
    session::{
        Command, InspectionCommand, LibraryCommand, PlaybackCommand, State,
        data_set::Tab,
        state::{Source, View},
        task::TaskStatus,
    },
};

use super::{
    desk::{desk, desk_with, example_state},
    input::commands,
};

fn leave_out(names: &[&str]) -> Command {
    Command::Library(LibraryCommand::LeaveOut(names.iter().map(|name| (*name).to_owned()).collect()))
}

fn take_in(names: &[&str]) -> Command {
    Command::Library(LibraryCommand::TakeIn(names.iter().map(|name| (*name).to_owned()).collect()))
}

/// The example with `names` left out.
fn without(mut state: State, names: &[&str]) -> State {
    state.library.set_left_out(Arc::new(names.iter().copied().collect::<LeftOut>()));
    state
}

/// The example after an examination with these findings.
fn examined(findings: Vec<Finding>) -> State {
    let mut state = example_state();
    state.settings.view = View::DataSet;
    state.data_set.part = Tab::Doctor;
    state.data_set.doctor.report =
        Some(Arc::new(doctor::Report { folder: "/sounds".into(), recordings: 12, findings, seconds: 0.25 }));
    state.data_set.doctor.status = TaskStatus::Done;
    state
}

#[test]
fn x_leaves_the_selected_recording_out_and_takes_it_in_again() {
    let mut harness = desk();
    harness.key_press(Key::X);
    assert_eq!(commands(&mut harness), [leave_out(&["bell/bell_001.wav"])]);
    let mut harness = desk_with(without(example_state(), &["bell/bell_001.wav", "drum/drum_000.wav"]));
    harness.get_by_label("10 of 12, 2 left out");
    harness.get_by_label("drum/drum_000.wav (left out)");
    harness.key_press(Key::X);
    assert_eq!(commands(&mut harness), [take_in(&["bell/bell_001.wav"])]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run_ok();
    harness.key_press(Key::X);
    assert_eq!(commands(&mut harness), [], "a letter that is typed is no shortcut");
}

#[test]
fn the_menu_of_a_row_leaves_out_the_recording_or_its_class() {
    let mut harness = desk_with(without(example_state(), &["drum/drum_000.wav"]));
    harness.get_by_label("drum/drum_001.wav").click_secondary();
    harness.run_ok();
    harness.get_by_label("Leave out").click();
    assert_eq!(commands(&mut harness), [leave_out(&["drum/drum_001.wav"])]);
    harness.get_by_label("drum/drum_000.wav (left out)").click_secondary();
    harness.run_ok();
    harness.get_by_label("Include again");
    harness.get_by_label("Include class drum again (1)");
    harness.get_by_label("Leave out class drum (3)").click();
    let class = ["drum/drum_001.wav", "drum/drum_002.wav", "drum/drum_003.wav"];
    assert_eq!(commands(&mut harness), [leave_out(&class)]);
}

#[test]
fn the_doctor_leaves_out_and_plays_what_it_found() {
    let findings = vec![
        Finding::of_one("bell/bell_002.wav", Evidence::DcOffset { mean: 0.1 }),
        Finding::of_one("vowel/vowel_003.wav", Evidence::DcOffset { mean: 0.05 }),
    ];
    let names = ["bell/bell_002.wav", "vowel/vowel_003.wav"];
    let mut harness = desk_with(examined(findings.clone()));
    assert!(harness.query_by_label_contains("Use ").is_none(), "no finding about rates");
    harness.get_by_label("Leave these out").click();
    assert_eq!(commands(&mut harness), [leave_out(&names)]);
    // The first one is the top bar's.
    harness.get_all_by_label("Play").last().unwrap().click();
    assert_eq!(
        commands(&mut harness),
        [Command::Library(LibraryCommand::Select(2)), Command::Playback(PlaybackCommand::TogglePlay)]
    );
    let mut state = without(examined(findings), &names);
    state.playback.playing = Some((Source::Recording(2), 0.1));
    let mut harness = desk_with(state);
    harness.get_by_label_contains("Other recordings are left out now");
    harness.get_by_label("Include these again").click();
    assert_eq!(commands(&mut harness), [take_in(&names)]);
}

#[test]
fn the_doctor_uses_the_rate_of_the_recordings() {
    let evidence = Evidence::OtherRate { hz: 8000, settings_hz: 22_050, refused: false };
    let finding = Finding {
        files: vec!["bell/bell_000.wav".to_owned(); 2],
        examined: 12,
        ..Finding::of_one("bell/bell_000.wav", evidence)
    };
    let mut harness = desk_with(examined(vec![finding]));
    harness.get_by_label("Use 8,000 Hz").click();
    let config = PreprocessingConfig { sample_rate_hz: 8000, ..PreprocessingConfig::default() };
    assert_eq!(commands(&mut harness), [Command::Inspection(InspectionCommand::SetPreprocessing(config))]);
}

#[test]
fn another_folder_than_the_examined_one_has_no_remedies() {
    let mut state = examined(vec![Finding::of_one("bell/bell_002.wav", Evidence::DcOffset { mean: 0.1 })]);
    state.library.root = Some("/other".into());
    let harness = desk_with(state);
    assert!(harness.query_by_label("Leave these out").is_none());
}

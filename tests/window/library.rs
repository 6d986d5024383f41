//! The recording list: search, class pattern, unusable files, keys.

use std::path::PathBuf;

use eframe::egui::{Event, Key, Modifiers, accesskit::Role, pos2, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};
use timbrespace::{
    audio::folder::Skipped,
    session::{Command, LibraryCommand, PlaybackCommand, State, state::Source},
};

use super::{
    desk::{Desk, desk, desk_with, dropped, example_state},
    input::{commands, press_key},
};

#[test]
fn the_list_counts_recordings_and_a_click_selects_one() {
    let mut harness = desk();
    harness.get_by_label_contains("12 recordings, 3 classes");
    harness.get_by_label("bell/bell_002.wav").click();
    assert_eq!(commands(&mut harness), [Command::Library(LibraryCommand::Select(2))]);
}

fn list_right(harness: &Harness<'_, Desk>) -> f32 {
    harness.get_by_role_and_label(Role::ListBox, "Recordings").rect().right()
}

#[test]
fn the_list_is_as_wide_again_when_the_window_is() {
    let mut harness = desk();
    let first = list_right(&harness);
    let narrow_and_back = |harness: &mut Harness<'_, Desk>| {
        harness.set_size(vec2(600.0, 375.0));
        harness.run_ok();
        let narrow = list_right(harness);
        harness.set_size(vec2(1280.0, 800.0));
        harness.run_ok();
        (narrow, list_right(harness))
    };
    let (narrow, again) = narrow_and_back(&mut harness);
    assert!(narrow < first - 40.0, "{narrow} of {first}");
    assert!((again - first).abs() < 1.0, "{again}, before {first}");
    // A width that the person chose comes back, too.
    let edge = harness.get_by_label("Width of the list").rect().center();
    harness.hover_at(edge);
    harness.run_ok();
    harness.drag_at(edge);
    harness.run_ok();
    harness.hover_at(pos2(edge.x + 92.0, edge.y));
    harness.run_ok();
    harness.drop_at(pos2(edge.x + 92.0, edge.y));
    harness.run_ok();
    let wide = list_right(&harness);
    assert!(wide > first + 60.0, "{wide} from {first}");
    let (_, again) = narrow_and_back(&mut harness);
    assert!((again - wide).abs() < 1.0, "{again}, before {wide}");
}

#[test]
fn a_filtered_list_says_how_many_it_shows() {
    let mut state = example_state();
    state.library.search = "bell".to_owned();
    state.library.visible = vec![0, 1, 2, 3];
    let harness = desk_with(state);
    harness.get_by_label_contains("12 recordings, 4 shown");
}

#[test]
fn typing_into_the_search_field_searches_and_triggers_no_shortcut() {
    let mut harness = desk();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run_ok();
    assert!(harness.get_by_label("Search").is_focused());
    harness.event(Event::Text("m1".to_owned()));
    harness.key_press(Key::M);
    harness.key_press(Key::Num1);
    harness.key_press(Key::Space);
    let sent = commands(&mut harness);
    assert_eq!(sent, [Command::Library(LibraryCommand::Search("m1".to_owned()))]);
}

#[test]
fn the_class_pattern_can_be_edited() {
    let mut harness = desk();
    harness.get_by_label("Class from").focus();
    harness.run_ok();
    harness.event(Event::Text("{class}_{index}".to_owned()));
    assert_eq!(
        commands(&mut harness),
        [Command::Library(LibraryCommand::SetLabelPattern("{class}_{index}".to_owned()))]
    );
}

#[test]
fn a_pattern_that_cannot_be_used_is_refused_where_it_is_typed() {
    let mut state = example_state();
    state.library.label_pattern = "{class}_{index}".to_owned();
    let mut harness = desk_with(state);
    let message = "A brace has no partner; the classes stay as they are";
    harness.get_by_label("Class from").focus();
    harness.run_ok();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text("{class".to_owned()));
    assert_eq!(commands(&mut harness), []);
    assert!(harness.query_by_label(message).is_none(), "not while it is typed");
    harness.key_press(Key::Enter);
    assert_eq!(commands(&mut harness), []);
    harness.get_by_label(message);
    assert_eq!(harness.get_by_label("Class from").value().as_deref(), Some("{class"));
    // Escape brings the old one back.
    harness.get_by_label("Class from").focus();
    harness.run_ok();
    harness.key_press(Key::Escape);
    assert_eq!(commands(&mut harness), []);
    assert_eq!(harness.get_by_label("Class from").value().as_deref(), Some("{class}_{index}"));
    assert!(harness.query_by_label(message).is_none());
}

#[test]
fn escape_and_a_button_clear_the_search() {
    let mut state = example_state();
    state.library.search = "bell".to_owned();
    state.library.visible = vec![0, 1, 2, 3];
    let mut harness = desk_with(state);
    let cleared = [Command::Library(LibraryCommand::Search(String::new()))];
    harness.get_by_label("Search").focus();
    harness.run_ok();
    harness.key_press(Key::Escape);
    assert_eq!(commands(&mut harness), cleared);
    harness.get_by_label("Clear the search").click();
    assert_eq!(commands(&mut harness), cleared);
    harness.state_mut().state.library.search.clear();
    harness.run_ok();
    assert!(harness.query_by_label("Clear the search").is_none());
}

#[test]
fn files_that_cannot_be_used_are_listed_with_their_causes() {
    let mut state = example_state();
    state.library.skipped =
        vec![Skipped { path: "/sounds/broken.wav".into(), cause: "holds no sound".into() }];
    let mut harness = desk_with(state);
    assert!(harness.query_by_label("holds no sound").is_none());
    harness.get_by_label("1 file cannot be used").click();
    harness.run_ok();
    harness.get_by_label("holds no sound");
}

#[test]
fn a_scan_shows_its_progress_and_can_be_cancelled() {
    let mut state = example_state();
    state.library.scanning = Some(1234);
    let mut harness = desk_with(state);
    harness.get_by_label("1,234 found so far");
    harness.get_by_label("Cancel").click();
    assert_eq!(commands(&mut harness), [Command::Library(LibraryCommand::CancelScan)]);
}

#[test]
fn an_empty_window_says_what_to_do() {
    let mut harness = desk_with(State::default());
    harness.get_by_label("No recordings yet");
    harness.get_by_label("Open a folder…");
    harness.get_by_label("Use the demo sounds").click();
    assert_eq!(commands(&mut harness), [Command::Library(LibraryCommand::OpenDemo)]);
}

#[test]
fn a_dropped_folder_is_opened() {
    let mut harness = desk();
    harness.input_mut().dropped_files.push(dropped("/sounds/drums"));
    assert_eq!(
        commands(&mut harness),
        [Command::Library(LibraryCommand::Open(PathBuf::from("/sounds/drums")))]
    );
}

#[test]
fn arrows_walk_through_the_list_and_space_plays() {
    let mut harness = desk();
    assert_eq!(press_key(&mut harness, Key::ArrowDown), [Command::Library(LibraryCommand::MoveSelection(1))]);
    assert_eq!(press_key(&mut harness, Key::ArrowUp), [Command::Library(LibraryCommand::MoveSelection(-1))]);
    assert_eq!(press_key(&mut harness, Key::PageDown), [Command::Library(LibraryCommand::MoveSelection(10))]);
    assert_eq!(press_key(&mut harness, Key::Space), [Command::Playback(PlaybackCommand::TogglePlay)]);
    harness.state_mut().state.playback.playing = Some((Source::Decoded, 0.1));
    assert_eq!(press_key(&mut harness, Key::Space), [Command::Playback(PlaybackCommand::Stop)]);
    harness.get_by_label("Stop");
}

#[test]
fn space_still_plays_after_a_click_into_the_list() {
    let mut harness = desk();
    harness.get_by_label("bell/bell_002.wav").click();
    commands(&mut harness);
    assert_eq!(press_key(&mut harness, Key::Space), [Command::Playback(PlaybackCommand::TogglePlay)]);
}

#[test]
fn f5_and_the_menu_read_the_folder_again() {
    let mut harness = desk();
    assert_eq!(press_key(&mut harness, Key::F5), [Command::Library(LibraryCommand::ReadAgain)]);
    harness.get_by_label("Open ▾").click();
    harness.run_ok();
    harness.get_by_label_contains("Read again").click();
    assert_eq!(commands(&mut harness), [Command::Library(LibraryCommand::ReadAgain)]);
}

#[test]
fn files_that_fail_when_they_are_decoded_are_counted_and_named_without_their_path() {
    let mut state = example_state();
    let path = state.library.recordings[1].path.clone();
    state.library.skipped =
        vec![Skipped { path: "/sounds/broken.wav".into(), cause: "holds no sound".into() }];
    let cause = format!("{}: ends in the middle", path.display());
    state.library.failures.insert(path, cause.into());
    let mut harness = desk_with(state);
    harness.get_by_label("2 files cannot be used").click();
    harness.run_ok();
    harness.get_by_label("ends in the middle");
}

//! The window, operated as a person does: by what can be read on it, by keys and by dragging.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]

#[path = "window/data_set.rs"]
mod data_set;
#[path = "window/data_set_compare.rs"]
mod data_set_compare;
#[path = "window/desk.rs"]
mod desk;
#[path = "window/dialogs.rs"]
mod dialogs;
#[path = "window/figures.rs"]
mod figures;
#[path = "window/first_minute.rs"]
mod first_minute;
#[path = "window/fits.rs"]
mod fits;
#[path = "window/input.rs"]
mod input;
#[path = "window/keyboard.rs"]
mod keyboard;
#[path = "window/languages.rs"]
mod languages;
#[path = "window/latent.rs"]
mod latent;
#[path = "window/latent_map.rs"]
mod latent_map;
#[path = "window/latent_travel.rs"]
mod latent_travel;
#[path = "window/left_out.rs"]
mod left_out;
#[path = "window/library.rs"]
mod library;
#[path = "window/names.rs"]
mod names;
#[path = "window/notices.rs"]
mod notices;
#[path = "window/playing.rs"]
mod playing;
#[path = "window/preprocessing.rs"]
mod preprocessing;
#[path = "window/reader.rs"]
mod reader;
#[path = "window/rects.rs"]
mod rects;
#[path = "window/releases.rs"]
mod releases;
#[path = "window/runs.rs"]
mod runs;
#[path = "window/screenshots.rs"]
mod screenshots;
#[path = "window/settings.rs"]
mod settings;
#[path = "window/snapshots.rs"]
mod snapshots;
#[path = "window/strip.rs"]
mod strip;
#[path = "window/taking_back.rs"]
mod taking_back;
#[path = "window/training.rs"]
mod training;
#[path = "window/training_data.rs"]
mod training_data;
#[path = "window/training_end.rs"]
mod training_end;

use desk::{desk, desk_sized, example_state, in_view};
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;
use input::{commands, press_key, wheel};
use timbrespace::{
    playback::{backend::PlaybackError, player::DeviceStatus},
    session::{
        Command, PlaybackCommand,
        state::{ThemeChoice, View},
    },
};

#[test]
fn number_keys_and_tabs_change_the_view() {
    let mut harness = desk();
    assert_eq!(press_key(&mut harness, Key::Num2), [Command::Show(View::DataSet)]);
    assert_eq!(press_key(&mut harness, Key::Num3), [Command::Show(View::Training)]);
    assert_eq!(press_key(&mut harness, Key::Num4), [Command::Show(View::Latent)]);
    harness.get_by_label("Training").click();
    assert_eq!(commands(&mut harness), [Command::Show(View::Training)]);
}

#[test]
fn sound_can_be_muted_and_a_missing_card_is_explained() {
    let mut harness = desk();
    harness.get_by_label("Mute").click();
    assert_eq!(commands(&mut harness), [Command::Playback(PlaybackCommand::SetMuted(true))]);
    assert_eq!(press_key(&mut harness, Key::M), [Command::Playback(PlaybackCommand::SetMuted(true))]);
    harness.state_mut().state.playback.device =
        DeviceStatus::Unavailable { error: PlaybackError::NoDevice { cause: "ENODEV".to_owned() } };
    harness.run_ok();
    harness.get_by_label_contains("No sound").hover();
    harness.run_steps(60);
    harness.get_by_label_contains("no sound device was found (ENODEV): connect loudspeakers or headphones");
}

#[test]
fn the_theme_button_goes_round() {
    let mut harness = desk();
    harness.get_by_label("Theme: dark").click();
    assert_eq!(commands(&mut harness), [Command::SetTheme(ThemeChoice::Light)]);
    harness.state_mut().state.settings.theme = ThemeChoice::Light;
    harness.run_ok();
    harness.get_by_label("Theme: light").click();
    assert_eq!(commands(&mut harness), [Command::SetTheme(ThemeChoice::System)]);
}

#[test]
fn the_sheet_lists_shortcuts_and_escape_closes_it() {
    let mut harness = desk();
    press_key(&mut harness, Key::F1);
    harness.get_by_label("Keyboard and mouse");
    harness.get_by_label("Ctrl+Shift+Z  Ctrl+Y");
    press_key(&mut harness, Key::Escape);
    assert!(harness.query_by_label("Keyboard and mouse").is_none());
}

#[test]
fn about_names_version_licence_and_tutorial_and_draws_only_the_notices_in_sight() {
    let mut harness = desk();
    press_key(&mut harness, Key::F1);
    harness.get_by_label("About…").click();
    harness.run_ok();
    assert!(harness.query_by_label("Keyboard and mouse").is_none());
    harness.get_by_label(&format!("Timbrespace {}", timbrespace::VERSION));
    harness.get_by_label_contains("Free software under the MIT licence");
    harness.get_by_label_contains("Generating Sound with Neural Networks by Valerio Velardo");
    harness.get_by_label("Notes in Chinese: the course");
    harness.get_by_label("Timbrespace: notices of the packages that it is built from");
    // A line far below is laid out only once it is scrolled to.
    let last = include_str!("../assets/notices.txt").lines().last().unwrap();
    assert!(harness.query_by_label(last).is_none());
    harness.get_by_label("PACKAGES").hover();
    harness.run_ok();
    wheel(&mut harness, vec2(0.0, -1e6), Modifiers::NONE);
    harness.run_steps(60);
    harness.get_by_label(last);
    assert!(harness.query_by_label("PACKAGES").is_none());
    press_key(&mut harness, Key::Escape);
    assert!(harness.query_by_label("The tutorial").is_none());
}

#[test]
fn the_smallest_window_shows_every_view_without_a_nameless_control() {
    for view in [View::Stages, View::Training, View::Latent] {
        let mut state = in_view(view);
        desk::train(&mut state);
        let mut harness = desk_sized(state, [960.0, 600.0]);
        harness.run_ok();
    }
}

#[test]
fn every_view_and_control_of_the_top_bar_is_in_sight_in_the_smallest_window() {
    let harness = desk_sized(example_state(), [960.0, 600.0]);
    let mut right = 0.0;
    for label in ["Stages", "Data set", "Training", "Instrument", "Play", "Mute", "Volume"] {
        let rect = harness.get_by_label(label).rect();
        assert!(rect.right() <= 960.0 && rect.width() > 20.0, "{label}: {rect:?}");
        if ["Stages", "Data set", "Training", "Instrument"].contains(&label) {
            right = rect.right();
        } else {
            assert!(rect.left() >= right, "{label} lies over the tabs: {rect:?}");
        }
    }
}

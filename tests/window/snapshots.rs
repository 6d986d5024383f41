//! Pictures of every view, compared with those in `tests/snapshots`.
//!
//! A difference fails the test and leaves `NAME.new.png` and `NAME.diff.png` beside the picture. After an intended change,
//! `scripts/renew-snapshots.sh` writes the pictures anew; look at each one before it is committed.

use eframe::egui::{Event, Key, vec2};
use egui_kittest::{SnapshotOptions, SnapshotResults};
use timbrespace::session::{
    State,
    state::{ThemeChoice, View},
};

use super::{
    data_set, data_set_compare,
    desk::{self, desk_with_pixels, example_state, in_view},
    runs,
};

/// Squared colour distance (YIQ, 0 to 35,215) below which two pixels count as equal: drivers round edges of glyphs differently.
const COLOUR_TOLERANCE: f32 = 2.0;
/// Part of a picture's pixels that may differ more than that; a label that moves by one pixel changes more.
const PIXELS_TOLERATED: f32 = 0.0005;

/// A window's size in pixels, and how much larger than usual its text is.
#[derive(Clone, Copy)]
struct Screen {
    size: [f32; 2],
    text: f32,
    theme: ThemeChoice,
}

impl Screen {
    const ALL: [Self; 5] = [
        Self { size: [1280.0, 800.0], text: 1.0, theme: ThemeChoice::Dark },
        Self { size: [1280.0, 800.0], text: 1.0, theme: ThemeChoice::Light },
        Self { size: [960.0, 600.0], text: 1.0, theme: ThemeChoice::Dark },
        Self { size: [960.0, 600.0], text: 1.0, theme: ThemeChoice::Light },
        Self { size: [1280.0, 800.0], text: 1.3, theme: ThemeChoice::Dark },
    ];

    fn name(self, view: &str) -> String {
        let theme = if self.theme == ThemeChoice::Light { "light" } else { "dark" };
        let text = if self.text > 1.0 { "-large-text" } else { "" };
        format!("{view}-{}{text}-{theme}", self.size[0])
    }

    fn options(self) -> SnapshotOptions {
        let pixels = self.size[0] * self.size[1] * PIXELS_TOLERATED;
        SnapshotOptions::new().threshold(COLOUR_TOLERANCE).max_failed_pixels(pixels as usize)
    }
}

/// Compares the window on a state with its pictures, on all screens.
fn compare(view: &str, state: impl Fn() -> State) {
    let mut results = SnapshotResults::new();
    for screen in Screen::ALL {
        let mut state = state();
        state.settings.theme = screen.theme;
        let points = vec2(screen.size[0], screen.size[1]) / screen.text;
        let mut harness = desk_with_pixels(state, points.into(), screen.text);
        harness.event(Event::PointerGone);
        harness.run_steps(8);
        results.add(harness.try_snapshot_options(screen.name(view), &screen.options()));
    }
    results.unwrap();
}

#[test]
fn the_empty_window_looks_as_it_did() {
    compare("empty", State::default);
}

#[test]
fn the_stages_look_as_they_did() {
    compare("stages", || in_view(View::Stages));
}

#[test]
fn the_data_sets_overview_looks_as_it_did() {
    compare("data-set", data_set::seen);
}

#[test]
fn the_doctor_looks_as_it_did() {
    compare("doctor", || data_set::examined(data_set::two_findings()));
}

#[test]
fn the_comparison_of_loading_looks_as_it_did() {
    compare("loading", data_set_compare::measured);
}

#[test]
fn parity_looks_as_it_did() {
    compare("parity", data_set_compare::compared);
}

#[test]
fn the_training_form_looks_as_it_did() {
    compare("training-form", || in_view(View::Training));
}

#[test]
fn a_running_run_looks_as_it_did() {
    compare("training", || {
        let mut state = in_view(View::Training);
        desk::train(&mut state);
        state
    });
}

#[test]
fn the_runs_look_as_they_did() {
    compare("runs", runs::two_runs);
}

#[test]
fn the_latent_space_looks_as_it_did() {
    compare("latent", || in_view(View::Latent));
}

#[test]
fn the_shortcuts_look_as_they_did() {
    let mut results = SnapshotResults::new();
    let screen = Screen::ALL[0];
    let mut harness = desk_with_pixels(in_view(View::Stages), screen.size, screen.text);
    harness.event(Event::PointerGone);
    harness.run_steps(8);
    harness.key_press(Key::F1);
    harness.run_steps(8);
    results.add(harness.try_snapshot_options(screen.name("shortcuts"), &screen.options()));
    results.unwrap();
}

#[test]
fn a_picture_that_changed_is_seen() {
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        return;
    }
    let mut state = example_state();
    state.settings.view = View::Stages;
    state.library.recordings.truncate(11);
    state.library.visible.truncate(11);
    let screen = Screen::ALL[0];
    state.settings.theme = screen.theme;
    let mut harness = desk_with_pixels(state, screen.size, screen.text);
    harness.event(Event::PointerGone);
    harness.run_steps(8);
    let folder = tempfile::tempdir().unwrap();
    let name = format!("{}.png", screen.name("stages"));
    std::fs::copy(std::path::Path::new("tests/snapshots").join(&name), folder.path().join(&name)).unwrap();
    let options = screen.options().output_path(folder.path());
    let result = harness.try_snapshot_options(screen.name("stages"), &options);
    assert!(result.is_err(), "one row less in the list is within the tolerance");
}

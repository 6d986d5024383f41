//! The choice of the language.

use eframe::egui::Key;
use egui_kittest::{Harness, kittest::Queryable as _};
use timbrespace::{
    language::{Language, LanguageChoice},
    session::{Command, state::View},
};

use super::{
    desk::{Desk, desk, desk_sized, in_view},
    input::{click, commands},
};

const ENGLISH: Command = Command::SetLanguage(LanguageChoice::Fixed(Language::English));

/// A window of 960 × 600 pixels with text of 1.3, where the language is in the menu *More*.
fn small<'a>() -> Harness<'a, Desk> {
    desk_sized(in_view(View::Stages), [960.0 / 1.3, 600.0 / 1.3])
}

#[test]
fn the_language_can_be_chosen_in_a_small_window_by_mouse() {
    let mut harness = small();
    assert!(harness.query_by_label("Language").is_none());
    assert_eq!(click(&mut harness, "More"), []);
    assert_eq!(click(&mut harness, "English"), [ENGLISH]);
}

#[test]
fn the_language_can_be_chosen_in_a_small_window_by_keyboard() {
    let mut harness = small();
    harness.get_by_label("More").focus();
    harness.run_ok();
    harness.key_press(Key::Enter);
    harness.run_ok();
    for _ in 0..12 {
        harness.key_press(Key::ArrowDown);
        harness.run_ok();
        if harness.get_by_label("English").is_focused() {
            break;
        }
    }
    assert!(harness.get_by_label("English").is_focused());
    harness.key_press(Key::Enter);
    assert_eq!(commands(&mut harness), [ENGLISH]);
}

#[test]
fn the_globe_has_the_languages_in_a_wide_window() {
    let mut harness = desk();
    assert_eq!(click(&mut harness, "Language"), []);
    assert_eq!(click(&mut harness, "English"), [ENGLISH]);
}

#[test]
fn a_language_without_a_font_is_said_once_and_names_its_packages() {
    let mut harness = desk();
    harness.state_mut().state.settings.language = LanguageChoice::Fixed(Language::Chinese);
    assert_eq!(commands(&mut harness), [Command::NoLanguageFont(Language::Chinese)]);
    harness.run_steps(5);
    assert_eq!(commands(&mut harness), []);
    assert_eq!(click(&mut harness, "Language"), []);
    harness.get_by_label_contains("sudo apt install fonts-noto-cjk");
}

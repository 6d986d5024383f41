//! What is open in front of a view: dialogs, lists that drop down, and the keys that go to them alone.

use eframe::egui::{Event, FontFamily, Key, Modifiers, PointerButton, Pos2, Rect, Shape, accesskit::Role};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::{
    inspect::colour_map::ColourMap,
    language::{Language, LanguageChoice},
    session::{Command, state::View},
};

use super::{
    desk::{Desk, desk, desk_with, desk_with_system_fonts, in_view},
    input::{commands, press_key},
};

/// Every plain key that a view or the window knows.
const KEYS: [Key; 20] = [
    Key::Num1,
    Key::Num2,
    Key::Num3,
    Key::Num4,
    Key::Num0,
    Key::Plus,
    Key::Minus,
    Key::Z,
    Key::X,
    Key::M,
    Key::R,
    Key::Comma,
    Key::Period,
    Key::ArrowUp,
    Key::ArrowDown,
    Key::ArrowLeft,
    Key::ArrowRight,
    Key::Home,
    Key::Enter,
    Key::Space,
];

/// Presses and releases within one frame, as a tap does or any click while frames are slow.
fn tap(harness: &mut Harness<'_, Desk>, pos: Pos2) {
    harness.hover_at(pos);
    harness.run_ok();
    for pressed in [true, false] {
        let button = PointerButton::Primary;
        let event = Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE };
        harness.input_mut().events.push(event);
    }
    harness.step();
    harness.run_ok();
}

fn list(harness: &Harness<'_, Desk>, label: &str) -> (Rect, Option<String>) {
    let list = harness.get_by_role_and_label(Role::ComboBox, label);
    (list.rect(), list.accesskit_node().value())
}

fn open_export(harness: &mut Harness<'_, Desk>) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    harness.run_ok();
}

#[test]
fn a_list_that_a_tap_opens_lies_in_front_of_its_dialog_every_time() {
    let mut harness = desk_with(in_view(View::DataSet));
    open_export(&mut harness);
    for option in ["Spectrum of a frame", "Decoded sound", "Map of the latent space"] {
        let (place, _) = list(&harness, "Figure");
        tap(&mut harness, place.center());
        let entry = harness.get_by_role_and_label(Role::Button, option).rect().center();
        tap(&mut harness, entry);
        assert_eq!(list(&harness, "Figure").1.as_deref(), Some(option));
    }
}

#[test]
fn a_view_takes_no_keys_behind_a_dialog_and_escape_closes_it() {
    for view in [View::Stages, View::DataSet, View::Training, View::Latent] {
        let mut harness = desk_with(in_view(view));
        open_export(&mut harness);
        for key in KEYS {
            assert_eq!(press_key(&mut harness, key), [], "{view:?}: {key:?}");
        }
        harness.get_by_label("Save PNG…");
        press_key(&mut harness, Key::Escape);
        assert!(harness.query_by_label("Save PNG…").is_none(), "{view:?}");
    }
}

#[test]
fn the_stages_neither_zoom_nor_move_their_crosshair_behind_a_dialog() {
    let mut harness = desk();
    let secs = |harness: &Harness<'_, Desk>| harness.query_all_by_label("–").count();
    let empty = secs(&harness);
    assert!(empty > 3, "no crosshair, no values: {empty}");
    open_export(&mut harness);
    press_key(&mut harness, Key::Period);
    press_key(&mut harness, Key::Escape);
    assert_eq!(secs(&harness), empty);
    press_key(&mut harness, Key::Period);
    assert!(secs(&harness) < empty, "the key moves the crosshair once the dialog is closed");
}

#[test]
fn keys_move_within_an_open_list_and_enter_chooses_and_closes() {
    let mut harness = desk();
    let (place, _) = list(&harness, "Colour map");
    tap(&mut harness, place.center());
    assert_eq!(press_key(&mut harness, Key::ArrowDown), [], "the selected recording stays");
    assert_eq!(press_key(&mut harness, Key::ArrowDown), []);
    assert_eq!(press_key(&mut harness, Key::Num2), [], "the view stays");
    assert_eq!(press_key(&mut harness, Key::Enter), [Command::SetColourMap(ColourMap::ALL[1])]);
    let entry = ColourMap::ALL[2].name();
    assert!(harness.query_by_role_and_label(Role::Button, entry).is_none(), "the list is closed");
    assert!(harness.get_by_role_and_label(Role::ComboBox, "Colour map").is_focused());
    press_key(&mut harness, Key::Enter);
    harness.get_by_role_and_label(Role::Button, entry);
    assert_eq!(press_key(&mut harness, Key::Escape), []);
    assert!(harness.query_by_role_and_label(Role::Button, entry).is_none());
    assert!(harness.get_by_role_and_label(Role::ComboBox, "Colour map").is_focused());
}

#[test]
fn what_was_typed_into_gives_the_keys_to_a_dialog() {
    let mut harness = desk();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run_ok();
    open_export(&mut harness);
    harness.event(Event::Text("x".to_owned()));
    assert_eq!(commands(&mut harness), [], "no search behind the dialog");
}

#[test]
fn a_tooltip_disappears_when_a_dialog_opens() {
    let mut harness = desk();
    harness.get_by_label("Mute").hover();
    harness.run_steps(60);
    harness.get_by_label("Mute (M)");
    open_export(&mut harness);
    harness.run_steps(10);
    assert!(harness.query_by_label("Mute (M)").is_none());
}

/// A painted text.
struct Line {
    words: String,
    is_key: bool,
    rect: Rect,
}

/// The texts of the dialog, which is painted over a veil.
fn lines(harness: &Harness<'_, Desk>) -> Vec<Line> {
    let window = harness.ctx.content_rect();
    let mut lines = Vec::new();
    for shape in &harness.output().shapes {
        match &shape.shape {
            Shape::Rect(veil) if veil.rect.contains_rect(window) => lines.clear(),
            Shape::Text(text) => {
                let section = text.galley.job.sections.first();
                let is_key =
                    section.is_some_and(|section| section.format.font_id.family == FontFamily::Monospace);
                let words = text.galley.text().to_owned();
                lines.push(Line { words, is_key, rect: text.visual_bounding_rect() });
            }
            _ => {}
        }
    }
    lines
}

#[test]
fn keys_and_their_meanings_stand_apart_on_the_sheet_of_shortcuts() {
    for (size, language) in [
        ([1280.0, 800.0], Language::English),
        ([600.0, 375.0], Language::English),
        ([1280.0, 800.0], Language::Chinese),
        ([960.0, 600.0], Language::Chinese),
    ] {
        let Some(mut harness) = desk_with_system_fonts(in_view(View::Stages), size, 1.0) else { return };
        harness.state_mut().state.settings.language = LanguageChoice::Fixed(language);
        harness.key_press(Key::F1);
        harness.run_steps(3);
        let lines = lines(&harness);
        let mut seen = 0;
        for key in lines.iter().filter(|line| line.is_key) {
            for meaning in lines.iter().filter(|line| !line.is_key) {
                let (left, right) = (key.rect, meaning.rect);
                if right.y_range().contains(left.center().y) && right.left() > left.center().x {
                    seen += 1;
                    let gap = right.left() - left.right();
                    let (key, meaning) = (&key.words, &meaning.words);
                    assert!(gap >= 6.0, "“{key}” and “{meaning}”: {gap} ({size:?}, {language:?})");
                }
            }
        }
        assert!(seen > 10, "{seen} lines");
    }
}

#[test]
fn the_sheet_of_shortcuts_stands_where_it_stays_and_its_key_closes_it() {
    let mut harness = desk();
    harness.key_down(Key::F1);
    // The first frame of a dialog only measures it.
    harness.step();
    harness.step();
    let places = |harness: &Harness<'_, Desk>| -> Vec<Rect> {
        ["Mute", "Ctrl+Shift+Z  Ctrl+Y", "Show everything again", "Search", "Save as WAV"]
            .map(|label| harness.query_all_by_label(label).last().unwrap().rect())
            .into()
    };
    let first = places(&harness);
    harness.run_ok();
    assert_eq!(places(&harness), first);
    harness.key_up(Key::F1);
    press_key(&mut harness, Key::F1);
    assert!(harness.query_by_label("Keyboard and mouse").is_none());
}

//! Escape takes back what is under way: typing into a number, dragging, a lasso.

use eframe::egui::{Event, Key, Modifiers, Rect, Vec2, accesskit::Role, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::session::{Command, LatentCommand, PlaybackCommand, state::View};

use super::{
    desk::{self, Desk, desk, desk_with, in_view},
    input::{click, commands, press_key},
};

/// The place of a number field, and its number.
fn field(harness: &Harness<'_, Desk>, label: &str) -> (Rect, Option<f64>) {
    let field = harness.get_by_role_and_label(Role::SpinButton, label);
    (field.rect(), field.accesskit_node().numeric_value())
}

/// Types a number into the field called `label` and presses Escape; some frames follow.
fn type_and_leave(harness: &mut Harness<'_, Desk>, label: &str, number: &str) -> Vec<Command> {
    let (_, before) = field(harness, label);
    assert!(before.is_some(), "{label}");
    harness.get_by_role_and_label(Role::SpinButton, label).click();
    harness.run_ok();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text(number.to_owned()));
    harness.run_ok();
    harness.key_press(Key::Escape);
    harness.run_steps(4);
    assert_eq!(field(harness, label).1, before, "{label}");
    commands(harness)
}

/// Drags from `from` by `by`, presses Escape with the button held, moves on and lets go; the commands from Escape on.
fn drag_and_leave(harness: &mut Harness<'_, Desk>, from: Rect, by: Vec2) -> Vec<Command> {
    let from = from.center();
    harness.hover_at(from);
    harness.run_ok();
    harness.drag_at(from);
    for part in [0.3, 0.6, 1.0] {
        harness.hover_at(from + by * part);
        harness.run_ok();
    }
    commands(harness);
    let mut sent = press_key(harness, Key::Escape);
    harness.hover_at(from + by * 0.5);
    harness.run_ok();
    harness.drop_at(from + by * 0.5);
    sent.extend(commands(harness));
    sent
}

#[test]
fn escape_takes_back_what_is_typed_into_any_number() {
    let mut harness = desk();
    harness.get_by_label_contains("Preprocessing: log spectrogram").click();
    harness.run_ok();
    for label in ["Hop", "Lowest"] {
        assert_eq!(type_and_leave(&mut harness, label, "64"), [], "{label}");
    }
    let mut harness = desk_with(in_view(View::Training));
    for label in ["Epochs", "Learning rate", "Seed"] {
        assert_eq!(type_and_leave(&mut harness, label, "3"), [], "{label}");
    }
    let mut state = in_view(View::Training);
    desk::train(&mut state);
    let mut harness = desk_with(state);
    assert_eq!(type_and_leave(&mut harness, "Learning rate", "0.5"), []);
    let mut harness = desk_with(in_view(View::Latent));
    assert_eq!(type_and_leave(&mut harness, "Detail", "0.5"), []);
    assert_eq!(type_and_leave(&mut harness, "Griffin-Lim", "7"), []);
}

#[test]
fn escape_in_a_number_of_a_dialog_leaves_the_dialog_open() {
    let mut harness = desk();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    harness.run_ok();
    assert_eq!(type_and_leave(&mut harness, "Width", "3000"), []);
    harness.get_by_label_contains("PNG: 2,560 × 1,600 pixels");
    press_key(&mut harness, Key::Escape);
    assert!(harness.query_by_label("Save PNG…").is_none(), "the next one closes it");
}

#[test]
fn escape_during_a_drag_gives_a_number_back() {
    let mut harness = desk();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    harness.run_ok();
    let place = field(&harness, "Width").0;
    assert_eq!(drag_and_leave(&mut harness, place, vec2(80.0, 0.0)), []);
    harness.get_by_label_contains("PNG: 2,560 × 1,600 pixels");
}

#[test]
fn escape_during_a_drag_gives_the_place_of_a_slider_back() {
    let mut harness = desk_with(in_view(View::Latent));
    let volume = harness.state().state.settings.volume;
    let rail = harness.get_by_label("Volume").rect();
    let sent = drag_and_leave(&mut harness, rail, vec2(-20.0, 0.0));
    assert_eq!(sent, [Command::Playback(PlaybackCommand::SetVolume(volume))]);
    let rail = harness.get_by_label("Latent 3").rect();
    let sent = drag_and_leave(&mut harness, rail, vec2(40.0, 0.0));
    assert_eq!(sent, [Command::Latent(LatentCommand::TakeBackDrag)]);
    let map = harness.get_by_label("Map of 12 recordings").rect();
    let sent = drag_and_leave(&mut harness, map, vec2(40.0, 0.0));
    assert_eq!(sent, [Command::Latent(LatentCommand::TakeBackDrag)]);
}

#[test]
fn escape_during_a_lasso_keeps_what_was_chosen_before() {
    let mut harness = desk_with(in_view(View::Latent));
    let map = harness.get_by_label("Map of 12 recordings").rect();
    harness.event(Event::ModifiersChanged(Modifiers::SHIFT));
    let corners = [map.left_top(), map.right_top(), map.right_bottom(), map.left_bottom()];
    let inside = corners.map(|corner| corner + (map.center() - corner) * 0.02);
    harness.drag_at(inside[0]);
    for corner in inside {
        harness.hover_at(corner);
        harness.run_ok();
    }
    harness.drop_at(inside[3]);
    harness.run_ok();
    harness.get_by_label("12 chosen");
    drag_and_leave(&mut harness, map, vec2(60.0, 60.0));
    harness.event(Event::ModifiersChanged(Modifiers::NONE));
    assert_eq!(commands(&mut harness), []);
    harness.get_by_label("12 chosen");
    click(&mut harness, "Clear");
}

#[test]
fn escape_during_a_selection_keeps_the_selection_before() {
    let mut state = desk::example_state();
    state.inspection.selection = Some((0.1, 0.2));
    let mut harness = desk_with(state);
    harness.event(Event::ModifiersChanged(Modifiers::SHIFT));
    let row = harness.query_all_by_label("5  Normalised").next().unwrap().rect();
    let row = row.translate(vec2(200.0, 50.0));
    assert_eq!(drag_and_leave(&mut harness, row, vec2(60.0, 0.0)), []);
}

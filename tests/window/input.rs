//! What a person does at the window, and the commands that follow.

use eframe::egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, TouchPhase, Vec2, accesskit::Role,
};
use egui_kittest::{Harness, kittest::Queryable as _};
use timbrespace::session::Command;

use super::desk::Desk;

/// The commands since the last call.
pub fn commands(harness: &mut Harness<'_, Desk>) -> Vec<Command> {
    harness.run_ok();
    std::mem::take(&mut harness.state_mut().commands)
}

/// Clicks what is called `label`.
pub fn click(harness: &mut Harness<'_, Desk>, label: &str) -> Vec<Command> {
    harness.get_by_label(label).click();
    commands(harness)
}

/// Presses a key.
pub fn press_key(harness: &mut Harness<'_, Desk>, key: Key) -> Vec<Command> {
    harness.key_press(key);
    commands(harness)
}

/// Turns the wheel by so many points, where the pointer is.
pub fn wheel(harness: &mut Harness<'_, Desk>, by: Vec2, modifiers: Modifiers) {
    harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: by,
        source: MouseWheelSource::Wheel,
        phase: TouchPhase::Move,
        modifiers,
    });
    harness.run_steps(30);
}

/// Chooses `option` in the list called `label`.
pub fn choose(harness: &mut Harness<'_, Desk>, label: &str, option: &str) {
    harness.get_by_role_and_label(Role::ComboBox, label).click();
    harness.run_ok();
    harness.get_by_role_and_label(Role::Button, option).click();
    harness.run_ok();
}

/// Types a number into the field called `label`.
pub fn set_number(harness: &mut Harness<'_, Desk>, label: &str, value: &str) {
    harness.get_by_role_and_label(Role::SpinButton, label).click();
    harness.run_ok();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text(value.to_owned()));
    harness.key_press(Key::Enter);
    harness.run_ok();
}

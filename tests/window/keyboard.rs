//! The window without a mouse: where the focus goes, what it scrolls to, and what only a menu could do.

use std::collections::BTreeSet;

use eframe::egui::{
    Event, Id, Key, Memory, Modifiers, PointerButton, Popup, Pos2, Rect, accesskit::Role, pos2, vec2,
};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::session::{
    Command, LatentCommand, LibraryCommand, PlaybackCommand, State, playing::PlayingCommand, state::View,
};

use super::{
    data_set,
    desk::{self, Desk, desk, desk_sized, desk_with, in_view},
    input::{commands, press_key},
};

/// More Tab stops than any view has.
const MANY: usize = 400;

fn focused(harness: &Harness<'_, Desk>) -> Option<Id> {
    harness.ctx.memory(Memory::focused)
}

/// Name and place of every stop of the Tab key, in order.
pub fn stops(harness: &mut Harness<'_, Desk>) -> Vec<(String, Rect)> {
    let (mut seen, mut stops) = (BTreeSet::new(), Vec::new());
    for _ in 0..MANY {
        harness.key_press(Key::Tab);
        harness.run_steps(3);
        let Some(id) = focused(harness) else { continue };
        if !seen.insert(id.value()) {
            break;
        }
        let response = harness.ctx.read_response(id).unwrap();
        let node = harness
            .root()
            .children_recursive()
            .find(|node| node.accesskit_node().locate().0 == id.accesskit_id());
        let name = node.and_then(|node| node.accesskit_node().label()).unwrap_or_default();
        stops.push((name, response.rect));
    }
    stops
}

pub fn place_of(stops: &[(String, Rect)], name: &str) -> usize {
    let place = stops.iter().position(|(stop, _)| stop.starts_with(name));
    place.unwrap_or_else(|| panic!("{name} is not among {stops:?}"))
}

#[test]
fn a_closed_menu_gives_the_focus_back_to_the_button_that_opened_it() {
    for label in ["Open ▾", "Language", "Messages: 0", "Colour map"] {
        let mut harness = desk();
        harness.get_by_label(label).focus();
        harness.run_ok();
        let button = focused(&harness);
        assert!(button.is_some(), "{label}");
        press_key(&mut harness, Key::Enter);
        assert!(Popup::is_any_open(&harness.ctx), "{label}");
        press_key(&mut harness, Key::ArrowDown);
        press_key(&mut harness, Key::Escape);
        assert!(!Popup::is_any_open(&harness.ctx), "{label}");
        assert_eq!(focused(&harness), button, "{label}");
    }
}

#[test]
fn a_chosen_entry_of_a_menu_gives_the_focus_back_too() {
    let mut harness = desk();
    harness.get_by_label("Language").focus();
    harness.run_ok();
    let button = focused(&harness);
    press_key(&mut harness, Key::Enter);
    press_key(&mut harness, Key::ArrowDown);
    assert_ne!(focused(&harness), button);
    let sent = press_key(&mut harness, Key::Enter);
    assert!(matches!(sent[..], [Command::SetLanguage(_)]), "{sent:?}");
    assert_eq!(focused(&harness), button);
}

#[test]
fn a_closed_dialog_gives_the_focus_back() {
    let mut harness = desk();
    harness.get_by_label("Mute").focus();
    harness.run_ok();
    let mute = focused(&harness);
    press_key(&mut harness, Key::F1);
    press_key(&mut harness, Key::Tab);
    harness.get_by_label("Keyboard and mouse");
    assert_ne!(focused(&harness), mute);
    press_key(&mut harness, Key::Escape);
    assert_eq!(focused(&harness), mute);
    // A list of choices in a dialog, then the dialog.
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    harness.run_ok();
    harness.get_by_role_and_label(Role::ComboBox, "Figure").focus();
    harness.run_ok();
    let choice = focused(&harness);
    press_key(&mut harness, Key::Enter);
    assert!(Popup::is_any_open(&harness.ctx));
    press_key(&mut harness, Key::Escape);
    assert_eq!(focused(&harness), choice);
    press_key(&mut harness, Key::Escape);
    assert!(harness.query_by_role_and_label(Role::ComboBox, "Figure").is_none());
    assert_eq!(focused(&harness), mute);
}

#[test]
fn the_tab_key_goes_through_the_top_bar_from_left_to_right() {
    for size in [[1280.0, 800.0], [960.0, 600.0], [700.0, 600.0]] {
        let mut harness = desk_sized(desk::example_state(), size);
        let stops = stops(&mut harness);
        let bar: Vec<&(String, Rect)> = stops.iter().filter(|(_, rect)| rect.center().y < 48.0).collect();
        assert!(bar.len() >= 6, "{bar:?}");
        let is_rising = bar.windows(2).all(|pair| pair[0].1.left() < pair[1].1.left());
        assert!(is_rising, "{size:?}: {bar:?}");
    }
}

#[test]
fn what_stands_below_is_read_after_what_stands_above() {
    let form = stops(&mut desk_with(in_view(View::Training)));
    assert!(place_of(&form, "Latent size") < place_of(&form, "Start training"), "{form:?}");
    let instrument = stops(&mut desk_with(in_view(View::Latent)));
    assert!(place_of(&instrument, "Map") < place_of(&instrument, "One-shot"), "{instrument:?}");
}

#[test]
fn a_control_below_the_fold_is_scrolled_into_sight() {
    let mut harness = desk_sized(in_view(View::Training), [960.0, 600.0]);
    let mut hidden = Vec::new();
    for _ in 0..60 {
        harness.key_press(Key::Tab);
        harness.run_steps(4);
        let response = focused(&harness).and_then(|id| harness.ctx.read_response(id));
        hidden.extend(
            response.filter(|at| !at.interact_rect.expand(1.0).contains_rect(at.rect)).map(|at| at.rect),
        );
    }
    assert_eq!(hidden, []);
}

#[test]
fn the_grid_of_images_is_one_stop_and_the_keys_go_through_all_of_it() {
    let mut state = data_set::seen();
    state.library.selected = Some(5);
    let mut harness = desk_sized(state, [700.0, 400.0]);
    assert_eq!(stops(&mut harness).iter().filter(|(name, _)| name.starts_with("Images of")).count(), 1);
    harness.get_by_role_and_label(Role::ListBox, "Images of the recordings").focus();
    harness.run_ok();
    let select = |index| [Command::Library(LibraryCommand::Select(index))];
    assert_eq!(press_key(&mut harness, Key::ArrowRight), select(6));
    assert_eq!(press_key(&mut harness, Key::ArrowLeft), select(4));
    assert_eq!(press_key(&mut harness, Key::Home), select(0));
    assert_eq!(press_key(&mut harness, Key::Space), [Command::Playback(PlaybackCommand::TogglePlay)]);
    assert_eq!(press_key(&mut harness, Key::Enter), [Command::Show(View::Stages)]);
    let last = "Image of vowel/vowel_003.wav";
    assert!(harness.query_by_label(last).is_none(), "the window is too high for this test");
    assert_eq!(press_key(&mut harness, Key::End), select(11));
    harness.state_mut().state.library.selected = Some(11);
    harness.run_steps(10);
    let node = harness.get_by_role_and_label(Role::ListBoxOption, last);
    assert!(node.is_focused() && node.rect().bottom() <= 400.0, "{:?}", node.rect());
}

#[test]
fn a_table_that_does_not_fit_is_scrolled_by_keys() {
    let mut state = in_view(View::Training);
    let layer = state.training.layers[0].clone();
    state.training.layers = vec![layer; 80];
    let mut harness = desk_with(state);
    let total = |harness: &Harness<'_, Desk>| harness.get_by_label("Total").rect().bottom();
    assert!(total(&harness) > 800.0);
    harness.get_by_label("Layers of the model").focus();
    harness.run_ok();
    press_key(&mut harness, Key::End);
    assert!(total(&harness) < 800.0);
    press_key(&mut harness, Key::Home);
    let top = total(&harness);
    press_key(&mut harness, Key::ArrowDown);
    assert!(total(&harness) < top);
}

#[test]
fn the_menu_key_opens_the_menu_of_the_selected_row() {
    for (modifiers, key) in [(Modifiers::NONE, Key::Menu), (Modifiers::SHIFT, Key::F10)] {
        let mut harness = desk();
        harness.get_by_role_and_label(Role::ListBox, "Recordings").focus();
        harness.run_ok();
        let list = focused(&harness);
        harness.key_press_modifiers(modifiers, key);
        harness.run_ok();
        harness.get_by_label("Leave out class bell (4)");
        assert_eq!(press_key(&mut harness, Key::ArrowDown), [], "the arrow keys are the menu's");
        assert_eq!(press_key(&mut harness, Key::ArrowDown), []);
        let names = (0..4).map(|index| format!("bell/bell_{index:03}.wav")).collect();
        let sent = press_key(&mut harness, Key::Enter);
        assert_eq!(sent, [Command::Library(LibraryCommand::LeaveOut(names))]);
        assert_eq!(focused(&harness), list);
    }
}

/// A press and a release in the input of one frame.
fn tap(harness: &mut Harness<'_, Desk>, at: Pos2) {
    harness.hover_at(at);
    harness.run_ok();
    let button = PointerButton::Primary;
    let event = |pressed| Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE };
    harness.input_mut().events.extend([event(true), event(false)]);
}

#[test]
fn a_tap_shorter_than_a_frame_moves_sliders() {
    let mut harness = desk();
    let rail = harness.get_by_label("Volume").rect();
    tap(&mut harness, rail.left_center() + vec2(0.25 * rail.width(), 0.0));
    let sent = commands(&mut harness);
    let set = |command: &Command| matches!(command, Command::Playback(PlaybackCommand::SetVolume(volume)) if (0.1..0.4).contains(volume));
    assert!(!sent.is_empty() && sent.iter().all(set), "{sent:?}");
    let mut harness = desk_with(in_view(View::Latent));
    let rail = harness.get_by_label("Latent 0").rect();
    tap(&mut harness, pos2(rail.right() - 0.1 * rail.width(), rail.center().y));
    let sent = commands(&mut harness);
    let moved =
        |command: &Command| matches!(command, Command::Latent(LatentCommand::SetAxis { axis: 0, .. }));
    assert!(sent.iter().any(moved), "{sent:?}");
}

#[test]
fn a_tap_shorter_than_a_frame_plays_in_hold_mode() {
    let mut state: State = in_view(View::Latent);
    state.settings.playing.mode = timbrespace::session::playing::PlayMode::Hold;
    let mut harness = desk_with(state);
    let play = harness.get_by_label("Play").rect().center();
    tap(&mut harness, play);
    let sent = commands(&mut harness);
    assert_eq!(sent, [PlayingCommand::Press, PlayingCommand::Release].map(Command::Playing));
}

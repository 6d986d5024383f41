//! The first minute: cards that lead on, the line over the map, the words about the demo model, the title.

use eframe::egui::{ViewportCommand, ViewportId, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};
use timbrespace::session::{
    Command, LatentCommand,
    space::{SpaceCommand, travel::TravelCommand},
    state::{FirstSteps, ModelOrigin, View},
};

use super::{
    desk::{Desk, desk_sized, desk_with, in_view},
    input::{click, commands},
};

const INVITATION: &str = "Drag on the map: the sound follows";

/// The instrument as the very first start shows it.
fn first_start(size: [f32; 2]) -> Harness<'static, Desk> {
    let mut state = in_view(View::Latent);
    state.library.is_demo = true;
    state.settings.first_steps = FirstSteps { has_started: true, shows_cards: true, shows_drag_hint: true };
    desk_sized(state, size)
}

fn click_card(harness: &mut Harness<'_, Desk>, name: &str) -> Vec<Command> {
    harness.get_by_label_contains(name).click();
    commands(harness)
}

#[test]
fn three_cards_lead_on_with_one_click_each_until_they_are_dismissed() {
    for size in [[1280.0, 800.0], [960.0, 600.0]] {
        let mut harness = first_start(size);
        let walking = |walks| Command::Space(SpaceCommand::Travel(TravelCommand::SetWalking(walks)));
        assert_eq!(click_card(&mut harness, "Play the demo"), [walking(true)]);
        assert_eq!(click_card(&mut harness, "See the stages"), [Command::Show(View::Stages)]);
        let open = harness.get_by_label_contains("Open your recordings").rect();
        let map = harness.get_by_label("Map of 12 recordings").rect();
        assert!(open.bottom() <= map.top() && open.right() < size[0], "{open:?} {map:?}");
        harness.state_mut().state.space.travel.is_walking = true;
        harness.run_ok();
        assert_eq!(click_card(&mut harness, "Stop the demo"), [walking(false)]);
        assert_eq!(click(&mut harness, "Hide these cards"), [Command::DismissCards]);
        harness.state_mut().state.settings.first_steps.shows_cards = false;
        harness.run_ok();
        assert!(harness.query_by_label_contains("Open your recordings").is_none());
    }
}

#[test]
fn the_cards_are_about_the_demo_and_go_with_it() {
    let mut harness = first_start([1280.0, 800.0]);
    harness.state_mut().state.library.is_demo = false;
    harness.run_ok();
    assert!(harness.query_by_label_contains("Play the demo").is_none());
}

#[test]
fn the_map_invites_to_drag_and_the_drag_may_begin_on_the_invitation() {
    let mut harness = first_start([1280.0, 800.0]);
    let at = harness.get_by_label(INVITATION).rect().center();
    harness.drag_at(at);
    harness.run_ok();
    harness.hover_at(at + vec2(10.0, 30.0));
    harness.run_ok();
    assert!(harness.query_by_label(INVITATION).is_none(), "it covers nothing during the drag");
    harness.drop_at(at + vec2(10.0, 30.0));
    let sent = commands(&mut harness);
    assert_eq!(sent.first(), Some(&Command::Latent(LatentCommand::BeginDrag)), "{sent:?}");
    assert!(sent.iter().any(|command| matches!(command, Command::Space(SpaceCommand::MoveTo(_)))));
    harness.state_mut().state.settings.first_steps.shows_drag_hint = false;
    harness.run_ok();
    assert!(harness.query_by_label(INVITATION).is_none());
}

#[test]
fn over_ones_own_recordings_the_demo_model_says_what_it_is_and_leads_to_training() {
    let mut harness = desk_with(in_view(View::Latent));
    harness.get_by_label("This is the demo model: train one on your recordings.");
    assert_eq!(click(&mut harness, "Train a model"), [Command::Show(View::Training)]);
    harness.state_mut().state.library.is_demo = true;
    harness.run_ok();
    assert!(harness.query_by_label("Train a model").is_none());
}

/// The titles that the next frame tells the system.
fn titles(harness: &mut Harness<'_, Desk>) -> Vec<String> {
    harness.step();
    let commands = &harness.output().viewport_output[&ViewportId::ROOT].commands;
    let title = |command: &ViewportCommand| match command {
        ViewportCommand::Title(title) => Some(title.clone()),
        _ => None,
    };
    commands.iter().filter_map(title).collect()
}

#[test]
fn the_title_names_folder_and_model_and_is_sent_only_when_it_changes() {
    let mut harness = desk_with(in_view(View::Latent));
    assert_eq!(titles(&mut harness), [""; 0], "nothing has changed");
    harness.state_mut().state.library.is_demo = true;
    assert_eq!(titles(&mut harness), ["Demo sounds – demo model – Timbrespace"]);
    let state = &mut harness.state_mut().state;
    (state.library.is_demo, state.library.root) = (false, Some("/sounds/be\u{202e}lls".into()));
    let model = state.latent.model.as_mut().unwrap();
    model.origin = ModelOrigin::Bundle("/models/clear-001".into());
    let shown = titles(&mut harness);
    assert!(
        shown[0].ends_with("lls – clear-001 – Timbrespace") && !shown[0].contains('\u{202e}'),
        "{shown:?}"
    );
    let state = &mut harness.state_mut().state;
    let run = "/runs/bells-002".into();
    state.latent.model.as_mut().unwrap().origin = ModelOrigin::Training { run, epochs: 3 };
    assert!(titles(&mut harness)[0].contains("– bells-002 –"));
    harness.state_mut().state.library.root = None;
    harness.state_mut().state.latent.model = None;
    assert_eq!(titles(&mut harness), ["Timbrespace"]);
}

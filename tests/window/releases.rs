//! A drag whose last movement comes in one frame with the release, as on a machine that draws slowly: it ends under the pointer.

use eframe::egui::{Event, Modifiers, PointerButton, Pos2, Rect, Vec2, accesskit::Role, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};
use timbrespace::session::{Command, LatentCommand, space::SpaceCommand, state::View};

use super::{
    desk::{Desk, desk, desk_with, in_view},
    input::commands,
};

/// Presses at `from`, moves to `to` and lets go there in one frame; the commands.
fn flick(harness: &mut Harness<'_, Desk>, from: Pos2, to: Pos2) -> Vec<Command> {
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    harness.hover_at(from);
    harness.run_ok();
    commands(harness);
    harness.event(button(from, true));
    harness.run_ok();
    harness.input_mut().events.extend([Event::PointerMoved(to), button(to, false)]);
    harness.run_steps(1);
    commands(harness)
}

/// The same drag in many frames.
fn drag(harness: &mut Harness<'_, Desk>, from: Pos2, to: Pos2) -> Vec<Command> {
    harness.hover_at(from);
    harness.run_ok();
    commands(harness);
    harness.drag_at(from);
    harness.run_ok();
    harness.hover_at(to);
    harness.run_ok();
    harness.drop_at(to);
    commands(harness)
}

#[test]
fn a_flick_over_the_map_decodes_where_it_ends() {
    let rect = |harness: &Harness<'_, Desk>| harness.get_by_label("Map of 12 recordings").rect();
    let places = |sent: &[Command]| -> Vec<[f32; 2]> {
        let place = |command: &Command| match command {
            Command::Space(SpaceCommand::MoveTo(place)) => Some(*place),
            _ => None,
        };
        sent.iter().filter_map(place).collect()
    };
    let mut harness = desk_with(in_view(View::Latent));
    let (from, by) = (rect(&harness).right_top() + vec2(-60.0, 60.0), vec2(-30.0, 80.0));
    let slow = places(&drag(&mut harness, from, from + by));
    let mut harness = desk_with(in_view(View::Latent));
    let sent = flick(&mut harness, from, from + by);
    assert_eq!(places(&sent).last(), slow.last(), "{sent:?}");
    assert_eq!(
        (sent.first(), sent.last()),
        (Some(&Command::Latent(LatentCommand::BeginDrag)), Some(&Command::Latent(LatentCommand::EndDrag)))
    );
}

#[test]
fn a_flick_moves_sliders_and_numbers_as_far_as_a_slow_drag() {
    let control = |harness: &Harness<'_, Desk>, role, name: &str| -> Rect {
        harness.get_by_role_and_label(role, name).rect()
    };
    let last = |sent: Vec<Command>| {
        let is_end = |command: &Command| *command == Command::Latent(LatentCommand::EndDrag);
        sent.into_iter().rfind(|command| !is_end(command))
    };
    for (role, name, by) in [
        (Role::Slider, "Latent 3", vec2(25.0, 0.0)),
        (Role::Slider, "Detail", vec2(9.0, 0.0)),
        (Role::SpinButton, "Griffin-Lim", vec2(30.0, 0.0)),
    ] {
        let mut harness = desk_with(in_view(View::Latent));
        let from = control(&harness, role, name).center();
        let slow = last(drag(&mut harness, from, from + by));
        let mut harness = desk_with(in_view(View::Latent));
        let quick = last(flick(&mut harness, from, from + by));
        assert!(quick.is_some() && quick == slow, "{name}: {quick:?}, {slow:?}");
    }
}

#[test]
fn a_flick_moves_the_end_of_the_colours() {
    let handle = |harness: &Harness<'_, Desk>| {
        harness.query_all_by_label("Highest colour").next().unwrap().rect().center()
    };
    let mut harness = desk();
    let from = handle(&harness);
    let slow = drag(&mut harness, from, from + Vec2::new(0.0, 20.0));
    let mut harness = desk();
    let quick = flick(&mut harness, from, from + Vec2::new(0.0, 20.0));
    assert!(!quick.is_empty() && quick.last() == slow.last(), "{quick:?}, {slow:?}");
}

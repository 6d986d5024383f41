//! The map of the latent view: layouts, dragging, lasso, legend, the nearest recordings.

use eframe::egui::{Modifiers, PointerButton, Vec2, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};
use timbrespace::{
    explore::layout::LayoutKind,
    jobs::latent::encoded_set::ENCODING,
    session::{Command, LatentCommand, LibraryCommand, space::SpaceCommand, state::View, task::TaskStatus},
};

use super::{
    desk::{Desk, desk_with, in_view},
    input::{click, commands},
};

fn canvas(harness: &Harness<'_, Desk>) -> eframe::egui::Rect {
    harness.get_by_label("Map of 12 recordings").rect()
}

#[test]
fn the_map_offers_its_layouts_and_a_click_beside_all_points_decodes_the_place() {
    let mut harness = desk_with(in_view(View::Latent));
    assert_eq!(click(&mut harness, "t-SNE"), [Command::Space(SpaceCommand::SetLayout(LayoutKind::Tsne))]);
    let rect = canvas(&harness);
    let at = rect.right_top() + vec2(-20.0, 20.0);
    harness.hover_at(at);
    harness.run_ok();
    harness.drag_at(at);
    harness.drop_at(at);
    let sent = commands(&mut harness);
    assert!(matches!(sent[..], [Command::Space(SpaceCommand::MoveTo(_))]), "{sent:?}");
}

#[test]
fn a_drag_on_the_map_plays_on_the_way_and_ends_once() {
    let mut harness = desk_with(in_view(View::Latent));
    let rect = canvas(&harness);
    let at = rect.right_top() + vec2(-60.0, 60.0);
    harness.drag_at(at);
    harness.run_ok();
    for step in 1..4 {
        harness.hover_at(at + vec2(0.0, 10.0 * step as f32));
        harness.run_ok();
    }
    harness.drop_at(at + vec2(0.0, 30.0));
    let sent = commands(&mut harness);
    assert_eq!(
        (sent.first(), sent.last()),
        (Some(&Command::Latent(LatentCommand::BeginDrag)), Some(&Command::Latent(LatentCommand::EndDrag)))
    );
    let moves = &sent[1..sent.len() - 1];
    assert!(moves.len() >= 3, "{sent:?}");
    assert!(moves.iter().all(|command| matches!(command, Command::Space(SpaceCommand::MoveTo(_)))));
}

/// Where recording `row` is drawn: the map shows everything, upward is more.
fn point(harness: &Harness<'_, Desk>, row: usize) -> eframe::egui::Pos2 {
    let rect = canvas(harness);
    let layout = harness.state().state.space.layout.clone().unwrap();
    let [low, high] = layout.bounds();
    let size = Vec2::new(high[0] - low[0], high[1] - low[1]);
    let scale = (rect.width() * 0.88 / size.x).min(rect.height() * 0.88 / size.y);
    let [x, y] = layout.place(row);
    let middle = [f32::midpoint(low[0], high[0]), f32::midpoint(low[1], high[1])];
    rect.center() + vec2((x - middle[0]) * scale, (middle[1] - y) * scale)
}

#[test]
fn a_recording_on_the_map_is_heard_when_pointed_at_and_taken_by_a_click() {
    let mut harness = desk_with(in_view(View::Latent));
    let at = point(&harness, 9);
    harness.hover_at(at);
    let sent = commands(&mut harness);
    assert_eq!(sent, [Command::Space(SpaceCommand::Preview { recording: 9, heard: true })]);
    harness.get_by_label("vowel/vowel_001.wav");
    harness.drag_at(at);
    harness.drop_at(at);
    assert_eq!(
        commands(&mut harness),
        [Command::Library(LibraryCommand::Select(9)), Command::Latent(LatentCommand::EncodeRecording(9))]
    );
}

#[test]
fn a_class_is_filtered_out_by_the_legend() {
    let mut harness = desk_with(in_view(View::Latent));
    let at = point(&harness, 9);
    click(&mut harness, "Class vowel 4");
    harness.hover_at(at);
    assert_eq!(commands(&mut harness), [], "nothing is there any more");
}

#[test]
fn a_lasso_chooses_recordings_and_offers_to_save_them() {
    let mut harness = desk_with(in_view(View::Latent));
    let rect = canvas(&harness);
    harness.event(eframe::egui::Event::ModifiersChanged(Modifiers::SHIFT));
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom()];
    let inside = corners.map(|corner| corner + (rect.center() - corner) * 0.02);
    harness.drag_at(inside[0]);
    harness.run_ok();
    for corner in inside {
        harness.hover_at(corner);
        harness.run_ok();
    }
    harness.drop_at(inside[3]);
    harness.run_ok();
    harness.event(eframe::egui::Event::ModifiersChanged(Modifiers::NONE));
    assert_eq!(commands(&mut harness), [], "a lasso plays nothing");
    harness.get_by_label("12 chosen");
    harness.get_by_label("Save list…");
    harness.get_by_label("Save sounds…");
    let sent = click(&mut harness, "Leave these out");
    assert!(
        matches!(&sent[..], [Command::Library(LibraryCommand::LeaveOut(names))] if names.len() == 12),
        "{sent:?}"
    );
    click(&mut harness, "Clear");
    assert!(harness.query_by_label("12 chosen").is_none());
}

#[test]
fn a_right_drag_moves_the_map_and_decodes_nothing() {
    let mut harness = desk_with(in_view(View::Latent));
    let before = point(&harness, 9);
    let at = canvas(&harness).center();
    harness.event(eframe::egui::Event::PointerMoved(at));
    let button = |pressed, pos| eframe::egui::Event::PointerButton {
        pos,
        button: PointerButton::Secondary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    harness.event(button(true, at));
    harness.run_ok();
    harness.event(eframe::egui::Event::PointerMoved(at + vec2(-50.0, 0.0)));
    harness.run_ok();
    harness.event(button(false, at + vec2(-50.0, 0.0)));
    commands(&mut harness);
    harness.hover_at(before);
    assert_eq!(commands(&mut harness), [], "the point has moved away");
    harness.hover_at(before + vec2(-50.0, 0.0));
    let sent = commands(&mut harness);
    assert_eq!(sent, [Command::Space(SpaceCommand::Preview { recording: 9, heard: true })]);
}

#[test]
fn the_meter_and_the_nearest_recordings_stand_below_the_map() {
    let mut harness = desk_with(in_view(View::Latent));
    harness.get_by_label("Off-manifold 97 %, hardly like the recordings");
    let sent = click(&mut harness, "Near: bell_002");
    assert_eq!(sent, [Command::Space(SpaceCommand::Preview { recording: 2, heard: true })]);
    assert_eq!(click(&mut harness, "Pull back"), [Command::Space(SpaceCommand::PullBack(0.5))]);
}

#[test]
fn encoding_shows_its_progress_and_can_be_cancelled() {
    let mut state = in_view(View::Latent);
    state.space.set = None;
    state.space.layout = None;
    state.space.encoding.advance(ENCODING, 3, 12);
    let mut harness = desk_with(state);
    harness.get_by_label_contains("encoding  3 of 12");
    assert_eq!(click(&mut harness, "Cancel"), [Command::Space(SpaceCommand::CancelEncoding)]);
    let mut state = in_view(View::Latent);
    state.space.set = None;
    state.space.layout = None;
    state.space.encoding = TaskStatus::Idle;
    let mut harness = desk_with(state);
    assert_eq!(click(&mut harness, "Encode the recordings"), [Command::Space(SpaceCommand::Encode)]);
}

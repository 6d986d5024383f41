//! The map of the latent view: layouts, dragging, lasso, legend, the nearest recordings.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use eframe::egui::{Modifiers, PointerButton, Vec2, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::{
    explore::layout::LayoutKind,
    jobs::latent::{encoded_set::ENCODING, reconstruction_errors::RECONSTRUCTING},
    session::{
        Command, LatentCommand, LibraryCommand,
        space::SpaceCommand,
        state::{Decoded, FirstSteps, View},
        task::TaskStatus,
    },
};

use super::{
    desk::{Desk, desk_sized, desk_with, in_view},
    input::{choose, click, commands, wheel},
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
    click(&mut harness, "Class vowel (4)");
    harness.hover_at(at);
    assert_eq!(commands(&mut harness), [], "nothing is there any more");
}

/// The map coloured by reconstruction errors, which rise with the row; that of the last row is not known.
fn coloured_by_errors() -> Harness<'static, Desk> {
    let mut state = in_view(View::Latent);
    let errors = (0..12).map(|row| (row < 11).then(|| 0.001 * (row + 1) as f32)).collect();
    state.space.errors.by_row = Some(Arc::new(errors));
    state.space.errors.status = TaskStatus::Done;
    let mut harness = desk_with(state);
    choose(&mut harness, "Colour by", "Reconstruction error");
    commands(&mut harness);
    harness
}

#[test]
fn choosing_the_reconstruction_error_measures_it_with_progress_that_can_be_cancelled() {
    let mut harness = desk_with(in_view(View::Latent));
    choose(&mut harness, "Colour by", "Reconstruction error");
    assert_eq!(commands(&mut harness), [Command::Space(SpaceCommand::MeasureErrors)]);
    harness.get_by_label("Reconstruction error: not measured yet");
    harness.state_mut().state.space.errors.status.advance(RECONSTRUCTING, 3, 12);
    harness.run_steps(2);
    harness.get_by_label("Reconstruction error: being measured");
    harness.get_by_label_contains("reconstructing  3 of 12");
    assert!(harness.query_by_label("Measure").is_none());
    assert_eq!(click(&mut harness, "Cancel"), [Command::Space(SpaceCommand::CancelErrors)]);
    harness.state_mut().state.space.errors.status = TaskStatus::Idle;
    harness.run_steps(2);
    assert_eq!(click(&mut harness, "Measure"), [Command::Space(SpaceCommand::MeasureErrors)]);
    harness.state_mut().state.space.is_stale = true;
    harness.run_steps(2);
    assert!(harness.get_by_label("Measure").accesskit_node().is_disabled());
}

#[test]
fn the_legend_of_the_errors_has_their_scale_and_a_point_tells_its_own() {
    let mut harness = coloured_by_errors();
    for words in ["0.00100 MSE", "0.0110 MSE"] {
        harness.get_by_label(words);
    }
    let name = harness.get_all_by_label("Reconstruction error").last().unwrap().rect().center();
    harness.hover_at(name);
    harness.run_steps(60);
    for words in ["mean squared error of the normalised image", "0.001 is close, 0.01 is heard"] {
        assert!(harness.query_all_by_label_contains(words).count() >= 1, "{words}");
    }
    let at = point(&harness, 9);
    harness.hover_at(at);
    harness.run_steps(60);
    harness.get_by_label("Reconstruction error: 0.0100 MSE, 2 of 11, highest first");
    let unknown = point(&harness, 11);
    harness.hover_at(unknown);
    harness.run_steps(60);
    assert_eq!(harness.query_all_by_label("Class vowel").count(), 1, "the tooltip");
    assert!(harness.query_by_label_contains("highest first").is_none());
}

#[test]
fn the_recordings_with_the_highest_errors_are_chosen_as_by_a_lasso() {
    let mut harness = coloured_by_errors();
    assert_eq!(click(&mut harness, "Worst 10"), []);
    harness.get_by_label("10 chosen");
    let sent = click(&mut harness, "Leave these out");
    let [Command::Library(LibraryCommand::LeaveOut(names))] = &sent[..] else { panic!("{sent:?}") };
    assert!(!names.contains(&"bell/bell_000.wav".to_owned()), "the lowest error");
    assert!(!names.contains(&"vowel/vowel_003.wav".to_owned()), "no error is known");
    assert!(names.contains(&"vowel/vowel_002.wav".to_owned()), "the highest error");
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

/// Chooses all recordings of the map.
fn choose_all(harness: &mut Harness<'_, Desk>) {
    let rect = canvas(harness).shrink(2.0);
    harness.event(eframe::egui::Event::ModifiersChanged(Modifiers::SHIFT));
    harness.drag_at(rect.left_top());
    harness.run_ok();
    for corner in [rect.right_top(), rect.right_bottom(), rect.left_bottom()] {
        harness.hover_at(corner);
        harness.run_ok();
    }
    harness.drop_at(rect.left_bottom());
    harness.event(eframe::egui::Event::ModifiersChanged(Modifiers::NONE));
    harness.run_ok();
    harness.get_by_label("12 chosen");
}

#[test]
fn a_lasso_leaves_the_map_where_it_is_and_its_buttons_stand_below_it() {
    let mut harness = desk_with(in_view(View::Latent));
    let before = canvas(&harness);
    choose_all(&mut harness);
    assert_eq!(canvas(&harness), before);
    commands(&mut harness);
    let clear = harness.get_by_label("Clear").rect();
    assert!(clear.top() >= before.bottom(), "{clear:?} over {before:?}");
}

#[test]
fn what_a_lasso_chose_in_another_folder_is_forgotten() {
    let mut harness = desk_with(in_view(View::Latent));
    choose_all(&mut harness);
    let state = &mut harness.state_mut().state;
    state.library.root = Some("/other".into());
    state.library.recordings.clear();
    (state.space.set, state.space.layout) = (None, None);
    harness.run_ok();
    assert!(harness.query_by_label("12 chosen").is_none());
    let mut original = in_view(View::Latent);
    original.library.root = Some("/other".into());
    harness.state_mut().state = original;
    harness.run_ok();
    assert!(harness.query_by_label("12 chosen").is_none(), "their places mean other recordings");
}

#[test]
fn a_page_that_scrolls_is_not_stopped_by_the_map_that_comes_under_the_pointer() {
    let mut state = in_view(View::Latent);
    state.settings.first_steps = FirstSteps { has_started: true, shows_cards: true, shows_drag_hint: false };
    let mut harness = desk_sized(state, [960.0, 420.0]);
    let before = canvas(&harness);
    // Above the map, so that scrolling down brings the map here.
    harness.hover_at(before.center_top() - vec2(0.0, 8.0));
    harness.run_ok();
    let turn = |harness: &mut Harness<'_, Desk>| {
        harness.event(eframe::egui::Event::MouseWheel {
            unit: eframe::egui::MouseWheelUnit::Point,
            delta: vec2(0.0, -24.0),
            source: eframe::egui::MouseWheelSource::Wheel,
            phase: eframe::egui::TouchPhase::Move,
            modifiers: Modifiers::NONE,
        });
        harness.run_steps(2);
    };
    for _ in 0..4 {
        turn(&mut harness);
    }
    harness.run_steps(4);
    let by = before.top() - canvas(&harness).top();
    assert!(by > 80.0, "the page has scrolled by {by} of 96 points");
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
fn the_wheel_over_the_map_does_not_scroll_the_page_around_it() {
    let mut state = in_view(View::Latent);
    state.settings.first_steps = FirstSteps { has_started: true, shows_cards: true, shows_drag_hint: false };
    let mut harness = desk_sized(state, [960.0, 420.0]);
    let before = canvas(&harness);
    harness.hover_at(before.left_top() + vec2(20.0, 20.0));
    wheel(&mut harness, vec2(0.0, -200.0), Modifiers::NONE);
    assert_eq!(canvas(&harness), before);
    // Elsewhere on the page it scrolls.
    harness.hover_at(harness.get_by_label("t-SNE").rect().center());
    wheel(&mut harness, vec2(0.0, -200.0), Modifiers::NONE);
    assert!(canvas(&harness).top() < before.top() - 5.0, "{:?} {before:?}", canvas(&harness));
}

#[test]
fn the_meter_and_the_nearest_recordings_stand_below_the_map() {
    let mut harness = desk_with(in_view(View::Latent));
    harness.get_by_label("97 % off-manifold: hardly like the recordings");
    let sent = click(&mut harness, "Near: bell_002");
    assert_eq!(sent, [Command::Space(SpaceCommand::Preview { recording: 2, heard: true })]);
    let pull = harness.get_by_label("Pull back").rect();
    assert_eq!(click(&mut harness, "Pull back"), [Command::Space(SpaceCommand::PullBack(0.5))]);
    let mut state = in_view(View::Latent);
    let decoded = state.latent.decoded.take().and_then(Arc::into_inner).unwrap();
    state.latent.decoded = Some(Arc::new(Decoded { off_manifold: Some(40.0), ..decoded }));
    let harness = desk_with(state);
    harness.get_by_label("40 % off-manifold: like the recordings");
    assert_eq!(harness.get_by_label("Pull back").rect(), pull, "it stays under the pointer");
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

#[test]
fn the_map_stays_where_it_is_while_its_recordings_are_encoded_again() {
    let mut harness = desk_with(in_view(View::Latent));
    let before = canvas(&harness);
    let encoding = |secs| TaskStatus::Running {
        stage: ENCODING,
        done: 3,
        total: 12,
        since: Instant::now().checked_sub(Duration::from_secs(secs)).unwrap(),
    };
    harness.state_mut().state.space.is_stale = true;
    harness.state_mut().state.space.encoding = encoding(0);
    harness.run_steps(2);
    assert!(harness.query_by_label_contains("encoding").is_none(), "it is soon done");
    harness.state_mut().state.space.encoding = encoding(60);
    harness.run_steps(2);
    assert_eq!(canvas(&harness), before);
    let progress = harness.get_by_label_contains("encoding  3 of 12").rect();
    assert!(before.contains_rect(progress), "{progress:?} over {before:?}");
    harness.state_mut().state.space.encoding = TaskStatus::Done;
    harness.run_steps(2);
    assert_eq!(canvas(&harness).min, before.min);
    assert_eq!(click(&mut harness, "Encode again"), [Command::Space(SpaceCommand::Encode)]);
}

#[test]
fn what_says_that_the_map_is_of_an_earlier_model_does_not_lie_over_it() {
    for size in [[1280.0, 800.0], [960.0, 600.0]] {
        let mut state = in_view(View::Latent);
        state.space.is_stale = true;
        let harness = desk_sized(state, size);
        let said = harness.get_by_label_contains("The model has trained further").rect();
        assert!(!canvas(&harness).intersects(said), "{size:?}: {said:?}");
    }
}

//! The latent view by what can be read on it: axes, map, travel.

use eframe::egui::{Modifiers, PointerButton, Vec2, accesskit::Role, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use std::sync::Arc;
use timbrespace::{
    explore::{
        axes::{self, AxisSystem, Spread},
        detail::{Added, Mix},
        layout::LayoutKind,
        travel::Path,
    },
    inspect::ladder::{Ladder, Rung, RungKind},
    jobs::latent::encoded_set::ENCODING,
    session::{
        Command, LatentCommand, LibraryCommand, PlaybackCommand, State,
        detail::{DetailCommand, DetailStatus},
        space::{
            SpaceCommand,
            leaving::{LeavingCommand, LeavingForm},
            travel::{Draw, Named, Slot, TravelCommand},
        },
        state::{Original, View},
        task::TaskStatus,
    },
};

use super::desk::{Desk, desk_sized, desk_with, example_state};

fn latent() -> State {
    let mut state = example_state();
    state.settings.view = View::Latent;
    state
}

fn commands(harness: &mut Harness<'_, Desk>) -> Vec<Command> {
    harness.run_ok();
    std::mem::take(&mut harness.state_mut().commands)
}

fn press(harness: &mut Harness<'_, Desk>, label: &str) -> Vec<Command> {
    harness.get_by_label(label).click();
    commands(harness)
}

fn space(command: SpaceCommand) -> Command {
    Command::Space(command)
}

fn travel(command: TravelCommand) -> Command {
    space(SpaceCommand::Travel(command))
}

fn named(name: &str) -> Named {
    let state = example_state();
    let min_max = state.space.set.as_ref().unwrap().min_max[0];
    Named { name: name.to_owned(), vector: state.latent.vector, min_max }
}

#[test]
fn axes_are_switched_searched_and_locked() {
    let mut harness = desk_with(latent());
    assert_eq!(
        press(&mut harness, "Principal"),
        [Command::Latent(LatentCommand::SetAxisSystem(AxisSystem::Principal))]
    );
    assert_eq!(press(&mut harness, "Lock z3"), [Command::Latent(LatentCommand::LockAxis(3, true))]);
    harness.get_by_label("Find an axis").focus();
    harness.run_ok();
    harness.get_by_label("Find an axis").type_text("12");
    harness.run_ok();
    harness.get_by_label("Latent 12");
    assert!(harness.query_by_label("Latent 3").is_none());
}

#[test]
fn eight_axes_are_in_view_and_a_locked_one_does_not_move() {
    let mut state = latent();
    state.latent.locked.insert(3);
    let mut harness = desk_with(state);
    for axis in 0..8 {
        harness.get_by_label(&format!("Latent {axis}"));
    }
    let rail = harness.get_by_label("Latent 3");
    assert!(rail.accesskit_node().is_disabled());
    let rect = rail.rect();
    harness.drag_at(rect.center());
    harness.run_ok();
    harness.drop_at(rect.center() + vec2(40.0, 0.0));
    assert_eq!(commands(&mut harness), []);
    assert_eq!(press(&mut harness, "Unlock z3"), [Command::Latent(LatentCommand::LockAxis(3, false))]);
}

#[test]
fn dead_dimensions_are_folded_away_and_counted() {
    let mut state = latent();
    let kl: Vec<f32> = (0..16).map(|index| if index < 13 { 1.0 } else { 0.001 }).collect();
    state.latent.axes = Arc::new(axes::dimensions(16, Spread { mean: &[], deviation: &[], kl: &kl }, None));
    let mut harness = desk_sized(state, [1280.0, 1400.0]);
    assert!(harness.query_by_label("Latent 15").is_none());
    press(&mut harness, "3 dimensions unused by the model");
    harness.get_by_label("Latent 15");
}

fn dragged(harness: &mut Harness<'_, Desk>, modifiers: Modifiers) -> f32 {
    let at = harness.get_by_label("Latent 3").rect().center();
    harness.event(eframe::egui::Event::ModifiersChanged(modifiers));
    harness.drag_at(at);
    harness.run_ok();
    harness.hover_at(at + vec2(30.0, 0.0));
    harness.run_ok();
    harness.drop_at(at + vec2(30.0, 0.0));
    harness.run_ok();
    harness.event(eframe::egui::Event::ModifiersChanged(Modifiers::NONE));
    let sent = commands(harness);
    let value = sent.iter().rev().find_map(|command| match command {
        Command::Latent(LatentCommand::SetAxis { axis: 3, value }) => Some(*value),
        _ => None,
    });
    value.unwrap()
}

#[test]
fn a_drag_with_shift_is_ten_times_finer() {
    // The vector of the state does not follow: each drag's last value is one pointer movement.
    let coarse = dragged(&mut desk_with(latent()), Modifiers::NONE);
    let fine = dragged(&mut desk_with(latent()), Modifiers::SHIFT);
    assert!((coarse / fine - 10.0).abs() < 0.5, "{coarse} {fine}");
}

fn canvas(harness: &Harness<'_, Desk>) -> eframe::egui::Rect {
    harness.get_by_label("Map of 12 recordings").rect()
}

#[test]
fn the_map_offers_its_layouts_and_a_click_beside_all_points_decodes_the_place() {
    let mut harness = desk_with(latent());
    assert_eq!(press(&mut harness, "t-SNE"), [space(SpaceCommand::SetLayout(LayoutKind::Tsne))]);
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
    let mut harness = desk_with(latent());
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
    let mut harness = desk_with(latent());
    let at = point(&harness, 9);
    harness.hover_at(at);
    let sent = commands(&mut harness);
    assert_eq!(sent, [space(SpaceCommand::Preview { recording: 9, heard: true })]);
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
    let mut harness = desk_with(latent());
    let at = point(&harness, 9);
    press(&mut harness, "Class vowel 4");
    harness.hover_at(at);
    assert_eq!(commands(&mut harness), [], "nothing is there any more");
}

#[test]
fn a_lasso_chooses_recordings_and_offers_to_save_them() {
    let mut harness = desk_with(latent());
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
    let sent = press(&mut harness, "Leave these out");
    assert!(
        matches!(&sent[..], [Command::Library(LibraryCommand::LeaveOut(names))] if names.len() == 12),
        "{sent:?}"
    );
    press(&mut harness, "Clear");
    assert!(harness.query_by_label("12 chosen").is_none());
}

#[test]
fn a_right_drag_moves_the_map_and_decodes_nothing() {
    let mut harness = desk_with(latent());
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
    assert_eq!(sent, [space(SpaceCommand::Preview { recording: 9, heard: true })]);
}

#[test]
fn the_meter_and_the_nearest_recordings_stand_below_the_map() {
    let mut harness = desk_with(latent());
    harness.get_by_label("Off-manifold 97 %, hardly like the recordings");
    let sent = press(&mut harness, "Near: bell_002");
    assert_eq!(sent, [space(SpaceCommand::Preview { recording: 2, heard: true })]);
    assert_eq!(press(&mut harness, "Pull back"), [space(SpaceCommand::PullBack(0.5))]);
}

#[test]
fn encoding_shows_its_progress_and_can_be_cancelled() {
    let mut state = latent();
    state.space.set = None;
    state.space.layout = None;
    state.space.encoding.advance(ENCODING, 3, 12);
    let mut harness = desk_with(state);
    harness.get_by_label_contains("encoding  3 of 12");
    assert_eq!(press(&mut harness, "Cancel"), [space(SpaceCommand::CancelEncoding)]);
    let mut state = latent();
    state.space.set = None;
    state.space.layout = None;
    state.space.encoding = TaskStatus::Idle;
    let mut harness = desk_with(state);
    assert_eq!(press(&mut harness, "Encode the recordings"), [space(SpaceCommand::Encode)]);
}

#[test]
fn slots_are_kept_and_recalled_and_the_way_between_them_is_a_slider() {
    let mut state = latent();
    let travelled = &mut state.space.travel;
    travelled.slots = [Some(named("one")), Some(named("two")), None];
    let mut harness = desk_with(state);
    press(&mut harness, "Travel");
    harness.get_by_label("one");
    let keep = harness.get_all_by_label("Keep").nth(2).unwrap();
    keep.click();
    assert_eq!(commands(&mut harness), [travel(TravelCommand::Keep(Slot::C))]);
    harness.get_all_by_label("Go").next().unwrap().click();
    assert_eq!(commands(&mut harness), [travel(TravelCommand::Recall(Slot::A))]);
    harness.get_all_by_label("List").nth(1).unwrap().click();
    assert_eq!(commands(&mut harness), [travel(TravelCommand::KeepRecording(Slot::B, 1))]);
    assert_eq!(press(&mut harness, "Spherical"), [travel(TravelCommand::SetPath(Path::Spherical))]);
    assert!(harness.get_by_label("A − B + C").accesskit_node().is_disabled());
    let slider = harness.get_by_role_and_label(Role::Slider, "From A to B").rect();
    harness.drag_at(slider.center());
    harness.run_ok();
    harness.drop_at(slider.center());
    let sent = commands(&mut harness);
    assert_eq!(
        (sent.first(), sent.last()),
        (Some(&Command::Latent(LatentCommand::BeginDrag)), Some(&Command::Latent(LatentCommand::EndDrag)))
    );
    let parts: Vec<f32> = sent
        .iter()
        .filter_map(|command| match command {
            Command::Space(SpaceCommand::Travel(TravelCommand::SetPart(part))) => Some(*part),
            _ => None,
        })
        .collect();
    assert!(parts.len() == sent.len() - 2 && parts.iter().all(|part| (part - 0.5).abs() < 0.1), "{sent:?}");
}

#[test]
fn random_vectors_walks_and_class_means_are_a_press_away() {
    let mut harness = desk_with(latent());
    press(&mut harness, "Travel");
    assert_eq!(press(&mut harness, "the prior"), [travel(TravelCommand::SetDraw(Draw::Prior))]);
    assert_eq!(press(&mut harness, "recordings"), [travel(TravelCommand::SetDraw(Draw::Density))]);
    assert_eq!(press(&mut harness, "Sample"), [Command::Space(SpaceCommand::Sample)]);
    assert_eq!(press(&mut harness, "Walk"), [travel(TravelCommand::SetWalking(true))]);
    harness.get_by_role_and_label(Role::Button, "drum").click();
    assert_eq!(commands(&mut harness), [travel(TravelCommand::ClassMean("drum".to_owned()))]);
}

#[test]
fn vectors_are_saved_by_name_recalled_and_forgotten() {
    let mut state = latent();
    state.space.travel.saved = vec![named("low bell")];
    let mut harness = desk_sized(state, [1280.0, 1000.0]);
    press(&mut harness, "Travel");
    harness.get_by_label("Name of the vector").focus();
    harness.run_ok();
    harness.get_by_label("Name of the vector").type_text("mine");
    harness.run_ok();
    assert_eq!(press(&mut harness, "Save"), [travel(TravelCommand::Save("mine".to_owned()))]);
    assert_eq!(press(&mut harness, "low bell"), [travel(TravelCommand::RecallSaved(0))]);
    assert_eq!(press(&mut harness, "Delete low bell"), [travel(TravelCommand::Forget(0))]);
}

#[test]
fn an_original_stands_beside_what_the_decoder_made_of_it() {
    let mut state = latent();
    let decoded = state.latent.decoded.clone().unwrap();
    state.latent.original = Some(Arc::new(Original {
        name: "bell/bell_001.wav".to_owned(),
        path: "/sounds/bell/bell_001.wav".into(),
        recording: Some(1),
        feature: decoded.feature.clone(),
        min_max: state.space.set.as_ref().unwrap().min_max[0],
        vector: state.latent.vector.clone(),
        clip: decoded.clip.clone(),
    }));
    let mut harness = desk_with(state);
    harness.get_by_role_and_label(Role::Group, "Original");
    harness.get_by_role_and_label(Role::Group, "Decoded spectrogram");
    assert_eq!(press(&mut harness, "▶ Original"), [Command::Playback(PlaybackCommand::PlayOriginal)]);
}

#[test]
fn a_sound_dropped_on_the_latent_view_goes_through_the_model() {
    let mut harness = desk_with(latent());
    harness.input_mut().dropped_files.push(super::desk::dropped("/tmp/voice.WAV"));
    assert_eq!(commands(&mut harness), [space(SpaceCommand::BringSound("/tmp/voice.WAV".into()))]);
    harness.input_mut().dropped_files.push(super::desk::dropped("/tmp/folder"));
    assert_eq!(commands(&mut harness), [Command::Library(LibraryCommand::Open("/tmp/folder".into()))]);
}

#[test]
fn detail_is_set_by_slider_keys_and_numbers_and_said_in_the_caption() {
    let mix = |amount, recordings| {
        Command::Latent(LatentCommand::Detail(DetailCommand::Set(Mix { amount, recordings })))
    };
    let mut harness = desk_with(latent());
    assert_eq!(press(&mut harness, "Detail from 16 recordings"), [mix(0.0, 16)]);
    harness.get_by_label("Decoder output for this vector");
    harness.get_by_role_and_label(Role::Slider, "Detail").focus();
    harness.run_ok();
    harness.key_press(eframe::egui::Key::ArrowRight);
    let sent = commands(&mut harness);
    let [Command::Latent(LatentCommand::Detail(DetailCommand::Set(Mix { amount, recordings: 4 })))] =
        sent[..]
    else {
        panic!("{sent:?}");
    };
    assert!(amount > 0.0 && amount < 0.1, "{amount}");

    let mut state = latent();
    state.settings.detail = Mix { amount: 0.5, recordings: 4 };
    state.latent.detail.status = DetailStatus::Missing("this model has no detail yet".to_owned());
    let mut harness = desk_with(state);
    harness.get_by_label("Model without detail: this model has no detail yet");
    let sent = press(&mut harness, "Make detail from the open recordings");
    assert_eq!(sent, [Command::Latent(LatentCommand::Detail(DetailCommand::Make))]);

    let mut state = latent();
    state.settings.detail = Mix { amount: 0.5, recordings: 4 };
    state.latent.detail.status = DetailStatus::Ready { recordings: 12, of: 12 };
    let decoded = state.latent.decoded.as_mut().and_then(Arc::get_mut).unwrap();
    decoded.detail = Some(Added { amount: 0.5, recordings: 4, is_itself: false });
    let harness = desk_with(state);
    harness.get_by_label("Residuals of 12 training recordings");
    harness.get_by_label("Decoder output for this vector, with detail 0.50 of 4 recordings");
}

#[test]
fn the_ladder_is_made_and_its_rungs_are_played() {
    let mut harness = desk_with(latent());
    press(&mut harness, "Ladder");
    assert_eq!(press(&mut harness, "Make ladder"), [space(SpaceCommand::Climb)]);
    let mut state = latent();
    let rung = |kind, spectral_convergence| Rung {
        kind,
        clip: timbrespace::audio::clip::Clip::mono(Vec::new(), 22_050),
        spectral_convergence,
        log_spectral_distance: 7.25,
        milliseconds: 3.5,
        gain: 1.0,
    };
    let rungs = vec![
        rung(RungKind::Original, 0.0),
        rung(RungKind::OriginalPhase, 0.004),
        rung(RungKind::GriffinLim, 0.05),
        rung(RungKind::Model, 0.42),
    ];
    state.space.ladder.made = Some(("bell/bell_001.wav".to_owned(), Arc::new(Ladder { rungs })));
    let mut harness = desk_with(state);
    press(&mut harness, "Ladder");
    harness.get_by_label("Largest loss: the model.");
    harness.get_by_label("0.420");
    assert_eq!(press(&mut harness, "Play Griffin-Lim"), [space(SpaceCommand::PlayRung(2))]);
}

#[test]
fn possible_exports_are_enabled_and_the_rest_says_what_is_missing() {
    let mut harness = desk_with(latent());
    press(&mut harness, "Export");
    for label in ["This sound…", "Random batch…", "Vectors and map…", "Model…"] {
        assert!(!harness.get_by_label(label).accesskit_node().is_disabled(), "{label}");
    }
    for label in ["Morph A to B…", "Sequence A to B…"] {
        assert!(harness.get_by_label(label).accesskit_node().is_disabled(), "{label}");
    }
    harness.get_by_role_and_label(Role::ComboBox, "Sample format").click();
    harness.run_ok();
    let form = LeavingForm { bits: timbrespace::audio::encode::BitDepth::Int24, ..LeavingForm::default() };
    let sent = press(&mut harness, "24 bit");
    assert_eq!(sent, [space(SpaceCommand::Leave(LeavingCommand::SetForm(form)))]);
}

//! The latent view by what can be read on it: axes, starting points, decoded sound, detail, ladder, export.

use std::sync::Arc;

use eframe::egui::{
    Key, Modifiers,
    accesskit::{Role, Toggled},
    vec2,
};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::{
    audio::encode::BitDepth,
    explore::{
        axes::{self, AxisSystem, Spread},
        detail::{Added, Mix},
    },
    inspect::ladder::{Ladder, Rung, RungKind},
    session::{
        Command, LatentCommand, LibraryCommand, PlaybackCommand, State,
        detail::{DetailCommand, DetailStatus},
        space::{
            SpaceCommand,
            export::{LatentExportCommand, LatentExportForm},
        },
        state::{ModelOrigin, Original, RunStatus, View},
    },
};

use super::{
    desk::{self, Desk, desk_sized, desk_with, dropped, in_view},
    input::{click, commands, press_key},
};

#[test]
fn axes_are_switched_searched_and_locked() {
    let mut harness = desk_with(in_view(View::Latent));
    assert_eq!(
        click(&mut harness, "Principal"),
        [Command::Latent(LatentCommand::SetAxisSystem(AxisSystem::Principal))]
    );
    assert_eq!(click(&mut harness, "Lock Latent 3"), [Command::Latent(LatentCommand::LockAxis(3, true))]);
    harness.get_by_label("Find an axis").focus();
    harness.run_ok();
    harness.get_by_label("Find an axis").type_text("12");
    harness.run_ok();
    harness.get_by_label("Latent 12");
    assert!(harness.query_by_label("Latent 3").is_none());
}

#[test]
fn eight_axes_are_in_view_and_a_locked_one_does_not_move() {
    let mut state = in_view(View::Latent);
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
    assert_eq!(click(&mut harness, "Unlock Latent 3"), [Command::Latent(LatentCommand::LockAxis(3, false))]);
}

#[test]
fn dead_dimensions_are_folded_away_and_counted() {
    let mut state = in_view(View::Latent);
    let kl: Vec<f32> = (0..16).map(|index| if index < 13 { 1.0 } else { 0.001 }).collect();
    state.latent.axes = Arc::new(axes::dimensions(16, Spread { mean: &[], deviation: &[], kl: &kl }, None));
    let mut harness = desk_sized(state, [1280.0, 1400.0]);
    assert!(harness.query_by_label("Latent 15").is_none());
    click(&mut harness, "3 dimensions unused by the model");
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
    let coarse = dragged(&mut desk_with(in_view(View::Latent)), Modifiers::NONE);
    let fine = dragged(&mut desk_with(in_view(View::Latent)), Modifiers::SHIFT);
    assert!((coarse / fine - 10.0).abs() < 0.5, "{coarse} {fine}");
}

#[test]
fn an_original_stands_beside_what_the_decoder_made_of_it() {
    let mut state = in_view(View::Latent);
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
    assert_eq!(click(&mut harness, "▶ Original"), [Command::Playback(PlaybackCommand::PlayOriginal)]);
}

#[test]
fn a_sound_dropped_on_the_latent_view_goes_through_the_model() {
    let mut harness = desk_with(in_view(View::Latent));
    harness.input_mut().dropped_files.push(dropped("/tmp/voice.WAV"));
    assert_eq!(commands(&mut harness), [Command::Space(SpaceCommand::BringSound("/tmp/voice.WAV".into()))]);
    harness.input_mut().dropped_files.push(dropped("/tmp/folder"));
    assert_eq!(commands(&mut harness), [Command::Library(LibraryCommand::Open("/tmp/folder".into()))]);
}

#[test]
fn detail_is_set_by_slider_keys_and_numbers_and_said_in_the_caption() {
    let mix = |amount, recordings| {
        Command::Latent(LatentCommand::Detail(DetailCommand::Set(Mix { amount, recordings })))
    };
    let mut harness = desk_with(in_view(View::Latent));
    assert_eq!(click(&mut harness, "Detail from 16 recordings"), [mix(0.0, 16)]);
    harness.get_by_label("Decoder output for this vector");
    harness.get_by_role_and_label(Role::Slider, "Detail").focus();
    harness.run_ok();
    harness.key_press(Key::ArrowRight);
    let sent = commands(&mut harness);
    let [Command::Latent(LatentCommand::Detail(DetailCommand::Set(Mix { amount, recordings: 4 })))] =
        sent[..]
    else {
        panic!("{sent:?}");
    };
    assert!(amount > 0.0 && amount < 0.1, "{amount}");

    let mut state = in_view(View::Latent);
    state.settings.detail = Mix { amount: 0.5, recordings: 4 };
    state.latent.detail.status = DetailStatus::None;
    let mut harness = desk_with(state);
    harness.get_by_label("No detail was made of this model yet");
    let sent = click(&mut harness, "Make detail from the open recordings");
    assert_eq!(sent, [Command::Latent(LatentCommand::Detail(DetailCommand::Make))]);

    let mut state = in_view(View::Latent);
    state.settings.detail = Mix { amount: 0.5, recordings: 4 };
    state.latent.detail.status = DetailStatus::Ready { recordings: 12, of: 12 };
    let decoded = state.latent.decoded.as_mut().and_then(Arc::get_mut).unwrap();
    decoded.detail = Some(Added { amount: 0.5, recordings: 4, is_itself: false });
    let harness = desk_with(state);
    harness.get_by_label("Residuals of 12 training recordings");
    harness.get_by_label("Decoder output for this vector, with detail 0.50 of 4 recordings");
}

/// The view with the ladder of a recording.
pub fn with_ladder() -> State {
    let mut state = in_view(View::Latent);
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
        rung(RungKind::BorrowedPhase, 0.31),
    ];
    state.space.ladder.phase_of = Some("drum/drum_002.wav".to_owned());
    state.space.ladder.made = Some(("bell/bell_001.wav".to_owned(), Arc::new(Ladder { rungs })));
    state
}

#[test]
fn the_ladder_is_made_and_its_rungs_are_played() {
    let mut harness = desk_with(in_view(View::Latent));
    click(&mut harness, "Ladder");
    assert_eq!(click(&mut harness, "Make ladder"), [Command::Space(SpaceCommand::Climb)]);
    let mut harness = desk_with(with_ladder());
    click(&mut harness, "Ladder");
    for (name, hint) in [("Convergence", "Spectral convergence: distance"), ("Time", "Time to compute it")] {
        harness.hover_at(harness.get_by_label(name).rect().center());
        harness.run_steps(20);
        assert_eq!(harness.query_all_by_label_contains(hint).count(), 1, "{name}");
        harness.hover_at(eframe::egui::pos2(1.0, 1.0));
        harness.run_steps(20);
    }
    harness.get_by_label("Largest loss: the model.");
    harness.get_by_label("0.420");
    assert_eq!(click(&mut harness, "Play Griffin-Lim"), [Command::Space(SpaceCommand::PlayRung(2))]);
}

#[test]
fn a_ladder_of_an_earlier_model_says_so_and_what_to_press() {
    let mut state = with_ladder();
    state.space.ladder.is_stale = true;
    let mut harness = desk_with(state);
    click(&mut harness, "Ladder");
    let says = "The model has trained further since this ladder was made. “Make again” updates it.";
    harness.get_by_label(says);
    assert_eq!(click(&mut harness, "Make again"), [Command::Space(SpaceCommand::Climb)]);
    harness.state_mut().state.space.ladder.is_stale = false;
    harness.run_ok();
    assert!(harness.query_by_label(says).is_none());
}

#[test]
fn the_pane_of_the_sliders_comes_back_to_its_width_after_the_window_was_smaller() {
    let mut harness = desk_sized(in_view(View::Latent), [1280.0, 800.0]);
    let edge = |harness: &Harness<'_, Desk>| harness.get_by_label("Width of the sliders").rect().center();
    let resize = |harness: &mut Harness<'_, Desk>, width: f32| {
        harness.set_size(vec2(width, 800.0));
        harness.run_ok();
    };
    let before = edge(&harness);
    resize(&mut harness, 960.0);
    assert!(edge(&harness).x < before.x);
    resize(&mut harness, 1280.0);
    assert_eq!(edge(&harness), before);
    // A width that the person chose stays, and comes back, too.
    harness.drag_at(before);
    harness.run_ok();
    harness.hover_at(before - vec2(20.0, 0.0));
    harness.run_ok();
    harness.drop_at(before - vec2(20.0, 0.0));
    harness.run_ok();
    let chosen = edge(&harness);
    assert!((chosen.x - before.x + 20.0).abs() < 2.0, "{chosen:?} {before:?}");
    resize(&mut harness, 960.0);
    resize(&mut harness, 1280.0);
    assert_eq!(edge(&harness), chosen);
}

#[test]
fn possible_exports_are_enabled_and_the_rest_says_what_is_missing() {
    let mut harness = desk_with(in_view(View::Latent));
    click(&mut harness, "Export");
    for label in ["This sound…", "Random batch…", "Vectors and map…", "Model…"] {
        assert!(!harness.get_by_label(label).accesskit_node().is_disabled(), "{label}");
    }
    for label in ["Morph A to B…", "Sequence A to B…"] {
        assert!(harness.get_by_label(label).accesskit_node().is_disabled(), "{label}");
    }
    harness.get_by_role_and_label(Role::ComboBox, "Sample format").click();
    harness.run_ok();
    let form = LatentExportForm { bits: BitDepth::Int24, ..LatentExportForm::default() };
    let sent = click(&mut harness, "24 bit");
    assert_eq!(sent, [Command::Space(SpaceCommand::Export(LatentExportCommand::SetForm(form)))]);
}

#[test]
fn dragging_a_slider_begins_moves_and_ends_once() {
    let mut harness = desk_with(in_view(View::Latent));
    let rail = harness.get_by_label("Latent 3").rect();
    harness.drag_at(rail.center());
    harness.run_ok();
    harness.hover_at(rail.center() + vec2(40.0, 0.0));
    harness.run_ok();
    harness.drop_at(rail.center() + vec2(40.0, 0.0));
    let sent = commands(&mut harness);
    assert_eq!(sent.first(), Some(&Command::Latent(LatentCommand::BeginDrag)));
    assert_eq!(sent.last(), Some(&Command::Latent(LatentCommand::EndDrag)));
    let values: Vec<f32> = sent
        .iter()
        .filter_map(|command| match command {
            Command::Latent(LatentCommand::SetAxis { axis: 3, value }) => Some(*value),
            _ => None,
        })
        .collect();
    assert!(values.last().is_some_and(|&value| value > 0.3 && value < 3.0), "{sent:?}");
    assert_eq!(sent.len(), values.len() + 2, "{sent:?}");
}

#[test]
fn a_slider_moves_by_keyboard_and_that_can_be_undone() {
    let mut harness = desk_with(in_view(View::Latent));
    harness.get_by_label("Latent 3").focus();
    harness.run_ok();
    let sent = press_key(&mut harness, Key::ArrowRight);
    assert!(
        matches!(
            sent[..],
            [
                Command::Latent(LatentCommand::BeginDrag),
                Command::Latent(LatentCommand::SetAxis { axis: 3, .. }),
                Command::Latent(LatentCommand::EndDrag)
            ]
        ),
        "{sent:?}"
    );
}

#[test]
fn the_latent_view_offers_its_starting_points_by_button_and_key() {
    let mut harness = desk_with(in_view(View::Latent));
    harness.get_by_label("From recording").click();
    assert_eq!(commands(&mut harness), [Command::Latent(LatentCommand::EncodeRecording(1))]);
    harness.get_by_label("Random").click();
    assert_eq!(commands(&mut harness), [Command::Space(SpaceCommand::Sample)]);
    let mut harness = desk_with(in_view(View::Latent));
    assert_eq!(press_key(&mut harness, Key::R), [Command::Space(SpaceCommand::Sample)]);
    assert_eq!(press_key(&mut harness, Key::Home), [Command::Latent(LatentCommand::ResetLatent)]);
    assert_eq!(press_key(&mut harness, Key::L), [Command::Latent(LatentCommand::SetLooping(true))]);
    assert_eq!(press_key(&mut harness, Key::Enter), [Command::Latent(LatentCommand::EncodeRecording(1))]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    assert_eq!(commands(&mut harness), [Command::Undo]);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(commands(&mut harness), [Command::Redo]);
    assert_eq!(press_key(&mut harness, Key::Space), [Command::Playback(PlaybackCommand::PlayDecoded)]);
}

#[test]
fn the_model_of_the_last_run_is_marked_also_when_it_was_opened_from_disk() {
    let mut state = in_view(View::Latent);
    desk::train(&mut state);
    state.training.status = RunStatus::Finished;
    state.training.run_folder = Some("/runs/first".into());
    let model = state.latent.model.as_mut().unwrap();
    model.origin = ModelOrigin::Bundle("/runs/first".into());
    let mut harness = desk_with(state);
    let toggled = |harness: &Harness<'_, Desk>| {
        harness.get_by_label("Trained model").accesskit_node().toggled() == Some(Toggled::True)
    };
    assert!(toggled(&harness));
    harness.state_mut().state.training.run_folder = Some("/runs/second".into());
    harness.run_ok();
    assert!(!toggled(&harness));
}

#[test]
fn the_decoded_sound_is_described_in_words() {
    let harness = desk_with(in_view(View::Latent));
    harness.get_by_label_contains("Phases fit well");
    harness.get_by_label_contains("Vector from: bell/bell_001.wav");
    harness.get_by_label_contains("Trained on the demo sounds");
}

#[test]
fn only_the_run_that_trains_is_called_the_current_one() {
    let mut state = in_view(View::Latent);
    desk::train(&mut state);
    let run = || std::path::PathBuf::from("/runs/sub-001");
    state.training.run_folder = Some(run());
    state.latent.model.as_mut().unwrap().origin = ModelOrigin::Training { run: run(), epochs: 4 };
    let mut harness = desk_with(state);
    harness.get_by_label("The current run, after 4 epochs");
    harness.state_mut().state.training.run_folder = Some("/runs/sub-002".into());
    harness.run_ok();
    harness.get_by_label("sub-001, after 4 epochs");
    let training = &mut harness.state_mut().state.training;
    (training.run_folder, training.status) = (Some(run()), RunStatus::Finished);
    harness.run_ok();
    harness.get_by_label("sub-001, after 4 epochs");
}

//! Past runs in the window: table, page, curves over curves, replay.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::{Event, Key, accesskit::Role, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use ndarray::Array3;
use timbrespace::{
    jobs::runs::{
        record::{RunEnd, RunRecord, RunSummary},
        replay::{Followed, Replay, ReplayEpoch},
        run_files::RunFiles,
    },
    pipeline::{config::PreprocessingConfig, stages::MinMax},
    session::{
        Command, State,
        runs::{Heard, OpenReplay, OverlaidRun, RunsCommand},
        state::{RunStatus, View},
        training::{Tab, TrainingCommand},
    },
    vae::{loss::Losses, trainer::EpochReport},
};

use super::{
    desk::{self, Desk, desk_sized, desk_with, desk_with_pixels, in_view},
    input::{commands, press_key},
    rects::faults,
};

fn folder(name: &str) -> PathBuf {
    PathBuf::from("/home/someone/runs").join(name)
}

fn summary(name: &str, error: f64, status: RunEnd) -> RunSummary {
    let losses = Losses { total: 1e6 * error + 40.0, reconstruction: error, kl: 40.0 };
    RunSummary {
        folder: folder(name),
        config: desk::bundle_config(),
        record: RunRecord {
            started: 1_709_251_199,
            status,
            epochs_total: 20,
            training_images: 2_400,
            validation_images: 300,
            threads: 2,
            ..RunRecord::default()
        },
        notes: "the first try".to_owned(),
        remarks: Vec::new(),
        files: RunFiles { has_checkpoint: true, has_model: true, has_replay: true },
        epochs: vec![EpochReport {
            epoch: 1,
            training: losses,
            validation: Some(losses),
            seconds: 95.0,
            is_best: true,
            ..EpochReport::default()
        }],
    }
}

fn in_part(part: Tab) -> State {
    let mut state = in_view(View::Training);
    desk::train(&mut state);
    state.training.part = part;
    state
}

/// Two past runs, none of them open.
pub fn two_runs() -> State {
    let mut state = in_part(Tab::Runs);
    state.runs.runs = Some(vec![
        summary("small-002", 0.0031, RunEnd::Failed("the loss is NaN".to_owned())),
        summary("small-001", 0.0022, RunEnd::Finished),
    ]);
    state
}

/// Two past runs with names and figures as long as they get.
pub fn two_long_runs() -> State {
    let mut state = two_runs();
    for run in state.runs.runs.iter_mut().flatten() {
        let name = format!("2026-11-29 recordings of the whole year, {}", run.name());
        run.folder = folder(&name);
        run.record.epochs_total = 12_000;
        run.epochs[0].seconds = 123_456.0;
    }
    state
}

fn page_of(name: &str) -> Harness<'static, Desk> {
    let mut state = two_runs();
    state.runs.selected = Some(folder(name));
    desk_with(state)
}

/// Clicks on what may have to be scrolled to.
fn click(harness: &mut Harness<'_, Desk>, label: &str) {
    harness.get_by_label(label).scroll_to_me();
    harness.run_ok();
    harness.get_by_label(label).click();
}

fn sent(harness: &mut Harness<'_, Desk>, command: RunsCommand) {
    assert_eq!(commands(harness), [Command::Runs(command)]);
}

#[test]
fn the_list_is_asked_for_when_it_is_first_shown_and_on_request() {
    let mut state = two_runs();
    state.runs.runs = None;
    let mut harness = desk_with(state);
    assert!(commands(&mut harness).contains(&Command::Runs(RunsCommand::Refresh)));
    harness.state_mut().state.runs.runs = Some(Vec::new());
    commands(&mut harness);
    harness.get_by_label_contains("No runs yet");
    click(&mut harness, "Refresh");
    sent(&mut harness, RunsCommand::Refresh);
}

#[test]
fn the_table_tells_every_run_and_sorts_by_any_column() {
    let mut harness = desk_with(two_runs());
    for words in ["small-001", "small-002", "finished", "failed", "0.00220", "0.00310"] {
        harness.get_by_label(words);
    }
    let above = |harness: &Harness<'_, Desk>| {
        harness.get_by_label("small-001").rect().top() < harness.get_by_label("small-002").rect().top()
    };
    click(&mut harness, "Best error");
    harness.run_ok();
    assert!(above(&harness), "the lowest error first");
    click(&mut harness, "Best error ▲");
    harness.run_ok();
    assert!(!above(&harness), "and turned round");
    harness.get_by_label("small-001").click();
    sent(&mut harness, RunsCommand::Select(folder("small-001")));
}

#[test]
fn in_a_narrow_window_columns_give_way_and_the_name_tells_their_values() {
    for (text, gone) in [(1.0, 5), (1.3, 4)] {
        let mut harness = desk_with_pixels(two_runs(), [960.0 / text, 600.0 / text], text);
        harness.get_by_label("Search");
        if text > 1.0 {
            // The form is another tab.
            harness.get_by_role_and_label(Role::Button, "Runs").click();
            harness.run_steps(3);
        }
        assert_eq!(faults(&harness), Vec::<String>::new());
        let there = |name: &str| harness.query_by_role_and_label(Role::Button, name).is_some();
        let columns = [
            "KL, nats",
            "Time",
            "Model",
            "Started ▼",
            "Epochs",
            "Status",
            "Image size",
            "Best error",
            "Name",
        ];
        let shown: Vec<bool> = columns.into_iter().map(there).collect();
        assert_eq!(shown.iter().position(|there| *there), Some(gone), "{shown:?}");
        assert!(shown[gone..].iter().all(|there| *there), "the first ones leave first: {shown:?}");
        harness.get_by_label("small-001").hover();
        harness.run_steps(60);
        harness.get_by_label_contains("KL, nats: 40");
    }
    let harness = desk_sized(two_runs(), [1440.0, 800.0]);
    harness.get_by_label("KL, nats");
}

#[test]
fn a_damaged_run_is_named_with_its_cause() {
    let mut state = two_runs();
    state.runs.damaged = vec![(folder("broken"), "config.json is empty".to_owned())];
    let harness = desk_with(state);
    harness.get_by_label("Cannot be read: /home/someone/runs/broken: config.json is empty");
}

#[test]
fn a_tick_lays_a_run_over_the_curves_and_takes_it_away() {
    let mut harness = desk_with(two_runs());
    click(&mut harness, "Overlay small-001");
    sent(&mut harness, RunsCommand::Overlay(folder("small-001"), true));
    let known = summary("small-001", 0.0022, RunEnd::Finished);
    let state = &mut harness.state_mut().state;
    state.runs.overlaid = vec![overlaid(&known, 0, state)];
    harness.run_ok();
    click(&mut harness, "Overlay small-001");
    sent(&mut harness, RunsCommand::Overlay(folder("small-001"), false));
}

fn overlaid(run: &RunSummary, colour: usize, state: &State) -> OverlaidRun {
    OverlaidRun {
        folder: run.folder.clone(),
        name: run.name(),
        colour,
        epochs: run.epochs.clone(),
        steps: state.training.steps.clone(),
    }
}

#[test]
fn overlaid_runs_stand_side_by_side_where_their_settings_differ() {
    let mut state = two_runs();
    state.training.part = Tab::Run;
    let runs = state.runs.runs.as_mut().unwrap();
    runs[0].config.training.batch_size = 48;
    runs[0].config.training.epochs = 300;
    runs[1].notes = "softer".to_owned();
    let runs = runs.clone();
    state.runs.overlaid = vec![overlaid(&runs[0], 0, &state), overlaid(&runs[1], 1, &state)];
    let mut harness = desk_with(state);
    for words in ["Overlaid runs", "Batch size", "48", "16", "softer", "0.00220", "0.00310", "1 of 20"] {
        assert!(harness.query_all_by_label(words).count() >= 1, "{words}");
    }
    assert!(harness.query_by_label("seed").is_none(), "what is alike is left out");
    assert!(harness.query_by_label("epochs").is_none(), "their row is the first");
    click(&mut harness, "Remove small-002");
    sent(&mut harness, RunsCommand::Overlay(folder("small-002"), false));
    // Without a run on show, they are all there is to see.
    let state = &mut harness.state_mut().state;
    state.training = timbrespace::session::state::TrainingState::default();
    harness.run_ok();
    harness.get_by_label("Overlaid runs");
    assert!(harness.query_by_label("No run yet").is_none());
}

#[test]
fn the_page_tells_settings_data_and_machine_and_what_can_be_done() {
    let mut harness = page_of("small-001");
    for words in ["2,400", "300 to validate", "2 threads", "/home/someone/runs/small-001"] {
        let found = harness.query_all_by_label_contains(words).count();
        assert!(found >= 1, "{words}");
    }
    for (button, command) in [
        ("Play it", RunsCommand::UseModel(folder("small-001"))),
        ("Replay", RunsCommand::OpenReplay(folder("small-001"))),
        ("Use its settings", RunsCommand::UseSettings(folder("small-001"))),
    ] {
        let place = harness.get_all_by_role_and_label(Role::Button, button).last().unwrap();
        place.scroll_to_me();
        harness.run_ok();
        harness.get_all_by_role_and_label(Role::Button, button).last().unwrap().click();
        sent(&mut harness, command);
    }
    // A run in the Run view is under way.
    harness.state_mut().state.training.status = RunStatus::Finished;
    harness.run_ok();
    let resume = harness.get_all_by_role_and_label(Role::Button, "Resume").last().unwrap();
    resume.click();
    let command = TrainingCommand::Resume(folder("small-001"));
    assert_eq!(commands(&mut harness), [Command::Training(command)]);
}

#[test]
fn a_run_is_removed_after_a_question_only() {
    let mut harness = page_of("small-001");
    click(&mut harness, "Remove…");
    assert_eq!(commands(&mut harness), []);
    click(&mut harness, "Keep it");
    assert_eq!(commands(&mut harness), []);
    click(&mut harness, "Remove…");
    harness.run_ok();
    click(&mut harness, "Move to the trash");
    sent(&mut harness, RunsCommand::Remove(folder("small-001")));
}

#[test]
fn escape_takes_the_question_for_a_removal_back() {
    let mut harness = page_of("small-001");
    click(&mut harness, "Remove…");
    harness.run_ok();
    harness.get_by_label("Remove this run?");
    assert_eq!(press_key(&mut harness, Key::Escape), []);
    harness.run_ok();
    assert!(harness.query_by_label("Remove this run?").is_none());
    harness.get_by_label("Remove…");
}

#[test]
fn a_click_anywhere_on_its_row_opens_a_run() {
    let mut harness = desk_with(two_runs());
    let row = harness.get_by_label("0.00220").rect().center();
    // Beside the words of any column.
    for at in
        [row, row + vec2(0.0, 4.0), harness.get_by_label("finished").rect().right_center() + vec2(3.0, 0.0)]
    {
        harness.hover_at(at);
        harness.run_ok();
        harness.drag_at(at);
        harness.drop_at(at);
        sent(&mut harness, RunsCommand::Select(folder("small-001")));
    }
    click(&mut harness, "Overlay small-001");
    sent(&mut harness, RunsCommand::Overlay(folder("small-001"), true));
}

#[test]
fn notes_are_kept_when_the_field_is_left() {
    let mut harness = page_of("small-001");
    let field = |harness: &Harness<'_, Desk>| {
        harness.get_by_role_and_label(Role::MultilineTextInput, "Notes").scroll_to_me();
    };
    field(&harness);
    harness.run_ok();
    harness.get_by_role_and_label(Role::MultilineTextInput, "Notes").focus();
    harness.run_ok();
    harness.key_press_modifiers(eframe::egui::Modifiers::COMMAND, Key::A);
    harness.event(Event::Text("brighter".to_owned()));
    assert_eq!(commands(&mut harness), [], "not with every letter");
    let kept = RunsCommand::SetNotes(folder("small-001"), "brighter".to_owned());
    assert_eq!(press_key(&mut harness, Key::Escape), [Command::Runs(kept)]);
}

/// A replay of three epochs with two recordings and a vector.
pub fn replay() -> State {
    let mut state = in_part(Tab::Replay);
    let config = PreprocessingConfig::default();
    let (bins, frames) = config.image_shape().unwrap();
    let followed = |name: &str| Followed {
        name: name.to_owned(),
        source: None,
        min_max: MinMax { min: -60.0, max: 10.0 },
    };
    let epoch = |epoch: usize| ReplayEpoch { epoch, errors: vec![0.01 / epoch as f64, 0.02] };
    let replay = Replay {
        seed: None,
        recordings: vec![followed("bell_000.wav"), followed("drum_001.wav")],
        validation: true,
        vectors: vec![vec![0.5; 16]],
        vector_min_max: MinMax { min: -60.0, max: 10.0 },
        shape: (bins, frames),
        epochs: vec![epoch(1), epoch(2), epoch(5)],
    };
    state.runs.replay.open = Some(OpenReplay {
        folder: folder("small-001"),
        replay: Arc::new(replay),
        config,
        originals: Arc::new(Array3::from_elem((2, bins, frames), 0.4)),
    });
    state.runs.replay.epoch = 2;
    state.runs.replay.images = Some((2, Arc::new(Array3::from_elem((3, bins, frames), 0.5))));
    state
}

#[test]
fn the_slider_and_the_arrows_step_through_the_kept_epochs() {
    let mut harness = desk_with(replay());
    harness.get_by_label("2 of 5");
    harness.get_by_label_contains("small-001. Click a picture");
    let right = press_key(&mut harness, Key::ArrowRight);
    assert_eq!(right, [Command::Runs(RunsCommand::ShowEpoch(5))]);
    let left = press_key(&mut harness, Key::ArrowLeft);
    assert_eq!(left, [Command::Runs(RunsCommand::ShowEpoch(1))]);
    let slider = harness.get_by_role_and_label(Role::Slider, "Epoch");
    let end = slider.rect().right_center() - eframe::egui::vec2(4.0, 0.0);
    harness.drag_at(end);
    harness.run_ok();
    harness.drop_at(end);
    let moved = commands(&mut harness);
    assert_eq!(moved.last(), Some(&Command::Runs(RunsCommand::ShowEpoch(5))), "{moved:?}");
}

#[test]
fn a_click_on_a_picture_chooses_and_plays_it() {
    let mut harness = desk_with(replay());
    harness.get_by_label("Recordings for validation: original and decoded");
    for (picture, which, heard) in [
        ("Play original of 1", 0, Heard::Original),
        ("Play decoded 2", 1, Heard::Decoded),
        ("Play decoded 3", 2, Heard::Decoded),
    ] {
        click(&mut harness, picture);
        let sent = commands(&mut harness);
        let expected = [RunsCommand::Choose(which), RunsCommand::Play(heard)].map(Command::Runs);
        assert_eq!(sent, expected, "{picture}");
    }
    let original = press_key(&mut harness, Key::O);
    assert_eq!(original, [Command::Runs(RunsCommand::Play(Heard::Original))]);
}

#[test]
fn epochs_pass_by_until_the_last() {
    let mut harness = desk_with(replay());
    harness.get_by_label("Play epochs").click();
    harness.run_steps(60);
    let sent = std::mem::take(&mut harness.state_mut().commands);
    assert_eq!(sent.first(), Some(&Command::Runs(RunsCommand::ShowEpoch(5))), "{sent:?}");
    harness.get_by_label("Pause epochs");
    harness.state_mut().state.runs.replay.epoch = 5;
    harness.run_steps(3);
    harness.get_by_label("Play epochs");
}

#[test]
fn without_a_replay_the_part_says_where_one_comes_from() {
    let mut state = in_part(Tab::Replay);
    state.runs.replay.error = Some("replay.json is damaged".into());
    let harness = desk_with(state);
    harness.get_by_label_contains("No replay yet");
    harness.get_by_label("replay.json is damaged");
}

#[test]
fn what_a_run_does_not_have_cannot_be_pressed_and_says_why() {
    let mut state = two_runs();
    state.training.status = RunStatus::Finished;
    state.runs.runs.as_mut().unwrap()[0].files = RunFiles::default();
    state.runs.selected = Some(folder("small-002"));
    let mut harness = desk_with(state);
    for (button, why) in [
        ("Play it", "This run has not saved a model"),
        ("Replay", "This run has no replay"),
        ("Resume", "This run has no checkpoint to resume from"),
    ] {
        let last = |harness: &Harness<'_, Desk>| {
            let place = harness.get_all_by_role_and_label(Role::Button, button).last().unwrap();
            place.scroll_to_me();
            (place.accesskit_node().is_disabled(), place.rect().center())
        };
        assert!(last(&harness).0, "{button}");
        harness.run_ok();
        harness.hover_at(last(&harness).1);
        harness.run_steps(60);
        harness.get_by_label_contains(why);
    }
    // While another run trains, nothing is resumed.
    let state = &mut harness.state_mut().state;
    state.training.status = RunStatus::Running;
    state.runs.selected = Some(folder("small-001"));
    harness.run_ok();
    let resume = harness.get_all_by_role_and_label(Role::Button, "Resume").last().unwrap();
    assert!(resume.accesskit_node().is_disabled());
}

#[test]
fn a_run_that_ended_early_is_called_the_same_in_the_list_as_in_its_view() {
    let mut state = two_runs();
    state.runs.runs.as_mut().unwrap()[1].record.status = RunEnd::StoppedEarly;
    let mut harness = desk_with(state);
    harness.get_by_label("ended early").hover();
    harness.run_steps(60);
    harness.get_by_label("Ended early: the total validation loss had not improved");
}

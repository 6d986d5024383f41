//! How runs end and what follows: closing, failing, playing, training further, going on with what was cut off.

use eframe::egui::{Key, Modifiers};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::{
    jobs::runs::run_files::RunFiles,
    session::{
        Command,
        runs::RunsCommand,
        state::{Closing, RunStatus, View},
        training::{
            CloseWish, Tab, TrainingCommand,
            state::{EndStage, MissingRecordings, Unfinished},
        },
        writing::{ClosingFiles, FilesWish},
    },
};

use super::{
    desk::{Desk, desk_with, in_view},
    input::commands,
    training::{run, running, training},
};

#[test]
fn closing_asks_while_a_run_is_under_way() {
    let mut state = running();
    state.training.closing = Closing::Asked;
    let mut harness = training(state);
    harness.get_by_label("A run is in progress");
    for (label, wish) in [
        ("Keep training", CloseWish::KeepOpen),
        ("Close when finished", CloseWish::CloseWhenFinished),
        ("Stop, save it and close", CloseWish::StopAndClose),
    ] {
        harness.get_by_label(label).click();
        assert_eq!(commands(&mut harness), [run(TrainingCommand::Close(wish))]);
    }
    harness.key_press_modifiers(Modifiers::NONE, Key::Escape);
    assert_eq!(commands(&mut harness), [run(TrainingCommand::Close(CloseWish::KeepOpen))]);
}

#[test]
fn closing_asks_while_sounds_are_exported() {
    let mut state = in_view(View::Latent);
    state.space.export.status.advance("exporting", 205, 1000);
    state.space.export.waiting = 1;
    state.closing = ClosingFiles::Asked;
    let mut harness = desk_with(state);
    harness.get_by_label("205 of 1,000 are done");
    harness.get_by_label("1 more export waits");
    for (label, wish) in [
        ("Finish, then close", FilesWish::Finish),
        ("Stop and close", FilesWish::Stop),
        ("Keep the window open", FilesWish::KeepOpen),
    ] {
        harness.get_by_label(label).click();
        assert_eq!(commands(&mut harness), [Command::Close(wish)]);
    }
    harness.state_mut().state.closing = ClosingFiles::WhenWritten;
    harness.run_ok();
    assert!(harness.query_by_label("Finish, then close").is_none());
    harness.get_by_label("The window closes by itself when they are done.");
}

#[test]
fn an_unfinished_run_is_offered_in_every_view() {
    let mut state = in_view(View::Stages);
    state.training.unfinished = Some(Unfinished {
        folder: "/runs/drums-003".into(),
        epochs_done: 7,
        epochs_total: 20,
        has_checkpoint: true,
        when: std::time::SystemTime::now(),
    });
    let mut harness = training(state);
    harness.get_by_label("drums-003 was interrupted after epoch 7 of 20 (just now)");
    harness.get_by_label("View it").click();
    assert_eq!(commands(&mut harness), [run(TrainingCommand::LookAt("/runs/drums-003".into()))]);
    harness.get_by_label("Not now").click();
    assert_eq!(commands(&mut harness), [run(TrainingCommand::NotNow)]);
    harness.get_by_label("Resume it").click();
    assert_eq!(commands(&mut harness), [run(TrainingCommand::Resume("/runs/drums-003".into()))]);
}

#[test]
fn a_run_without_a_checkpoint_is_offered_to_be_started_again() {
    let mut state = in_view(View::Stages);
    state.training.unfinished = Some(Unfinished {
        folder: "/runs/drums-003".into(),
        epochs_done: 0,
        epochs_total: 20,
        has_checkpoint: false,
        when: std::time::SystemTime::now(),
    });
    let mut harness = training(state);
    harness.get_by_label("drums-003 was interrupted before its first checkpoint (just now)");
    harness.get_by_label("Start it again").click();
    assert_eq!(commands(&mut harness), [run(TrainingCommand::StartAgain("/runs/drums-003".into(), None))]);
}

#[test]
fn a_failed_run_says_what_to_try_and_goes_on_at_a_lower_rate() {
    let mut state = running();
    state.training.status = RunStatus::Failed("the loss is NaN at epoch 4, step 170".into());
    (state.training.diverged, state.training.files.has_checkpoint) = (true, true);
    let mut harness = training(state);
    harness.get_by_label_contains("the loss is NaN");
    harness.get_by_label("Resume from the last checkpoint at a learning rate of 0.0001").click();
    let [Command::Training(TrainingCommand::GoOn(Some(rate)))] = commands(&mut harness)[..] else {
        panic!("no wish to go on")
    };
    assert!((rate - 1e-4).abs() < 1e-12);
}

/// A run that has ended with a model.
fn ended(status: RunStatus) -> Harness<'static, Desk> {
    let mut state = running();
    state.training.status = status;
    state.training.files = RunFiles { has_checkpoint: true, has_model: true, has_replay: true };
    training(state)
}

#[test]
fn after_a_run_it_is_played_trained_further_or_compared() {
    for status in [RunStatus::Finished, RunStatus::Stopped] {
        let mut harness = ended(status);
        let places =
            ["Play it", "Train more epochs", "Compare"].map(|name| harness.get_by_label(name).rect());
        assert!(places.is_sorted_by(|a, b| a.right() <= b.left()), "{places:?}");
        let folder = || std::path::PathBuf::from("/home/someone/runs/example");
        harness.get_by_label("Play it").click();
        assert_eq!(commands(&mut harness), [Command::Runs(RunsCommand::UseModel(folder()))]);
        harness.get_by_label("Train more epochs").click();
        assert_eq!(commands(&mut harness), [run(TrainingCommand::TrainMore)]);
        harness.get_by_label("Compare").click();
        let compare = [
            Command::Runs(RunsCommand::Refresh),
            Command::Runs(RunsCommand::Select(folder())),
            run(TrainingCommand::Show(Tab::Runs)),
        ];
        assert_eq!(commands(&mut harness), compare);
    }
}

#[test]
fn a_run_that_ended_early_says_so_and_its_bar_is_not_full() {
    let mut state = running();
    state.training.status = RunStatus::Finished;
    assert!(state.training.epochs.len() < state.training.epochs_total);
    training(state).get_by_label("Ended early: the total validation loss had not improved");
    let mut state = running();
    state.training.status = RunStatus::Finished;
    state.training.epochs_total = state.training.epochs.len();
    training(state).get_by_label("Finished");
}

#[test]
fn no_settings_are_loaded_while_a_run_goes_on() {
    let harness = training(running());
    assert!(harness.get_by_label_contains("Load settings").accesskit_node().is_disabled());
    let harness = ended(RunStatus::Stopped);
    assert!(!harness.get_by_label_contains("Load settings").accesskit_node().is_disabled());
}

#[test]
fn the_tooltip_says_how_far_more_epochs_go() {
    for (status, epochs) in [(RunStatus::Stopped, "to epoch 20,"), (RunStatus::Finished, "to epoch 43,")] {
        let mut harness = ended(status);
        harness.state_mut().state.settings.training.training.epochs = 40;
        harness.get_by_label("Train more epochs").hover();
        harness.run_steps(60);
        harness.get_by_label_contains(epochs);
    }
}

#[test]
fn a_run_that_left_no_checkpoint_is_started_again() {
    let mut harness = ended(RunStatus::Stopped);
    let state = &mut harness.state_mut().state;
    (state.training.files, state.training.has_settings) = (RunFiles::default(), true);
    harness.run_ok();
    assert!(harness.query_by_label("Play it").is_none());
    harness.get_by_label("Start again").click();
    let folder = || std::path::PathBuf::from("/home/someone/runs/example");
    assert_eq!(commands(&mut harness), [run(TrainingCommand::StartAgain(folder(), None))]);
    let state = &mut harness.state_mut().state;
    state.training.status = RunStatus::Failed("the loss is 1.0e35 at epoch 1, step 6".into());
    state.training.diverged = true;
    harness.run_ok();
    harness.get_by_label_contains("diverged before the first checkpoint");
    assert!(harness.query_by_label_contains("nothing before the last checkpoint").is_none());
    harness.get_by_label("Start again at a learning rate of 0.0001").click();
    assert_eq!(commands(&mut harness), [run(TrainingCommand::StartAgain(folder(), Some(1e-4)))]);
    // A fifth of a rate that is far too high is too high as well: the default one works.
    let rates = harness.state_mut().state.training.in_effect.as_mut().unwrap();
    rates.learning_rate = 1.0;
    harness.run_ok();
    harness.get_by_label("Start again at a learning rate of 0.0005");
    harness.state_mut().state.training.has_settings = false;
    harness.run_ok();
    harness.get_by_label("Start again").click();
    assert_eq!(commands(&mut harness), [run(TrainingCommand::Start)]);
}

#[test]
fn a_run_whose_recordings_are_gone_asks_for_their_folder() {
    let mut state = running();
    state.training.status = RunStatus::Stopped;
    state.training.missing =
        Some(MissingRecordings { folder: "/runs/a-001".into(), recordings: Some("/gone".into()) });
    let mut harness = training(state);
    harness.get_by_label("The recordings of a-001 were not found");
    harness.get_by_label_contains("They were in /gone");
    harness.get_by_label("Choose the folder…");
    harness.get_by_label("Not now").click();
    assert_eq!(commands(&mut harness), [run(TrainingCommand::NotNow)]);
}

#[test]
fn after_the_last_step_the_view_says_what_is_done_without_a_time_left_or_a_pause() {
    let mut harness = training(running());
    harness.get_by_label("1 min 35 s");
    let training = |harness: &mut Harness<'static, Desk>, status: RunStatus| {
        harness.state_mut().state.training.status = status;
        harness.run_ok();
        assert!(harness.query_by_label("1 min 35 s").is_none());
        assert!(harness.get_by_label("Pause").accesskit_node().is_disabled());
    };
    // The last epoch's steps are done, its report is not there.
    let state = &mut harness.state_mut().state.training;
    (state.epochs_total, state.epochs_done) = (4, 4.0);
    training(&mut harness, RunStatus::Running);
    harness.get_by_label("Measuring epoch 4");
    for (stage, words) in
        [(EndStage::Measuring, "Measuring the model"), (EndStage::Saving { epoch: 3 }, "Saving the model")]
    {
        training(&mut harness, RunStatus::Ending(stage));
        harness.get_by_label(words);
        assert!(harness.get_by_label("Stop training…").accesskit_node().is_disabled());
    }
    training(&mut harness, RunStatus::Ending(EndStage::Detail { done: 32, total: 100 }));
    harness.get_by_label("Measuring detail: 32 of 100");
    harness.get_by_label("Skip detail").click();
    assert_eq!(commands(&mut harness), [run(TrainingCommand::End)]);
}

//! What the next start returns to: the model in use, the curves, and more epochs of a run that has ended.

use std::{cell::Cell, fs};

use timbrespace::{
    jobs::runs::{record::RunEnd, run_files::RunFiles, settings::RunSettings},
    language::{self, Language},
    session::{
        Command, LatentCommand, State,
        runs::RunsCommand,
        state::{ModelOrigin, RunStatus, Severity, View},
        training::TrainingCommand,
    },
    vae::{
        config::{Preset, TrainingConfig},
        trainer::EpochReport,
    },
};

use super::Studio;

fn bundle(studio: &Studio) -> Option<&std::path::Path> {
    match studio.state().latent.model_origin() {
        Some(ModelOrigin::Bundle(folder)) => Some(folder),
        _ => None,
    }
}

#[test]
fn the_next_start_has_the_model_in_use_and_the_curves_and_trains_more_epochs() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut studio = Studio::with_sounds(dir.path(), 2);
    studio.session.apply(TrainingCommand::Start);
    studio.wait("the end", |state| state.training.status == RunStatus::Finished);
    let folder = studio.folder();
    assert!(studio.state().training.files.has_model);
    let warned: Vec<_> =
        studio.state().notices.iter().filter(|notice| notice.severity != Severity::Info).collect();
    assert!(warned.is_empty(), "what a run does is no warning: {warned:?}");
    let layers = studio.state().training.run_layers.clone();
    assert!(!layers.is_empty());
    let mut form = studio.state().settings.training.clone();
    form.latent_size = 9;
    studio.session.apply(TrainingCommand::SetForm(Box::new(form)));
    assert_eq!(studio.state().training.run_layers, layers, "the form is about the next run");
    studio.session.apply(RunsCommand::UseModel(folder.clone()));
    studio.wait("its model", |state| matches!(state.latent.model_origin(), Some(ModelOrigin::Bundle(_))));
    assert_eq!(studio.state().settings.view, View::Latent, "played at once");
    studio.session.apply(Command::Show(View::Stages));
    let settings = studio.state().settings.clone();
    assert_eq!((&settings.last_model, &settings.last_run), (&Some(folder.clone()), &Some(folder.clone())));
    drop(studio);

    let mut studio = Studio::start_with(&data, settings);
    studio.wait("model and curves", |state| state.latent.model.is_some() && state.training.epochs.len() == 2);
    assert_eq!(bundle(&studio), Some(folder.as_path()));
    let training = &studio.state().training;
    assert_eq!((&training.status, &training.run_folder), (&RunStatus::Finished, &Some(folder.clone())));
    assert!(training.files.has_model && training.files.has_checkpoint && training.baselines.is_some());
    assert_eq!((&training.run_layers, training.run_model.as_ref().unwrap().latent_size), (&layers, 4));
    studio.wait("its replay", |state| matches!(state.runs.replay.images, Some((2, _))));
    assert_eq!(studio.state().runs.replay.open.as_ref().unwrap().folder, folder);
    assert_eq!(studio.state().settings.view, View::Stages, "the view stays");

    // The form says two epochs: the run has four after them.
    studio.training(TrainingCommand::TrainMore);
    studio.wait("more epochs", |state| state.training.epochs.len() == 4 && !state.training.status.is_busy());
    assert_eq!(studio.state().training.status, RunStatus::Finished);
    assert_eq!(studio.state().training.epochs_total, 4);
}

#[test]
fn a_run_that_goes_on_shows_its_own_settings_and_the_form_comes_back_after_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = Studio::with_sounds(dir.path(), 1);
    studio.session.apply(TrainingCommand::Start);
    studio.wait("the end", |state| state.training.status == RunStatus::Finished);
    let of_run = studio.state().settings.training.clone();
    let mut own = of_run.clone();
    own.choose(Preset::Explore);
    (own.training.epochs, own.training.validation_fraction) = (60, 0.5);
    studio.session.apply(TrainingCommand::SetForm(Box::new(own.clone())));
    studio.training(TrainingCommand::TrainMore);
    studio.wait("steps", |state| state.training.status == RunStatus::Running && state.training.step > 6);
    let shown = studio.state().training.shown_form(&studio.state().settings.training).clone();
    assert_eq!((shown.preset, shown.latent_size), (Preset::Small, 4));
    let expected = TrainingConfig { epochs: 61, ..of_run.training };
    assert_eq!(shown.training, expected, "its settings, with the epochs that it has now");
    assert_eq!(studio.state().settings.training, own, "the person's form is kept");
    let file = dir.path().join("settings.toml");
    studio.session.apply(RunsCommand::SaveSettings(file.clone()));
    studio.wait("the file", |_| file.is_file());
    let saved = RunSettings::read(&file).unwrap().choices.over_preset();
    assert_eq!((saved.0, saved.1), (shown.model(), shown.training), "saved as it is shown");
    studio.session.apply(TrainingCommand::End);
    studio.wait("the end", |state| state.training.status == RunStatus::Stopped);
    let state = studio.state();
    assert_eq!(state.training.shown_form(&state.settings.training), &own, "back after the run");
}

#[test]
fn a_model_and_a_run_that_are_gone_give_way_and_the_model_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut studio = Studio::with_sounds(dir.path(), 1);
    studio.session.apply(TrainingCommand::Start);
    studio.wait("the end", |state| state.training.status == RunStatus::Finished);
    studio.session.apply(LatentCommand::UseTrainingModel);
    studio
        .wait("its model", |state| matches!(state.latent.model_origin(), Some(ModelOrigin::Training { .. })));
    let (folder, settings) = (studio.folder(), studio.state().settings.clone());
    assert_eq!(settings.last_model, Some(folder.clone()), "a run's model is opened from its folder");
    drop(studio);

    fs::remove_dir_all(&folder).unwrap();
    let mut studio = Studio::start_with(&data, settings);
    studio.wait("the demo model", |state| matches!(state.latent.model_origin(), Some(ModelOrigin::Demo)));
    studio.wait("no run", |state| state.training.status == RunStatus::Idle);
    let notices: Vec<_> = studio.state().notices.iter().collect();
    let [notice] = notices[..] else { panic!("{notices:?}") };
    assert!(
        notice.text().starts_with("The model cannot be used; the demo model takes its place: "),
        "{notice:?}"
    );
    assert_eq!(notice.severity, Severity::Warning);
    let settings = &studio.state().settings;
    assert_eq!((&settings.last_model, &settings.last_run), (&None, &None));
}

#[test]
fn a_run_without_a_checkpoint_is_not_resumed_but_can_be_started_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = Studio::with_sounds(dir.path(), 2);
    studio.session.apply(TrainingCommand::Start);
    studio.wait("the end", |state| state.training.status == RunStatus::Finished);
    let folder = studio.folder();
    drop(studio);
    // As a loss that is not finite in the first epoch leaves it.
    for place in ["checkpoints", "replay"] {
        fs::remove_dir_all(folder.join(place)).unwrap();
    }
    for file in ["model.safetensors", "history.csv", "epochs.json", "steps.csv"] {
        fs::remove_file(folder.join(file)).unwrap();
    }
    let record = folder.join("run.json");
    let mut json: serde_json::Value = serde_json::from_str(&fs::read_to_string(&record).unwrap()).unwrap();
    (json["status"], json["epochs_done"]) = (serde_json::json!({ "failed": "the loss is NaN" }), 0.into());
    fs::write(&record, json.to_string()).unwrap();

    let mut studio = Studio::start(&dir.path().join("data"));
    studio.session.apply(Command::Runs(RunsCommand::Refresh));
    studio.wait("the list", |state| state.runs.runs.as_ref().is_some_and(|runs| !runs.is_empty()));
    let listed = studio.state().runs.runs.as_ref().unwrap()[0].files;
    assert_eq!(listed, RunFiles::default(), "nothing to resume, play or replay");
    studio.training(TrainingCommand::Resume(folder.clone()));
    let status = &studio.state().runs.runs.as_ref().unwrap()[0].record.status;
    assert_eq!(*status, RunEnd::Running, "the list says so while the run is prepared");
    studio.wait("the refusal", |state| matches!(state.training.status, RunStatus::Failed(_)));
    let training = &studio.state().training;
    assert_eq!((training.files, training.step), (RunFiles::default(), 0), "{:?}", training.status);
    let cause = |status: &RunStatus| match status {
        RunStatus::Failed(cause) => cause.text(),
        other => panic!("{other:?}"),
    };
    let english = cause(&training.status);
    language::set(Language::Chinese);
    assert_ne!(cause(&training.status), english, "the cause is said in the language that is chosen later");
    language::set(Language::English);
    studio.wait("the list", |state| {
        matches!(state.runs.runs.as_ref().unwrap()[0].record.status, RunEnd::Failed(_))
    });
    studio.training(TrainingCommand::StartAgain(folder, Some(2e-4)));
    studio.wait("the end", |state| state.training.status == RunStatus::Finished);
    let training = &studio.state().training;
    assert_eq!((training.epochs.len(), training.in_effect.unwrap().learning_rate), (2, 2e-4));
    assert!(training.files.has_checkpoint && training.files.has_model);
    assert_eq!(
        studio.state().settings.training.training.learning_rate,
        2e-4,
        "the next run would fail again"
    );
}

#[test]
fn what_a_run_has_reached_stays_on_show_while_it_is_prepared_to_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = Studio::with_sounds(dir.path(), 3);
    studio.session.apply(TrainingCommand::Start);
    studio.wait("the end", |state| state.training.status == RunStatus::Finished);
    let before = studio.state().training.epochs.clone();
    let seconds = Cell::new(studio.state().training.seconds);
    assert!(seconds.get() >= before[2].seconds);
    let goes_on = |state: &State| {
        let training = &state.training;
        let reached = training.epochs.get(..3).map(<[EpochReport]>::to_vec);
        assert_eq!(reached.as_ref(), Some(&before), "{:?}", training.status);
        assert!(training.seconds >= seconds.get(), "{} after {}", training.seconds, seconds.get());
        assert!(!training.steps.is_empty());
        seconds.set(training.seconds);
        !training.status.is_busy()
    };
    studio.training(TrainingCommand::TrainMore);
    assert!(!goes_on(studio.state()));
    studio.wait("more epochs", goes_on);
    let numbers: Vec<usize> = studio.state().training.epochs.iter().map(|report| report.epoch).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
}

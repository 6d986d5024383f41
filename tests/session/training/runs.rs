//! Past runs at the session: their list, notes, curves over curves, reports, replays and settings.

use std::{fs, path::Path};

use timbrespace::{
    jobs::runs::{record::RunEnd, settings::RunSettings},
    session::{
        Command, LatentCommand, LibraryCommand, PlaybackCommand, State,
        runs::{Heard, RunsCommand},
        state::{ModelOrigin, RunStatus, Source, TrainingForm},
        training::Tab,
        training::TrainingCommand,
    },
    vae::config::Preset,
};

use super::Studio;

/// A studio in which a run of `epochs` epochs has ended.
fn with_a_run(dir: &Path, epochs: usize) -> Studio {
    let mut studio = Studio::with_sounds(dir, epochs);
    trained(&mut studio);
    studio
}

fn trained(studio: &mut Studio) {
    studio.session.apply(TrainingCommand::Start);
    studio.wait("the end", |state| state.training.status == RunStatus::Finished);
}

fn runs(studio: &mut Studio, command: RunsCommand) {
    studio.session.apply(Command::Runs(command));
}

#[test]
fn runs_are_listed_noted_laid_over_each_other_and_saved() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = with_a_run(dir.path(), 2);
    trained(&mut studio);
    runs(&mut studio, RunsCommand::Refresh);
    studio.wait("two runs", |state| state.runs.runs.as_ref().is_some_and(|runs| runs.len() == 2));
    let listed = studio.state().runs.runs.clone().unwrap();
    let [newer, older] = &listed[..] else { panic!("{listed:?}") };
    assert_eq!(newer.folder, studio.folder());
    assert!(newer.record.started >= older.record.started);
    assert_eq!((newer.record.status.clone(), newer.epochs.len()), (RunEnd::Finished, 2));
    assert_eq!(newer.record.recordings.as_deref(), Some(dir.path().join("sounds").as_path()));

    runs(&mut studio, RunsCommand::SetNotes(older.folder.clone(), "bright <bells>".to_owned()));
    studio.wait("the note", |state| {
        state.notices.iter().any(|notice| notice.text().contains("notes are kept"))
    });
    assert_eq!(fs::read_to_string(older.folder.join("notes.txt")).unwrap(), "bright <bells>");

    for run in &listed {
        runs(&mut studio, RunsCommand::Overlay(run.folder.clone(), true));
    }
    studio.wait("both curves", |state| state.runs.overlaid.len() == 2);
    let laid = &studio.state().runs.overlaid;
    assert_ne!(laid[0].colour, laid[1].colour);
    // Twelve sounds, a fifth of which validates: ten in steps of two, for two epochs.
    assert!(laid.iter().all(|run| run.epochs.len() == 2 && run.steps.last().unwrap().step == 10), "{laid:?}");
    runs(&mut studio, RunsCommand::Overlay(older.folder.clone(), false));
    assert!(studio.state().runs.overlaid.iter().all(|run| run.folder == newer.folder));

    let (report, scalars) = (dir.path().join("report.html"), dir.path().join("scalars.csv"));
    runs(&mut studio, RunsCommand::SaveReport(older.folder.clone(), report.clone()));
    runs(&mut studio, RunsCommand::SaveScalars(older.folder.clone(), scalars.clone()));
    studio.wait("both files", |_| report.is_file() && scalars.is_file());
    let page = fs::read_to_string(&report).unwrap();
    assert!(page.contains("bright &lt;bells&gt;") && page.contains("data:audio/wav;base64,"));
    let scalars = fs::read_to_string(&scalars).unwrap();
    assert!(scalars.lines().next().unwrap().contains("step"), "{scalars}");
}

#[test]
fn a_replay_is_seen_and_heard_epoch_by_epoch() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = Studio::with_sounds(dir.path(), 3);
    let mut form = studio.state().settings.training.clone();
    form.stream = true;
    studio.session.apply(TrainingCommand::SetForm(Box::new(form)));
    trained(&mut studio);
    let folder = studio.folder();
    runs(&mut studio, RunsCommand::OpenReplay(folder));
    assert_eq!(studio.state().training.part, Tab::Replay);
    studio.wait("the last epoch", |state| matches!(state.runs.replay.images, Some((3, _))));
    let (_, last) = studio.state().runs.replay.images.clone().unwrap();
    let open = studio.state().runs.replay.open.clone().unwrap();
    let shown = open.replay.recordings.len();
    assert!(shown >= 1 && open.replay.validation);
    assert_eq!((last.dim().0, open.originals.dim().0), (shown + 4, shown));
    for which in 0..shown {
        let (original, decoded) =
            (open.originals.index_axis(ndarray::Axis(0), which), last.index_axis(ndarray::Axis(0), which));
        let error =
            f64::from((&original - &decoded).mapv(|difference| difference * difference).mean().unwrap());
        let recorded = open.replay.epochs.last().unwrap().errors[which];
        assert!((error - recorded).abs() < 1e-5, "{error} and {recorded}");
    }
    runs(&mut studio, RunsCommand::ShowEpoch(1));
    studio.wait("the first epoch", |state| matches!(state.runs.replay.images, Some((1, _))));
    let (_, first) = studio.state().runs.replay.images.clone().unwrap();
    assert_ne!(first, last);
    assert!(!studio.state().runs.replay.follows, "an earlier epoch stays in sight");

    // A run that goes on drops epochs: the nearest one that is left is seen, and nothing is said about a file.
    let place = studio.folder().join("replay");
    let index = fs::read_to_string(place.join("replay.json")).unwrap();
    let mut index: serde_json::Value = serde_json::from_str(&index).unwrap();
    index["epochs"].as_array_mut().unwrap().retain(|known| known["epoch"] != 2);
    fs::write(place.join("replay.json"), index.to_string()).unwrap();
    fs::remove_file(place.join("epoch-2.npy")).unwrap();
    let told = studio.state().notices.len();
    runs(&mut studio, RunsCommand::ShowEpoch(2));
    studio.wait("a nearby epoch", |state| {
        state.runs.replay.open.as_ref().is_some_and(|open| open.replay.epochs.len() == 2)
            && state.runs.replay.images.as_ref().is_some_and(|(epoch, _)| *epoch == state.runs.replay.epoch)
    });
    assert_eq!(studio.state().notices.len(), told, "{:?}", studio.state().notices);

    runs(&mut studio, RunsCommand::Choose(0));
    for heard in [Heard::Original, Heard::Decoded] {
        runs(&mut studio, RunsCommand::Play(heard));
        studio.wait("its sound", |state| matches!(state.playback.playing, Some((Source::Replay(0), _))));
        studio.session.apply(PlaybackCommand::Stop);
        studio.wait("silence", |state| state.playback.playing.is_none());
    }
}

#[test]
fn settings_leave_as_a_file_and_come_back_from_file_and_run() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = with_a_run(dir.path(), 1);
    let file = dir.path().join("mine.toml");
    let trained_with = studio.state().settings.training.clone();
    let preprocessed_with = studio.state().settings.preprocessing.clone();
    runs(&mut studio, RunsCommand::SaveSettings(file.clone()));
    studio.wait("the file", |_| file.is_file());
    let other = |studio: &mut Studio| {
        let mut form = studio.state().settings.training.clone();
        (form.preset, form.latent_size, form.training.epochs) = (Preset::Explore, 32, 99);
        studio.session.apply(TrainingCommand::SetForm(Box::new(form)));
        assert_ne!(studio.state().settings.training, trained_with);
    };
    other(&mut studio);
    runs(&mut studio, RunsCommand::LoadSettings(file));
    studio.wait("the settings", |state| state.settings.training == trained_with);
    assert_eq!(studio.state().settings.preprocessing, preprocessed_with);

    other(&mut studio);
    let folder = studio.folder();
    runs(&mut studio, RunsCommand::Refresh);
    studio.wait("the list", |state| state.runs.runs.as_ref().is_some_and(|runs| !runs.is_empty()));
    runs(&mut studio, RunsCommand::UseSettings(folder));
    assert_eq!(studio.state().settings.training, trained_with);

    let broken = dir.path().join("broken.toml");
    fs::write(&broken, "[training]\nepochs = \"many\"\n").unwrap();
    runs(&mut studio, RunsCommand::LoadSettings(broken));
    studio.wait("the refusal", |state| {
        state
            .notices
            .iter()
            .any(|notice| notice.text().contains("broken.toml") && notice.text().contains("epochs"))
    });
    assert_eq!(studio.state().settings.training, trained_with, "nothing was taken from it");
}

#[test]
fn a_file_with_nothing_but_a_preset_means_the_run_that_the_command_line_makes_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = with_a_run(dir.path(), 1);
    let mut form = studio.state().settings.training.clone();
    (form.reconstruction_weight, form.training.epochs, form.training.seed) = (5.0, 99, 7);
    studio.session.apply(TrainingCommand::SetForm(Box::new(form.clone())));
    let file = dir.path().join("explore.toml");
    fs::write(&file, "[model]\npreset = \"explore\"\n").unwrap();
    let (model, training) = RunSettings::read(&file).unwrap().choices.over_preset();
    runs(&mut studio, RunsCommand::LoadSettings(file.clone()));
    let expected = TrainingForm::of(&model, training, form.stream);
    studio.wait("the settings", |state| state.settings.training == expected);
    assert_eq!((expected.latent_size, expected.reconstruction_weight), (16, 30_000.0));

    fs::write(&file, "[training]\nepochs = 3\n").unwrap();
    studio.session.apply(TrainingCommand::SetForm(Box::new(form.clone())));
    runs(&mut studio, RunsCommand::LoadSettings(file));
    form.training.epochs = 3;
    studio.wait("the epochs", |state| state.settings.training == form);
}

#[test]
fn a_model_from_elsewhere_is_listed_among_the_runs_and_remembered() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = with_a_run(dir.path(), 1);
    let elsewhere = dir.path().join("from a friend");
    fs::rename(studio.folder(), &elsewhere).unwrap();
    runs(&mut studio, RunsCommand::Refresh);
    studio.wait("an empty list", |state| state.runs.runs.as_ref().is_some_and(Vec::is_empty));
    studio.session.apply(LibraryCommand::Open(elsewhere.clone()));
    studio.wait(
        "the model",
        |state| matches!(state.latent.model_origin(), Some(ModelOrigin::Bundle(folder)) if *folder == elsewhere),
    );
    studio.wait("its row", |state| {
        state.runs.runs.iter().flatten().any(|run| run.folder == elsewhere && run.epochs.len() == 1)
    });
    assert_eq!(studio.state().settings.models, std::slice::from_ref(&elsewhere));
    studio.session.apply(LibraryCommand::Open(elsewhere.clone()));
    studio.wait("the model again", |state| !state.latent.is_busy());
    assert_eq!(studio.state().settings.models, [elsewhere], "once is enough");
}

#[test]
fn looking_at_another_run_leaves_no_model_of_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = with_a_run(dir.path(), 1);
    let first = studio.folder();
    trained(&mut studio);
    let second = studio.folder();
    assert_ne!(first, second);
    let is_of = |state: &State, folder: &Path| match state.latent.model_origin() {
        Some(ModelOrigin::Training { run, .. }) => run == folder,
        _ => false,
    };
    // The run itself is looked at: its model is still in memory.
    studio.session.apply(TrainingCommand::LookAt(second.clone()));
    studio.session.apply(LatentCommand::UseTrainingModel);
    studio.wait("the second run's model", |state| is_of(state, &second));
    studio.session.apply(TrainingCommand::LookAt(first.clone()));
    assert!(is_of(studio.state(), &second), "the model in use goes on being that of its own run");
    studio.session.apply(LatentCommand::UseTrainingModel);
    studio.wait(
        "the first run's model, from disk",
        |state| matches!(state.latent.model_origin(), Some(ModelOrigin::Bundle(folder)) if *folder == first),
    );
}

#[test]
fn notes_and_tables_that_wait_are_written_when_the_window_closes() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = with_a_run(dir.path(), 1);
    let folder = studio.folder();
    let (report, scalars) = (dir.path().join("report.html"), dir.path().join("scalars.csv"));
    // The report keeps the thread busy; the others wait for it.
    runs(&mut studio, RunsCommand::SaveReport(folder.clone(), report.clone()));
    runs(&mut studio, RunsCommand::Refresh);
    runs(&mut studio, RunsCommand::SetNotes(folder.clone(), "kept".to_owned()));
    runs(&mut studio, RunsCommand::SaveScalars(folder.clone(), scalars.clone()));
    drop(studio);
    assert_eq!(fs::read_to_string(folder.join("notes.txt")).unwrap(), "kept");
    assert!(report.is_file() && scalars.is_file());
}

#[test]
fn a_list_that_is_open_says_when_a_run_has_ended() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = Studio::with_sounds(dir.path(), 1);
    runs(&mut studio, RunsCommand::Refresh);
    trained(&mut studio);
    let is_listed =
        |state: &State| state.runs.runs.iter().flatten().any(|run| run.record.status == RunEnd::Finished);
    studio.wait("the end in the list", is_listed);
}

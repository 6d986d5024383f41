//! Runs at the session, without a window: steering, keeping the best epoch, pausing, closing, going on.

mod next_start;
mod runs;

use std::{
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use timbrespace::{
    audio::{
        demo,
        encode::{BitDepth, write_wav},
    },
    jobs::runs::record::{RunEnd, RunRecord},
    pipeline::config::{ClipDuration, PreprocessingConfig},
    playback::test_backend::TestBackend,
    processes,
    session::{
        Command, InspectionCommand, LatentCommand, LibraryCommand, Session, SessionOptions, State,
        origin::Origin,
        state::{Closing, ModelOrigin, RunStatus, Settings, View},
        training::{CloseWish, TrainingCommand},
    },
    vae::{config::Preset, schedule::LearningRateSchedule, steering::Setting, training_config::Keep},
};

use crate::waiting::wait_until;

struct Studio {
    session: Session,
}

impl Studio {
    fn start(data_dir: &Path) -> Self {
        Self::start_with(data_dir, Settings::default())
    }

    fn start_with(data_dir: &Path, settings: Settings) -> Self {
        let options = SessionOptions {
            backend: Box::new(TestBackend::new(22_050, 1)),
            settings,
            ..SessionOptions::without_devices(data_dir)
        };
        Self { session: Session::new(options).unwrap() }
    }

    /// With twelve short sounds open and a small form: `epochs` epochs of six steps.
    fn with_sounds(dir: &Path, epochs: usize) -> Self {
        let root = dir.join("sounds");
        for sound in demo::sounds().take(12) {
            write_wav(&root.join(sound.class).join(&sound.file_name), &sound.clip, BitDepth::Int16).unwrap();
        }
        let mut studio = Self::start(&dir.join("data"));
        studio.session.apply(InspectionCommand::SetPreprocessing(PreprocessingConfig {
            duration: ClipDuration::Seconds(0.2),
            ..PreprocessingConfig::default()
        }));
        studio.session.apply(LibraryCommand::Open(root));
        studio.wait("recordings", |state| {
            !state.library.recordings.is_empty() && state.library.scanning.is_none()
        });
        let mut form = studio.state().settings.training.clone();
        form.choose(Preset::Small);
        form.latent_size = 4;
        form.training.epochs = epochs;
        form.training.batch_size = 2;
        form.training.validation_fraction = 0.2;
        form.training.precise_batches = 1;
        form.training.threads = Some(1);
        studio.session.apply(TrainingCommand::SetForm(Box::new(form)));
        studio
    }

    fn state(&self) -> &State {
        self.session.state()
    }

    fn training(&mut self, command: TrainingCommand) {
        self.session.apply(Command::Training(command));
    }

    fn wait(&mut self, what: &str, done: impl Fn(&State) -> bool) {
        wait_until(&mut self.session, what, done);
    }

    fn wait_for_steps(&mut self, steps: usize) {
        self.wait("steps", |state| state.training.step >= steps);
    }

    fn folder(&self) -> PathBuf {
        self.state().training.run_folder.clone().unwrap()
    }
}

#[test]
fn a_run_is_steered_and_what_makes_no_sense_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = Studio::with_sounds(dir.path(), 400);
    let mut form = studio.state().settings.training.clone();
    form.training.learning_rate_schedule = LearningRateSchedule::Constant;
    (form.training.learning_rate, form.training.learning_rate_warm_up_steps) = (5e-4, 0);
    studio.session.apply(TrainingCommand::SetForm(Box::new(form)));
    studio.session.apply(TrainingCommand::Start);
    studio.wait_for_steps(2);
    studio.training(TrainingCommand::Steer(Setting::LearningRate, f64::NAN));
    studio.training(TrainingCommand::Steer(Setting::BatchSize, 0.0));
    assert!(studio.state().notices.iter().any(|notice| notice.text().contains("batch size is unchanged")));
    studio.training(TrainingCommand::Steer(Setting::LearningRate, 1e-4));
    studio.wait("the change", |state| !state.training.changes.is_empty());
    let change = studio.state().training.changes[0];
    assert_eq!((change.setting, change.from, change.to), (Setting::LearningRate, 5e-4, 1e-4));
    let at = change.step;
    studio.wait_for_steps(at + 2);
    let rates: Vec<(usize, f64)> =
        studio.state().training.steps.iter().map(|point| (point.step, point.rates.learning_rate)).collect();
    assert!(rates.iter().all(|(step, rate)| *rate == if *step < at { 5e-4 } else { 1e-4 }), "{rates:?}");
    // What the run reports is what this process holds, give or take what was taken or given back since.
    let (reported, held) = (studio.state().training.memory_bytes, processes::resident_bytes());
    assert_eq!(reported.is_some(), held.is_some());
    if let (Some(reported), Some(held)) = (reported, held) {
        assert!((held / 2..held * 2).contains(&reported), "{reported} bytes reported, {held} held");
    }
    assert_eq!(studio.state().training.status, RunStatus::Running);
    studio.session.apply(TrainingCommand::End);
    studio.wait("the end", |state| state.training.status == RunStatus::Stopped);
}

#[test]
fn a_paused_run_gives_its_weights_to_the_latent_view_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = Studio::with_sounds(dir.path(), 400);
    studio.session.apply(TrainingCommand::Start);
    studio.wait_for_steps(1);
    studio.session.apply(TrainingCommand::Pause);
    let before = studio.state().training.epochs.len();
    studio.training(TrainingCommand::UseNow);
    assert_eq!(studio.state().settings.view, View::Latent);
    studio
        .wait("the model", |state| matches!(state.latent.model_origin(), Some(ModelOrigin::Training { .. })));
    assert_eq!(studio.state().training.status, RunStatus::Paused);
    assert!(studio.state().training.epochs.len() <= before + 1, "it waits");
    let step = studio.state().training.step;
    let first = studio.state().latent.model_config().unwrap().latent.clone();
    assert_eq!(studio.state().latent.origin, Origin::DataMean);
    studio.session.apply(TrainingCommand::Continue);
    studio.wait_for_steps(step + 1);
    studio.wait("a newer model", |state| state.latent.model_config().unwrap().latent != first);
    let latent = &studio.state().latent;
    let mean = &latent.model_config().unwrap().latent.mean;
    assert_eq!(&latent.vector, mean, "the mean of the newer model");
    studio.session.apply(LatentCommand::EncodeRecording(3));
    let name = studio.state().library.recordings[3].name.clone();
    studio.wait("a recording's vector", |state| state.latent.origin.words() == name);
    studio.wait("a still newer model", |state| {
        state.latent.origin.words().ends_with("as an earlier epoch encoded it")
    });
    studio.session.apply(TrainingCommand::End);
    studio.wait("the end", |state| state.training.status == RunStatus::Stopped);
}

#[test]
fn closing_asks_keeps_the_run_and_the_next_start_can_go_on_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = Studio::with_sounds(dir.path(), 400);
    studio.training(TrainingCommand::Close(CloseWish::Ask));
    assert_eq!(studio.state().training.closing, Closing::Now, "nothing is under way");
    studio.training(TrainingCommand::Close(CloseWish::KeepOpen));
    studio.session.apply(TrainingCommand::Start);
    studio.wait("epochs", |state| state.training.epochs.len() >= 2);
    studio.training(TrainingCommand::Close(CloseWish::Ask));
    assert_eq!(studio.state().training.closing, Closing::Asked);
    studio.training(TrainingCommand::Close(CloseWish::StopAndClose));
    studio.wait("the end", |state| state.training.closing == Closing::Now);
    assert_eq!(studio.state().training.status, RunStatus::Stopped);
    let (folder, steps) = (studio.folder(), studio.state().training.step);
    drop(studio);

    let mut studio = Studio::start(&dir.path().join("data"));
    studio.training(TrainingCommand::Resume(folder.clone()));
    studio.wait_for_steps(steps + 1);
    let training = &studio.state().training;
    assert_eq!(training.epochs_total, 400);
    assert!(
        training.epochs.len() >= 2 && training.steps.first().unwrap().step == 1,
        "the earlier curve is there"
    );
    let numbers: Vec<usize> = training.steps.iter().map(|point| point.step).collect();
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    studio.training(TrainingCommand::Stop(Keep::Best));
    studio.wait("the end", |state| state.training.status == RunStatus::Stopped);
    let best = studio.state().training.best_epoch().unwrap();
    let words = format!("the model of epoch {best} is in");
    assert!(studio.state().notices.iter().any(|notice| notice.text().contains(&words)), "{words}");
}

#[test]
fn a_run_that_was_looked_at_leaves_nothing_in_the_next_one() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = Studio::with_sounds(dir.path(), 2);
    let mut folders = Vec::new();
    for _ in 0..2 {
        studio.session.apply(TrainingCommand::Start);
        studio.wait("the end", |state| state.training.status == RunStatus::Finished);
        folders.push(studio.folder());
    }
    // The window is busy: what the first run's thread tells is still to be read when the second is looked at.
    studio.training(TrainingCommand::LookAt(folders[0].clone()));
    thread::sleep(Duration::from_millis(500));
    studio.training(TrainingCommand::LookAt(folders[1].clone()));
    thread::sleep(Duration::from_millis(500));
    studio.session.poll();
    assert_eq!(studio.state().training.epochs.len(), 2, "those of the second run alone");
    // The same where a new run begins.
    studio.training(TrainingCommand::LookAt(folders[0].clone()));
    thread::sleep(Duration::from_millis(500));
    studio.session.apply(TrainingCommand::Start);
    studio.session.poll();
    assert_eq!((studio.state().training.epochs.len(), studio.state().training.steps.len()), (0, 0));
    studio.session.apply(TrainingCommand::End);
    studio.wait("the end", |state| !state.training.status.is_busy());
}

#[test]
fn an_interrupted_run_is_offered_and_without_its_recordings_it_asks_for_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = Studio::with_sounds(dir.path(), 400);
    studio.session.apply(TrainingCommand::Start);
    studio.wait("an epoch", |state| !state.training.epochs.is_empty());
    studio.session.apply(TrainingCommand::End);
    studio.wait("the end", |state| state.training.status == RunStatus::Stopped);
    let folder = studio.folder();
    drop(studio);
    let data = dir.path().join("data");
    let mut stopped = Studio::start(&data);
    thread::sleep(Duration::from_millis(300));
    stopped.session.poll();
    assert_eq!(stopped.state().training.unfinished, None, "what a person stopped is not offered");
    drop(stopped);

    // As a kill leaves it: the record says that it goes on, in a process that is not there.
    let record = folder.join("run.json");
    let text = std::fs::read_to_string(&record).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    json["status"] = "running".into();
    json["process"] = u32::MAX.into();
    std::fs::write(&record, json.to_string()).unwrap();
    assert_eq!(RunRecord::read(&folder).unwrap().status, RunEnd::Interrupted);
    let mut studio = Studio::start(&data);
    studio.wait("the offer", |state| state.training.unfinished.is_some());
    let offered = studio.state().training.unfinished.clone().unwrap();
    assert_eq!((&offered.folder, offered.epochs_total), (&folder, 400));
    assert!(offered.epochs_done >= 1);

    studio.training(TrainingCommand::LookAt(folder.clone()));
    studio.wait("its curves", |state| !state.training.steps.is_empty() && !state.training.epochs.is_empty());
    std::fs::rename(dir.path().join("sounds"), dir.path().join("moved")).unwrap();
    studio.training(TrainingCommand::Resume(folder.clone()));
    studio.wait("the question", |state| state.training.missing.is_some());
    studio.wait("the end", |state| !state.training.status.is_busy());
    studio.training(TrainingCommand::ResumeWith { folder, recordings: dir.path().join("moved") });
    let steps = studio.state().training.step;
    studio.wait("it goes on", |state| state.training.status == RunStatus::Running);
    studio.wait_for_steps(steps + 1);
    assert_eq!(studio.state().training.missing, None);
    studio.session.apply(TrainingCommand::End);
    studio.wait("the end", |state| state.training.status == RunStatus::Stopped);
}

#[test]
fn a_run_that_was_cut_off_in_its_first_epoch_is_offered_and_started_again_with_its_settings() {
    let dir = tempfile::tempdir().unwrap();
    let mut studio = Studio::with_sounds(dir.path(), 3);
    studio.session.apply(TrainingCommand::Start);
    studio.wait("the end", |state| state.training.status == RunStatus::Finished);
    let folder = studio.folder();
    let weights = std::fs::read(folder.join("model.safetensors")).unwrap();
    drop(studio);

    // As a kill in the first epoch leaves it: settings and record, and no checkpoint.
    std::fs::remove_dir_all(folder.join("checkpoints")).unwrap();
    std::fs::remove_file(folder.join("model.safetensors")).unwrap();
    let record = folder.join("run.json");
    let mut json: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&record).unwrap()).unwrap();
    (json["status"], json["epochs_done"]) = ("running".into(), 0.into());
    std::fs::write(&record, json.to_string()).unwrap();

    let mut studio = Studio::start(&dir.path().join("data"));
    studio.wait("the offer", |state| state.training.unfinished.is_some());
    let offered = studio.state().training.unfinished.clone().unwrap();
    assert_eq!((&offered.folder, offered.epochs_total, offered.has_checkpoint), (&folder, 3, false));
    let mut form = studio.state().settings.training.clone();
    form.latent_size += 1;
    studio.session.apply(TrainingCommand::SetForm(Box::new(form)));
    studio.training(TrainingCommand::StartAgain(folder.clone(), None));
    studio.wait("the end", |state| {
        assert!(!matches!(state.training.status, RunStatus::Failed(_)), "{:?}", state.training.status);
        state.training.status == RunStatus::Finished
    });
    let again = std::fs::read(folder.join("model.safetensors")).unwrap();
    assert!(weights == again, "another model than with the settings of the run");
}

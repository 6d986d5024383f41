//! Starting and resuming runs.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{
    estimate_worker::Calculating,
    form::SettingsOfRun,
    kept::reopen,
    part::{News, RunNews, TrainingEvent, TrainingPart},
    run_history::RunHistory,
    state::{Closing, MissingRecordings, RunStatus, Tab, TrainingState},
};
use crate::{
    audio::left_out::LeftOut,
    interrupt::Interrupt,
    jobs::{
        JobContext, JobError, JobEvent,
        runs::{plan, record::RunRecord},
        train::{self, Choices, Existing, Images, Request, Streaming},
    },
    processes::resident_bytes,
    session::{mailbox::Mailbox, notices::Severity, settings::View, spoken::said},
    vae::{schedule::Rates, steering::Steering, trainer::TrainEvent, training_config::TrainingChoices},
};

/// Minimum interval between two readings of the resident memory.
const MEMORY_INTERVAL: Duration = Duration::from_secs(1);

/// What the run's thread does.
enum Work {
    /// Starts a new run.
    Begin(Box<Request>),
    /// Resumes a run.
    GoOn(GoOn),
}

/// A run to resume.
pub(super) struct GoOn {
    /// Its folder.
    pub folder: PathBuf,
    /// New folder of its recordings, if they were moved.
    pub recordings: Option<PathBuf>,
    /// New learning rate.
    pub learning_rate: Option<f64>,
    /// New number of epochs in all.
    pub epochs: Option<usize>,
    /// Whether it begins anew where it has no checkpoint.
    pub may_begin_anew: bool,
}

impl GoOn {
    /// Resumes as planned.
    fn of(folder: PathBuf) -> Self {
        Self { folder, recordings: None, learning_rate: None, epochs: None, may_begin_anew: false }
    }
}

impl TrainingPart<'_> {
    pub(super) fn start_training(&mut self) {
        if self.is_training() {
            return;
        }
        let Some(root) = self.library.root.clone() else {
            self.ctx.notify(Severity::Warning, said!("message-open-then-train"));
            return;
        };
        let out = free_run_folder(&self.ctx.data_dir.join("runs"), &root);
        let mut preprocessing = self.ctx.settings.preprocessing.clone();
        preprocessing.labels.clone_from(&self.library.label_pattern);
        let request = Request {
            images: Images::Folder(root, Box::new(preprocessing.clone())),
            left_out: LeftOut::clone(&self.library.left_out),
            out: out.clone(),
            choices: self.ctx.settings.training.choices(),
            existing: Existing::Refuse,
            steering: Steering::new(),
            streaming: if self.ctx.settings.training.stream { Streaming::Always } else { Streaming::Auto },
            tensorboard: None,
        };
        if !self.launch(Work::Begin(Box::new(request))) {
            return;
        }
        self.show_empty_run(out);
        let form = &self.ctx.settings.training;
        let training = &mut *self.state;
        training.status = RunStatus::Preparing { done: 0, total: self.library.used() };
        training.run_layers.clone_from(&training.layers);
        training.run_recordings.clone_from(&self.library.root);
        training.epochs_total = form.training.epochs;
        training.in_effect = Some(Rates {
            learning_rate: form.training.learning_rate,
            reconstruction_weight: form.reconstruction_weight,
            beta: form.training.beta,
            batch_size: form.training.batch_size,
        });
        training.run_settings = Some(Box::new(SettingsOfRun { form: form.clone(), preprocessing }));
    }

    /// Resumes the last run from its newest checkpoint.
    pub(super) fn go_on(&mut self, learning_rate: Option<f64>) {
        if let Some(folder) = self.state.run_folder.clone() {
            self.resume(GoOn { learning_rate, ..GoOn::of(folder) });
        }
    }

    /// Resumes the last run for more epochs.
    pub(super) fn train_more(&mut self) {
        let epochs = self.state.epochs_if_trained_more(self.ctx.settings.training.training.epochs);
        if let Some(folder) = self.state.run_folder.clone() {
            self.resume(GoOn { epochs: Some(epochs), ..GoOn::of(folder) });
        }
    }

    /// Resumes the run in `folder` on the recordings that it was started with.
    pub(super) fn resume_run(&mut self, folder: PathBuf) {
        self.resume(GoOn::of(folder));
    }

    /// Starts the run in `folder` again, on its recordings and with its settings, but for a new learning rate if given: what lies above it
    /// in the form would fail as that run did.
    pub(super) fn start_again(&mut self, folder: PathBuf, learning_rate: Option<f64>) {
        if let Some(rate) = learning_rate.filter(|_| !self.is_training()) {
            let of_form = &mut self.ctx.settings.training.training.learning_rate;
            *of_form = of_form.min(rate);
        }
        self.resume(GoOn { learning_rate, may_begin_anew: true, ..GoOn::of(folder) });
    }

    pub(super) fn resume_with(&mut self, folder: PathBuf, recordings: PathBuf) {
        self.resume(GoOn { recordings: Some(recordings), may_begin_anew: true, ..GoOn::of(folder) });
    }

    fn resume(&mut self, wish: GoOn) {
        if self.is_training() {
            self.ctx.notify(Severity::Warning, said!("message-stop-then-resume"));
            return;
        }
        let folder = wish.folder.clone();
        if !self.launch(Work::GoOn(wish)) {
            return;
        }
        if self.state.run_folder.as_ref() == Some(&folder) {
            self.show_run_again(folder);
        } else {
            self.show_empty_run(folder);
        }
        self.state.status = RunStatus::Preparing { done: 0, total: 0 };
        self.ctx.show(View::Training);
    }

    /// Starts the thread; `false` where the system refuses.
    fn launch(&mut self, work: Work) -> bool {
        self.control.stop_estimating();
        self.control.looked_at.forget();
        self.control.steering = Steering::new();
        let steering = self.control.steering.clone();
        let mailbox = self.control.mailbox.part(TrainingEvent::Run);
        let calculating = Calculating::clone(&self.control.calculating);
        let started = self.control.run.start("training", &mailbox, move |news, interrupt| {
            // A measurement that was stopped ends with its current step.
            let _alone = calculating.lock().unwrap_or_else(PoisonError::into_inner);
            train(work, steering, news, interrupt)
        });
        if let Err(error) = started {
            let words = said!("message-training-not-started", cause = error.to_string());
            self.ctx.notify(Severity::Error, words);
            return false;
        }
        self.ctx.tell(News::OtherRun);
        true
    }

    /// The run on show goes on: its curves and figures stay until there are newer ones.
    fn show_run_again(&mut self, folder: PathBuf) {
        self.control.wants_model = false;
        self.control.is_recalled = false;
        let training = &mut *self.state;
        training.part = Tab::Run;
        (training.remaining_secs, training.missing) = (None, None);
        (training.diverged, training.closing) = (false, Closing::No);
        training.skipped.clear();
        training.unfinished.take_if(|unfinished| unfinished.folder == folder);
        self.ctx.settings.last_run = Some(folder);
    }

    pub(super) fn show_empty_run(&mut self, folder: PathBuf) {
        self.control.history = RunHistory::default();
        self.control.wants_model = false;
        self.control.is_recalled = false;
        self.ctx.settings.last_run = Some(folder.clone());
        let old = std::mem::take(self.state);
        *self.state = TrainingState {
            part: Tab::Run,
            layers: old.layers,
            data: old.data,
            form_error: old.form_error,
            epoch_estimate_secs: old.epoch_estimate_secs,
            too_large: old.too_large,
            unfinished: old.unfinished.filter(|unfinished| unfinished.folder != folder),
            run_settings: old.run_settings.filter(|_| old.run_folder.as_ref() == Some(&folder)),
            run_folder: Some(folder),
            ..TrainingState::default()
        };
    }
}

/// The request that resumes a run, or starts it again with the same settings if it may and has no checkpoint yet. If its recordings
/// are missing, sends that and returns [`JobError::Stopped`].
fn request_to_go_on(wish: &GoOn, run: &Mailbox<RunNews>) -> Result<Request, JobError> {
    let training = TrainingChoices {
        learning_rate: wish.learning_rate,
        epochs: wish.epochs,
        ..TrainingChoices::default()
    };
    let config = reopen(&wish.folder, &training, run)?;
    let known = wish.recordings.clone().or_else(|| RunRecord::read(&wish.folder).ok()?.recordings);
    let Some(recordings) = known.clone().filter(|folder| folder.is_dir()) else {
        let missing = MissingRecordings { folder: wish.folder.clone(), recordings: known };
        run.send(RunNews::Missing(missing));
        return Err(JobError::Stopped);
    };
    let chosen = Choices { training, ..Choices::default() };
    let (choices, existing) = if !wish.may_begin_anew || plan::can_resume(&wish.folder) {
        (chosen, Existing::Resume)
    } else {
        (Choices::of_run(&config.model, &config.training).and(&chosen), Existing::Refuse)
    };
    Ok(Request {
        images: Images::Folder(recordings, Box::new(config.preprocessing)),
        left_out: config.dataset.left_out.iter().collect(),
        out: wish.folder.clone(),
        choices,
        existing,
        steering: Steering::new(),
        streaming: Streaming::Auto,
        tensorboard: None,
    })
}

/// The run's thread: sends the job's events to `run`, and the resident memory at intervals.
fn train(
    work: Work,
    steering: Steering,
    run: &Mailbox<RunNews>,
    interrupt: &Interrupt,
) -> Result<train::Report, JobError> {
    let request = match work {
        Work::Begin(request) => *request,
        Work::GoOn(wish) => request_to_go_on(&wish, run)?,
    };
    let request = Request { steering, ..request };
    if let Images::Folder(folder, _) = &request.images {
        run.send(RunNews::Recordings(folder.clone()));
    }
    let looked = Mutex::new(None::<Instant>);
    let sink = |event: JobEvent| match event {
        JobEvent::Progress { .. } | JobEvent::Train(TrainEvent::Step { .. }) => {
            if is_due(&looked) {
                run.send_latest(RunNews::Memory(resident_bytes()));
            }
            run.send_latest(RunNews::Job(event));
        }
        JobEvent::Train(TrainEvent::Preview(_)) => {}
        event => run.send(RunNews::Job(event)),
    };
    train::run(&request, &JobContext::new(&sink, interrupt))
}

fn is_due(looked: &Mutex<Option<Instant>>) -> bool {
    let mut looked = looked.lock().unwrap_or_else(PoisonError::into_inner);
    let due = looked.is_none_or(|at| at.elapsed() >= MEMORY_INTERVAL);
    if due {
        *looked = Some(Instant::now());
    }
    due
}

/// The first free folder `runs/<name of the recordings' folder>-001` and so on.
fn free_run_folder(runs: &Path, recordings: &Path) -> PathBuf {
    let name = recordings.file_name().unwrap_or_else(|| OsStr::new("run"));
    let folder = |end: &str| {
        let mut name = name.to_owned();
        name.push(end);
        runs.join(name)
    };
    let free = |number: usize| Some(folder(&format!("-{number:03}"))).filter(|folder| !folder.exists());
    (1..=9999).find_map(free).unwrap_or_else(|| folder("-new"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_gets_a_folder_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let first = free_run_folder(dir.path(), Path::new("/sounds/drums"));
        assert_eq!(first, dir.path().join("drums-001"));
        std::fs::create_dir(&first).unwrap();
        assert_eq!(free_run_folder(dir.path(), Path::new("/sounds/drums")), dir.path().join("drums-002"));
    }
}

//! A run begins, anew or from where it was left.

use std::{
    ffi::OsStr,
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    super::{
        Session,
        background::give_way,
        event::{Event, Mailbox},
        run_history::RunHistory,
        state::{RunStatus, Severity, StepPoint, TrainingState, View},
    },
    Part, Run, TrainingEvent,
    state::MissingRecordings,
};
use crate::{
    interrupt::Interrupt,
    jobs::{
        JobContext, JobError, JobEvent, guarded,
        runs::{bundle::BundleConfig, history::History, plan, record::RunRecord, step_log},
        train::{self, Choices, Existing, Images, Request, Streaming},
    },
    processes::resident_bytes,
    vae::{schedule::Rates, steering::Steering, trainer::TrainEvent, training_config::TrainingChoices},
};

/// Least time between two looks at the memory in use.
const MEMORY_INTERVAL: Duration = Duration::from_secs(1);

/// What the thread of a run is to do.
enum Task {
    /// Begin.
    Begin(Box<Request>),
    /// Go on with the run in a folder.
    GoOn(GoOn),
}

/// A run that is to go on.
pub(super) struct GoOn {
    /// Its folder.
    pub folder: PathBuf,
    /// Where its recordings are, if not where they were.
    pub recordings: Option<PathBuf>,
    /// Another learning rate.
    pub learning_rate: Option<f64>,
}

impl Session {
    pub(in crate::session) fn start_training(&mut self) {
        if self.is_training() {
            return;
        }
        let Some(root) = self.state.library.root.clone() else {
            self.notify(Severity::Warning, "Open a folder of recordings first, then start training");
            return;
        };
        let out = free_run_folder(&self.data_dir.join("runs"), &root);
        let mut preprocessing = self.state.settings.preprocessing.clone();
        preprocessing.labels.clone_from(&self.state.library.label_pattern);
        let request = Request {
            images: Images::Folder(root, Box::new(preprocessing)),
            left_out: self.left_out(),
            out: out.clone(),
            choices: self.state.settings.training.choices(),
            existing: Existing::Refuse,
            steering: Steering::new(),
            streaming: if self.state.settings.training.stream { Streaming::Always } else { Streaming::Auto },
            tensorboard: None,
        };
        if !self.launch(Task::Begin(Box::new(request)), out) {
            return;
        }
        let form = &self.state.settings.training;
        let training = &mut self.state.training;
        training.status = RunStatus::Preparing { done: 0, total: self.state.library.used() };
        training.epochs_total = form.training.epochs;
        training.in_effect = Some(Rates {
            learning_rate: form.training.learning_rate,
            reconstruction_weight: form.reconstruction_weight,
            beta: form.training.beta,
            batch_size: form.training.batch_size,
        });
    }

    /// Goes on with the last run from its newest checkpoint.
    pub(super) fn go_on(&mut self, learning_rate: Option<f64>) {
        if let Some(folder) = self.state.training.run_folder.clone() {
            self.resume(GoOn { folder, recordings: None, learning_rate });
        }
    }

    /// Goes on with the run in `folder`, on the recordings that it was begun with.
    pub(in crate::session) fn resume_run(&mut self, folder: PathBuf) {
        self.resume(GoOn { folder, recordings: None, learning_rate: None });
    }

    pub(super) fn resume_with(&mut self, folder: PathBuf, recordings: PathBuf) {
        self.resume(GoOn { folder, recordings: Some(recordings), learning_rate: None });
    }

    fn resume(&mut self, wish: GoOn) {
        if self.is_training() {
            self.notify(
                Severity::Warning,
                "A run is under way: stop it first, then go on with the other one",
            );
            return;
        }
        let folder = wish.folder.clone();
        let offer = self.state.training.unfinished.as_ref().filter(|offer| offer.folder == folder);
        let has_checkpoint = offer.is_none_or(|offer| offer.has_checkpoint);
        if self.launch(Task::GoOn(wish), folder) {
            self.state.training.status = RunStatus::Preparing { done: 0, total: 0 };
            self.state.training.has_checkpoint = has_checkpoint;
            self.show(View::Training);
        }
    }

    /// Starts the thread and shows an empty run; `false` where the system refuses.
    fn launch(&mut self, task: Task, out: PathBuf) -> bool {
        self.training.estimating.stop();
        let (interrupt, steering) = (Interrupt::new(), Steering::new());
        match spawn(task, self.mailbox.clone(), (interrupt.clone(), steering.clone())) {
            Ok(thread) => self.training.run = Some(Run { interrupt, steering, thread }),
            Err(error) => {
                self.notify(Severity::Error, format!("Training could not start: {error}"));
                return false;
            }
        }
        self.latent.training_model = None;
        self.show_empty_run(out);
        true
    }

    fn show_empty_run(&mut self, folder: PathBuf) {
        self.training.history = RunHistory::default();
        self.training.wants_model = false;
        let old = std::mem::take(&mut self.state.training);
        self.state.training = TrainingState {
            part: Part::Run,
            layers: old.layers,
            data: old.data,
            form_error: old.form_error,
            epoch_estimate_secs: old.epoch_estimate_secs,
            unfinished: old.unfinished.filter(|unfinished| unfinished.folder != folder),
            run_folder: Some(folder),
            ..TrainingState::default()
        };
    }

    /// Shows the curves of a run that was kept.
    pub(super) fn look_at_run(&mut self, folder: PathBuf) {
        if self.is_training() {
            self.notify(Severity::Info, "A run is under way and keeps this view; the other one is in Runs");
            return;
        }
        self.show_empty_run(folder.clone());
        self.state.training.status = RunStatus::Stopped;
        self.state.training.has_checkpoint = true;
        self.show(View::Training);
        let mailbox = self.mailbox.clone();
        let looked = thread::Builder::new().name("look at a run".to_owned()).spawn(move || {
            if let Err(error) =
                guarded(|| reopen(&folder, &mailbox).and_then(|_| tell_epochs(&folder, &mailbox)))
            {
                mailbox.send(Event::Train(JobEvent::Note(error.to_string())));
            }
        });
        if let Err(error) = looked {
            self.notify(Severity::Error, format!("The run could not be read: {error}"));
        }
    }
}

fn tell_epochs(folder: &Path, mailbox: &Mailbox) -> Result<(), JobError> {
    let history = History::open(folder, usize::MAX)?;
    for note in history.notes() {
        mailbox.send(Event::Train(JobEvent::Note(note.clone())));
    }
    for epoch in history.epochs() {
        mailbox.send(Event::Train(JobEvent::Train(TrainEvent::Epoch(epoch.clone()))));
    }
    Ok(())
}

/// Tells the settings and the curve of a run that was kept.
fn reopen(folder: &Path, mailbox: &Mailbox) -> Result<BundleConfig, JobError> {
    let config = BundleConfig::read(folder)?;
    let note = |text| mailbox.send(Event::Train(JobEvent::Note(text)));
    let steps: Vec<StepPoint> = RunHistory::of(&step_log::read(folder, usize::MAX, &note)?).points().to_vec();
    let training = Box::new(config.training.clone());
    mailbox.send(Event::Training(TrainingEvent::Reopened { training, steps }));
    Ok(config)
}

/// The request that goes on with a run, or starts it again with the same settings where it has no checkpoint yet; where its
/// recordings are not there, it says so and stops.
fn request_to_go_on(wish: &GoOn, mailbox: &Mailbox) -> Result<Request, JobError> {
    let config = reopen(&wish.folder, mailbox)?;
    let known = wish.recordings.clone().or_else(|| RunRecord::read(&wish.folder).ok()?.recordings);
    let Some(recordings) = known.clone().filter(|folder| folder.is_dir()) else {
        let missing = MissingRecordings { folder: wish.folder.clone(), recordings: known };
        mailbox.send(Event::Training(TrainingEvent::Missing(missing)));
        return Err(JobError::Stopped);
    };
    let training = TrainingChoices { learning_rate: wish.learning_rate, ..TrainingChoices::default() };
    let chosen = Choices { training, ..Choices::default() };
    let (choices, existing) = if plan::can_resume(&wish.folder) {
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

fn spawn(task: Task, mailbox: Mailbox, hands: (Interrupt, Steering)) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name("training".to_owned()).spawn(move || {
        give_way();
        let result = guarded(|| work(task, &mailbox, hands));
        mailbox.send(Event::TrainEnded(result));
    })
}

fn work(
    task: Task,
    mailbox: &Mailbox,
    (interrupt, steering): (Interrupt, Steering),
) -> Result<train::Report, JobError> {
    let request = match task {
        Task::Begin(request) => *request,
        Task::GoOn(wish) => request_to_go_on(&wish, mailbox)?,
    };
    let request = Request { steering, ..request };
    let looked = Mutex::new(None::<Instant>);
    let sink = |event: JobEvent| match event {
        JobEvent::Progress { .. } | JobEvent::Train(TrainEvent::Step { .. }) => {
            if is_due(&looked) {
                mailbox.send_latest(Event::Training(TrainingEvent::Memory(resident_bytes())));
            }
            mailbox.send_latest(Event::Train(event));
        }
        JobEvent::Train(TrainEvent::Preview(_)) => {}
        event => mailbox.send(Event::Train(event)),
    };
    train::run(&request, &JobContext::new(&sink, &interrupt))
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

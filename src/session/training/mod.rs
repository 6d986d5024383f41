//! Runs: their settings, their thread and what is shown of them.

mod form;
mod live;
pub mod state;

use std::{
    path::{Path, PathBuf},
    thread::{self, JoinHandle},
};

pub use self::state::Part;
use super::{
    Session,
    background::give_way,
    estimate_worker::EstimateRequest,
    event::{Event, Mailbox},
    run_history::RunHistory,
    state::{RunStatus, Severity, TrainingForm, TrainingState},
    worker::Worker,
};
use crate::{
    interrupt::Interrupt,
    jobs::{
        JobEvent,
        train::{self, Existing, Images, Request, Streaming},
    },
    vae::{steering::Steering, trainer::TrainEvent},
};

/// Something about runs.
#[derive(Clone, Debug, PartialEq)]
pub enum TrainingCommand {
    /// Chooses what the right side of the view shows.
    Show(Part),
}

/// A speed that was measured.
struct Measured {
    form: TrainingForm,
    shape: (usize, usize),
    seconds_per_image: f64,
}

/// The run under way and the speed of the form's settings.
pub(super) struct TrainingControl {
    estimates: Worker<EstimateRequest>,
    estimating: Interrupt,
    measured: Option<Measured>,
    run: Option<(Interrupt, JoinHandle<()>)>,
    history: RunHistory,
    batch_size: usize,
}

impl TrainingControl {
    pub(super) fn new(estimates: Worker<EstimateRequest>) -> Self {
        Self {
            estimates,
            estimating: Interrupt::new(),
            measured: None,
            run: None,
            history: RunHistory::default(),
            batch_size: 1,
        }
    }

    fn interrupt(&self) -> Option<&Interrupt> {
        self.run.as_ref().map(|(interrupt, _)| interrupt)
    }
}

impl Drop for TrainingControl {
    fn drop(&mut self) {
        self.estimating.stop();
        if let Some((interrupt, thread)) = self.run.take() {
            interrupt.stop();
            if thread.join().is_err() {
                log::error!("the training thread ended by a panic");
            }
        }
    }
}

impl Session {
    /// Does what was asked for.
    pub(super) fn apply_to_training(&mut self, command: TrainingCommand) {
        match command {
            TrainingCommand::Show(part) => self.state.training.part = part,
        }
    }

    fn is_training(&self) -> bool {
        self.training.run.is_some()
    }

    pub(super) fn start_training(&mut self) {
        if self.is_training() {
            return;
        }
        let Some(root) = self.state.library.root.clone() else {
            self.notify(Severity::Warning, "Open a folder of recordings first, then start training");
            return;
        };
        self.training.estimating.stop();
        let out = free_run_folder(&self.data_dir.join("runs"), &root);
        let mut preprocessing = self.state.settings.preprocessing.clone();
        preprocessing.labels.clone_from(&self.state.library.label_pattern);
        let request = Request {
            images: Images::Folder(root, preprocessing),
            out: out.clone(),
            choices: self.state.settings.training.choices(),
            existing: Existing::Refuse,
            steering: Steering::new(),
            streaming: Streaming::Auto,
        };
        let interrupt = Interrupt::new();
        match spawn(request, self.mailbox.clone(), interrupt.clone()) {
            Ok(thread) => self.training.run = Some((interrupt, thread)),
            Err(error) => return self.notify(Severity::Error, format!("Training could not start: {error}")),
        }
        let form = &self.state.settings.training;
        self.training.history = RunHistory::default();
        self.training.batch_size = form.training.batch_size;
        self.latent.training_model = None;
        let old = std::mem::take(&mut self.state.training);
        self.state.training = TrainingState {
            layers: old.layers,
            epoch_estimate_secs: old.epoch_estimate_secs,
            status: RunStatus::Preparing { done: 0, total: self.state.library.recordings.len() },
            run_folder: Some(out),
            epochs_total: form.training.epochs,
            ..TrainingState::default()
        };
    }

    pub(super) fn pause_training(&mut self) {
        if let (Some(interrupt), RunStatus::Running) =
            (self.training.interrupt(), &self.state.training.status)
        {
            interrupt.pause();
            self.state.training.status = RunStatus::Paused;
        }
    }

    pub(super) fn resume_training(&mut self) {
        if let (Some(interrupt), RunStatus::Paused) = (self.training.interrupt(), &self.state.training.status)
        {
            interrupt.resume();
            self.state.training.status = RunStatus::Running;
        }
    }

    pub(super) fn stop_training(&mut self) {
        if let Some(interrupt) = self.training.interrupt() {
            interrupt.stop();
            self.state.training.status = RunStatus::Stopping;
        }
    }
}

fn spawn(request: Request, mailbox: Mailbox, interrupt: Interrupt) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name("training".to_owned()).spawn(move || {
        give_way();
        let sink = |event: JobEvent| match event {
            JobEvent::Progress { .. } | JobEvent::Train(TrainEvent::Step { .. }) => {
                mailbox.send_latest(Event::Train(event));
            }
            JobEvent::Train(TrainEvent::Preview(_)) => {}
            event => mailbox.send(Event::Train(event)),
        };
        let result = train::run(&request, &sink, &interrupt);
        mailbox.send(Event::TrainEnded(result));
    })
}

/// The first free folder `runs/<name of the recordings' folder>-001` and so on.
fn free_run_folder(runs: &Path, recordings: &Path) -> PathBuf {
    let name =
        recordings.file_name().map_or_else(|| "run".to_owned(), |name| name.to_string_lossy().into_owned());
    let free =
        |number: usize| Some(runs.join(format!("{name}-{number:03}"))).filter(|folder| !folder.exists());
    (1..=9999).find_map(free).unwrap_or_else(|| runs.join(format!("{name}-new")))
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

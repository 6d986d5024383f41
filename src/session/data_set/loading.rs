//! Cached images against decoding on the fly, and log-mel item by item against batches.

use std::{path::PathBuf, sync::Arc};

use crate::{
    jobs::{
        JobContext, JobError,
        compare_loading::{self, Report, Request},
        guarded,
    },
    pipeline::config::PreprocessingConfig,
    session::{
        Session,
        event::Event,
        progress::{Progress, ProgressSink},
        task::{Task, TaskStatus},
    },
    vae::config::TrainingConfig,
};

use super::{DataSetEvent, listed};

/// What a person chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadingForm {
    /// Epochs each way, warm and again cold.
    pub epochs: usize,
    /// Images a batch.
    pub batch_size: usize,
}

impl Default for LoadingForm {
    /// Three epochs have a median that one hiccup does not move.
    fn default() -> Self {
        Self { epochs: 3, batch_size: TrainingConfig::default().batch_size }
    }
}

/// What is shown.
#[derive(Debug, Default)]
pub struct LoadingState {
    /// How far the job is.
    pub status: TaskStatus,
    /// What was chosen.
    pub form: LoadingForm,
    /// The newest figures; kept while the next are measured.
    pub measured: Option<Measured>,
}

/// Figures, and what they are of.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The folder.
    pub root: PathBuf,
    /// Its settings.
    pub config: PreprocessingConfig,
    /// The figures.
    pub report: Arc<Report>,
}

/// What a person can ask for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LoadingCommand {
    /// Changes what is measured next.
    SetForm(LoadingForm),
    /// Starts the job.
    Start,
    /// Stops it.
    Cancel,
}

/// News of the thread.
pub(in crate::session) enum LoadingEvent {
    /// How far it is.
    Progress(Progress),
    /// It has ended.
    Ended(Box<Result<Measured, JobError>>),
}

impl Session {
    pub(super) fn apply_loading(&mut self, command: LoadingCommand) {
        match command {
            LoadingCommand::SetForm(form) => self.state.data_set.loading.form = form,
            LoadingCommand::Start => self.compare_loading(),
            LoadingCommand::Cancel => {
                if let Some(task) = &self.data_set.loading {
                    task.stop();
                }
            }
        }
    }

    fn compare_loading(&mut self) {
        let library = &self.state.library;
        let (Some(folder), Some(root)) = (listed::place(library), library.root.clone()) else { return };
        let loading = &mut self.state.data_set.loading;
        if loading.status.is_running() {
            return;
        }
        loading.status = TaskStatus::Idle;
        loading.status.advance(compare_loading::WRITING, 0, self.state.library.recordings.len());
        let LoadingForm { epochs, batch_size } = loading.form;
        let config = listed::settings(&self.state);
        let left_out = self.left_out();
        let request = Request { folder, left_out, config, epochs, batch_size, threads: None };
        let mailbox = self.mailbox.clone();
        let task = Task::start("loading", move |interrupt| {
            let progress = |progress| Event::DataSet(DataSetEvent::Loading(LoadingEvent::Progress(progress)));
            let sink = ProgressSink::new(mailbox.clone(), progress);
            let result = guarded(|| compare_loading::run(&request, &JobContext::new(&sink, interrupt)))
                .map(|report| Measured { root, config: request.config, report: Arc::new(report) });
            mailbox.send(Event::DataSet(DataSetEvent::Loading(LoadingEvent::Ended(Box::new(result)))));
        });
        match task {
            Ok(task) => self.data_set.loading = Some(task),
            Err(error) => {
                self.state.data_set.loading.status = TaskStatus::Failed(format!("no thread: {error}"));
            }
        }
    }

    pub(super) fn hear_loading(&mut self, event: LoadingEvent) {
        let loading = &mut self.state.data_set.loading;
        match event {
            LoadingEvent::Progress(Progress { stage, done, total }) => {
                if loading.status.is_running() {
                    loading.status.advance(stage, done, total);
                }
            }
            LoadingEvent::Ended(result) => match *result {
                Ok(measured) => {
                    loading.measured = Some(measured);
                    loading.status = TaskStatus::Done;
                }
                Err(error) if error.is_stopped() => loading.status = TaskStatus::Idle,
                Err(error) => loading.status = TaskStatus::Failed(error.to_string()),
            },
        }
    }
}

//! Detail that is added to the decoded image: how much, from how many recordings, whether the model has any, and making it.

use std::sync::Arc;

use super::{
    Session,
    event::Event,
    latent_worker::DetailRequest,
    progress::{Progress, ProgressSink},
    sound::Hearing,
    state::{ModelOrigin, Severity},
    task::{Task, TaskStatus},
};
use crate::{
    explore::detail::{ExactMatch, Mix},
    jobs::{
        JobContext, JobError, guarded,
        runs::{
            bundle::Bundle,
            detail::{self, Detail, InUse, Made, Origin, Request},
        },
    },
};

/// Whether the model in use has detail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DetailStatus {
    /// Nobody has asked for it yet: opening a model does not wait for its detail.
    #[default]
    Unknown,
    /// It is there.
    Ready {
        /// Recordings with residuals.
        recordings: usize,
        /// Training recordings in all.
        of: usize,
    },
    /// It is not, and why.
    Missing(String),
}

/// What the window shows of detail; how much of it is wanted is among the settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DetailState {
    /// Whether the model has any.
    pub status: DetailStatus,
    /// How far making it is.
    pub making: TaskStatus,
}

/// What a person can ask for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DetailCommand {
    /// This much, from this many recordings.
    Set(Mix),
    /// Makes the model's detail from the open recordings.
    Make,
    /// Stops that.
    Cancel,
}

/// News of it.
pub(super) enum DetailEvent {
    /// The detail of this model was looked for.
    Opened { model_serial: u64, result: Result<Arc<Detail>, String> },
    /// How far making it is.
    Making(Progress),
    /// It was made.
    Made { model_serial: u64, result: Result<Made, JobError> },
}

/// The detail of the model in use, and the task that makes it.
#[derive(Default)]
pub(super) struct DetailControl {
    loaded: Option<Arc<Detail>>,
    task: Option<Task>,
}

impl DetailControl {
    /// Has the making wait while somebody drags, or go on.
    pub(super) fn set_paused(&self, paused: bool) {
        if let Some(task) = &self.task {
            task.set_paused(paused);
        }
    }
}

impl Session {
    pub(super) fn apply_to_detail(&mut self, command: DetailCommand) {
        match command {
            DetailCommand::Set(mix) => self.set_detail(mix),
            DetailCommand::Make => self.make_detail(),
            DetailCommand::Cancel => {
                if let Some(task) = &self.detail.task {
                    task.stop();
                }
            }
        }
    }

    fn set_detail(&mut self, mix: Mix) {
        let mix = mix.checked();
        if mix == self.state.settings.detail {
            return;
        }
        self.state.settings.detail = mix;
        if self.state.latent.model.is_some() {
            self.ask_decoded(if self.state.latent.dragging { Hearing::Follow } else { Hearing::Once });
        }
    }

    /// Where the detail of the model in use is found and kept.
    pub(super) fn detail_origin(&self) -> Origin {
        match &self.state.latent.model {
            Some((ModelOrigin::Demo, _)) => Origin::Embedded,
            Some((ModelOrigin::Bundle(folder), _)) => Origin::Folder(folder.clone()),
            Some((ModelOrigin::Training { .. }, _)) => {
                self.state.training.run_folder.clone().map_or(Origin::Nowhere, Origin::Folder)
            }
            None => Origin::Nowhere,
        }
    }

    /// Another model is in use, or its run has ended: its detail is looked for when it is wanted.
    pub(super) fn look_for_detail_anew(&mut self) {
        self.detail.loaded = None;
        self.state.latent.detail.status = DetailStatus::Unknown;
        let request = DetailRequest::From(self.detail_origin());
        self.latent.worker.merge(|inbox| inbox.get_or_insert_default().detail = Some(request));
    }

    /// Detail as it is set, for sounds that are taken away; `None` where it is off or the model has none.
    pub(super) fn detail_in_use(&self, exact_match: ExactMatch) -> Option<InUse> {
        let mix = self.state.settings.detail;
        let detail = self.detail.loaded.clone().filter(|_| mix.is_on())?;
        Some(InUse { detail, mix, exact_match })
    }

    /// The detail that was opened or made for the model in use.
    pub(super) fn loaded_detail(&self) -> Option<Arc<Detail>> {
        self.detail.loaded.clone()
    }

    fn make_detail(&mut self) {
        let (Some(bundle), Some(recordings)) = (self.latent.bundle.clone(), self.state.library.root.clone())
        else {
            self.notify(Severity::Info, "Open the folder of recordings that the model was trained on first");
            return;
        };
        if self.state.latent.detail.making.is_running() {
            return;
        }
        let folder = match self.detail_origin() {
            // Nothing is written beside a model of another program.
            Origin::Folder(folder) => Some(folder).filter(|folder| Bundle::is_bundle(folder)),
            Origin::Embedded | Origin::Nowhere => None,
        };
        let resample = self.state.settings.preprocessing.resample;
        let bundle = Arc::new((*bundle).clone().resampling(resample));
        let request = Request { bundle, folder, recordings, most: None };
        let (mailbox, model_serial) = (self.mailbox.clone(), self.latent.bundle_serial);
        let sink =
            ProgressSink::new(mailbox.clone(), |progress| Event::Detail(DetailEvent::Making(progress)));
        self.state.latent.detail.making.advance("opening", 0, 1);
        let task = Task::start("detail", move |interrupt| {
            let result = guarded(|| detail::run(&request, &JobContext::new(&sink, interrupt)));
            mailbox.send(Event::Detail(DetailEvent::Made { model_serial, result }));
        });
        match task {
            Ok(task) => self.detail.task = Some(task),
            Err(error) => {
                let words = format!("could not start a worker thread: {error}");
                self.state.latent.detail.making = TaskStatus::Failed(words);
            }
        }
    }

    pub(super) fn on_detail_event(&mut self, event: DetailEvent) {
        match event {
            DetailEvent::Opened { model_serial, result } if model_serial == self.latent.model_serial => {
                match result {
                    Ok(detail) => self.take_detail(detail),
                    Err(cause) => self.state.latent.detail.status = DetailStatus::Missing(cause),
                }
            }
            DetailEvent::Opened { .. } => {}
            DetailEvent::Making(Progress { stage, done, total }) => {
                let making = &mut self.state.latent.detail.making;
                if making.is_running() {
                    making.advance(stage, done, total);
                }
            }
            DetailEvent::Made { model_serial, result } => self.on_detail_made(model_serial, result),
        }
    }

    fn on_detail_made(&mut self, model_serial: u64, result: Result<Made, JobError>) {
        let making = &mut self.state.latent.detail.making;
        match result {
            Ok(made) => {
                *making = TaskStatus::Done;
                if model_serial != self.latent.bundle_serial {
                    return;
                }
                let request = DetailRequest::Use(Arc::clone(&made.detail));
                self.latent.worker.merge(|inbox| inbox.get_or_insert_default().detail = Some(request));
                self.take_detail(made.detail);
                if self.state.settings.detail.is_on() {
                    self.ask_decoded(Hearing::Once);
                }
            }
            Err(error) if error.is_stopped() => *making = TaskStatus::Idle,
            Err(error) => *making = TaskStatus::Failed(error.to_string()),
        }
    }

    fn take_detail(&mut self, detail: Arc<Detail>) {
        self.state.latent.detail.status =
            DetailStatus::Ready { recordings: detail.recordings(), of: detail.of() };
        self.detail.loaded = Some(detail);
    }
}

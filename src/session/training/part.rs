//! The training part: its state and control, its events, and its news for other parts.

use std::{io, path::PathBuf, sync::Arc};

use super::{
    data_worker::{self, DataEvent, DataRequest},
    estimate_worker::{self, Calculating, Estimate, EstimateRequest},
    form::{SettingsOfRun, StepCost},
    run_history::RunHistory,
    state::{MissingRecordings, RunStatus, StepPoint, TrainingState, Unfinished},
};
use crate::{
    interrupt::Interrupt,
    jobs::{
        JobEvent,
        estimate::Speed,
        runs::{bundle::Bundle, run_files::RunFiles},
        train,
    },
    session::{
        ctx::Ctx,
        job::{Job, Update},
        library::state::Library,
        mailbox::Mailbox,
        worker::Worker,
    },
    vae::steering::Steering,
};

/// Events from the workers.
pub(in crate::session) enum TrainingEvent {
    /// From the current run.
    Run(Update<train::Report, RunNews>),
    /// From reading a past run.
    LookedAt(Update<(), RunNews>),
    /// The newest interrupted run, if any.
    Unfinished(Update<Option<Unfinished>, ()>),
    /// Split and examples.
    Data(DataEvent),
    /// Measured training time per image.
    Estimated(Estimate),
}

/// Progress of a run.
pub(in crate::session) enum RunNews {
    /// An event of the job.
    Job(JobEvent),
    /// Resident memory in bytes.
    Memory(Option<u64>),
    /// Which files the folder of a past run holds.
    Files(RunFiles),
    /// Settings and curve of a past run that is resumed or shown.
    Reopened { settings: Box<SettingsOfRun>, steps: Vec<StepPoint> },
    /// How a past run ended.
    Kept(RunStatus),
    /// The folder of the run's recordings, or of its images.
    Recordings(PathBuf),
    /// A run cannot resume: its recordings are missing.
    Missing(MissingRecordings),
}

/// Threads and jobs of this part.
pub(in crate::session) struct TrainingControl {
    pub(super) mailbox: Mailbox<TrainingEvent>,
    pub(super) estimates: Worker<EstimateRequest>,
    pub(super) data: Worker<DataRequest>,
    /// The measurement that runs or waits.
    pub(super) estimating: Option<(StepCost, Interrupt)>,
    /// The speed that was measured last, and for what.
    pub(super) measured: Option<(StepCost, Speed)>,
    /// Held while training steps are taken.
    pub(super) calculating: Calculating,
    pub(super) run: Job<train::Report, RunNews>,
    /// Requests to the current run.
    pub(super) steering: Steering,
    pub(super) looked_at: Job<(), RunNews>,
    pub(super) unfinished: Job<Option<Unfinished>, ()>,
    pub(super) history: RunHistory,
    /// Whether the past run on show is that of the last start, which nobody asked for.
    pub(super) is_recalled: bool,
    /// Whether the latent view uses the next model of the run.
    pub(super) wants_model: bool,
    /// Whether the window closes even if the run fails.
    pub(super) must_close: bool,
}

impl TrainingControl {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(in crate::session) fn new(mailbox: Mailbox<TrainingEvent>) -> io::Result<Self> {
        let calculating = Calculating::default();
        let estimates = mailbox.part(TrainingEvent::Estimated);
        Ok(Self {
            estimates: estimate_worker::spawn(estimates, Calculating::clone(&calculating))?,
            data: data_worker::spawn(mailbox.part(TrainingEvent::Data))?,
            mailbox,
            estimating: None,
            measured: None,
            calculating,
            run: Job::default(),
            steering: Steering::new(),
            looked_at: Job::default(),
            unfinished: Job::default(),
            history: RunHistory::default(),
            is_recalled: false,
            wants_model: false,
            must_close: false,
        })
    }

    /// Stops the measurement that runs or waits: it ends with its current step.
    pub(super) fn stop_estimating(&mut self) {
        if let Some((_, interrupt)) = self.estimating.take() {
            interrupt.stop();
        }
    }
}

impl Drop for TrainingControl {
    fn drop(&mut self) {
        self.stop_estimating();
    }
}

/// News for other parts.
pub(in crate::session) enum News {
    /// Another run is shown: a model of an earlier one is not its model.
    OtherRun,
    /// The run on show has a replay on disk.
    Replay,
    /// The run in this folder has made a model after so many epochs; whether the person asked for it.
    Model { run: PathBuf, epochs: usize, bundle: Arc<Bundle>, wanted: bool },
    /// The run has begun to train.
    Started,
    /// The run has saved what it has done so far.
    Saved,
    /// The run has ended.
    Ended,
    /// The latent view is to use the run's newest model.
    UseModel,
}

/// The training part with all that it may use.
pub(in crate::session) struct TrainingPart<'a> {
    pub(super) state: &'a mut TrainingState,
    pub(super) control: &'a mut TrainingControl,
    pub(super) library: &'a Library,
    pub(super) ctx: Ctx<'a, News>,
}

impl<'a> TrainingPart<'a> {
    pub(in crate::session) fn new(
        state: &'a mut TrainingState,
        control: &'a mut TrainingControl,
        library: &'a Library,
        ctx: Ctx<'a, News>,
    ) -> Self {
        Self { state, control, library, ctx }
    }

    pub(super) fn is_training(&self) -> bool {
        self.control.run.is_running()
    }
}

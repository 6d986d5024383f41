//! Training at work: its state, what belongs to it alone, and what it lets other parts know.

use std::{io, sync::Arc};

use super::{
    data_worker::{self, DataEvent, DataRequest},
    estimate_worker::{self, Estimate, EstimateRequest},
    form::TrainingForm,
    run_history::RunHistory,
    state::{MissingRecordings, StepPoint, TrainingState, Unfinished},
};
use crate::{
    interrupt::Interrupt,
    jobs::{JobEvent, runs::bundle::Bundle, train},
    session::{
        ctx::Ctx,
        job::{Job, Update},
        library::state::Library,
        mailbox::Mailbox,
        worker::Worker,
    },
    vae::{config::TrainingConfig, steering::Steering},
};

/// News about runs.
pub(in crate::session) enum TrainingEvent {
    /// The run under way.
    Run(Update<train::Report, RunNews>),
    /// A run that is looked at.
    LookedAt(Update<(), RunNews>),
    /// Runs of earlier starts that did not end: the newest.
    Unfinished(Update<Option<Unfinished>, ()>),
    /// What a run would learn from.
    Data(DataEvent),
    /// How long an image takes.
    Estimated(Estimate),
}

/// What the thread of a run tells.
pub(in crate::session) enum RunNews {
    /// What the job tells.
    Job(JobEvent),
    /// Memory that the program has in use, in bytes.
    Memory(Option<u64>),
    /// A run that was kept goes on, or is looked at: its settings and its curve.
    Reopened { training: Box<TrainingConfig>, steps: Vec<StepPoint> },
    /// A run cannot go on without its recordings.
    Missing(MissingRecordings),
}

/// A speed that was measured.
pub(super) struct MeasuredSpeed {
    pub(super) form: TrainingForm,
    pub(super) shape: (usize, usize),
    pub(super) seconds_per_image: f64,
}

/// What belongs to training alone.
pub(in crate::session) struct TrainingControl {
    pub(super) mailbox: Mailbox<TrainingEvent>,
    pub(super) estimates: Worker<EstimateRequest>,
    pub(super) data: Worker<DataRequest>,
    pub(super) estimating: Interrupt,
    /// The speed of the form's settings.
    pub(super) measured: Option<MeasuredSpeed>,
    pub(super) run: Job<train::Report, RunNews>,
    /// The person's changes to the run under way.
    pub(super) steering: Steering,
    pub(super) looked_at: Job<(), RunNews>,
    pub(super) unfinished: Job<Option<Unfinished>, ()>,
    pub(super) history: RunHistory,
    /// Whether the next model is taken into the latent view.
    pub(super) wants_model: bool,
    /// Whether the window closes whatever becomes of the run.
    pub(super) must_close: bool,
}

impl TrainingControl {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(in crate::session) fn new(mailbox: Mailbox<TrainingEvent>) -> io::Result<Self> {
        Ok(Self {
            estimates: estimate_worker::spawn(mailbox.part(TrainingEvent::Estimated))?,
            data: data_worker::spawn(mailbox.part(TrainingEvent::Data))?,
            mailbox,
            estimating: Interrupt::new(),
            measured: None,
            run: Job::default(),
            steering: Steering::new(),
            looked_at: Job::default(),
            unfinished: Job::default(),
            history: RunHistory::default(),
            wants_model: false,
            must_close: false,
        })
    }
}

impl Drop for TrainingControl {
    fn drop(&mut self) {
        self.estimating.stop();
    }
}

/// What other parts may want to know of training.
pub(in crate::session) enum News {
    /// A run has begun: models of an earlier one are no longer its.
    Begun,
    /// The run has made a model after so many epochs; whether the person waits for it.
    Model { epochs: usize, bundle: Arc<Bundle>, wanted: bool },
    /// The run has done another epoch.
    Epoch,
    /// The run has ended.
    Ended,
    /// The run's newest model is to be played with.
    UseModel,
}

/// Training at work.
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

//! Runs: their settings, their thread and what is shown of them.

mod closing;
pub mod data;
mod form;
mod live;
mod start;
pub mod state;
mod steer;
mod time_left;
mod unfinished;

use std::{path::PathBuf, thread::JoinHandle};

pub use self::state::Part;
use super::{
    Session,
    estimate_worker::EstimateRequest,
    run_history::RunHistory,
    state::{StepPoint, TrainingForm},
    worker::Worker,
};
use crate::{
    interrupt::Interrupt,
    vae::{
        advice::AdviceKind,
        config::TrainingConfig,
        steering::{Setting, Steering},
        training_config::Keep,
    },
};
use state::{MissingRecordings, Unfinished};

/// Something about runs.
#[derive(Clone, Debug, PartialEq)]
pub enum TrainingCommand {
    /// Chooses what the right side of the view shows.
    Show(Part),
    /// Another value from the next step of the run under way on.
    Steer(Setting, f64),
    /// Stops the run after the current batch and leaves these weights as the model.
    Stop(Keep),
    /// Takes the weights as they are now into the latent view, also while the run is paused.
    UseNow,
    /// Shows this variation of the selected recording as training may see it.
    ShowExample(usize),
    /// Takes advice away for this run.
    DismissAdvice(AdviceKind),
    /// Goes on with the last run from its newest checkpoint, at another learning rate where one is given.
    GoOn(Option<f64>),
    /// Goes on with the run in this folder.
    Resume(PathBuf),
    /// Goes on with a run whose recordings were moved.
    ResumeWith {
        /// The run's folder.
        folder: PathBuf,
        /// Where its recordings are now.
        recordings: PathBuf,
    },
    /// The unfinished run, or the one without recordings, is left alone.
    NotNow,
    /// Shows the curves of the run in this folder without going on.
    LookAt(PathBuf),
    /// Somebody wants to close the window, or answers what is to become of the run.
    Close(CloseWish),
}

/// What is wished for when the window is to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseWish {
    /// Close; ask first if a run is under way.
    Ask,
    /// Stop the run, keep it, then close.
    StopAndClose,
    /// Close when the run has ended by itself.
    CloseWhenFinished,
    /// Stay open.
    KeepOpen,
    /// The system wants the program to end: keep the run, then close without asking.
    Must,
}

/// News about runs that no job tells.
pub(super) enum TrainingEvent {
    /// Memory that the program has in use, in bytes.
    Memory(Option<u64>),
    /// A run that was kept goes on, or is looked at: its settings and its curve.
    Reopened { training: Box<TrainingConfig>, steps: Vec<StepPoint> },
    /// A run cannot go on without its recordings.
    Missing(MissingRecordings),
    /// A run of an earlier start did not end.
    Unfinished(Unfinished),
}

/// A speed that was measured.
struct Measured {
    form: TrainingForm,
    shape: (usize, usize),
    seconds_per_image: f64,
}

/// The run under way.
struct Run {
    interrupt: Interrupt,
    steering: Steering,
    thread: JoinHandle<()>,
}

/// The run under way and the speed of the form's settings.
pub(super) struct TrainingControl {
    estimates: Worker<EstimateRequest>,
    data: Worker<data::DataRequest>,
    estimating: Interrupt,
    measured: Option<Measured>,
    run: Option<Run>,
    history: RunHistory,
    /// Whether the next model is taken into the latent view.
    wants_model: bool,
    /// Whether the window closes whatever becomes of the run.
    must_close: bool,
}

impl TrainingControl {
    pub(super) fn new(estimates: Worker<EstimateRequest>, data: Worker<data::DataRequest>) -> Self {
        Self {
            estimates,
            data,
            estimating: Interrupt::new(),
            measured: None,
            run: None,
            history: RunHistory::default(),
            wants_model: false,
            must_close: false,
        }
    }
}

impl Drop for TrainingControl {
    fn drop(&mut self) {
        self.estimating.stop();
        if let Some(run) = self.run.take() {
            run.interrupt.stop();
            if run.thread.join().is_err() {
                log::error!("the training thread ended by a panic");
            }
        }
    }
}

impl Session {
    /// Does what was asked for.
    pub(super) fn apply_to_training(&mut self, command: TrainingCommand) {
        use TrainingCommand as C;
        match command {
            C::Show(part) => self.state.training.part = part,
            C::Steer(setting, value) => self.steer(setting, value),
            C::Stop(keep) => self.stop_keeping(keep),
            C::UseNow => self.use_now(),
            C::DismissAdvice(kind) => self.state.training.dismissed.push(kind),
            C::GoOn(learning_rate) => self.go_on(learning_rate),
            C::Resume(folder) => self.resume_run(folder),
            C::ResumeWith { folder, recordings } => self.resume_with(folder, recordings),
            C::NotNow => {
                self.state.training.unfinished = None;
                self.state.training.missing = None;
            }
            C::LookAt(folder) => self.look_at_run(folder),
            C::Close(wish) => self.close(wish),
            C::ShowExample(number) => self.show_example(number),
        }
    }

    pub(in crate::session) fn is_training(&self) -> bool {
        self.training.run.is_some()
    }
}

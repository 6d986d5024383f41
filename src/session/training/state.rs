//! What the window shows of a run: where it is, its curves, its data.

use std::{path::PathBuf, sync::Arc, time::SystemTime};

/// One point of a live curve: a step, or the mean of as many as the point stands for.
pub use crate::jobs::runs::step_log::StepRow as StepPoint;
use crate::{
    audio::folder::Skipped,
    jobs::{augmentation_example::Example, evaluate::Baselines, split_preview::SplitSummary},
    vae::{
        advice::{Advice, AdviceKind},
        config::LayerRow,
        schedule::Rates,
        trainer::{Change, EpochReport},
    },
};

/// What the right side of the training view shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The run under way, or the last one: its curves.
    #[default]
    Run,
    /// The epochs of a run, one by one.
    Replay,
    /// All runs that were kept.
    Runs,
}

/// Where a run is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RunStatus {
    /// No run yet.
    #[default]
    Idle,
    /// Images are being computed.
    Preparing {
        /// Finished.
        done: usize,
        /// In all.
        total: usize,
    },
    /// Training.
    Running,
    /// Waiting.
    Paused,
    /// Stopping after the current batch.
    Stopping,
    /// All epochs done.
    Finished,
    /// Stopped on request.
    Stopped,
    /// Ended by an error.
    Failed(String),
}

impl RunStatus {
    /// Whether a run is under way.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Preparing { .. } | Self::Running | Self::Paused | Self::Stopping)
    }
}

/// What becomes of the window once somebody wanted to close it while a run is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closing {
    /// Nobody did.
    #[default]
    No,
    /// The person is asked.
    Asked,
    /// It closes when the run has ended.
    WhenEnded,
    /// It closes now.
    Now,
}

/// A run that something other than the person ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// The run's folder.
    pub folder: PathBuf,
    /// Epochs that are done.
    pub epochs_done: usize,
    /// Epochs that it was to have.
    pub epochs_total: usize,
    /// Whether it can go on from a checkpoint; otherwise it can be started again.
    pub has_checkpoint: bool,
    /// When it last wrote something.
    pub when: SystemTime,
}

/// A run that cannot go on because its recordings are not where they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingRecordings {
    /// The run's folder.
    pub folder: PathBuf,
    /// Where its recordings were, if that is known.
    pub recordings: Option<PathBuf>,
}

/// What the window shows of a run's data.
#[derive(Debug, Default)]
pub struct DataState {
    /// The split of the open recordings by the form, or why there is none.
    pub split: Option<Result<SplitSummary, String>>,
    /// A recording as training may see it, or why it cannot be shown; `None` while nobody asked.
    pub example: Option<Result<Arc<Example>, String>>,
    /// Counts up with every example, for caches.
    pub generation: u64,
}

/// The training run.
#[derive(Debug, Default)]
pub struct TrainingState {
    /// What the right side of the view shows.
    pub part: Tab,
    /// The layers of the model that the form describes.
    pub layers: Vec<LayerRow>,
    /// What is wrong with the form, if anything.
    pub form_error: Option<String>,
    /// What the form's run would learn from.
    pub data: DataState,
    /// Estimated seconds of one epoch with the form's settings on the open folder.
    pub epoch_estimate_secs: Option<f64>,
    /// Where the run is.
    pub status: RunStatus,
    /// The run's bundle folder.
    pub run_folder: Option<PathBuf>,
    /// Epochs that the run will have in all.
    pub epochs_total: usize,
    /// Where the run computes, in words, once it does.
    pub computes_on: Option<String>,
    /// Images that train.
    pub training_images: usize,
    /// Steps of an epoch.
    pub steps_per_epoch: usize,
    /// Steps done.
    pub step: usize,
    /// Epochs done, the part of the current one included.
    pub epochs_done: f64,
    /// Seconds of training so far, pauses left out.
    pub seconds: f64,
    /// Images a second, lately.
    pub samples_per_second: f64,
    /// Seconds to the end at that speed, validation included.
    pub remaining_secs: Option<f64>,
    /// Memory that the program has in use, in bytes, where the system tells.
    pub memory_bytes: Option<u64>,
    /// Settings that act on the run, before their schedules, changes asked for included.
    pub in_effect: Option<Rates>,
    /// The training curve; a bounded number of points, older ones merged.
    pub steps: Vec<StepPoint>,
    /// One entry an epoch.
    pub epochs: Vec<EpochReport>,
    /// Settings that were changed under way, oldest first.
    pub changes: Vec<Change>,
    /// Errors to beat.
    pub baselines: Option<Baselines>,
    /// Files that the run left out.
    pub skipped: Vec<Skipped>,
    /// Whether a checkpoint of this run lies on disk, so that it can go on.
    pub has_checkpoint: bool,
    /// Whether the loss was no longer a number when the run failed.
    pub diverged: bool,
    /// What the figures call for.
    pub advice: Vec<Advice>,
    /// Advice that was read and taken away, for this run.
    pub dismissed: Vec<AdviceKind>,
    /// What becomes of the window.
    pub closing: Closing,
    /// A run of an earlier start that ended without being stopped.
    pub unfinished: Option<Unfinished>,
    /// A run whose recordings are looked for.
    pub missing: Option<MissingRecordings>,
}

impl TrainingState {
    /// The epoch with the lowest score so far.
    pub fn best_epoch(&self) -> Option<usize> {
        self.epochs.iter().rev().find(|report| report.is_best).map(|report| report.epoch)
    }

    /// Advice that was not taken away.
    pub fn advice_to_show(&self) -> impl Iterator<Item = &Advice> {
        self.advice.iter().filter(|advice| !self.dismissed.contains(&advice.kind))
    }
}

//! State of the training view: the run's status, its curves, its data.

use std::{path::PathBuf, sync::Arc, time::SystemTime};

use super::form::{SettingsOfRun, TrainingForm};
/// One point of a live curve: a step, or the mean of as many as the point stands for.
pub use crate::jobs::runs::step_log::StepRow as StepPoint;
use crate::jobs::{JobError, runs::run_files::RunFiles};
use crate::{
    audio::folder::Skipped,
    jobs::{
        augmentation_example::Example, estimate::StepMemory, evaluate::Baselines, split_preview::SplitSummary,
    },
    session::spoken::Spoken,
    vae::{
        advice::{Advice, AdviceKind},
        config::{LayerRow, VaeConfig},
        schedule::Rates,
        trainer::{Change, EpochReport},
    },
};

/// Tabs on the right side of the training view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The curves of the current run, or of the last one.
    #[default]
    Run,
    /// The replay of a run, epoch by epoch.
    Replay,
    /// All runs that were kept.
    Runs,
}

/// What a run does after its last step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndStage {
    /// Measures the model, its latent statistics and its density.
    Measuring,
    /// Saves the model.
    Saving {
        /// The epoch that its weights are of.
        epoch: usize,
    },
    /// Measures detail.
    Detail {
        /// Recordings done.
        done: usize,
        /// Recordings in all.
        total: usize,
    },
}

/// Status of a run.
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
    /// The principal components that the model starts as are being fitted.
    Fitting,
    /// Training.
    Running,
    /// Paused.
    Paused,
    /// Stopping after the current batch.
    Stopping,
    /// Training is over; the model is measured and saved.
    Ending(EndStage),
    /// All epochs done.
    Finished,
    /// Stopped on request.
    Stopped,
    /// Ended by an error.
    Failed(Spoken),
}

impl RunStatus {
    /// Whether a run is active whose training has not begun.
    pub fn is_starting(&self) -> bool {
        matches!(self, Self::Preparing { .. } | Self::Fitting)
    }

    /// Whether a run is active, paused or about to end.
    pub fn is_busy(&self) -> bool {
        self.is_starting() || matches!(self, Self::Running | Self::Paused) || self.is_ending()
    }

    /// Whether a run is about to end: it takes no further batch.
    pub fn is_ending(&self) -> bool {
        matches!(self, Self::Stopping | Self::Ending(_))
    }
}

/// State of closing the window while a run is active.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closing {
    /// Not requested.
    #[default]
    No,
    /// Asking the person what to do with the run.
    Asked,
    /// The window closes when the run has ended.
    WhenEnded,
    /// The window closes now.
    Now,
}

/// An interrupted run: the program ended before the run did.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// The run's folder.
    pub folder: PathBuf,
    /// Epochs that are done.
    pub epochs_done: usize,
    /// Epochs that were planned.
    pub epochs_total: usize,
    /// Whether it can resume from a checkpoint; otherwise it can only start again.
    pub has_checkpoint: bool,
    /// Time of its last write.
    pub when: SystemTime,
}

/// A run that cannot resume because its recordings were moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingRecordings {
    /// The run's folder.
    pub folder: PathBuf,
    /// Last known folder of its recordings.
    pub recordings: Option<PathBuf>,
}

/// State of the data section of the form.
#[derive(Debug, Default)]
pub struct DataState {
    /// The split of the open recordings by the form, or why there is none.
    pub split: Option<Result<SplitSummary, Spoken>>,
    /// A recording as training may see it, or why it cannot be shown; `None` until requested.
    pub example: Option<Result<Arc<Example>, Spoken>>,
    /// Incremented with every example, so that caches can tell.
    pub generation: u64,
}

/// The training run.
#[derive(Debug, Default)]
pub struct TrainingState {
    /// Tab on the right side.
    pub part: Tab,
    /// The layers of the model that the form describes.
    pub layers: Vec<LayerRow>,
    /// What is wrong with the form, if anything.
    pub form_error: Option<Arc<JobError>>,
    /// What the form's run would learn from.
    pub data: DataState,
    /// Estimated seconds of one epoch with the form's settings on the open folder.
    pub epoch_estimate_secs: Option<f64>,
    /// Memory of a step with the form's settings, if it is too much to be tried.
    pub too_large: Option<StepMemory>,
    /// Status of the run.
    pub status: RunStatus,
    /// The run's bundle folder.
    pub run_folder: Option<PathBuf>,
    /// The folder of the run's recordings, or of its images.
    pub run_recordings: Option<PathBuf>,
    /// The run's settings, once they are known.
    pub run_settings: Option<Box<SettingsOfRun>>,
    /// The run's model.
    pub run_model: Option<VaeConfig>,
    /// The layers of the run's model.
    pub run_layers: Vec<LayerRow>,
    /// Total number of epochs.
    pub epochs_total: usize,
    /// Device and number of threads, once the run has started.
    pub computes_on: Option<(&'static str, usize)>,
    /// Training images.
    pub training_images: usize,
    /// Validation images.
    pub validation_images: usize,
    /// Steps of an epoch.
    pub steps_per_epoch: usize,
    /// Steps done.
    pub step: usize,
    /// Epochs done, the part of the current one included.
    pub epochs_done: f64,
    /// Seconds of training so far, pauses left out.
    pub seconds: f64,
    /// Recent speed in images per second.
    pub samples_per_second: f64,
    /// Seconds to the end at that speed, validation included.
    pub remaining_secs: Option<f64>,
    /// Resident memory of the program in bytes, where the system reports it.
    pub memory_bytes: Option<u64>,
    /// Settings in effect before their schedules, requested changes included.
    pub in_effect: Option<Rates>,
    /// The training curve; a bounded number of points, older ones merged.
    pub steps: Vec<StepPoint>,
    /// One report per epoch.
    pub epochs: Vec<EpochReport>,
    /// Changes of settings during the run, oldest first.
    pub changes: Vec<Change>,
    /// Reconstruction errors of the baselines.
    pub baselines: Option<Baselines>,
    /// Files that the run left out.
    pub skipped: Vec<Skipped>,
    /// Which files the run's folder holds.
    pub files: RunFiles,
    /// Whether the run's folder has its settings, to start it again with them.
    pub has_settings: bool,
    /// Whether the run failed because the loss was not finite (NaN).
    pub diverged: bool,
    /// Advice from the epochs' reports.
    pub advice: Vec<Advice>,
    /// Advice dismissed for this run.
    pub dismissed: Vec<AdviceKind>,
    /// State of closing the window.
    pub closing: Closing,
    /// An interrupted run of an earlier session, to offer for resuming.
    pub unfinished: Option<Unfinished>,
    /// A run whose recordings the person is asked for.
    pub missing: Option<MissingRecordings>,
}

impl TrainingState {
    /// The settings of the active run, if there is one.
    pub fn active_settings(&self) -> Option<&SettingsOfRun> {
        self.run_settings.as_deref().filter(|_| self.status.is_busy())
    }

    /// The settings that the form shows: those of the active run, else the person's `own` for the next one.
    pub fn shown_form<'a>(&'a self, own: &'a TrainingForm) -> &'a TrainingForm {
        self.active_settings().map_or(own, |settings| &settings.form)
    }

    /// The epoch whose steps are done and which is being measured on the validation images, before its report.
    pub fn measured_epoch(&self) -> Option<usize> {
        let (done, reported) = (self.epochs_done, self.epochs.last().map_or(0, |report| report.epoch));
        let is_measured = self.status == RunStatus::Running && done.fract() == 0.0 && done > reported as f64;
        is_measured.then_some(done as usize)
    }

    /// Whether all steps of the run are done.
    pub fn has_done_all_steps(&self) -> bool {
        self.epochs_total > 0 && self.epochs_done >= self.epochs_total as f64
    }

    /// The epoch with the lowest score so far.
    pub fn best_epoch(&self) -> Option<usize> {
        self.epochs.iter().rev().find(|report| report.is_best).map(|report| report.epoch)
    }

    /// Epochs in all once the run is trained further: those that a stop has left out, else `more` than it has done.
    pub fn epochs_if_trained_more(&self, more: usize) -> usize {
        let done = self.epochs.len();
        if self.status == RunStatus::Stopped && done < self.epochs_total {
            self.epochs_total
        } else {
            done + more
        }
    }

    /// Advice that was not dismissed.
    pub fn advice_to_show(&self) -> impl Iterator<Item = &Advice> {
        self.advice.iter().filter(|advice| !self.dismissed.contains(&advice.kind))
    }
}

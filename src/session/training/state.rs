//! What the window shows of a run: the form, where it is, its curves.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One point of a live curve: a step, or the mean of as many as the point stands for.
pub use crate::jobs::step_log::StepRow as StepPoint;
use crate::{
    audio::folder::Skipped,
    jobs::evaluate::Baselines,
    vae::{
        config::{LayerRow, Preset, TrainingConfig},
        trainer::EpochReport,
    },
};

/// What the right side of the training view shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The run under way, or the last one: its curves.
    #[default]
    Run,
    /// The epochs of a run, one by one.
    Replay,
    /// All runs that were kept.
    Runs,
}

/// What a person can set for a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingForm {
    /// Model size.
    pub preset: Preset,
    /// Latent dimensions.
    pub latent_size: usize,
    /// Weight of the reconstruction term.
    pub reconstruction_weight: f64,
    /// The rest.
    pub training: TrainingConfig,
}

impl Default for TrainingForm {
    fn default() -> Self {
        Self {
            preset: Preset::Small,
            latent_size: 16,
            reconstruction_weight: 1_000_000.0,
            training: TrainingConfig::default(),
        }
    }
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

/// The training run.
#[derive(Debug, Default)]
pub struct TrainingState {
    /// The layers of the model that the form describes.
    pub layers: Vec<LayerRow>,
    /// What is wrong with the form, if anything.
    pub form_error: Option<String>,
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
    /// Steps of an epoch.
    pub steps_per_epoch: usize,
    /// Steps done.
    pub step: usize,
    /// Images a second, lately.
    pub samples_per_second: f64,
    /// Seconds to the end at that speed.
    pub remaining_secs: Option<f64>,
    /// The training curve; a bounded number of points, older ones merged.
    pub steps: Vec<StepPoint>,
    /// One entry an epoch.
    pub epochs: Vec<EpochReport>,
    /// Errors to beat.
    pub baselines: Option<Baselines>,
    /// Files that the run left out.
    pub skipped: Vec<Skipped>,
    /// What the right side of the view shows.
    pub part: Part,
}

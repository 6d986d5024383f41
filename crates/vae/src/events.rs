//! Events that the trainer emits.

use std::{path::PathBuf, sync::Arc};

use super::{
    error::ModelError,
    loss::Losses,
    schedule::Rates,
    snapshot::Snapshot,
    steering::{Change, Setting},
};

/// Events of a training run, in order.
#[derive(Clone, Debug)]
pub enum TrainEvent {
    /// Training begins.
    Started {
        /// Number of training images.
        training_images: usize,
        /// Number of validation images.
        validation_images: usize,
        /// Steps per epoch.
        steps_per_epoch: usize,
        /// Steps completed before a resume, else 0.
        first_step: usize,
        /// Number of threads.
        threads: usize,
        /// Label of the device.
        device: &'static str,
        /// Current settings before their schedules, with the changes of earlier parts of the run.
        in_effect: Rates,
    },
    /// A step is done. A slow listener may drop these.
    Step {
        /// Steps done since the start of the run, from 1.
        step: usize,
        /// Epoch of the step, from 1.
        epoch: usize,
        /// Epochs done, including the fraction of the current one.
        epochs_done: f64,
        /// Losses of the batch.
        losses: Losses,
        /// Learning rate, weights and batch size of the step.
        rates: Rates,
        /// Euclidean norm over all gradients, before clipping.
        gradient_norm: f64,
        /// Images per second, smoothed over recent steps.
        samples_per_second: f64,
        /// Seconds of training so far, without pauses.
        seconds: f64,
    },
    /// An epoch is done. Never dropped.
    Epoch(EpochReport),
    /// A usable model, after an epoch or on request. Never dropped.
    Preview(Arc<Snapshot>),
    /// A checkpoint was written. Never dropped.
    Checkpoint(PathBuf),
    /// A checkpoint could not be written; training continues and the previous checkpoint is intact. Never
    /// dropped.
    CheckpointFailed(Arc<ModelError>),
    /// A setting was changed during the run. Never dropped.
    Changed(Change),
    /// A requested setting is invalid (the message says why); the run keeps the old value. Never dropped.
    Refused(Setting, Arc<ModelError>),
}

/// Results of one epoch.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct EpochReport {
    /// Epoch, from 1.
    pub epoch: usize,
    /// Steps done since the start of the run.
    pub step: usize,
    /// Means over the epoch's training images; the total uses the weights of each step.
    pub training: Losses,
    /// Validation losses at mu with precise batch norm; the total uses the full beta. `None` without
    /// validation images.
    pub validation: Option<Losses>,
    /// Learning rate of the last step.
    pub learning_rate: f64,
    /// Images per second over the epoch.
    pub samples_per_second: f64,
    /// Seconds of training so far, without pauses.
    pub seconds: f64,
    /// Weight of the reconstruction error in the last step.
    pub reconstruction_weight: f64,
    /// Weight of the KL divergence in the last step.
    pub beta: f64,
    /// Images per batch.
    pub batch_size: usize,
    /// Norm of the gradients, mean over the epoch's images.
    pub gradient_norm: f64,
    /// KL divergence of each latent dimension in nats, mean over the validation images (over some training
    /// images in a run without validation).
    pub kl_per_dimension: Vec<f64>,
    /// Whether this epoch has the lowest score so far.
    pub is_best: bool,
    /// Settings changed during the epoch.
    pub changes: Vec<Change>,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All epochs are done.
    Finished,
    /// The score did not improve for as many epochs as early stopping allows.
    EarlyStopped,
    /// Stopped on request; a checkpoint was written if checkpoints are on.
    Stopped,
}

//! What the trainer tells while it works, and where it gets its images.

use std::{path::PathBuf, sync::Arc};

use super::{loss::Losses, snapshot::Snapshot};

/// Where training images come from.
pub trait BatchSource: Send + Sync {
    /// Number of images.
    fn len(&self) -> usize;

    /// Whether there is no image.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `(bins, frames)` of every image.
    fn image_shape(&self) -> (usize, usize);

    /// Copies image `index`, row after row, in 0..1, into `out` (`bins * frames` values).
    fn fill(&self, index: usize, out: &mut [f32]);
}

/// What the trainer tells while it works.
#[derive(Clone, Debug)]
pub enum TrainEvent {
    /// Before the first step.
    Started {
        /// Images that train.
        training_images: usize,
        /// Images that validate.
        validation_images: usize,
        /// Steps of one epoch.
        steps_per_epoch: usize,
        /// Steps already done before a resume.
        first_step: usize,
        /// Threads in use.
        threads: usize,
        /// Where it computes, in words.
        device: &'static str,
    },
    /// After a step. A listener may drop these when it is slow.
    Step {
        /// Steps done in all, from 1.
        step: usize,
        /// The epoch it belongs to, from 1.
        epoch: usize,
        /// Losses of the batch.
        losses: Losses,
        /// Images a second, lately.
        samples_per_second: f64,
        /// Seconds of training so far.
        seconds: f64,
    },
    /// After an epoch. Never dropped.
    Epoch(EpochReport),
    /// A model to look at and play with, after an epoch or on request. Never dropped.
    Preview(Arc<Snapshot>),
    /// A checkpoint lies on disk. Never dropped.
    Checkpoint(PathBuf),
}

/// Results of one epoch.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct EpochReport {
    /// From 1.
    pub epoch: usize,
    /// Steps done in all.
    pub step: usize,
    /// Means over the epoch's training batches.
    pub training: Losses,
    /// From mu with precise batch norm; `None` without validation images.
    pub validation: Option<Losses>,
    /// The learning rate in use.
    pub learning_rate: f64,
    /// Images a second over the epoch.
    pub samples_per_second: f64,
    /// Seconds of training so far.
    pub seconds: f64,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All epochs done.
    Finished,
    /// Stopped on request; a checkpoint was written where checkpoints are on.
    Stopped,
}

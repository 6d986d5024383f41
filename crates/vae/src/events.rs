//! What the trainer tells while it works, and where it gets its images.

use std::{path::PathBuf, sync::Arc};

use rand::rngs::StdRng;

use super::{error::ModelError, loss::Losses, schedule::Rates, snapshot::Snapshot, steering::Change};

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
    ///
    /// # Errors
    /// When the image cannot be read.
    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError>;

    /// Image `index` as one step of training sees it: `input` for the encoder, `target` for the loss; every variation comes
    /// from `random`. The same image twice where images are not varied.
    ///
    /// # Errors
    /// When the image cannot be read.
    fn fill_varied(
        &self,
        index: usize,
        _random: &mut StdRng,
        (input, target): (&mut [f32], &mut [f32]),
    ) -> Result<(), ModelError> {
        self.fill(index, target)?;
        input.copy_from_slice(target);
        Ok(())
    }

    /// Whether [`Self::fill_varied`] differs from [`Self::fill`].
    fn is_varied(&self) -> bool {
        false
    }

    /// These images are wanted soon, in this order: the place to read them ahead.
    fn expect(&self, _indices: &[usize]) {}

    /// The name of an image, with `/` between folders and without an extension, where it has one.
    fn name(&self, _index: usize) -> Option<&str> {
        None
    }

    /// The class of an image, where it has one.
    fn class(&self, _index: usize) -> Option<&str> {
        None
    }

    /// The group of an image, for example its speaker, where it has one.
    fn group(&self, _index: usize) -> Option<String> {
        None
    }
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
        /// Settings that act, before their schedules: changes of earlier parts of the run included.
        in_effect: Rates,
    },
    /// After a step. A listener may drop these when it is slow.
    Step {
        /// Steps done in all, from 1.
        step: usize,
        /// The epoch it belongs to, from 1.
        epoch: usize,
        /// Epochs done, the part of this one included.
        epochs_done: f64,
        /// Losses of the batch.
        losses: Losses,
        /// Learning rate, weights and batch size of this step.
        rates: Rates,
        /// Euclidean norm of all gradients together, before any limit.
        gradient_norm: f64,
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
    /// A checkpoint could not be written; the run goes on, and the last good one is still there. Never dropped.
    CheckpointFailed(String),
    /// A setting was changed under way. Never dropped.
    Changed(Change),
    /// A setting that was asked for makes no sense, in words; the run goes on with what it had. Never dropped.
    Refused(String),
}

/// Results of one epoch.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct EpochReport {
    /// From 1.
    pub epoch: usize,
    /// Steps done in all.
    pub step: usize,
    /// Means over the epoch's training batches; the total with the weights of each step.
    pub training: Losses,
    /// From mu with precise batch norm; the total with the full beta. `None` without validation images.
    pub validation: Option<Losses>,
    /// The learning rate of the last step.
    pub learning_rate: f64,
    /// Images a second over the epoch.
    pub samples_per_second: f64,
    /// Seconds of training so far.
    pub seconds: f64,
    /// Weight of the reconstruction error in the last step.
    pub reconstruction_weight: f64,
    /// Weight of the KL divergence in the last step.
    pub beta: f64,
    /// Images a step.
    pub batch_size: usize,
    /// Mean norm of the gradients.
    pub gradient_norm: f64,
    /// Mean KL divergence of every latent dimension over the validation images (over some training images where there are
    /// none), in nats.
    pub kl_per_dimension: Vec<f64>,
    /// Whether no earlier epoch had a lower score.
    pub is_best: bool,
    /// Settings that were changed during the epoch.
    pub changes: Vec<Change>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All epochs done.
    Finished,
    /// The score had not improved for as many epochs as early stopping waits.
    EarlyStopped,
    /// Stopped on request; a checkpoint was written where checkpoints are on.
    Stopped,
}

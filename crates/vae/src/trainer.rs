//! Trains a model on a batch source and emits events to a listener.

use std::{path::Path, sync::Arc};

use candle_core::Device;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{
    architecture::Architecture,
    batches::{mean_pixel, next_batch, steps_per_epoch},
    checkpoint,
    config::{TrainingConfig, VaeConfig},
    device::Compute,
    error::ModelError,
    initial::Start,
    linear_path::LinearStart,
    model::Vae,
    moving_folder::MovingFolder,
    precise::Estimate,
    schedule::{self, Rates},
    snapshot::Snapshot,
    split::labels_of,
    state::{EpochPosition, State},
    steering::Steering,
    tensors::Tensors,
    training_config::InitialWeights,
    workspace::Workspace,
};
pub use super::{
    batch_source::BatchSource,
    events::{EpochReport, Outcome, TrainEvent},
    loss::Losses,
    steering::{Change, Setting},
};
use timbrespace_base::{
    interrupt::{Interrupt, Signal},
    names::shown,
    sentence,
};

/// Step of the first preview, so that sliders can be tried long before a slow epoch ends.
const EARLY_PREVIEW_STEP: usize = 20;
/// Shorter epochs need no early preview.
const EARLY_PREVIEW_MIN_STEPS: usize = 2 * EARLY_PREVIEW_STEP;

/// A model in training, with optimiser and progress.
pub struct Trainer {
    config: VaeConfig,
    training: TrainingConfig,
    source: Arc<dyn BatchSource>,
    pool: Arc<ThreadPool>,
    state: State,
    model: Vae,
    /// Buffers shared by the training model and by snapshots while their statistics are estimated.
    workspace: Arc<Workspace>,
    compute: Compute,
    training_images: Vec<usize>,
    validation_images: Vec<usize>,
    checkpoints: Option<MovingFolder>,
    steering: Steering,
    /// Image order of the epoch that was trained last.
    order: EpochOrder,
    samples_per_second: Option<f64>,
    /// Step and model of the newest snapshot.
    latest: Option<(usize, Snapshot)>,
    /// The epoch from which on early stopping counts: later than 0 where a run goes on that it had ended.
    patience_from: usize,
}

/// The order in which one epoch uses the images.
#[derive(Default)]
struct EpochOrder {
    /// The epoch, counted from 1.
    epoch: usize,
    images: Vec<usize>,
}

impl Trainer {
    /// A newly initialised model for the images of `source`.
    ///
    /// # Errors
    /// When the settings do not fit the images.
    pub fn new(
        config: VaeConfig,
        training: TrainingConfig,
        source: Arc<dyn BatchSource>,
    ) -> Result<Self, ModelError> {
        Self::starting_from(None, config, training, source)
    }

    /// As [`Self::new`], with principal components of the training images as initial values of the linear
    /// path, if the model has one.
    ///
    /// # Errors
    /// As [`Self::new`]; also when the components have another image size.
    pub fn starting_from(
        components: Option<&LinearStart>,
        config: VaeConfig,
        training: TrainingConfig,
        source: Arc<dyn BatchSource>,
    ) -> Result<Self, ModelError> {
        config.validate()?;
        training.validate()?;
        let (bins, frames) = source.image_shape();
        if (bins, frames) != (config.bins, config.frames) {
            return Err(ModelError::Mismatch {
                what: sentence!("what-image-size", "image size (bins × frames)"),
                expected: format!("{} × {}", config.bins, config.frames),
                actual: format!("{bins} × {frames}"),
            });
        }
        if source.is_empty() {
            return Err(sentence!("error-no-image", "there is no image to train on").into());
        }
        let threads = training.threads.unwrap_or_else(default_threads);
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("training {index}"))
            .build()
            .map_err(|error| {
                sentence!("error-no-threads", "the training threads did not start: {cause}", cause = error)
            })?;
        let compute = training.device.open()?;
        let (training_images, validation_images) = training.split(&labels_of(&*source))?;
        let start = match (training.initial_weights, checked_components(components, &config)?) {
            (InitialWeights::Keras, _) => Start::Keras,
            (InitialWeights::Fitted, Some(start)) => {
                Start::Components { start, reconstruction_weight: config.reconstruction_weight }
            }
            (InitialWeights::Fitted, None) => {
                Start::Fitted { mean_pixel: mean_pixel(&*source, &training_images)? }
            }
        };
        let architecture = Architecture::new(&config);
        let mut state = State::fresh(&architecture, training.seed, start, &compute.device)?;
        if training.weight_average > 0.0 {
            state.start_average()?;
        }
        let workspace = Workspace::unlimited();
        Ok(Self {
            model: Vae::new(&config, &state.tracked_tensors(), &workspace, &compute)?,
            workspace,
            compute,
            config,
            training,
            source,
            pool: Arc::new(pool),
            state,
            training_images,
            validation_images,
            checkpoints: None,
            steering: Steering::new(),
            order: EpochOrder::default(),
            samples_per_second: None,
            latest: None,
            patience_from: 0,
        })
    }

    /// Writes checkpoints below `dir` (`dir/step-N/`), one per epoch and one when stopped.
    #[must_use]
    pub fn with_checkpoints(mut self, dir: impl Into<MovingFolder>) -> Self {
        self.checkpoints = Some(dir.into());
        self
    }

    /// Applies changes requested through `steering` during training.
    #[must_use]
    pub fn with_steering(mut self, steering: Steering) -> Self {
        self.steering = steering;
        self
    }

    /// Resumes from the newest valid checkpoint below `dir`; returns `false` if there is none.
    ///
    /// # Errors
    /// When the checkpoint belongs to another model, or to a run with another seed, batch size, validation
    /// fraction or number of images, which would not continue where it stopped; both values are named.
    pub fn resume(&mut self, dir: &Path) -> Result<bool, ModelError> {
        let Some((place, files)) = checkpoint::newest_valid(dir) else {
            return Ok(false);
        };
        self.state.restore(&files, &self.config, &self.training, self.source.len())?;
        self.derive_epoch_position();
        self.latest = None;
        log::info!("training goes on from {}", shown(&place));
        Ok(true)
    }

    /// Steps done so far.
    pub fn step(&self) -> usize {
        self.state.adam.step
    }

    /// Indices of the training and of the validation images.
    pub fn split(&self) -> (Vec<usize>, Vec<usize>) {
        (self.training_images.clone(), self.validation_images.clone())
    }

    /// Seconds of training, including earlier parts of a resumed run, without pauses.
    pub fn seconds(&self) -> f64 {
        self.state.progress.seconds
    }

    /// Current settings, before their schedules.
    pub fn in_effect(&self) -> Rates {
        self.state.progress.in_effect.unwrap_or(Rates {
            learning_rate: self.training.learning_rate,
            reconstruction_weight: self.config.reconstruction_weight,
            beta: self.training.beta,
            batch_size: self.training.batch_size,
        })
    }

    /// Settings of the next step: the current settings with their schedules applied.
    fn rates(&self) -> Rates {
        let (rates, progress) = (self.in_effect(), &self.state.progress);
        let epochs = self.epochs_done();
        let factor =
            schedule::learning_rate_factor(&self.training, self.step(), epochs, progress.plateau_factor);
        Rates {
            learning_rate: rates.learning_rate * factor,
            beta: rates.beta * schedule::beta_factor(&self.training, epochs),
            ..rates
        }
    }

    /// Epochs done, including the fraction of the current one.
    fn epochs_done(&self) -> f64 {
        let EpochPosition { epoch, images, .. } = self.state.progress.place;
        epoch.saturating_sub(1) as f64 + images as f64 / self.training_images.len().max(1) as f64
    }

    fn steps_per_epoch(&self) -> usize {
        steps_per_epoch(self.training_images.len(), self.in_effect().batch_size)
    }

    /// Derives the position in the epoch for a checkpoint of an older version, which does not record it.
    fn derive_epoch_position(&mut self) {
        if self.state.progress.place.epoch > 0 {
            return;
        }
        let (step, per_epoch) = (self.step(), self.steps_per_epoch());
        let (done, steps) = match (step / per_epoch, step % per_epoch) {
            (done, 0) if done > self.state.progress.reported_epochs => (done - 1, per_epoch),
            place => place,
        };
        let images = (steps * self.training.batch_size).min(self.training_images.len());
        self.state.progress.place = EpochPosition { epoch: done + 1, steps, images };
    }

    /// Images in the next batch; 0 at the end of an epoch.
    fn next_batch(&self) -> usize {
        let used = self.state.progress.place.images;
        next_batch(self.training_images.len(), used, self.in_effect().batch_size)
    }

    /// Trains until the last epoch, until early stopping, or until `interrupt` stops it, which is checked at
    /// every batch.
    ///
    /// # Errors
    /// When the loss or a gradient is not finite, or an image cannot be read. A checkpoint that cannot be
    /// written does not end the run; it is reported as [`TrainEvent::CheckpointFailed`].
    pub fn run(
        &mut self,
        sink: &mut dyn FnMut(TrainEvent),
        interrupt: &Interrupt,
    ) -> Result<Outcome, ModelError> {
        if self.state.progress.place.epoch == 0 {
            self.state.progress.place.epoch = 1;
        }
        sink(TrainEvent::Started {
            training_images: self.training_images.len(),
            validation_images: self.validation_images.len(),
            steps_per_epoch: self.steps_per_epoch(),
            first_step: self.step(),
            threads: self.pool.current_num_threads(),
            device: self.compute.label(),
            in_effect: self.in_effect(),
        });
        if self.is_out_of_patience() {
            self.patience_from = self.state.progress.reported_epochs;
        }
        loop {
            let signal = interrupt.wait_or_nudge();
            if signal == Signal::Stop {
                self.write_checkpoint(sink)?;
                return Ok(Outcome::Stopped);
            }
            self.send_requested_snapshot(sink, interrupt)?;
            if signal == Signal::Pause {
                continue;
            }
            if self.state.progress.reported_epochs >= self.training.epochs {
                return Ok(Outcome::Finished);
            }
            if self.is_out_of_patience() {
                return Ok(Outcome::EarlyStopped);
            }
            self.apply_steering(sink);
            if self.next_batch() == 0 {
                // If stopped on the way, this is repeated when training resumes.
                self.finish_epoch(sink, interrupt)?;
            } else {
                self.step_and_report(sink, interrupt)?;
            }
        }
    }

    /// Writes a checkpoint and emits the result; after a failure the older ones remain.
    fn write_checkpoint(&self, sink: &mut dyn FnMut(TrainEvent)) -> Result<(), ModelError> {
        let Some(dir) = &self.checkpoints else { return Ok(()) };
        let files = self.state.to_files(&self.config, &self.training, self.source.len())?;
        let progress = &self.state.progress;
        let at_epoch_end = progress.place.images == 0 && progress.reported_epochs > 0;
        let due = |every: usize| progress.reported_epochs.is_multiple_of(every);
        let marks = checkpoint::Marks {
            best: progress.best.map(|best| best.step),
            kept: at_epoch_end && self.training.checkpoint_every.is_some_and(due),
        };
        let written = dir.with(|dir| checkpoint::write(dir, self.step(), &files, marks));
        sink(match written {
            Ok(place) => TrainEvent::Checkpoint(place),
            Err(error) => TrainEvent::CheckpointFailed(Arc::new(error)),
        });
        Ok(())
    }

    /// The epoch with the lowest score and its model, with batch-norm statistics re-estimated for it; `None`
    /// if its checkpoint is gone. Does not affect training.
    ///
    /// # Errors
    /// When the checkpoint does not fit, or candle fails.
    pub fn best_snapshot(&mut self) -> Result<Option<(usize, Snapshot)>, ModelError> {
        let Some((dir, best)) = self.checkpoints.as_ref().zip(self.state.progress.best) else {
            return Ok(None);
        };
        if best.step == self.step() {
            return Ok(Some((best.epoch, self.snapshot()?)));
        }
        let Some((_, files)) = dir.with(checkpoint::best_valid) else { return Ok(None) };
        let architecture = Architecture::new(&self.config);
        // All weights are restored below, so the initial ones do not matter.
        let mut state = State::fresh(&architecture, self.training.seed, Start::Keras, &self.compute.device)?;
        if self.training.weight_average > 0.0 {
            state.start_average()?;
        }
        state.restore(&files, &self.config, &self.training, self.source.len())?;
        let (now, latest) = (std::mem::replace(&mut self.state, state), self.latest.take());
        let snapshot = self.snapshot();
        self.state = now;
        self.latest = latest;
        Ok(Some((best.epoch, snapshot?)))
    }

    /// The current weights with re-estimated batch-norm statistics. Does not affect training.
    ///
    /// # Errors
    /// When candle fails.
    pub fn snapshot(&mut self) -> Result<Snapshot, ModelError> {
        self.snapshot_unless_stopped(None)?
            .ok_or_else(|| ModelError::Other("the snapshot was stopped".to_owned()))
    }

    fn snapshot_unless_stopped(
        &mut self,
        interrupt: Option<&Interrupt>,
    ) -> Result<Option<Snapshot>, ModelError> {
        if let Some((step, snapshot)) = &self.latest
            && *step == self.step()
        {
            return Ok(Some(snapshot.clone()));
        }
        let tensors = self.state.copied_tensors()?;
        let model = Vae::new(&self.config, &tensors, &self.workspace, &self.compute)?;
        let estimate = Estimate {
            model: &model,
            latent_size: self.config.latent_size,
            settings: &self.training,
            source: &*self.source,
            training: &self.training_images,
            step: self.step(),
        };
        let Some(precise) = self.pool.install(|| estimate.run(interrupt))? else {
            return Ok(None);
        };
        let tensors = in_main_memory(tensors)?;
        let snapshot = Snapshot::new(&self.config, tensors, self.state.running.clone(), precise)?;
        self.latest = Some((self.step(), snapshot.clone()));
        Ok(Some(snapshot))
    }
}

/// The components to start from, if the model has a linear path; checks their image size.
fn checked_components<'a>(
    components: Option<&'a LinearStart>,
    config: &VaeConfig,
) -> Result<Option<&'a LinearStart>, ModelError> {
    let pixels = config.bins * config.frames;
    match components.filter(|_| config.linear_path) {
        Some(components) if components.mean.len() != pixels => Err(ModelError::Mismatch {
            what: sentence!("what-components", "size of the components' images (pixels)"),
            expected: pixels.to_string(),
            actual: components.mean.len().to_string(),
        }),
        fitting => Ok(fitting),
    }
}

/// Copies tensors to main memory, where snapshots compute.
fn in_main_memory(tensors: Tensors) -> Result<Tensors, ModelError> {
    let moved = tensors.into_iter().map(|(name, tensor)| Ok((name, tensor.to_device(&Device::Cpu)?)));
    Ok(moved.collect::<candle_core::Result<_>>()?)
}

/// One thread per core.
fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

mod epoch;
mod step;
#[cfg(test)]
mod tests;

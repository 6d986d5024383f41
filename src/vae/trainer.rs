//! Trains a model on a batch source and tells a listener about it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use candle_core::Device;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{
    architecture::Architecture,
    batches::{images, noise, shuffled, steps_per_epoch},
    checkpoint,
    config::{TrainingConfig, VaeConfig},
    device::Compute,
    error::ModelError,
    loss::{kl_divergences, loss, reconstruction_errors},
    model::Vae,
    precise::Estimate,
    random::Purpose,
    snapshot::Snapshot,
    state::State,
    weights::Tensors,
    workspace::Workspace,
};
pub use super::{
    events::{BatchSource, EpochReport, Outcome, TrainEvent},
    loss::Losses,
};
use crate::interrupt::{Interrupt, Signal};

/// Steps before the first preview, so that sliders can be tried long before a slow epoch ends.
const EARLY_PREVIEW_STEP: usize = 20;
/// An epoch of fewer steps ends soon enough by itself.
const EARLY_PREVIEW_MIN_STEPS: usize = 2 * EARLY_PREVIEW_STEP;
/// Validation images that go through the model between two looks at the interrupt.
const VALIDATION_BATCH: usize = 16;
/// Part of the reported speed that one step decides.
const SPEED_BLEND: f64 = 0.2;

/// A model under training, with its optimiser and random state.
pub struct Trainer {
    config: VaeConfig,
    training: TrainingConfig,
    source: Arc<dyn BatchSource>,
    pool: Arc<ThreadPool>,
    state: State,
    model: Vae,
    /// Shared by the model that trains and the copies whose statistics are estimated.
    workspace: Arc<Workspace>,
    compute: Compute,
    training_images: Vec<usize>,
    validation_images: Vec<usize>,
    checkpoints: Option<PathBuf>,
    /// The order of one epoch, kept for its steps.
    order: (usize, Vec<usize>),
    samples_per_second: Option<f64>,
    /// The newest snapshot and its step.
    latest: Option<(usize, Snapshot)>,
}

impl Trainer {
    /// A fresh model for the images of `source`.
    ///
    /// # Errors
    /// When the settings do not fit the images.
    pub fn new(
        config: VaeConfig,
        training: TrainingConfig,
        source: Arc<dyn BatchSource>,
    ) -> Result<Self, ModelError> {
        config.validate()?;
        training.validate()?;
        let (bins, frames) = source.image_shape();
        if (bins, frames) != (config.bins, config.frames) {
            return Err(ModelError::Mismatch {
                what: "image size (bins × frames)",
                expected: format!("{} × {}", config.bins, config.frames),
                actual: format!("{bins} × {frames}"),
            });
        }
        if source.is_empty() {
            return Err(ModelError::Other("there is no image to train on".to_owned()));
        }
        let threads = training.threads.unwrap_or_else(default_threads);
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("training {index}"))
            .build()
            .map_err(|error| ModelError::Other(format!("the training threads did not start: {error}")))?;
        let compute = training.device.open()?;
        let state = State::fresh(&Architecture::new(&config), training.seed, &compute.device)?;
        let (training_images, validation_images) = training.split(source.len());
        let workspace = Workspace::unlimited();
        Ok(Self {
            model: Vae::new(&config, &state.tracked_tensors(), (&workspace, compute.fused))?,
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
            order: (0, Vec::new()),
            samples_per_second: None,
            latest: None,
        })
    }

    /// Keeps checkpoints below `dir` (`dir/step-N/`), one an epoch and one when stopped.
    #[must_use]
    pub fn with_checkpoints(mut self, dir: PathBuf) -> Self {
        self.checkpoints = Some(dir);
        self
    }

    /// Goes on from the newest valid checkpoint below `dir`; `false` when there is none.
    ///
    /// # Errors
    /// When the checkpoint belongs to another model, or to a run with another seed, batch size, validation fraction or
    /// number of images, which would not go on where it stopped; both sides are named.
    pub fn resume(&mut self, dir: &Path) -> Result<bool, ModelError> {
        let Some((place, files)) = checkpoint::newest_valid(dir) else {
            return Ok(false);
        };
        self.state.restore(&files, &self.config, &self.training, self.source.len())?;
        self.latest = None;
        log::info!("training goes on from {}", place.display());
        Ok(true)
    }

    /// Steps done so far.
    pub fn step(&self) -> usize {
        self.state.adam.step
    }

    /// Indices of the images that train and that validate.
    pub fn split(&self) -> (Vec<usize>, Vec<usize>) {
        (self.training_images.clone(), self.validation_images.clone())
    }

    /// Seconds of training so far, earlier parts of a resumed run included, pauses left out.
    pub fn seconds(&self) -> f64 {
        self.state.progress.seconds
    }

    fn steps_per_epoch(&self) -> usize {
        steps_per_epoch(self.training_images.len(), self.training.batch_size)
    }

    /// Trains until the last epoch, or until `interrupt` says stop; looks at it every batch.
    ///
    /// # Errors
    /// When the loss is no longer a number, or a checkpoint cannot be written.
    pub fn run(
        &mut self,
        sink: &mut dyn FnMut(TrainEvent),
        interrupt: &Interrupt,
    ) -> Result<Outcome, ModelError> {
        let steps_per_epoch = self.steps_per_epoch();
        sink(TrainEvent::Started {
            training_images: self.training_images.len(),
            validation_images: self.validation_images.len(),
            steps_per_epoch,
            first_step: self.step(),
            threads: self.pool.current_num_threads(),
            device: self.compute.label(),
        });
        loop {
            if interrupt.wait_while_paused() == Signal::Stop {
                self.write_checkpoint(sink)?;
                return Ok(Outcome::Stopped);
            }
            if self.state.progress.reported_epochs < self.step() / steps_per_epoch {
                // Stopped on the way, it is done again when training goes on.
                self.finish_epoch(sink, interrupt)?;
            } else if self.step() >= self.training.epochs * steps_per_epoch {
                return Ok(Outcome::Finished);
            } else {
                self.step_and_report(sink, interrupt)?;
            }
        }
    }

    /// One step and its event, and the early preview where it is time for it.
    fn step_and_report(
        &mut self,
        sink: &mut dyn FnMut(TrainEvent),
        interrupt: &Interrupt,
    ) -> Result<(), ModelError> {
        let start = Instant::now();
        let pool = Arc::clone(&self.pool);
        let (losses, count) = pool.install(|| self.train_step())?;
        let seconds = start.elapsed().as_secs_f64();
        self.state.progress.add(losses, count, seconds);
        let speed = count as f64 / seconds.max(f64::EPSILON);
        let smooth = self.samples_per_second.map_or(speed, |old| old + SPEED_BLEND * (speed - old));
        self.samples_per_second = Some(smooth);
        sink(TrainEvent::Step {
            step: self.step(),
            epoch: self.step().div_ceil(self.steps_per_epoch()),
            losses,
            samples_per_second: smooth,
            seconds: self.seconds(),
        });
        if self.step() == EARLY_PREVIEW_STEP && self.steps_per_epoch() >= EARLY_PREVIEW_MIN_STEPS {
            let start = Instant::now();
            if let Some(snapshot) = self.snapshot_unless_stopped(Some(interrupt))? {
                sink(TrainEvent::Preview(Arc::new(snapshot)));
            }
            self.state.progress.seconds += start.elapsed().as_secs_f64();
        }
        Ok(())
    }

    /// Forward, backward, Adam. The weights are left alone when the loss is no number.
    fn train_step(&mut self) -> Result<(Losses, usize), ModelError> {
        let (step, per_epoch) = (self.step(), self.steps_per_epoch());
        let (epoch, position) = (step / per_epoch + 1, step % per_epoch);
        let seed = self.training.seed;
        if self.order.0 != epoch {
            self.order = (epoch, shuffled(&self.training_images, seed, Purpose::Shuffle, epoch, 0));
        }
        let size = self.training.batch_size;
        let batch: Vec<usize> = self.order.1.iter().skip(position * size).take(size).copied().collect();
        let device = &self.compute.device;
        let images = images(&*self.source, &batch, device)?;
        let noise = noise(batch.len(), self.config.latent_size, seed, Purpose::Noise, epoch, position)?;
        let pass = self.model.training_pass(&images, &noise.to_device(device)?)?;
        let (total, losses) = loss(&images, &pass.decoded, &pass.latent, self.config.reconstruction_weight)?;
        if !losses.is_finite() {
            return Err(ModelError::NotANumber { epoch, step: step + 1, total: losses.total });
        }
        let gradients = total.backward()?;
        self.state.adam.apply(&self.training, &self.state.variables, &gradients)?;
        self.state.running.iter_mut().zip(&pass.moments).for_each(|(running, batch)| running.follow(batch));
        Ok((losses, batch.len()))
    }

    /// Validation, report, preview and checkpoint of a finished epoch; does nothing when stopped on the way.
    fn finish_epoch(
        &mut self,
        sink: &mut dyn FnMut(TrainEvent),
        interrupt: &Interrupt,
    ) -> Result<(), ModelError> {
        let start = Instant::now();
        let Some(snapshot) = self.snapshot_unless_stopped(Some(interrupt))? else {
            return Ok(());
        };
        let validation = self.validate(&snapshot, interrupt)?;
        if interrupt.is_stopped() {
            return Ok(());
        }
        let (step, epoch) = (self.step(), self.step() / self.steps_per_epoch());
        let progress = &mut self.state.progress;
        progress.seconds += start.elapsed().as_secs_f64();
        let report = EpochReport {
            epoch,
            step,
            training: progress.epoch_means(),
            validation,
            learning_rate: self.training.learning_rate,
            samples_per_second: progress.epoch_images as f64 / progress.epoch_seconds.max(f64::EPSILON),
            seconds: progress.seconds,
        };
        progress.reported_epochs = epoch;
        progress.epoch_sums = Losses::default();
        (progress.epoch_images, progress.epoch_seconds) = (0, 0.0);
        sink(TrainEvent::Epoch(report));
        sink(TrainEvent::Preview(Arc::new(snapshot)));
        self.write_checkpoint(sink)
    }

    /// Losses of the validation images from mu; `None` without such images, or when stopped on the way.
    fn validate(&self, snapshot: &Snapshot, interrupt: &Interrupt) -> Result<Option<Losses>, ModelError> {
        let count = self.validation_images.len();
        if count == 0 {
            return Ok(None);
        }
        let (mut reconstruction, mut kl) = (0.0, 0.0);
        for batch in self.validation_images.chunks(VALIDATION_BATCH) {
            if interrupt.is_stopped() {
                return Ok(None);
            }
            let (errors, divergences) = self.pool.install(|| self.validate_batch(snapshot, batch))?;
            reconstruction += errors;
            kl += divergences;
        }
        let (reconstruction, kl) = (reconstruction / count as f64, kl / count as f64);
        Ok(Some(Losses::new(reconstruction, kl, self.config.reconstruction_weight)))
    }

    /// Sums of reconstruction error and divergence over some images.
    fn validate_batch(&self, snapshot: &Snapshot, batch: &[usize]) -> Result<(f64, f64), ModelError> {
        let mut images = ndarray::Array3::zeros((batch.len(), self.config.bins, self.config.frames));
        for (mut image, index) in images.outer_iter_mut().zip(batch) {
            if let Some(image) = image.as_slice_mut() {
                self.source.fill(*index, image);
            }
        }
        let posterior = snapshot.encode(&images)?;
        let decoded = snapshot.decode(&posterior.mu)?;
        let errors = reconstruction_errors(&images, &decoded);
        let divergences = kl_divergences(&posterior);
        Ok((errors.iter().sum(), divergences.iter().flatten().sum()))
    }

    fn write_checkpoint(&self, sink: &mut dyn FnMut(TrainEvent)) -> Result<(), ModelError> {
        if let Some(dir) = &self.checkpoints {
            let files = self.state.to_files(&self.config, &self.training, self.source.len())?;
            sink(TrainEvent::Checkpoint(checkpoint::write(dir, self.step(), &files)?));
        }
        Ok(())
    }

    /// The current weights with re-estimated batch-norm statistics; training goes on undisturbed.
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
        let model = Vae::new(&self.config, &tensors, (&self.workspace, self.compute.fused))?;
        let estimate = Estimate {
            model: &model,
            device: &self.compute.device,
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

/// The same tensors where every view can compute with them.
fn in_main_memory(tensors: Tensors) -> Result<Tensors, ModelError> {
    let moved = tensors.into_iter().map(|(name, tensor)| Ok((name, tensor.to_device(&Device::Cpu)?)));
    Ok(moved.collect::<candle_core::Result<_>>()?)
}

/// As many threads as cores.
fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests;

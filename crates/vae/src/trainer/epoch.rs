//! End of an epoch: validation, score, report, preview and checkpoint.

use std::{sync::Arc, time::Instant};

use ndarray::Array3;

use super::{EpochReport, Losses, TrainEvent, Trainer};
use crate::{
    error::ModelError,
    loss::{kl_divergences, reconstruction_errors},
    schedule::LearningRateSchedule,
    snapshot::Snapshot,
    state::{Best, EpochPosition},
};
use timbrespace_base::interrupt::Interrupt;

/// Validation images per forward pass, between two checks of the interrupt.
const VALIDATION_BATCH: usize = 16;
/// Training images that replace validation images for the KL divergence per dimension if there are none.
const SUBSTITUTE_IMAGES: usize = 64;

/// Sums over images, computed with a snapshot.
#[derive(Default)]
struct EpochSums {
    images: usize,
    reconstruction: f64,
    kl_per_dimension: Vec<f64>,
}

impl EpochSums {
    fn is_finite(&self) -> bool {
        self.reconstruction.is_finite() && self.kl_per_dimension.iter().all(|kl| kl.is_finite())
    }
}

impl Trainer {
    /// Validates, reports and saves a finished epoch; does nothing when stopped on the way.
    ///
    /// A model with NaN or infinite results ends the run before anything is overwritten.
    pub(super) fn finish_epoch(
        &mut self,
        sink: &mut dyn FnMut(TrainEvent),
        interrupt: &Interrupt,
    ) -> Result<(), ModelError> {
        let start = Instant::now();
        let Some(snapshot) = self.snapshot_unless_stopped(Some(interrupt))? else {
            return Ok(());
        };
        let Some(measured) = self.measure(&snapshot, interrupt)? else {
            return Ok(());
        };
        if !measured.is_finite() {
            let (epoch, step) = (self.state.progress.place.epoch, self.step());
            return Err(ModelError::NotFinite { epoch, step, total: f64::NAN });
        }
        self.state.progress.seconds += start.elapsed().as_secs_f64();
        let report = self.report(&measured);
        let start = Instant::now();
        sink(TrainEvent::Epoch(report));
        sink(TrainEvent::Preview(Arc::new(snapshot)));
        self.write_checkpoint(sink)?;
        // Saving takes longer than an epoch where there are few recordings and many weights.
        self.state.progress.seconds += start.elapsed().as_secs_f64();
        Ok(())
    }

    /// Builds the report of the finished epoch and advances to the next.
    fn report(&mut self, measured: &EpochSums) -> EpochReport {
        let (rates, in_effect, step) = (self.rates(), self.in_effect(), self.step());
        let epoch = self.state.progress.place.epoch;
        let training = self.state.progress.epoch_means();
        let count = measured.images.max(1) as f64;
        let kl_per_dimension: Vec<f64> = measured.kl_per_dimension.iter().map(|sum| sum / count).collect();
        let validation = (!self.validation_images.is_empty())
            .then(|| Losses::new(measured.reconstruction / count, kl_per_dimension.iter().sum(), &in_effect));
        let is_best = self.update_best(epoch, validation.unwrap_or(training));
        let progress = &mut self.state.progress;
        let report = EpochReport {
            epoch,
            step,
            training,
            validation,
            learning_rate: rates.learning_rate,
            samples_per_second: progress.epoch_images as f64 / progress.epoch_seconds.max(f64::EPSILON),
            seconds: progress.seconds,
            reconstruction_weight: rates.reconstruction_weight,
            beta: rates.beta,
            batch_size: rates.batch_size,
            gradient_norm: progress.gradient_norms / progress.epoch_images.max(1) as f64,
            kl_per_dimension,
            is_best,
            changes: std::mem::take(&mut progress.changes),
        };
        progress.reported_epochs = epoch;
        progress.epoch_sums = Losses::default();
        (progress.epoch_images, progress.epoch_seconds, progress.gradient_norms) = (0, 0.0, 0.0);
        progress.place = EpochPosition { epoch: epoch + 1, steps: 0, images: 0 };
        report
    }

    /// Updates the best epoch and the plateau counter, and lowers the learning rate on a plateau. Returns
    /// whether this epoch is the best.
    ///
    /// Both scores use the full weights in effect now, since steering may have changed them.
    fn update_best(&mut self, epoch: usize, losses: Losses) -> bool {
        let (in_effect, step) = (self.in_effect(), self.step());
        let score = |losses: &Losses| Losses::new(losses.reconstruction, losses.kl, &in_effect).total;
        let progress = &mut self.state.progress;
        let is_best = progress.best.is_none_or(|best| score(&losses) < score(&best.losses));
        if is_best {
            progress.best = Some(Best { epoch, step, losses });
            progress.plateau_epochs = 0;
            return true;
        }
        progress.plateau_epochs += 1;
        let waits = progress.plateau_epochs >= self.training.plateau_patience;
        if self.training.learning_rate_schedule == LearningRateSchedule::Plateau && waits {
            progress.plateau_factor *= self.training.plateau_factor;
            progress.plateau_epochs = 0;
        }
        false
    }

    /// Whether early stopping has run out of patience.
    pub(super) fn is_out_of_patience(&self) -> bool {
        let progress = &self.state.progress;
        let since = |epoch: usize| progress.reported_epochs.saturating_sub(epoch);
        self.training
            .early_stopping
            .zip(progress.best)
            .is_some_and(|(patience, best)| since(best.epoch.max(self.patience_from)) >= patience)
    }

    /// Sums of reconstruction error and KL divergence of the validation images at mu, or of some training
    /// images if there are none; `None` when stopped on the way.
    fn measure(&self, snapshot: &Snapshot, interrupt: &Interrupt) -> Result<Option<EpochSums>, ModelError> {
        let training = &self.training_images[..self.training_images.len().min(SUBSTITUTE_IMAGES)];
        let images = if self.validation_images.is_empty() { training } else { &self.validation_images };
        let mut measured = EpochSums::default();
        for batch in images.chunks(VALIDATION_BATCH) {
            if interrupt.is_stopped() {
                return Ok(None);
            }
            self.source.prefetch(batch);
            self.pool.install(|| self.measure_batch(snapshot, batch, &mut measured))?;
        }
        Ok(Some(measured))
    }

    fn measure_batch(
        &self,
        snapshot: &Snapshot,
        batch: &[usize],
        measured: &mut EpochSums,
    ) -> Result<(), ModelError> {
        let mut images = Array3::zeros((batch.len(), self.config.bins, self.config.frames));
        for (mut image, index) in images.outer_iter_mut().zip(batch) {
            if let Some(image) = image.as_slice_mut() {
                self.source.fill(*index, image)?;
            }
        }
        let posterior = snapshot.encode(&images)?;
        let decoded = snapshot.decode(&posterior.mu)?;
        measured.images += batch.len();
        measured.reconstruction += reconstruction_errors(&images, &decoded).iter().sum::<f64>();
        measured.kl_per_dimension.resize(self.config.latent_size, 0.0);
        for divergences in kl_divergences(&posterior.mu, &posterior.log_variance) {
            measured.kl_per_dimension.iter_mut().zip(divergences).for_each(|(sum, kl)| *sum += kl);
        }
        Ok(())
    }
}

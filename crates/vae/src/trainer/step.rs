//! One training step: pending changes of settings, forward, backward, Adam.

use std::{sync::Arc, time::Instant};

use super::{EARLY_PREVIEW_MIN_STEPS, EARLY_PREVIEW_STEP, EpochOrder, Losses, TrainEvent, Trainer};
use crate::{
    batches::{augmented_images, noise, order},
    config::TrainingConfig,
    error::ModelError,
    optimiser,
    passes::{Batch, StepResult},
    random::Purpose,
    schedule::Rates,
    state::EpochPosition,
    steering::{Change, Setting},
};
use timbrespace_base::interrupt::Interrupt;

/// Weight of the newest step in the smoothed speed.
const SPEED_BLEND: f64 = 0.2;
/// Number of batches to prefetch.
const PREFETCHED_BATCHES: usize = 4;

/// Results of one training step.
struct StepOutcome {
    losses: Losses,
    /// Norm of all gradients together, before any limit.
    gradient_norm: f64,
    /// Number of images in the batch.
    count: usize,
}

impl Trainer {
    /// Applies the requested settings; invalid ones are refused with an event.
    pub(super) fn apply_steering(&mut self, sink: &mut dyn FnMut(TrainEvent)) {
        for (setting, to) in self.steering.take() {
            let old = self.in_effect();
            let (from, rates) = match setting {
                Setting::LearningRate => (old.learning_rate, Rates { learning_rate: to, ..old }),
                Setting::ReconstructionWeight => {
                    (old.reconstruction_weight, Rates { reconstruction_weight: to, ..old })
                }
                Setting::Beta => (old.beta, Rates { beta: to, ..old }),
                Setting::BatchSize => (old.batch_size as f64, Rates { batch_size: to as usize, ..old }),
            };
            if from == to {
                continue;
            }
            if let Err(error) = self.check(&rates) {
                sink(TrainEvent::Refused(setting, Arc::new(error)));
                continue;
            }
            let change = Change { step: self.step() + 1, setting, from, to };
            self.state.progress.in_effect = Some(rates);
            self.state.progress.changes.push(change);
            sink(TrainEvent::Changed(change));
        }
    }

    /// Sends a model of the current weights if one was requested, even while the run is paused.
    pub(super) fn send_requested_snapshot(
        &mut self,
        sink: &mut dyn FnMut(TrainEvent),
        interrupt: &Interrupt,
    ) -> Result<(), ModelError> {
        if self.steering.take_snapshot_request()
            && let Some(snapshot) = self.snapshot_unless_stopped(Some(interrupt))?
        {
            sink(TrainEvent::Preview(Arc::new(snapshot)));
        }
        Ok(())
    }

    fn check(&self, rates: &Rates) -> Result<(), ModelError> {
        let Rates { learning_rate, reconstruction_weight, beta, batch_size } = *rates;
        TrainingConfig { batch_size, learning_rate, beta, ..self.training.clone() }.validate()?;
        let mut model = self.config.clone();
        model.reconstruction_weight = reconstruction_weight;
        Ok(model.validate()?)
    }

    /// Runs one step, emits its event and, when due, the early preview.
    pub(super) fn step_and_report(
        &mut self,
        sink: &mut dyn FnMut(TrainEvent),
        interrupt: &Interrupt,
    ) -> Result<(), ModelError> {
        let start = Instant::now();
        let (rates, epoch) = (self.rates(), self.state.progress.place.epoch);
        let pool = Arc::clone(&self.pool);
        let StepOutcome { losses, gradient_norm, count } = pool.install(|| self.train_step(&rates))?;
        let seconds = start.elapsed().as_secs_f64();
        self.state.progress.add(losses, gradient_norm, count, seconds);
        // Exponential moving average, so that the displayed speed is steady
        let speed = count as f64 / seconds.max(f64::EPSILON);
        let smooth = self.samples_per_second.map_or(speed, |old| old + SPEED_BLEND * (speed - old));
        self.samples_per_second = Some(smooth);
        sink(TrainEvent::Step {
            step: self.step(),
            epoch,
            epochs_done: self.epochs_done(),
            losses,
            rates,
            gradient_norm,
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

    /// Forward, backward, Adam. If the loss or a gradient is not finite, or Adam could not square the gradient, the weights stay
    /// unchanged.
    fn train_step(&mut self, rates: &Rates) -> Result<StepOutcome, ModelError> {
        let EpochPosition { epoch, steps, images: used } = self.state.progress.place;
        let seed = self.training.seed;
        // A new epoch has a new order.
        if self.order.epoch != epoch {
            let images = order(&*self.source, &self.training_images, &self.training, epoch);
            self.order = EpochOrder { epoch, images };
        }
        let count = self.next_batch();
        let ahead = &self.order.images[used..];
        // Announce this batch and the next ones, so that the source can read them ahead.
        self.source.prefetch(&ahead[..ahead.len().min(count * PREFETCHED_BATCHES)]);
        // [count, bins, frames] each: the encoder's inputs and the reconstruction targets
        let examples = augmented_images(&*self.source, &ahead[..count], seed, epoch, used)?;
        // Latent noise [count, latent], drawn from (seed, epoch, step) so that a resumed run repeats it.
        let noise = noise(count, self.config.latent_size, seed, Purpose::Noise, epoch, steps);
        // Forward pass with batch statistics, and backward pass
        let batch = Batch { inputs: &examples.inputs, targets: examples.targets(), noise: &noise };
        let StepResult { losses, moments, gradients } = self.model.step(&batch, rates)?;
        let not_finite = |total| ModelError::NotFinite { epoch, step: self.state.adam.step + 1, total };
        if !losses.is_finite() {
            return Err(not_finite(losses.total));
        }
        // Nothing was changed so far; only a finite loss and gradient may reach the weights.
        let norm = optimiser::norm(&gradients);
        if !optimiser::can_apply(norm) {
            return Err(not_finite(norm));
        }
        self.state.adam.apply(
            &self.training,
            rates.learning_rate,
            &self.state.variables,
            &gradients,
            norm,
        )?;
        // After the update: mean of the weights, then the batch norms' running statistics.
        self.state.update_average(self.training.weight_average)?;
        self.state.running.iter_mut().zip(&moments).for_each(|(running, batch)| running.update(batch));
        self.state.progress.place = EpochPosition { epoch, steps: steps + 1, images: used + count };
        Ok(StepOutcome { losses, gradient_norm: norm, count })
    }
}

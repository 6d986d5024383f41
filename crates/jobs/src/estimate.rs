//! How long training takes here: a few real steps on made-up images.

use std::sync::Arc;

use crate::{
    JobContext, JobError,
    runs::plan::{PlannedSettings, RunPlan},
    train::Choices,
};
use timbrespace_base::interrupt::Interrupt;
use timbrespace_vae::{
    config::{TrainingConfig, VaeConfig},
    error::ModelError,
    trainer::{BatchSource, TrainEvent, Trainer},
};

/// Steps taken; the first one warms up and does not count.
const STEPS: usize = 3;
/// Largest part of the free memory that a step may take.
const MEMORY_SHARE: f64 = 0.75;
/// Floating-point operations of a measured step, about: so that a measurement ends a second or a few after it is stopped. A larger
/// batch takes as much longer as it is larger.
const STEP_FLOPS: f64 = 1e11;
/// Images that are measured at a time at least, where a batch has so many, and at most.
const MEASURED: (usize, usize) = (8, 128);

/// Whose speed to measure.
pub struct Request {
    /// Settings of the run.
    pub choices: Choices,
    /// Rows of the images.
    pub bins: usize,
    /// Columns of the images.
    pub frames: usize,
    /// Training images; no batch is larger.
    pub images: usize,
    /// Memory in bytes that a process can still get, if known.
    pub free_bytes: Option<u64>,
}

/// What came of a measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// Seconds that one image takes in training.
    SecondsPerImage(f64),
    /// A step of these settings takes too much memory to be tried.
    TooLarge(StepMemory),
}

/// Memory of a training step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepMemory {
    /// Bytes that it takes, about.
    pub needed: u64,
    /// Bytes that are free.
    pub free: u64,
}

/// Images of the largest batch that a run with `images` training images has.
pub fn largest_batch(batch_size: usize, images: usize) -> usize {
    batch_size.clamp(1, images.max(1))
}

/// Measures the time that one image takes in training.
///
/// # Errors
/// When the model cannot be built, or on [`Interrupt`].
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Speed, JobError> {
    context.check_stopped()?;
    let shape = (request.bins, request.frames);
    let PlannedSettings { model, training } = RunPlan::Fresh.settings_for(&request.choices, shape)?;
    let batch = largest_batch(training.batch_size, request.images);
    let needed = model.step_bytes(batch);
    if let Some(free) = request.free_bytes.filter(|free| needed as f64 > MEMORY_SHARE * *free as f64) {
        return Ok(Speed::TooLarge(StepMemory { needed, free }));
    }
    let quick = (STEP_FLOPS / model.flops_per_sample().max(1.0)) as usize;
    let batch_size = batch.min(quick.clamp(MEASURED.0, MEASURED.1));
    // The time does not depend on the learning rate, and with one that is far too high a few steps are enough to lose the model.
    let learning_rate = training.learning_rate.min(TrainingConfig::default().learning_rate);
    let training = TrainingConfig { batch_size, learning_rate, ..training };
    measure(model, &training, context.interrupt).map(Speed::SecondsPerImage)
}

fn measure(model: VaeConfig, training: &TrainingConfig, interrupt: &Interrupt) -> Result<f64, JobError> {
    let batch_size = training.batch_size;
    let source = Ramp { images: batch_size * (STEPS + 1), shape: (model.bins, model.frames) };
    let training = TrainingConfig { validation_fraction: 0.0, epochs: 1, ..training.clone() };
    let mut trainer = Trainer::new(model, training, Arc::new(source))?;
    let enough = Interrupt::new();
    let mut times = Vec::with_capacity(STEPS);
    trainer.run(
        &mut |event| {
            if let TrainEvent::Step { seconds, .. } = event {
                times.push(seconds);
            }
            if times.len() == STEPS || interrupt.is_stopped() {
                enough.stop();
            }
        },
        &enough,
    )?;
    match (times.first(), times.last()) {
        (Some(first), Some(last)) if times.len() == STEPS => {
            Ok((last - first) / ((STEPS - 1) * batch_size.max(1)) as f64)
        }
        _ => Err(JobError::Stopped),
    }
}

/// Images that cost nothing to make.
struct Ramp {
    images: usize,
    shape: (usize, usize),
}

impl BatchSource for Ramp {
    fn len(&self) -> usize {
        self.images
    }

    fn image_shape(&self) -> (usize, usize) {
        self.shape
    }

    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError> {
        for (position, value) in out.iter_mut().enumerate() {
            *value = ((position * (index + 1)) % 97) as f32 / 97.0;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use timbrespace_vae::config::Preset;

    #[test]
    fn a_learning_rate_that_loses_the_model_is_measured_like_any_other() {
        let mut request = request(8, 100, None);
        request.choices.training.learning_rate = Some(1.0);
        request.choices.training.learning_rate_warm_up_steps = Some(0);
        let speed = run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
        assert!(matches!(speed, Speed::SecondsPerImage(secs) if secs > 0.0), "{speed:?}");
    }

    fn request(batch_size: usize, images: usize, free_bytes: Option<u64>) -> Request {
        let training = TrainingConfig { batch_size, ..TrainingConfig::preset(Preset::Small) };
        let choices = Choices::of_run(&VaeConfig::preset(Preset::Small, 64, 16), &training);
        Request { choices, bins: 64, frames: 16, images, free_bytes }
    }

    fn speed(request: &Request) -> Result<Speed, JobError> {
        run(request, &JobContext::silent(&Interrupt::new()))
    }

    #[test]
    fn no_batch_is_larger_than_the_training_set() {
        assert_eq!(largest_batch(4096, 135), 135);
        assert_eq!(largest_batch(32, 135), 32);
        assert_eq!(largest_batch(32, 0), 1);
        let whole = VaeConfig::preset(Preset::Small, 64, 16).step_bytes(135);
        // With room for a batch of the whole set, and for no more, a larger batch size is measured.
        let free = Some(whole * 3 / 2);
        assert!(matches!(speed(&request(4096, 135, free)), Ok(Speed::SecondsPerImage(secs)) if secs > 0.0));
    }

    #[test]
    fn a_batch_that_does_not_fit_the_memory_is_not_tried() {
        let needed = VaeConfig::preset(Preset::Small, 64, 16).step_bytes(4096);
        let found = speed(&request(4096, 1_000_000, Some(needed))).unwrap();
        assert_eq!(found, Speed::TooLarge(StepMemory { needed, free: needed }));
    }

    #[test]
    fn a_measurement_that_is_stopped_before_it_begins_takes_no_step() {
        let interrupt = Interrupt::new();
        interrupt.stop();
        let stopped = run(&request(16, 100, None), &JobContext::silent(&interrupt));
        assert!(matches!(stopped, Err(JobError::Stopped)));
    }
}

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

/// Whose speed to measure.
pub struct Request {
    /// Settings of the run.
    pub choices: Choices,
    /// Rows of the images.
    pub bins: usize,
    /// Columns of the images.
    pub frames: usize,
}

/// Seconds that one image takes in training.
///
/// # Errors
/// When the model cannot be built, or on [`Interrupt`].
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<f64, JobError> {
    let shape = (request.bins, request.frames);
    let PlannedSettings { model, training } = RunPlan::Fresh.settings_for(&request.choices, shape)?;
    measure(model, &training, context.interrupt)
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

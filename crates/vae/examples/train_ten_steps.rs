//! Trains a small model for ten steps on synthetic images, then encodes one of them and decodes it again.
//!
//! ```text
//! cargo run --release -p timbrespace-vae --example train_ten_steps
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::{error::Error, sync::Arc};

use ndarray::Array3;
use timbrespace_base::interrupt::Interrupt;
use timbrespace_vae::{
    config::{Preset, VaeConfig},
    error::ModelError,
    trainer::{BatchSource, TrainEvent, Trainer},
    training_config::TrainingConfig,
};

const BINS: usize = 32;
const FRAMES: usize = 16;
const IMAGES: usize = 160;

/// Images with one bright row each.
struct Rows;

impl BatchSource for Rows {
    fn len(&self) -> usize {
        IMAGES
    }

    fn image_shape(&self) -> (usize, usize) {
        (BINS, FRAMES)
    }

    /// Writes image `index` into `out`, row by row: `[bins, frames]`.
    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError> {
        out.fill(0.1);
        let row = index % BINS;
        out[row * FRAMES..(row + 1) * FRAMES].fill(0.9);
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let model = VaeConfig { latent_size: 4, ..VaeConfig::preset(Preset::Small, BINS, FRAMES) };
    // 160 images, 16 a step: one epoch is ten steps.
    let training =
        TrainingConfig { epochs: 1, batch_size: 16, validation_fraction: 0.0, ..TrainingConfig::default() };
    let mut trainer = Trainer::new(model, training, Arc::new(Rows))?;
    let mut print = |event| {
        if let TrainEvent::Step { step, losses, .. } = event {
            println!("step {step:2}: loss {:.4}", losses.total);
        }
    };
    trainer.run(&mut print, &Interrupt::new())?;

    // A snapshot is an immutable copy of the weights, for everything but training.
    let snapshot = trainer.snapshot()?;
    let mut image = vec![0.0; BINS * FRAMES];
    Rows.fill(5, &mut image)?;
    let image = Array3::from_shape_vec((1, BINS, FRAMES), image)?;
    let latent = snapshot.encode(&image)?;
    let decoded = snapshot.decode(&latent.mu)?;
    println!("image 5 has the latent vector {}", latent.mu.row(0));
    println!(
        "its mean squared error is {:.4}",
        (&decoded - &image).mapv(|difference| difference * difference).mean().unwrap_or_default()
    );
    Ok(())
}

//! How much memory a training step takes, told before anything is allocated.

use crate::{architecture::Architecture, config::VaeConfig};

/// Arrays as large as the parameters: weights, gradients, the two moments of Adam, and the mean of the weights.
const PARAMETER_ARRAYS: usize = 5;
/// Arrays as large as the images of a batch: inputs, targets, both padded, and the decoded images.
const IMAGE_ARRAYS: usize = 5;
/// Arrays as large as the largest layer's output: the gradients on both sides of a layer.
const GRADIENT_ARRAYS: usize = 2;

impl VaeConfig {
    /// Bytes that a training step on `batch` images takes, as far as they follow from the layers' sizes: the outputs of all
    /// layers are kept for the backward pass.
    pub fn step_bytes(&self, batch: usize) -> u64 {
        let architecture = Architecture::new(self);
        let (bins, frames) = architecture.padded;
        let convolutions = architecture.encoder.iter().chain(&architecture.decoder).map(|layer| {
            let (channels, bins, frames) = layer.output_shape();
            channels * bins * frames
        });
        let dense = [architecture.encoder_dense(), architecture.decoder_dense()].concat();
        let outputs: Vec<usize> = convolutions.chain(dense.into_iter().map(|(_, outputs)| outputs)).collect();
        let largest = outputs.iter().max().copied().unwrap_or_default();
        let one = outputs.iter().sum::<usize>() + GRADIENT_ARRAYS * largest + IMAGE_ARRAYS * bins * frames;
        let values = one.saturating_mul(batch).saturating_add(PARAMETER_ARRAYS * self.parameter_count());
        values.saturating_mul(size_of::<f32>()) as u64
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        config::TrainingConfig, error::ModelError, preset::Preset, trainer::BatchSource, trainer::Trainer,
    };
    use timbrespace_base::{interrupt::Interrupt, processes::resident_bytes};

    struct Grey(usize, (usize, usize));

    impl BatchSource for Grey {
        fn len(&self) -> usize {
            self.0
        }

        fn image_shape(&self) -> (usize, usize) {
            self.1
        }

        fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError> {
            out.iter_mut().enumerate().for_each(|(at, value)| *value = ((at + index) % 7) as f32 / 7.0);
            Ok(())
        }
    }

    #[test]
    fn twice_the_batch_takes_twice_the_memory_beyond_the_parameters() {
        let model = VaeConfig::preset(Preset::Clear, 256, 64);
        let fixed = model.step_bytes(0);
        assert_eq!(model.step_bytes(128) - fixed, 2 * (model.step_bytes(64) - fixed));
        assert!(fixed >= 4 * model.parameter_count() as u64);
    }

    #[test]
    fn a_step_takes_about_as_much_as_is_told() {
        for (preset, batch) in [(Preset::Clear, 96), (Preset::Flat, 256)] {
            let model = VaeConfig::preset(preset, 256, 64);
            let told = model.step_bytes(batch) as f64;
            let training = TrainingConfig {
                batch_size: batch,
                validation_fraction: 0.0,
                epochs: 1,
                ..TrainingConfig::preset(preset)
            };
            let before = resident_bytes().unwrap();
            let mut trainer = Trainer::new(model, training, Arc::new(Grey(batch, (256, 64)))).unwrap();
            let mut most = 0;
            let enough = Interrupt::new();
            let mut sink = |_| {
                most = most.max(resident_bytes().unwrap());
                enough.stop();
            };
            // The first event comes before the first step, so a second run is needed for one after it.
            trainer.run(&mut sink, &Interrupt::new()).unwrap();
            let taken = (most - before) as f64;
            assert!((0.5..1.6).contains(&(taken / told)), "{preset:?}: {taken:e} taken, {told:e} told");
        }
    }
}

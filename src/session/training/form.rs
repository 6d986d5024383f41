//! The training form.

use serde::{Deserialize, Serialize};

use crate::{
    jobs::{
        estimate::largest_batch,
        runs::{bundle_config::BundleConfig, record::RunRecord},
        train::Choices,
    },
    pipeline::config::PreprocessingConfig,
    setting,
    vae::{
        config::{ModelSettings, Preset, TrainingConfig},
        device::DeviceChoice,
    },
};

/// Settings of a run in the form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingForm {
    /// Preset.
    pub preset: Preset,
    /// Latent dimensions.
    pub latent_size: usize,
    /// Weight of the reconstruction term.
    pub reconstruction_weight: f64,
    /// Whether images are always read from disk while training goes on.
    pub stream: bool,
    /// All other training settings.
    pub training: TrainingConfig,
}

impl Default for TrainingForm {
    fn default() -> Self {
        let preset = Preset::default();
        Self::of(&ModelSettings::preset(preset), TrainingConfig::preset(preset), false)
    }
}

impl TrainingForm {
    /// The form with these settings.
    pub fn of(model: &ModelSettings, training: TrainingConfig, stream: bool) -> Self {
        let ModelSettings { preset, latent_size, reconstruction_weight } = *model;
        Self { preset, latent_size, reconstruction_weight, stream, training }
    }

    /// The settings of a run, as its folder has them.
    pub(in crate::session) fn of_run(config: &BundleConfig, record: &RunRecord, stream: bool) -> Self {
        let settings = ModelSettings::of_run(&config.model, &config.training);
        let model = ModelSettings { preset: record.preset(config), ..settings };
        Self::of(&model, config.training.clone(), stream)
    }

    /// The model that the form describes.
    pub fn model(&self) -> ModelSettings {
        let Self { preset, latent_size, reconstruction_weight, .. } = *self;
        ModelSettings { preset, latent_size, reconstruction_weight }
    }

    /// Applies a preset. Number of epochs, recordings, seed and machine stay.
    pub fn choose(&mut self, preset: Preset) {
        let training = std::mem::take(&mut self.training).with_optimiser_of(preset);
        *self = Self::of(&ModelSettings::preset(preset), training, self.stream);
    }
}

/// All settings of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingsOfRun {
    /// Those of the form.
    pub form: TrainingForm,
    /// How its recordings are preprocessed.
    pub preprocessing: PreprocessingConfig,
}

impl TrainingForm {
    /// The form as choices for the training job.
    pub(in crate::session) fn choices(&self) -> Choices {
        Choices {
            model: setting::Choices::all(&self.model()),
            training: setting::Choices::all(&self.training),
        }
    }

    /// What a step costs on `images` training images of `shape`.
    pub(super) fn cost(&self, shape: (usize, usize), images: usize) -> StepCost {
        let training = &self.training;
        StepCost {
            preset: self.preset,
            latent_size: self.latent_size,
            batch: largest_batch(training.batch_size, images),
            threads: training.threads,
            device: training.device,
            shape,
        }
    }
}

/// Everything that a training step's time and memory depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StepCost {
    preset: Preset,
    latent_size: usize,
    /// Images of the largest batch.
    pub(super) batch: usize,
    threads: Option<usize>,
    device: DeviceChoice,
    /// `(bins, frames)` of the images.
    pub(super) shape: (usize, usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_larger_than_the_training_set_cost_the_same() {
        let with_batch = |batch_size: usize| {
            let mut form = TrainingForm::default();
            form.training.batch_size = batch_size;
            form.cost((256, 64), 135)
        };
        assert_eq!(with_batch(4096), with_batch(135));
        assert_eq!(with_batch(4096).batch, 135);
        assert_ne!(with_batch(32), with_batch(64));
    }
}

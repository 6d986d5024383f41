//! The training form.

use serde::{Deserialize, Serialize};

use crate::{
    jobs::train::Choices,
    setting,
    vae::config::{ModelSettings, Preset, TrainingConfig},
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

impl TrainingForm {
    /// The form as choices for the training job.
    pub(in crate::session) fn choices(&self) -> Choices {
        Choices {
            model: setting::Choices::all(&self.model()),
            training: setting::Choices::all(&self.training),
        }
    }

    /// Whether a step takes as long with `other` as with this form.
    pub(super) fn costs_like(&self, other: &Self) -> bool {
        let cost = |form: &Self| {
            let training = &form.training;
            (form.preset, form.latent_size, training.batch_size, training.threads, training.device)
        };
        cost(self) == cost(other)
    }
}

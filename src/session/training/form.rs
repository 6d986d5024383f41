//! The form: what a person sets for a run.

use serde::{Deserialize, Serialize};

use crate::{
    jobs::train::{Choices, TrainingChoices},
    vae::config::{Preset, TrainingConfig},
};

/// What a person can set for a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingForm {
    /// Model size.
    pub preset: Preset,
    /// Latent dimensions.
    pub latent_size: usize,
    /// Weight of the reconstruction term.
    pub reconstruction_weight: f64,
    /// Whether images are always read from disk while training goes on.
    pub stream: bool,
    /// The rest.
    pub training: TrainingConfig,
}

impl Default for TrainingForm {
    fn default() -> Self {
        Self {
            preset: Preset::default(),
            latent_size: Preset::default().latent_size(),
            reconstruction_weight: Preset::default().reconstruction_weight(),
            stream: false,
            training: TrainingConfig::preset(Preset::default()),
        }
    }
}

impl TrainingForm {
    /// Takes over everything that a preset is known to train well with; epochs, recordings, seed and machine stay.
    pub fn choose(&mut self, preset: Preset) {
        self.preset = preset;
        self.latent_size = preset.latent_size();
        self.reconstruction_weight = preset.reconstruction_weight();
        self.training = self.training.clone().with_optimiser_of(preset);
    }
}

impl TrainingForm {
    /// The form as the training job takes it.
    pub(in crate::session) fn choices(&self) -> Choices {
        Choices {
            preset: Some(self.preset),
            latent_size: Some(self.latent_size),
            reconstruction_weight: Some(self.reconstruction_weight),
            training: TrainingChoices::all(&self.training),
        }
    }

    /// Whether a step of `other` takes as long as one of this.
    pub(super) fn costs_like(&self, other: &Self) -> bool {
        let cost = |form: &Self| {
            let training = &form.training;
            (form.preset, form.latent_size, training.batch_size, training.threads, training.device)
        };
        cost(self) == cost(other)
    }
}

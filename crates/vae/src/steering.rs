//! Settings that can be changed during a run.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use timbrespace_base::setting;

use super::{
    config::MODEL,
    training_config::{Keep, TRAINING},
};

/// A setting that takes effect at the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// Adam's learning rate, before its schedule.
    LearningRate,
    /// Weight of the reconstruction error.
    ReconstructionWeight,
    /// Weight of the KL divergence, before its schedule.
    Beta,
    /// Images per batch.
    BatchSize,
}

impl Setting {
    /// All settings, in the order of the form.
    pub const ALL: [Self; 4] = [Self::LearningRate, Self::ReconstructionWeight, Self::Beta, Self::BatchSize];

    /// What the table of settings says of it.
    pub fn table(self) -> &'static setting::Setting {
        match self {
            Self::LearningRate => &TRAINING.learning_rate,
            Self::ReconstructionWeight => &MODEL.reconstruction_weight,
            Self::Beta => &TRAINING.beta,
            Self::BatchSize => &TRAINING.batch_size,
        }
    }

    /// Label for forms and messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::LearningRate => "learning rate",
            Self::ReconstructionWeight => "reconstruction weight",
            Self::Beta => "KL weight",
            Self::BatchSize => "batch size",
        }
    }
}

/// A change of one setting during a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The first step with the new value.
    pub step: usize,
    /// The changed setting.
    pub setting: Setting,
    /// Old value.
    pub from: f64,
    /// New value.
    pub to: f64,
}

#[derive(Debug, Default)]
struct Requests {
    settings: Vec<(Setting, f64)>,
    keep: Option<Keep>,
    snapshot: bool,
}

/// Handle for requests to a running trainer; clones refer to the same run.
#[derive(Clone, Debug, Default)]
pub struct Steering {
    requests: Arc<Mutex<Requests>>,
}

impl Steering {
    /// A handle without requests.
    pub fn new() -> Self {
        Self::default()
    }

    /// Requests a new value from the next step on; replaces an earlier request for the same setting.
    pub fn set(&self, setting: Setting, value: f64) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.settings.retain(|(other, _)| *other != setting);
        requests.settings.push((setting, value));
    }

    /// Requests which weights become the model when the run ends.
    pub fn set_keep(&self, keep: Keep) {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).keep = Some(keep);
    }

    /// The requested choice of weights, if any.
    pub fn keep(&self) -> Option<Keep> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).keep
    }

    /// Requests a model of the current weights, which arrives as [`super::trainer::TrainEvent::Preview`]. A
    /// paused run must be nudged to notice.
    pub fn request_snapshot(&self) {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).snapshot = true;
    }

    /// Whether a model was requested since the last call.
    pub(super) fn take_snapshot_request(&self) -> bool {
        std::mem::take(&mut self.requests.lock().unwrap_or_else(PoisonError::into_inner).snapshot)
    }

    /// Settings requested since the last call.
    pub(super) fn take(&self) -> Vec<(Setting, f64)> {
        std::mem::take(&mut self.requests.lock().unwrap_or_else(PoisonError::into_inner).settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_wish_for_a_setting_is_taken_once() {
        let steering = Steering::new();
        let other_hand = steering.clone();
        steering.set(Setting::LearningRate, 1e-3);
        steering.set(Setting::BatchSize, 8.0);
        other_hand.set(Setting::LearningRate, 1e-4);
        assert_eq!(steering.take(), [(Setting::BatchSize, 8.0), (Setting::LearningRate, 1e-4)]);
        assert!(steering.take().is_empty());
        assert_eq!(steering.keep(), None);
        other_hand.set_keep(Keep::Best);
        assert_eq!(steering.keep(), Some(Keep::Best));
    }
}

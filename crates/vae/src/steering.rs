//! Settings that can be changed while a run goes on.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::training_config::Keep;

/// A setting that a run takes over at its next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// Adam's learning rate, before its schedule.
    LearningRate,
    /// Weight of the reconstruction error.
    ReconstructionWeight,
    /// Weight of the KL divergence, before its schedule.
    Beta,
    /// Images a step.
    BatchSize,
}

impl Setting {
    /// All of them, in the order of a form.
    pub const ALL: [Self; 4] = [Self::LearningRate, Self::ReconstructionWeight, Self::Beta, Self::BatchSize];

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::LearningRate => "learning rate",
            Self::ReconstructionWeight => "reconstruction weight",
            Self::Beta => "KL weight",
            Self::BatchSize => "batch size",
        }
    }
}

/// One setting that was changed under way.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The first step with the new value.
    pub step: usize,
    /// What was changed.
    pub setting: Setting,
    /// Its value before.
    pub from: f64,
    /// Its value since.
    pub to: f64,
}

#[derive(Debug, Default)]
struct Wishes {
    settings: Vec<(Setting, f64)>,
    keep: Option<Keep>,
    snapshot: bool,
}

/// The person's hand on a run; clones refer to the same run.
#[derive(Clone, Debug, Default)]
pub struct Steering {
    wishes: Arc<Mutex<Wishes>>,
}

impl Steering {
    /// Nothing wished for yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for another value from the next step on; a newer wish for a setting replaces an older one.
    pub fn set(&self, setting: Setting, value: f64) {
        let mut wishes = self.wishes.lock().unwrap_or_else(PoisonError::into_inner);
        wishes.settings.retain(|(other, _)| *other != setting);
        wishes.settings.push((setting, value));
    }

    /// Asks which weights are to be left as the model when the run ends.
    pub fn set_keep(&self, keep: Keep) {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner).keep = Some(keep);
    }

    /// Which weights were asked for, if any.
    pub fn keep(&self) -> Option<Keep> {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner).keep
    }

    /// Asks for a model of the current weights: [`super::trainer::TrainEvent::Preview`] brings it. A run that is paused
    /// has to be nudged to look.
    pub fn want_snapshot(&self) {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner).snapshot = true;
    }

    /// Whether a model was asked for since the last time.
    pub(super) fn take_snapshot_wish(&self) -> bool {
        std::mem::take(&mut self.wishes.lock().unwrap_or_else(PoisonError::into_inner).snapshot)
    }

    /// Takes what was asked for since the last time.
    pub(super) fn take(&self) -> Vec<(Setting, f64)> {
        std::mem::take(&mut self.wishes.lock().unwrap_or_else(PoisonError::into_inner).settings)
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

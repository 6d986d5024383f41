//! What a person chose for a run; the rest comes from the preset, or from the bundle that is resumed.

use timbrespace_base::setting::Choices as _;
use timbrespace_vae::{
    config::{ModelChoices, ModelSettings, TrainingConfig, VaeConfig},
    training_config::TrainingChoices,
};

/// What a person chose for a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// Of the model.
    pub model: ModelChoices,
    /// Of the run.
    pub training: TrainingChoices,
}

impl Choices {
    /// All settings of a run with `model` and `training`: the choices that make another one like it.
    pub fn of_run(model: &VaeConfig, training: &TrainingConfig) -> Self {
        Self {
            model: ModelChoices::all(&ModelSettings::of_run(model, training)),
            training: TrainingChoices::all(training),
        }
    }

    /// What was chosen with what `newer` has; its values win.
    #[must_use]
    pub fn and(self, newer: &Self) -> Self {
        Self { model: self.model.and(&newer.model), training: self.training.and(&newer.training) }
    }

    /// Model and settings of a run: what was chosen, and the preset's for the rest.
    pub fn over_preset(&self) -> (ModelSettings, TrainingConfig) {
        let preset = self.model.preset.unwrap_or_default();
        (self.model.over(&ModelSettings::preset(preset)), self.training.over(&TrainingConfig::preset(preset)))
    }

    /// Model and settings of a run whose settings were `model` and `training` before. A preset begins anew: what it is not chosen
    /// beside is the preset's, so that the same choices mean the same run wherever they are made.
    pub fn over(&self, model: &ModelSettings, training: &TrainingConfig) -> (ModelSettings, TrainingConfig) {
        if self.model.preset.is_some() {
            return self.over_preset();
        }
        (self.model.over(model), self.training.over(training))
    }
}

#[cfg(test)]
mod tests {
    use timbrespace_vae::config::Preset;

    use super::*;

    #[test]
    fn a_preset_begins_anew_and_without_one_the_settings_before_stay() {
        let mut before = TrainingConfig { epochs: 7, learning_rate: 0.5, ..TrainingConfig::default() };
        before.augmentation.gain_db = 3.0;
        let model = ModelSettings { latent_size: 5, ..ModelSettings::preset(Preset::Flat) };
        let epochs = TrainingChoices { epochs: Some(3), ..TrainingChoices::default() };
        let some = Choices { training: epochs, ..Choices::default() };
        let expected = TrainingConfig { epochs: 3, ..before.clone() };
        assert_eq!(some.over(&model, &before), (model.clone(), expected));
        let model_choices = ModelChoices { preset: Some(Preset::Explore), ..ModelChoices::default() };
        let preset = some.clone().and(&Choices { model: model_choices, ..Choices::default() });
        let training = TrainingConfig { epochs: 3, ..TrainingConfig::preset(Preset::Explore) };
        assert_eq!(preset.over(&model, &before), (ModelSettings::preset(Preset::Explore), training));
        assert_eq!(preset.over(&model, &before), preset.over_preset());
    }

    #[test]
    fn the_choices_of_a_run_make_another_one_like_it() {
        let training = TrainingConfig { seed: u64::MAX, ..TrainingConfig::preset(Preset::Explore) };
        let model = VaeConfig { latent_size: 64, ..VaeConfig::preset(Preset::Explore, 80, 127) };
        let (again, settings) = Choices::of_run(&model, &training).over_preset();
        assert_eq!((again.model(80, 127), settings), (model, training));
    }
}

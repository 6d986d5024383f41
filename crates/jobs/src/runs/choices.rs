//! What a person chose for a run; the rest comes from the preset, or from the bundle that is resumed.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::JobError;
use timbrespace_vae::config::{Preset, TrainingConfig};

/// What a person chose for a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// Model size.
    pub preset: Option<Preset>,
    /// Latent dimensions.
    pub latent_size: Option<usize>,
    /// Weight of the reconstruction term.
    pub reconstruction_weight: Option<f64>,
    /// Settings of the run.
    pub training: TrainingChoices,
}

/// Settings of a run that were chosen, by the names of [`TrainingConfig`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrainingChoices(Map<String, Value>);

impl TrainingChoices {
    /// Every setting of `config`.
    pub fn all(config: &TrainingConfig) -> Self {
        Self(fields(config))
    }

    /// Adds a setting where there is a value.
    #[must_use]
    pub fn with(mut self, name: &str, value: Option<impl Serialize>) -> Self {
        if let Some(value) = value
            && let Ok(value) = serde_json::to_value(value)
        {
            self.0.insert(name.to_owned(), value);
        }
        self
    }

    /// Adds what `other` has; its values win.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        merge(&mut self.0, &other.0);
        self
    }

    /// What was chosen, by name.
    pub(crate) fn values(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The value of a setting, where it was chosen.
    pub fn get<T: for<'de> Deserialize<'de>>(&self, name: &str) -> Option<T> {
        T::deserialize(self.0.get(name)?).ok()
    }

    /// `config` with what was chosen.
    ///
    /// # Errors
    /// Names a setting that there is not, or a value that is none for its setting.
    pub fn over(&self, config: &TrainingConfig) -> Result<TrainingConfig, JobError> {
        let mut settings = fields(config);
        let known = fields(&TrainingConfig { validate_names: Some(String::new()), ..config.clone() });
        if let Some(name) = self.0.keys().find(|name| !known.contains_key(*name)) {
            let names: Vec<&str> = known.keys().map(String::as_str).collect();
            return Err(JobError::Setting(format!(
                "there is no training setting `{name}`; there are {}",
                names.join(", ")
            )));
        }
        merge(&mut settings, &self.0);
        serde_json::from_value(Value::Object(settings))
            .map_err(|error| JobError::Setting(format!("training settings: {error}")))
    }
}

fn fields(config: &TrainingConfig) -> Map<String, Value> {
    match serde_json::to_value(config) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// Puts `newer` over `older`, tables within tables too.
fn merge(older: &mut Map<String, Value>, newer: &Map<String, Value>) {
    for (name, value) in newer {
        match (older.get_mut(name), value) {
            (Some(Value::Object(older)), Value::Object(newer)) => merge(older, newer),
            _ => {
                older.insert(name.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use timbrespace_vae::schedule::LearningRateSchedule;

    #[test]
    fn what_was_chosen_wins_and_the_rest_stays() {
        let base = TrainingConfig { epochs: 7, seed: u64::MAX, ..TrainingConfig::default() };
        let none = TrainingChoices::default().with("epochs", None::<usize>);
        assert_eq!(none.over(&base).unwrap(), base);
        let chosen = none
            .with("learning_rate", Some(3e-4))
            .with("learning_rate_schedule", Some(LearningRateSchedule::Cosine))
            .with("augmentation", Some(serde_json::json!({ "gain_db": 6.0 })));
        assert_eq!(chosen.get::<f64>("learning_rate"), Some(3e-4));
        let mut expected = TrainingConfig { learning_rate: 3e-4, ..base.clone() };
        expected.learning_rate_schedule = LearningRateSchedule::Cosine;
        expected.augmentation.gain_db = 6.0;
        assert_eq!(chosen.over(&base).unwrap(), expected);
        assert_eq!(TrainingChoices::all(&expected).over(&TrainingConfig::default()).unwrap(), expected);
        let newer = TrainingChoices::default().with("learning_rate", Some(1e-3));
        assert_eq!(chosen.and(&newer).get::<f64>("learning_rate"), Some(1e-3));
    }

    #[test]
    fn a_setting_that_is_unknown_or_of_another_kind_is_named() {
        let refused = |name: &str, value: &str| {
            let chosen = TrainingChoices::default().with(name, Some(value));
            chosen.over(&TrainingConfig::default()).unwrap_err().to_string()
        };
        let error = refused("learning_rat", "1");
        assert!(error.starts_with("there is no training setting `learning_rat`; there are "), "{error}");
        assert!(error.contains("learning_rate,") && error.contains("validate_names"), "{error}");
        assert!(refused("learning_rate_schedule", "linear").contains("linear"));
    }
}

//! Settings of a run as a TOML file, which the window and the command line both save and load.
//!
//! A file may hold any part of the settings: `[model]` has `preset`, `latent_size` and `reconstruction_weight`,
//! `[training]` the names of [`TrainingConfig`], `[preprocessing]` those of [`PreprocessingConfig`].

use std::{fmt::Display, ops::RangeInclusive, path::Path};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use crate::{
    JobError,
    files::{named, write_text},
    runs::choices::{Choices, TrainingChoices},
};
use timbrespace_base::{
    atomic_file::Durability,
    names::shown,
    regular_file::{self, NOTE_LIMIT},
};
use timbrespace_signal::pipeline::config::{Feature, PreprocessingConfig};
use timbrespace_vae::config::{LATENT_SIZE, Preset, RECONSTRUCTION_WEIGHT, TrainingConfig, VaeConfig};

/// What a file of settings holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunSettings {
    /// Model and training.
    pub choices: Choices,
    /// Settings of preprocessing, by the names of [`PreprocessingConfig`].
    preprocessing: Map<String, Value>,
}

impl RunSettings {
    /// All of `choices`, and every setting of `preprocessing`.
    pub fn new(choices: Choices, preprocessing: &PreprocessingConfig) -> Self {
        Self { choices, preprocessing: fields(preprocessing) }
    }

    /// The settings that a preset brings.
    pub fn preset(preset: Preset) -> Self {
        let preprocessing = PreprocessingConfig::default();
        let (bins, frames) = preprocessing.image_shape().unwrap_or((1, 1));
        let model = VaeConfig::preset(preset, bins, frames);
        let choices = Choices {
            preset: Some(preset),
            latent_size: Some(model.latent_size),
            reconstruction_weight: Some(model.reconstruction_weight),
            training: TrainingChoices::all(&TrainingConfig::preset(preset)),
        };
        Self::new(choices, &preprocessing)
    }

    /// Whether the file says anything about preprocessing.
    pub fn has_preprocessing(&self) -> bool {
        !self.preprocessing.is_empty()
    }

    /// The chosen feature's own settings, with the file's over them.
    ///
    /// # Errors
    /// When a setting is outside its limits.
    pub fn preprocessing(&self) -> Result<PreprocessingConfig, JobError> {
        let feature = self.preprocessing.get("feature").cloned();
        let feature: Feature =
            feature.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default();
        self.preprocessing_over(&feature.defaults())
    }

    /// `base` with the file's settings over it.
    ///
    /// # Errors
    /// When a setting is outside its limits.
    pub fn preprocessing_over(&self, base: &PreprocessingConfig) -> Result<PreprocessingConfig, JobError> {
        let mut settings = fields(base);
        settings.extend(self.preprocessing.clone());
        let config: PreprocessingConfig = serde_json::from_value(Value::Object(settings))
            .map_err(|error| JobError::Setting(format!("preprocessing settings: {error}")))?;
        config.validate()?;
        Ok(config)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or names the line of what is no TOML, no known setting or not a value of its setting.
    pub fn read(path: &Path) -> Result<Self, JobError> {
        Self::parse(&named(path, regular_file::read_to_string(path, NOTE_LIMIT))?)
            .map_err(|cause| JobError::Setting(format!("{}: {cause}", shown(path))))
    }

    /// Writes a file that [`Self::read`] understands.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), JobError> {
        let text = self.to_toml().map_err(|error| JobError::file(path, error.to_string()))?;
        write_text(path, Durability::Renamed, &text)
    }

    fn to_toml(&self) -> Result<String, toml::ser::Error> {
        let Choices { preset, latent_size, reconstruction_weight, training } = &self.choices;
        let model = TrainingChoices::default()
            .with("preset", *preset)
            .with("latent_size", *latent_size)
            .with("reconstruction_weight", *reconstruction_weight);
        let mut file = toml::Table::new();
        let tables = [
            ("model", model.values()),
            ("training", training.values()),
            ("preprocessing", &self.preprocessing),
        ];
        for (name, values) in tables {
            if !values.is_empty() {
                file.insert(name.to_owned(), toml::Value::try_from(for_toml(values))?);
            }
        }
        toml::to_string_pretty(&file)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let file = DeTable::parse(text).map_err(|error| {
            let line = line_of(text, error.span().map_or(0, |span| span.start));
            format!("line {line}: {}", error.message())
        })?;
        let mut settings = Self::default();
        for (section, table) in file.into_inner() {
            let place = Place { text, section: section.get_ref().to_string() };
            let at = section.span().start;
            let DeValue::Table(table) = table.into_inner() else {
                return Err(
                    place.error(at, "is outside of the tables [model], [training] and [preprocessing]")
                );
            };
            match place.section.as_str() {
                "model" => settings.read_model(&table, &place)?,
                "training" => settings.read_training(&table, &place)?,
                "preprocessing" => settings.read_preprocessing(&table, &place)?,
                _ => {
                    return Err(
                        place.error(at, "is no table of settings; there are model, training, preprocessing")
                    );
                }
            }
        }
        Ok(settings)
    }

    fn read_model(&mut self, table: &DeTable<'_>, place: &Place<'_>) -> Result<(), String> {
        for (name, at, value) in entries(table) {
            let choices = &mut self.choices;
            match name.as_str() {
                "preset" => choices.preset = place.value(&name, at, value)?,
                "latent_size" => {
                    choices.latent_size = Some(place.within(&name, (at, value), &LATENT_SIZE)?);
                }
                "reconstruction_weight" => {
                    let weight = place.within(&name, (at, value), &RECONSTRUCTION_WEIGHT)?;
                    choices.reconstruction_weight = Some(weight);
                }
                _ => {
                    let known =
                        "is no setting of [model]; there are preset, latent_size, reconstruction_weight";
                    return Err(place.error_of(&name, at, known));
                }
            }
        }
        Ok(())
    }

    fn read_training(&mut self, table: &DeTable<'_>, place: &Place<'_>) -> Result<(), String> {
        for (name, at, value) in entries(table) {
            let value = without_none(&name, value);
            let one = TrainingChoices::default().with(&name, Some(value));
            one.over(&TrainingConfig::default())
                .and_then(|config| Ok(config.validate()?))
                .map_err(|error| place.error_of(&name, at, &error.to_string()))?;
            self.choices.training = std::mem::take(&mut self.choices.training).and(&one);
        }
        Ok(())
    }

    fn read_preprocessing(&mut self, table: &DeTable<'_>, place: &Place<'_>) -> Result<(), String> {
        let known = fields(&PreprocessingConfig::default());
        for (name, at, value) in entries(table) {
            if !known.contains_key(&name) {
                let names: Vec<&str> = known.keys().map(String::as_str).collect();
                let words = format!("is no setting of [preprocessing]; there are {}", names.join(", "));
                return Err(place.error_of(&name, at, &words));
            }
            let mut with = known.clone();
            with.insert(name.clone(), value.clone());
            place.value::<PreprocessingConfig>(&name, at, Value::Object(with))?;
            self.preprocessing.insert(name, value);
        }
        Ok(())
    }
}

/// Where in a file something is wrong.
struct Place<'a> {
    text: &'a str,
    section: String,
}

impl Place<'_> {
    fn error(&self, at: usize, what: &str) -> String {
        let section = &self.section;
        format!("line {}: `{section}` {what}", self.line(at))
    }

    fn error_of(&self, name: &str, at: usize, what: &str) -> String {
        format!("line {}: `{name}` in [{}]: {what}", self.line(at), self.section)
    }

    fn line(&self, at: usize) -> usize {
        line_of(self.text, at)
    }

    /// A value within its limits.
    fn within<T: DeserializeOwned + PartialOrd + Display>(
        &self,
        name: &str,
        (at, value): (usize, Value),
        limits: &RangeInclusive<T>,
    ) -> Result<T, String> {
        let given = value.to_string();
        let value: T = self.value(name, at, value)?;
        if limits.contains(&value) {
            return Ok(value);
        }
        let (least, most) = (limits.start(), limits.end());
        Err(self.error_of(name, at, &format!("it is {given}, but must be {least} to {most}")))
    }

    fn value<T: DeserializeOwned>(&self, name: &str, at: usize, value: Value) -> Result<T, String> {
        serde_json::from_value(value).map_err(|error| self.error_of(name, at, &error.to_string()))
    }
}

/// The line, counted from 1, in which byte `at` lies.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// Name, place and value of every entry.
fn entries(table: &DeTable<'_>) -> Vec<(String, usize, Value)> {
    let entry = |(name, value): (&toml::Spanned<std::borrow::Cow<'_, str>>, &toml::Spanned<DeValue<'_>>)| {
        (name.get_ref().to_string(), name.span().start, json(value.get_ref()))
    };
    let mut entries: Vec<_> = table.iter().map(entry).collect();
    entries.sort_by_key(|entry| entry.1);
    entries
}

fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Integer(number) => integer(&number.to_string()),
        DeValue::Float(number) => {
            number.as_str().replace('_', "").parse::<f64>().map_or(Value::Null, Value::from)
        }
        DeValue::Datetime(time) => Value::String(time.to_string()),
        DeValue::Array(values) => values.iter().map(|value| json(value.get_ref())).collect(),
        DeValue::Table(table) => Value::Object(
            table.iter().map(|(name, value)| (name.get_ref().to_string(), json(value.get_ref()))).collect(),
        ),
    }
}

/// A whole number; seeds reach beyond what a signed number holds.
fn integer(text: &str) -> Value {
    let text = text.replace('_', "");
    let unsigned = text.parse::<u64>().map(Value::from);
    unsigned.or_else(|_| text.parse::<i64>().map(Value::from)).unwrap_or(Value::String(text))
}

/// TOML knows no null: settings that may be absent are written as `"none"`, and large seeds in quotation marks.
fn for_toml(values: &Map<String, Value>) -> Map<String, Value> {
    let written = |value: &Value| match value {
        Value::Null => Value::String(NONE.to_owned()),
        Value::Number(number) if number.as_u64().is_some_and(|number| i64::try_from(number).is_err()) => {
            Value::String(number.to_string())
        }
        Value::Object(table) => Value::Object(for_toml(table)),
        other => other.clone(),
    };
    values.iter().map(|(name, value)| (name.clone(), written(value))).collect()
}

const NONE: &str = "none";

/// The value of a training setting as it was before [`for_toml`].
fn without_none(name: &str, value: Value) -> Value {
    match value {
        // A pattern may well be the word none.
        Value::String(text) if text == NONE && name != "validate_names" => Value::Null,
        Value::String(text) if name == "seed" => text.parse::<u64>().map_or(Value::String(text), Value::from),
        other => other,
    }
}

fn fields(config: &PreprocessingConfig) -> Map<String, Value> {
    match serde_json::to_value(config) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests;

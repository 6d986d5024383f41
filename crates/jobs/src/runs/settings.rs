//! Settings of a run as a TOML file, which the window and the command line both save and load.
//!
//! A file may hold any part of the settings, by their names in the tables of settings: `[model]` those of [`ModelSettings`],
//! `[training]` those of [`TrainingConfig`], `[preprocessing]` those of [`PreprocessingConfig`].

pub mod mistake;

use std::path::Path;

use mistake::{Known, Mistake, What};
use serde::Serialize;
use serde_json::Value;
use timbrespace_base::{
    atomic_file::Durability,
    regular_file::{self, NOTE_LIMIT},
    setting::{self, Choices as _, Misfit, Settings as _},
};
use timbrespace_signal::pipeline::config::{PreprocessingChoices, PreprocessingConfig};
use timbrespace_vae::config::{ModelSettings, Preset, TrainingConfig};
use toml::de::{DeTable, DeValue};

use crate::{
    JobError,
    files::{named, write_text},
    runs::{bundle_config::BundleConfig, choices::Choices},
};

/// What a file of settings holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunSettings {
    /// Model and training.
    pub choices: Choices,
    /// Preprocessing.
    preprocessing: PreprocessingChoices,
}

impl RunSettings {
    /// All of `choices`, and every setting of `preprocessing`.
    pub fn new(choices: Choices, preprocessing: &PreprocessingConfig) -> Self {
        Self { choices, preprocessing: PreprocessingChoices::all(preprocessing) }
    }

    /// The settings that a preset brings.
    pub fn preset(preset: Preset) -> Self {
        let choices = Choices {
            model: setting::Choices::all(&ModelSettings::preset(preset)),
            training: setting::Choices::all(&TrainingConfig::preset(preset)),
        };
        Self::new(choices, &PreprocessingConfig::default())
    }

    /// The settings of a run.
    pub fn of_run(config: &BundleConfig) -> Self {
        Self::new(Choices::of_run(&config.model, &config.training), &config.preprocessing)
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
        self.preprocessing_over(&self.preprocessing.feature.unwrap_or_default().defaults())
    }

    /// `base` with the file's settings over it. Bands that the file does not name follow its sample rate, as they follow the
    /// flag.
    ///
    /// # Errors
    /// When a setting is outside its limits.
    pub fn preprocessing_over(&self, base: &PreprocessingConfig) -> Result<PreprocessingConfig, JobError> {
        let mut config = self.preprocessing.over(base);
        let names_bands = self.preprocessing.mel_max_hz.is_some() || self.preprocessing.log_bands.is_some();
        if !names_bands {
            config.fit_to_rate();
        }
        config.validate()?;
        Ok(config)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or names the line of what is no TOML, no known setting or not a value of its setting.
    pub fn read(path: &Path) -> Result<Self, JobError> {
        Self::parse(&named(path, regular_file::read_to_string(path, NOTE_LIMIT))?)
            .map_err(|mistake| JobError::SettingsFile(path.to_owned(), Box::new(mistake)))
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
        let mut file = toml::Table::new();
        insert(&mut file, "model", &self.choices.model)?;
        insert(&mut file, "training", &self.choices.training)?;
        insert(&mut file, "preprocessing", &self.preprocessing)?;
        toml::to_string_pretty(&file)
    }

    fn parse(text: &str) -> Result<Self, Mistake> {
        let file = DeTable::parse(text).map_err(|error| Mistake {
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            what: What::Syntax(error.message().to_owned()),
        })?;
        let mut settings = Self::default();
        for (section, table) in file.into_inner() {
            let section = Section { text, name: section.get_ref().to_string(), start: section.span().start };
            let DeValue::Table(table) = table.into_inner() else {
                return Err(section.mistake(What::Outside(section.name.clone())));
            };
            match section.name.as_str() {
                "model" => section.read(&table, &mut settings.choices.model)?,
                "training" => section.read(&table, &mut settings.choices.training)?,
                "preprocessing" => section.read(&table, &mut settings.preprocessing)?,
                _ => return Err(section.mistake(What::UnknownTable(section.name.clone()))),
            }
        }
        Ok(settings)
    }
}

/// Puts what was chosen into a file.
fn insert(
    file: &mut toml::Table,
    section: &str,
    choices: &(impl setting::Choices + Serialize),
) -> Result<(), toml::ser::Error> {
    if !choices.is_empty() {
        file.insert(section.to_owned(), toml::Value::try_from(choices)?);
    }
    Ok(())
}

/// A table of a file of settings.
struct Section<'a> {
    text: &'a str,
    name: String,
    /// Where its name stands, in bytes.
    start: usize,
}

impl Section<'_> {
    /// Takes every setting of `table`.
    fn read<C: setting::Choices>(&self, table: &DeTable<'_>, choices: &mut C) -> Result<(), Mistake> {
        for (name, at, value) in entries(table) {
            let mistake = |what| Mistake { line: line_of(self.text, at), what };
            if value == setting::NONE && choices.take_none(&name) {
                continue;
            }
            match choices.take_field(&name, &value) {
                Ok(true) => {}
                Ok(false) => return Err(mistake(self.unknown(&name, C::Config::names()))),
                Err(error) => {
                    return Err(mistake(self.unreadable::<C>(&name, &value, &error.to_string())));
                }
            }
            choices.check().map_err(|misfit| mistake(self.misfit(&name, misfit)))?;
        }
        Ok(())
    }

    /// Why the entry called `name` cannot be read, which is `value`.
    fn unreadable<C: setting::Choices>(&self, name: &str, value: &Value, cause: &str) -> What {
        let table = C::Config::table();
        let setting = |name: &str| table.iter().copied().find(|setting| setting.name == name);
        if let Some(setting) = setting(name) {
            return self.misfit(name, mistake::misfit(setting, value));
        }
        for (field, value) in value.as_object().into_iter().flatten() {
            let alone = serde_json::json!({ field: value });
            if C::default().take_field(name, &alone).is_err()
                && let Some(setting) = setting(field)
            {
                return self.misfit(name, mistake::misfit(setting, value));
            }
        }
        What::Value { section: self.name.clone(), name: name.to_owned(), cause: cause.to_owned() }
    }

    fn unknown(&self, name: &str, names: Vec<&'static str>) -> What {
        What::Unknown { section: self.name.clone(), name: name.to_owned(), known: Known::like(name, names) }
    }

    fn misfit(&self, name: &str, misfit: Misfit) -> What {
        What::Misfit { section: self.name.clone(), name: name.to_owned(), misfit }
    }

    fn mistake(&self, what: What) -> Mistake {
        Mistake { line: line_of(self.text, self.start), what }
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

#[cfg(test)]
mod tests;

//! Values that their settings may not have.

use std::fmt;

use super::description::Setting;
use crate::{numbers, sentence::Sentence};

/// A value outside of its setting's limits.
#[derive(Clone, Debug)]
pub struct Misfit {
    /// The setting.
    pub setting: &'static Setting,
    /// What it is.
    pub actual: String,
    /// What it may be.
    pub expected: Expected,
}

/// What a value may be.
#[derive(Clone, Debug)]
pub enum Expected {
    /// What this setting's own limits allow.
    Limits(&'static Setting),
    /// What other settings allow, which are named by their flags.
    Rule(Sentence),
}

impl From<Sentence> for Expected {
    fn from(rule: Sentence) -> Self {
        Self::Rule(rule)
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limits(setting) => formatter.write_str(&setting.limits_words()),
            Self::Rule(rule) => rule.fmt(formatter),
        }
    }
}

impl Setting {
    /// A value that this setting may not have, with what it may be.
    pub fn misfit(&'static self, actual: impl fmt::Display, expected: impl Into<Expected>) -> Misfit {
        Misfit { setting: self, actual: actual.to_string(), expected: expected.into() }
    }
}

impl Misfit {
    /// The error in a file of settings, beside the entry called `name`: the setting itself, or a group of settings that it belongs to.
    pub fn beside(&self, name: &str) -> String {
        let Self { setting, actual, expected } = self;
        let subject = if setting.name == name { "it" } else { setting.name };
        format!("{subject} is {actual}, but must be {expected}")
    }

    /// The error with the names of a form; `table` are the settings that it may speak of.
    pub fn in_form(&self, table: &[&'static Setting]) -> String {
        let mut expected = match &self.expected {
            Expected::Limits(setting) => setting.limits.words_in_form(1.0, setting.unit.suffix()),
            Expected::Rule(rule) => rule.with_thousands_apart().to_string(),
        };
        for setting in table {
            if let Some(flag) = setting.flag {
                expected = expected.replace(&format!("--{flag}"), setting.label);
            }
        }
        format!("{} is {}, but must be {expected}", self.setting.label, numbers::grouped(&self.actual))
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} is {}, but must be {}", self.setting.flag_or_name(), self.actual, self.expected)
    }
}

impl std::error::Error for Misfit {}

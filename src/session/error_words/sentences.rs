//! Sentences that have a key, and settings that do not fit.

use super::InWords;
use crate::{
    language::{Value, translation},
    numbers,
    pipeline::config::PreprocessingConfig,
    sentence::{Said, Sentence},
    session::setting_words::{kind_of_range, label, suffix, value, value_label},
    setting::{Expected, Limits, Misfit, Setting, Settings as _, number_words},
};

impl InWords for Sentence {
    fn translated(&self) -> Option<String> {
        let argument = |value: &crate::sentence::Value| {
            let said = match &value.said {
                Said::Alike => None,
                Said::Message(key) => translation(key, &[]),
                Said::Sentence(sentence) => sentence.translated(),
            };
            Value::from(said.unwrap_or_else(|| value.english.clone()))
        };
        let arguments: Vec<_> = self.values().iter().map(|(name, value)| (*name, argument(value))).collect();
        if self.key().is_empty() { None } else { translation(self.key(), &arguments) }
    }
}

impl InWords for Misfit {
    fn translated(&self) -> Option<String> {
        let expected = match &self.expected {
            Expected::Limits(setting) => limits(setting)?,
            Expected::Rule(rule) => rule.with_thousands_apart().translated()?,
        };
        translation(
            "misfit",
            &[
                ("setting", label(self.setting).into()),
                ("actual", numbers::grouped(&value(&self.actual)).into()),
                ("expected", expected.into()),
            ],
        )
    }

    /// English names the settings as forms do, not by their flags.
    fn words(&self) -> String {
        self.translated().unwrap_or_else(|| self.in_form(&PreprocessingConfig::table()))
    }
}

/// What the limits of `setting` allow.
fn limits(setting: &Setting) -> Option<String> {
    let (kind, low, high) = match setting.limits {
        Limits::Count { least, most } => {
            ("from-to", numbers::grouped(&least.to_string()), numbers::grouped(&most.to_string()))
        }
        Limits::Number { low, high } => {
            (kind_of_range(low, high), number_words(low.at), number_words(high.at))
        }
        Limits::Words(names) => {
            let names: Vec<_> = names().iter().map(|name| value_label(setting, name)).collect();
            return translation("misfit-words", &[("names", names.join("、").into())]);
        }
        Limits::Switch => return translation("misfit-switch", &[]),
        Limits::Text(name) => return Some(name.to_owned()),
    };
    let unit = suffix(setting.unit.suffix());
    translation(
        &format!("misfit-{kind}"),
        &[("low", low.into()), ("high", high.into()), ("unit", unit.into())],
    )
}

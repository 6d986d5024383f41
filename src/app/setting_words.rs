//! What the window says about settings: the words of their tables, or a translation of these by their names.
//!
//! English stands in the tables, where the command line reads it, too; `assets/languages/*/settings.ftl` has the rest.

use std::borrow::Cow;

use crate::{
    jobs::runs::report::SettingRow,
    language::{Value, translation},
    setting::{Absent, End, Limits, Name, Setting, number_words},
};

use crate::session::setting_words::{kind_of_range, of_key, value};
pub use crate::session::setting_words::{label, unit_suffix, value_label};

/// The tooltip of the setting's field: what it does, what its values mean, and its limits.
pub fn tooltip(setting: &Setting) -> String {
    // English is put together where the command line's help is.
    translated_tooltip(setting).unwrap_or_else(|| setting.tooltip())
}

/// What one value of `setting` means.
pub fn value_help(setting: &Setting, name: &Name) -> Cow<'static, str> {
    of_key(&format!("setting-{}-{}-help", setting.name, name.word), name.help)
}

/// A setting's name in a list of a run's settings; `english` is its name with spaces, which stays where no setting is called so.
pub fn listed(english: &str) -> Cow<'_, str> {
    let key = format!("setting-{}", english.replace([' ', '_'], "-"));
    translation(&key, &[]).map_or(Cow::Borrowed(english), Cow::Owned)
}

/// A setting's value in a list of a run's settings, as its form says it; text and bare numbers stay.
pub fn listed_value(row: &SettingRow) -> Cow<'_, str> {
    let english = row.value.as_str();
    if let Some(setting) = row.setting {
        if let Limits::Words(names) = setting.limits
            && let Some(name) = names().iter().find(|name| name.word == english)
        {
            return value_label(setting, name);
        }
        if let Some(absent) = setting.absent.filter(|absent| absent.word == english) {
            return absent_word(setting, absent);
        }
    }
    value(english)
}

/// What the absence of a value means.
pub fn absent_word(setting: &Setting, absent: Absent) -> Cow<'static, str> {
    of_key(&format!("setting-{}-absent", setting.name), absent.word)
}

fn translated_tooltip(setting: &Setting) -> Option<String> {
    let key = format!("setting-{}-help", setting.name).replace('_', "-");
    let mut words = translation(&key, &[])?;
    if let Limits::Words(names) = setting.limits {
        for name in names().iter().filter(|name| !name.help.is_empty()) {
            let (value, means) = (value_label(setting, name).into(), value_help(setting, name).into());
            words = followed(&words, "value", &[("value", value), ("means", means)])?;
        }
    }
    if let Some(absent) = setting.absent.filter(|absent| absent.is_zero) {
        words = followed(&words, "absent", &[("word", absent_word(setting, absent).into())])?;
    }
    with_limits(&words, setting)
}

/// `words`, then the limits of a number as the form shows them.
fn with_limits(words: &str, setting: &Setting) -> Option<String> {
    let scale = setting.unit.form_scale();
    let (kind, low, high) = match setting.limits {
        Limits::Count { most: u64::MAX, .. } | Limits::Words(_) | Limits::Switch | Limits::Text(_) => {
            return Some(words.to_owned());
        }
        Limits::Count { least, most } => ("from-to", least.to_string(), most.to_string()),
        Limits::Number { low, high } => {
            let number = |end: End| number_words(end.at * scale);
            (kind_of_range(low, high), number(low), number(high))
        }
    };
    let unit = unit_suffix(setting.unit);
    followed(words, kind, &[("low", low.into()), ("high", high.into()), ("unit", unit.into())])
}

/// `before` and what the message of the tooltip called `kind` says after it.
fn followed(before: &str, kind: &str, arguments: &[(&'static str, Value<'_>)]) -> Option<String> {
    let mut all = vec![("before", Value::from(before))];
    all.extend_from_slice(arguments);
    translation(&format!("setting-tooltip-{kind}"), &all)
}

#[cfg(test)]
mod tests;

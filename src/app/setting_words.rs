//! What the window says about settings: the words of their tables, or a translation of these by their names.
//!
//! English stands in the tables, where the command line reads it, too; `assets/languages/*/settings.ftl` has the rest.

use std::borrow::Cow;

use crate::{
    jobs::runs::report::SettingRow,
    language::{Value, translation},
    numbers,
    setting::{Absent, End, Limits, Name, Setting, Unit, number_words},
};

use crate::session::setting_words::{kind_of_range, of_key};
pub use crate::session::setting_words::{label, unit_suffix, unit_suffix_after, value_label};

/// The tooltip of the setting's field: what it does, what its values mean, and its limits.
pub fn tooltip(setting: &Setting) -> String {
    // English is put together where the command line's help is.
    translated_tooltip(setting).unwrap_or_else(|| setting.tooltip())
}

/// What one value of `setting` means.
pub fn value_help(setting: &Setting, name: &Name) -> Cow<'static, str> {
    of_key(&format!("setting-{}-{}-help", setting.name, name.word), name.help)
}

/// A setting's name in a list of a run's settings: as in its form. What no form has is called by its name in files, with a capital.
pub fn listed_name(row: &SettingRow) -> Cow<'static, str> {
    row.setting.map_or_else(|| listed(&row.name).into(), label)
}

fn listed(english: &str) -> String {
    let key = format!("setting-{}", english.replace([' ', '_'], "-"));
    translation(&key, &[]).unwrap_or_else(|| {
        let mut letters = english.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    })
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
    let word = || translation(&format!("setting-value-{english}"), &[]);
    listed_number(row).or_else(word).map_or(Cow::Borrowed(english), Cow::Owned)
}

/// A number in a list of a run's settings, in the unit of its form and with its thousands apart; `None` if there is nothing to change.
fn listed_number(row: &SettingRow) -> Option<String> {
    let (number, unit) =
        row.value.split_once(' ').map_or((row.value.as_str(), None), |(number, unit)| (number, Some(unit)));
    let value = number.parse::<f64>().ok()?;
    // All digits of a seed count.
    let is_exact = |setting: &Setting| matches!(setting.limits, Limits::Count { most: u64::MAX, .. });
    match row.setting {
        Some(setting) if setting.unit == Unit::Fraction => {
            return Some(format!("{}{}", number_words(rounded(100.0 * value)), unit_suffix(setting.unit)));
        }
        Some(setting) if is_exact(setting) => return None,
        _ => {}
    }
    let number = if value >= 1000.0 && value.fract() == 0.0 && value < 1e15 {
        numbers::count(value as usize)
    } else {
        number.to_owned()
    };
    let suffix = unit.map_or_else(String::new, |unit| {
        let of_setting = row.setting.filter(|setting| setting.unit.form_suffix().trim() == unit);
        of_setting.map_or_else(
            || translation(&format!("setting-unit-{unit}"), &[]).unwrap_or_else(|| format!(" {unit}")),
            |setting| unit_suffix_after(setting.unit, value).into_owned(),
        )
    });
    Some(format!("{number}{suffix}"))
}

/// Without the error of a multiplication: `0.07` times a hundred is `7`.
fn rounded(percent: f64) -> f64 {
    (percent * 1e6).round() / 1e6
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
        Limits::Count { least, most } => ("from-to", grouped(least), grouped(most)),
        Limits::Number { low, high } => {
            let number = |end: End| number_words(end.at * scale);
            (kind_of_range(low, high), number(low), number(high))
        }
    };
    let unit = unit_suffix(setting.unit);
    followed(words, kind, &[("low", low.into()), ("high", high.into()), ("unit", unit.into())])
}

fn grouped(count: u64) -> String {
    usize::try_from(count).map_or_else(|_| count.to_string(), numbers::count)
}

/// `before` and what the message of the tooltip called `kind` says after it.
fn followed(before: &str, kind: &str, arguments: &[(&'static str, Value<'_>)]) -> Option<String> {
    let mut all = vec![("before", Value::from(before))];
    all.extend_from_slice(arguments);
    translation(&format!("setting-tooltip-{kind}"), &all)
}

#[cfg(test)]
mod tests;

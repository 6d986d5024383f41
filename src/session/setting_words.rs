//! Names and units of settings in the window's language.
//!
//! English stands in the tables, where the command line reads it, too; `assets/languages/*/settings.ftl` has the rest.

use std::borrow::Cow;

use crate::{
    language::translation,
    setting::{End, Name, Setting, Unit},
};

/// The setting's name in a form.
pub fn label(setting: &Setting) -> Cow<'static, str> {
    of_key(&format!("setting-{}", setting.name), setting.label)
}

/// The name of one value of `setting` in a form.
pub fn value_label(setting: &Setting, name: &Name) -> Cow<'static, str> {
    of_key(&format!("setting-{}-{}", setting.name, name.word), name.label)
}

/// The unit after a number in a form, the space before it included.
pub fn unit_suffix(unit: Unit) -> Cow<'static, str> {
    suffix(unit.form_suffix())
}

/// The unit after this `number` in a form, the space before it included.
pub fn unit_suffix_after(unit: Unit, number: f64) -> Cow<'static, str> {
    // A translation has one word for any number.
    of_key(&format!("setting-unit-{}", unit.form_suffix().trim()), unit.form_suffix_after(number))
}

/// The unit after a number, as [`Unit::suffix`] has it in English.
pub fn suffix(english: &'static str) -> Cow<'static, str> {
    of_key(&format!("setting-unit-{}", english.trim()), english)
}

/// A value with its unit, or a word, as a list of settings has it in English; text and bare numbers stay.
pub fn value(english: &str) -> Cow<'_, str> {
    let with_unit = || {
        let (number, unit) = english.split_once(' ')?;
        number.parse::<f64>().ok()?;
        Some(format!("{number}{}", translation(&format!("setting-unit-{unit}"), &[])?))
    };
    let word = || translation(&format!("setting-value-{english}"), &[]);
    with_unit().or_else(word).map_or(Cow::Borrowed(english), Cow::Owned)
}

/// Which message words a range with these ends.
pub fn kind_of_range(low: End, high: End) -> &'static str {
    match (low.is_included, high.is_included) {
        (true, true) => "from-to",
        (true, false) => "from-below",
        (false, true) => "above-to",
        (false, false) => "between",
    }
}

/// The translation of `key`, or `english`.
pub fn of_key(key: &str, english: &'static str) -> Cow<'static, str> {
    let key = key.replace('_', "-");
    translation(&key, &[]).map_or(Cow::Borrowed(english), Cow::Owned)
}

//! Parsers of flags.

use std::ops::RangeInclusive;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::setting::{Named, Setting, SettingValue};

/// A parser for exactly these words, which the help lists.
pub(crate) fn one_of<T>(choices: &'static [(&'static str, T)]) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    let words = PossibleValuesParser::new(choices.iter().map(|(word, _)| *word));
    words.try_map(move |word| {
        choices
            .iter()
            .find(|(known, _)| *known == word)
            .map(|&(_, value)| value)
            .ok_or_else(|| format!("{word} is not among the possible values"))
    })
}

/// A parser for the words of a type whose values have names.
pub(crate) fn named<T: Named + Send + Sync>() -> impl TypedValueParser<Value = T> {
    let words = PossibleValuesParser::new(T::names().iter().map(|name| name.word));
    words.try_map(|word| T::of_word(&word).ok_or_else(|| format!("{word} is not among the possible values")))
}

/// A parser for values of a setting, within its limits.
pub(crate) fn value_of<T: SettingValue>(
    setting: &'static Setting,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    |text| T::parse(text, setting)
}

/// A parser for numbers within limits, named in the message.
pub(crate) fn number_in(
    low: f64,
    high: f64,
    limits: &'static str,
) -> impl Fn(&str) -> Result<f64, String> + Clone {
    move |text| {
        let value: f64 = text.parse().map_err(|error| format!("`{text}` is not a number: {error}"))?;
        if (low..=high).contains(&value) { Ok(value) } else { Err(format!("it must be {limits}")) }
    }
}

/// A parser for whole numbers within `limits`, which the error message names.
pub(crate) fn count_in(limits: RangeInclusive<usize>) -> impl Fn(&str) -> Result<usize, String> + Clone {
    move |text| {
        let count = text.parse().ok().filter(|count| limits.contains(count));
        count.ok_or_else(|| format!("it must be a whole number from {} to {}", limits.start(), limits.end()))
    }
}

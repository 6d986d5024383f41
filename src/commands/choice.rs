//! Parsers of flag values: one of a few words, or a number within limits.

use std::ops::RangeInclusive;

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// A parser for exactly these words; the help lists them.
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

/// A parser for numbers from `low` to `high`; the error message quotes `limits`.
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

//! Flags whose value is one of a few words.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::jobs::way::LEAST_STEPS;

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

/// A whole number of at least 1.
pub(crate) fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("it must be at least 1".to_owned()),
        Ok(count) => Ok(count),
        Err(error) => Err(format!("`{text}` is not a whole number: {error}")),
    }
}

/// A parser for the steps of a way, both ends included.
pub(crate) fn steps(text: &str) -> Result<usize, String> {
    at_least_one(text)
        .ok()
        .filter(|&steps| steps >= LEAST_STEPS)
        .ok_or_else(|| format!("it must be a whole number of at least {LEAST_STEPS}"))
}

//! The values that a setting may have, in numbers and in words.

use super::named::Name;
use crate::numbers;

/// The values that a setting may have.
#[derive(Clone, Copy, Debug)]
pub enum Limits {
    /// Whole numbers, both ends included.
    Count {
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// Numbers.
    Number {
        /// The lower end.
        low: End,
        /// The upper end.
        high: End,
    },
    /// One of these words.
    Words(fn() -> &'static [Name]),
    /// Yes or no.
    Switch,
    /// Text, or a value with a notation of its own; its name in the command line's help.
    Text(&'static str),
}

/// One end of a range.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// Where it is.
    pub at: f64,
    /// Whether the end itself is within the limits.
    pub is_included: bool,
}

impl Limits {
    /// The least and the largest number, as far as they are numbers.
    pub(super) fn range(&self) -> Option<(f64, f64)> {
        match *self {
            Self::Count { least, most } => Some((least as f64, most as f64)),
            Self::Number { low, high } => Some((low.at, high.at)),
            Self::Words(_) | Self::Switch | Self::Text(_) => None,
        }
    }

    /// Whether `value` is within the limits; a NaN never is.
    pub(super) fn allow(&self, value: f64) -> bool {
        match *self {
            Self::Count { least, most } => (least as f64..=most as f64).contains(&value),
            Self::Number { low, high } => {
                let above = if low.is_included { value >= low.at } else { value > low.at };
                let below = if high.is_included { value <= high.at } else { value < high.at };
                above && below
            }
            Self::Words(_) | Self::Switch | Self::Text(_) => true,
        }
    }

    /// As [`Self::words`], for people alone: with the thousands of whole numbers apart.
    pub(super) fn words_in_form(&self, scale: f64, unit: &str) -> String {
        let apart = |count: u64| usize::try_from(count).map_or_else(|_| count.to_string(), numbers::count);
        match *self {
            Self::Count { least, most } => format!("from {} to {}{unit}", apart(least), apart(most)),
            _ => self.words(scale, unit),
        }
    }

    /// The limits in words, with numbers multiplied by `scale` and followed by `unit`.
    pub(super) fn words(&self, scale: f64, unit: &str) -> String {
        match *self {
            Self::Count { least, most } => format!("from {least} to {most}{unit}"),
            Self::Number { low, high } => {
                let (from, to) = (number_words(low.at * scale), number_words(high.at * scale));
                match (low.is_included, high.is_included) {
                    (true, true) => format!("from {from} to {to}{unit}"),
                    (true, false) => format!("at least {from} and below {to}{unit}"),
                    (false, true) => format!("above {from} and at most {to}{unit}"),
                    (false, false) => format!("above {from} and below {to}{unit}"),
                }
            }
            Self::Words(names) => {
                let words: Vec<&str> = names().iter().map(|name| name.word).collect();
                format!("one of {}", words.join(", "))
            }
            Self::Switch => "true or false".to_owned(),
            Self::Text(name) => name.to_owned(),
        }
    }
}

/// A limit as people write it: large ones as powers of ten.
pub fn number_words(value: f64) -> String {
    if value != 0.0 && !(1e-4..1e6).contains(&value.abs()) { format!("{value:e}") } else { value.to_string() }
}

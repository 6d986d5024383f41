//! Sentences in English that another language can say, too.
//!
//! A [`Sentence`] has the key of a message and the values in it, so that the window says it in its language; what is displayed is the
//! English, for the command line and for reports. [`sentence!`](crate::sentence!) makes one.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::numbers;

/// A sentence, or a part of one, about something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sentence(Box<Parts>);

/// In a box: errors of all layers hold sentences, and are passed by value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Parts {
    key: &'static str,
    english: String,
    values: Vec<(&'static str, Value)>,
}

/// A value in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value {
    /// As it stands in English.
    pub english: String,
    /// How another language says it.
    pub said: Said,
}

/// How another language says a value of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// As English does: names, numbers, and what the system or a library says.
    Alike,
    /// By the message of this key.
    Message(String),
    /// By the sentence that it is.
    Sentence(Sentence),
}

impl Sentence {
    /// For [`sentence!`](crate::sentence!).
    #[doc(hidden)]
    pub fn new(key: &'static str, english: String, values: Vec<(&'static str, String)>) -> Self {
        let plain = |(name, english)| (name, Value { english, said: Said::Alike });
        Self(Box::new(Parts { key, english, values: values.into_iter().map(plain).collect() }))
    }

    /// The same, where another language says the value called `name` by the message `key`.
    #[must_use]
    pub fn naming(self, name: &str, key: impl Into<String>) -> Self {
        self.said(name, Said::Message(key.into()))
    }

    /// The same, where the value called `name` is `sentence`.
    #[must_use]
    pub fn nesting(self, name: &str, sentence: Self) -> Self {
        self.said(name, Said::Sentence(sentence))
    }

    fn said(mut self, name: &str, said: Said) -> Self {
        if let Some((_, value)) = self.0.values.iter_mut().find(|(other, _)| *other == name) {
            value.said = said;
        }
        self
    }

    /// The same with other English, which the command line shows.
    #[must_use]
    pub fn in_english(mut self, english: impl Into<String>) -> Self {
        self.0.english = english.into();
        self
    }

    /// The same for people alone: with the thousands of its numbers apart. On the command line, a limit can be typed as it stands.
    #[must_use]
    pub fn with_thousands_apart(&self) -> Self {
        let mut parts = (*self.0).clone();
        for (_, value) in &mut parts.values {
            let apart = numbers::grouped(&value.english);
            if apart != value.english {
                parts.english = with_number(&parts.english, &value.english, &apart);
                value.english = apart;
            }
        }
        Self(Box::new(parts))
    }

    /// Key of its message; empty where no other language has one.
    pub fn key(&self) -> &'static str {
        self.0.key
    }

    /// The values in it, by name.
    pub fn values(&self) -> &[(&'static str, Value)] {
        &self.0.values
    }
}

/// `text` with `apart` in place of the number `number`, but not of one that it is a part of.
fn with_number(text: &str, number: &str, apart: &str) -> String {
    let is_of_number = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let (mut done, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(number) {
        let is_whole = !before.ends_with(is_of_number) && !after.starts_with(|c: char| c.is_ascii_digit());
        done.push_str(before);
        done.push_str(if is_whole { apart } else { number });
        rest = after;
    }
    done + rest
}

/// What is said in English alone: messages of the system and of libraries.
impl From<String> for Sentence {
    fn from(english: String) -> Self {
        Self(Box::new(Parts { key: "", english, values: Vec::new() }))
    }
}

impl From<&str> for Sentence {
    fn from(english: &str) -> Self {
        english.to_owned().into()
    }
}

/// In English, as reports have it.
impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.english)
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.english)
    }
}

impl std::error::Error for Sentence {}

/// A [`Sentence`](crate::sentence::Sentence): the key of its message in `assets/languages`, its English, and its values by name.
///
/// ```
/// use timbrespace_base::sentence;
///
/// let refused = sentence!("error-too-few", "there are {count}, at least 2 are needed", count = 1);
/// assert_eq!(refused.to_string(), "there are 1, at least 2 are needed");
/// ```
#[macro_export]
macro_rules! sentence {
    ($key:literal, $english:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        $(let $name = ::std::string::ToString::to_string(&$value);)*
        $crate::sentence::Sentence::new(
            $key,
            ::std::fmt::format(::std::format_args!($english)),
            ::std::vec![$((::std::stringify!($name), $name)),*],
        )
    }};
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_of_one_number_do_not_split_another() {
        let both = sentence!("x", "at least {least} and at most {most}", least = 1000, most = 10_000);
        assert_eq!(both.with_thousands_apart().to_string(), "at least 1,000 and at most 10,000");
    }
}

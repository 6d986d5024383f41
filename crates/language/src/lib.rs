//! The texts of the window, in the languages that it speaks.
//!
//! A text is a message of Project Fluent in `assets/languages/<language>/*.ftl`, named by a key. [`text!`] gives it in the language of
//! the current thread: English, until [`set`] chooses another.
//!
//! ```
//! use timbrespace_language::{Language, set, text};
//!
//! assert_eq!(text!("recordings", count = 1), "1 recording");
//! assert_eq!(text!("recordings", count = 2_700), "2,700 recordings");
//! set(Language::Chinese);
//! assert_eq!(text!("recordings", count = 2_700), "2,700 个录音");
//! ```

mod bundle;
mod choice;
mod messages;

use std::cell::Cell;

pub use fluent_bundle::FluentValue as Value;

pub use self::{
    choice::{Language, LanguageChoice, forms_of_chinese_characters, system},
    messages::FILES,
};

thread_local! {
    static CURRENT: Cell<Language> = const { Cell::new(Language::English) };
}

/// Key of a text whose language is decided later, when [`Key::text`] is called; made by [`key!`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(
    /// Name of the message.
    pub &'static str,
);

impl Key {
    /// The text in the current language.
    pub fn text(self) -> String {
        text(self.0, &[])
    }
}

/// The text with this key in the current language; arguments by name: `text!("key", count = 3, name = "a.wav")`.
///
/// A whole number chooses the plural form and is written in groups of three digits.
#[macro_export]
macro_rules! text {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::text($key, &[$((stringify!($name), $crate::Value::from($value))),*])
    };
}

/// The [`Key`] of a text, for tables of texts.
#[macro_export]
macro_rules! key {
    ($key:literal) => {
        $crate::Key($key)
    };
}

/// Chooses the language of this thread.
pub fn set(language: Language) {
    CURRENT.set(language);
}

/// The language of this thread.
pub fn current() -> Language {
    CURRENT.get()
}

/// The text with this key in the current language, else in English, else the key itself; see [`text!`].
pub fn text(key: &str, arguments: &[(&'static str, Value<'_>)]) -> String {
    let texts = [current(), Language::English]
        .into_iter()
        .find_map(|language| bundle::of(language).text(key, arguments));
    texts.unwrap_or_else(|| {
        log::error!("no text has the key {key}");
        key.to_owned()
    })
}

/// The translation of a text whose English stands elsewhere in the program: `None` in English, and where there is none.
pub fn translation(key: &str, arguments: &[(&'static str, Value<'_>)]) -> Option<String> {
    if current() == Language::English { None } else { bundle::of(current()).text(key, arguments) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_chooses_the_plural_and_is_written_in_groups() {
        assert_eq!(text!("recordings", count = 1), "1 recording");
        assert_eq!(text!("recordings", count = 0), "0 recordings");
        assert_eq!(text!("recordings", count = 1_234_567), "1,234,567 recordings");
    }

    #[test]
    fn every_thread_has_its_own_language_and_begins_in_english() {
        set(Language::Chinese);
        assert_eq!(text!("recordings", count = 2), "2 个录音");
        let other = std::thread::Builder::new().spawn(|| text!("recordings", count = 2));
        assert_eq!(other.unwrap().join().unwrap(), "2 recordings");
    }

    #[test]
    fn a_key_without_a_text_is_shown_itself() {
        assert_eq!(text("no-such-key", &[]), "no-such-key");
    }

    #[test]
    fn a_translation_is_none_in_english() {
        assert_eq!(translation("recordings", &[("count", 2.into())]), None);
        set(Language::Chinese);
        assert_eq!(translation("recordings", &[("count", 2.into())]).as_deref(), Some("2 个录音"));
        assert_eq!(translation("no-such-key", &[]), None);
    }
}

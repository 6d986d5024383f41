//! Errors of the program's own crates in the window's language.
//!
//! The crates say their errors in English, which the command line shows; another language says the same from an error's parts, by
//! messages of `assets/languages/*/settings.ftl`. What the system or another library says of a cause stays as it is.

use std::fmt::Display;

use crate::{
    language::{Value, translation},
    playback::backend::PlaybackError,
};

/// An error that can be said in the language of the window.
pub trait InWords: Display {
    /// The message of the language, `None` where it has none.
    fn translated(&self) -> Option<String>;

    /// The error in the language of the window, or in English.
    fn words(&self) -> String {
        self.translated().unwrap_or_else(|| self.to_string())
    }
}

/// The translation of a message about `cause`.
fn about_cause(key: &str, cause: &str) -> Option<String> {
    translation(key, &[("cause", Value::from(cause))])
}

impl InWords for PlaybackError {
    fn translated(&self) -> Option<String> {
        match self {
            Self::NoDevice { cause } => about_cause("error-sound-none", cause),
            Self::Busy { cause } => about_cause("error-sound-busy", cause),
            Self::Denied { cause } => about_cause("error-sound-denied", cause),
            Self::Failed { cause } => about_cause("error-sound-failed", cause),
            Self::Off(cause) => about_cause("error-sound-off", cause),
        }
    }
}

//! Errors of the program's own crates in the window's language.
//!
//! The crates say their errors in English, which the command line shows; another language says the same from an error's parts, by
//! messages of `assets/languages/*/errors.ftl`. What the system or another library says of a cause stays as it is.

mod files;
mod recordings;
mod sentences;
mod settings_file;
mod sound;
#[cfg(test)]
mod tests;

use std::{fmt::Display, sync::Arc};

use crate::{
    jobs::{JobError, note::Reason},
    language::{Value, translation},
    numbers::significant,
    pipeline::preprocessing::PipelineError,
    sentence,
    sentence::Sentence,
    setting::Misfit,
    vae::error::ModelError,
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

impl<T: InWords + ?Sized> InWords for Arc<T> {
    fn translated(&self) -> Option<String> {
        (**self).translated()
    }

    fn words(&self) -> String {
        (**self).words()
    }
}

/// What is said of a file that was there when its folder was read.
pub fn vanished() -> Sentence {
    sentence!(
        "error-file-vanished",
        "the file is gone: it was here when the folder was read. Bring it back, or read the folder again (F5)"
    )
}

/// The translation of a message about `cause`.
fn about_cause(key: &str, cause: impl Display) -> Option<String> {
    translation(key, &[("cause", cause.to_string().into())])
}

/// The translation of a message about the file or folder at `path`.
fn about_path(key: &str, path: &std::path::Path) -> Option<String> {
    translation(key, &[("path", shown_path(path))])
}

/// A message that names the file or folder before its cause.
fn after_path(path: &std::path::Path, cause: impl Into<String>) -> Option<String> {
    translation("error-of-path", &[("path", shown_path(path)), ("cause", cause.into().into())])
}

fn shown_path(path: &std::path::Path) -> Value<'static> {
    crate::names::shown(&path).to_string().into()
}

impl InWords for JobError {
    fn translated(&self) -> Option<String> {
        match self {
            Self::Pipeline(error) => error.translated(),
            Self::Scan(error) => error.translated(),
            Self::List(error) => error.translated(),
            Self::Encode(error) => error.translated(),
            Self::Output(error) => error.translated(),
            Self::Lock(error) => error.translated(),
            Self::File { path, cause } => after_path(path, cause.translated()?),
            Self::SettingsFile(path, mistake) => after_path(path, mistake.translated()?),
            Self::Fault(caught) => about_cause("error-fault", caught),
            Self::Model(error) => error.translated(),
            Self::Misfit(misfit) => misfit.translated(),
            Self::Setting(sentence) | Self::Said(sentence) => sentence.translated(),
            Self::NoneEncoded(skipped) => recordings::none_encoded(skipped),
            Self::Other(_) | Self::Stopped => None,
        }
    }

    fn words(&self) -> String {
        misfit(self).map_or_else(|| self.translated().unwrap_or_else(|| self.to_string()), InWords::words)
    }
}

/// The setting that is at fault, if that is the error.
fn misfit(error: &JobError) -> Option<&Misfit> {
    match error {
        JobError::Misfit(misfit)
        | JobError::Pipeline(PipelineError::Config(misfit))
        | JobError::Model(ModelError::Config(misfit)) => Some(misfit),
        _ => None,
    }
}

impl InWords for ModelError {
    fn translated(&self) -> Option<String> {
        match self {
            Self::Candle(error) => about_cause("error-model-failed", error),
            Self::NotFinite { epoch, step, total } => translation(
                "error-loss-not-finite",
                &[("loss", significant(*total).into()), ("epoch", (*epoch).into()), ("step", (*step).into())],
            ),
            Self::File { path, source } => after_path(path, source.words()),
            Self::Config(misfit) => misfit.translated(),
            Self::Said(sentence) => sentence.translated(),
            Self::Mismatch { what, expected, actual } => translation(
                "error-mismatch",
                &[
                    ("what", what.words().into()),
                    ("expected", (&**expected).into()),
                    ("actual", (&**actual).into()),
                ],
            ),
            Self::Tensor { name, expected, actual } => translation(
                "error-tensor",
                &[
                    ("name", (&**name).into()),
                    ("expected", expected.words().into()),
                    ("actual", actual.words().into()),
                ],
            ),
            Self::Other(_) => None,
        }
    }
}

impl InWords for Reason {
    fn translated(&self) -> Option<String> {
        match self {
            Self::Job(error) => error.translated(),
            Self::Model(error) => error.translated(),
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Job(error) => error.words(),
            Self::Model(error) => error.words(),
        }
    }
}

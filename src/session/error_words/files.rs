//! Why a file or folder could not be read or written.

use std::io::{self, ErrorKind};

use super::{InWords, about_cause, about_path, after_path, shown_path};
use crate::{
    audio::{encode::EncodeError, left_out::ListError},
    folder_lock::LockError,
    jobs::fault::{FileFault, OtherContent},
    language::translation,
    outputs::OutputError,
};

impl InWords for FileFault {
    fn translated(&self) -> Option<String> {
        match self {
            Self::System(kind, message) => system(*kind, message),
            Self::NoModelFolder => translation("error-no-model-folder", &[]),
            Self::NoModelBut(content) => {
                translation("error-no-model-but", &[("content", other(*content)?.into())])
            }
            Self::NoRecordingsBut(content) => {
                translation("error-no-recordings-but", &[("content", other(*content)?.into())])
            }
            Self::ImagesOf(folder) => about_path("error-images-of", folder),
            Self::NoDescription(cause) => about_cause("error-no-description", cause),
            Self::OtherImages { made, taken } => translation(
                "error-other-images",
                &[
                    ("made", format!("{} × {}", made.0, made.1).into()),
                    ("taken", format!("{} × {}", taken.0, taken.1).into()),
                ],
            ),
            Self::DamagedWeights(error) => about_cause("error-damaged-weights", error.words()),
            Self::Model(error) => error.translated(),
            Self::Setting(misfit) => misfit.translated(),
            Self::Said(sentence) => sentence.translated(),
            Self::NotEmpty => translation("error-not-empty", &[]),
            Self::Words(_) => None,
        }
    }
}

/// What a folder holds instead of what was wanted.
pub(super) fn other(content: OtherContent) -> Option<String> {
    translation(&format!("error-holds-{}", content.name), &[])
}

/// What the system refuses, by its kind; the message itself where the kind says too little.
pub(super) fn system(kind: ErrorKind, message: &str) -> Option<String> {
    let key = match kind {
        ErrorKind::NotFound => "error-system-not-found",
        ErrorKind::PermissionDenied => "error-system-denied",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "error-system-full",
        ErrorKind::ReadOnlyFilesystem => "error-system-read-only",
        ErrorKind::NotADirectory => "error-system-not-a-folder",
        ErrorKind::InvalidFilename => "error-system-name",
        _ => return None,
    };
    about_cause(key, message)
}

impl InWords for io::Error {
    fn translated(&self) -> Option<String> {
        system(self.kind(), &self.to_string())
    }
}

impl InWords for EncodeError {
    fn translated(&self) -> Option<String> {
        translation(
            "error-cannot-write",
            &[("path", shown_path(&self.path)), ("cause", (&*self.cause).into())],
        )
    }
}

impl InWords for ListError {
    fn translated(&self) -> Option<String> {
        after_path(&self.path, about_cause("error-list", self.cause.words())?)
    }
}

impl InWords for OutputError {
    fn translated(&self) -> Option<String> {
        match self {
            Self::Input { path, .. } => about_path("error-output-is-input", path),
            Self::Foreign { path, .. } => about_path("error-output-foreign", path),
            Self::Folder { path } => about_path("error-output-folder", path),
        }
    }
}

impl InWords for LockError {
    fn translated(&self) -> Option<String> {
        match self {
            Self::Held { folder, holder } => after_path(folder, about_cause("error-lock-held", holder)?),
            Self::File { path, source } => after_path(path, about_cause("error-lock-file", source.words())?),
        }
    }
}

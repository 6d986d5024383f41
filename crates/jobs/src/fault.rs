//! What is wrong with a file or folder, in parts that another language can say, too.

use std::{io, path::PathBuf, sync::Arc};

use timbrespace_base::{names::shown, sentence::Sentence, setting::Misfit};
use timbrespace_vae::error::ModelError;

/// What to do where a file of a model is damaged.
const MEND: &str = "copy the model's whole folder again, or train it again";

/// What a folder holds instead of recordings, images or a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherContent {
    /// Its name among these.
    pub name: &'static str,
    /// A file's name, or the end of one, that tells it.
    pub mark: &'static str,
    /// What it is, with article, and what to do.
    pub words: &'static str,
}

/// What is wrong with a file or folder.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FileFault {
    /// The system refuses; its message with what to do.
    #[error("{1}")]
    System(io::ErrorKind, String),
    /// There is no folder with a model.
    #[error("no such folder; name the folder of a model that training wrote")]
    NoModelFolder,
    /// A folder was to be a model.
    #[error("is no model of this program, but holds {}", .0.words)]
    NoModelBut(OtherContent),
    /// A folder was to hold recordings.
    #[error("holds no recordings, but {}", .0.words)]
    NoRecordingsBut(OtherContent),
    /// A folder was to hold recordings and is the part of this preprocessed folder that holds the images.
    #[error("holds images, not recordings; name the folder that they belong to, {}", shown(.0))]
    ImagesOf(PathBuf),
    /// A model's description cannot be read; the cause.
    #[error("not the description of a model: {0}; {MEND}")]
    NoDescription(String),
    /// The images of a model's settings are not those of the model.
    #[error("its preprocessing makes images of {} × {}, its model takes {} × {}", .made.0, .made.1, .taken.0, .taken.1)]
    OtherImages {
        /// Rows and columns that the settings make.
        made: (usize, usize),
        /// Rows and columns that the model takes.
        taken: (usize, usize),
    },
    /// A model's weights cannot be read; the cause.
    #[error("{0}; {MEND}")]
    DamagedWeights(Arc<ModelError>),
    /// A model cannot be used for another reason.
    #[error(transparent)]
    Model(Arc<ModelError>),
    /// A setting in the file is outside its limits.
    #[error(transparent)]
    Setting(#[from] Misfit),
    /// Anything else that the window says in its language.
    #[error(transparent)]
    Said(#[from] Sentence),
    /// A folder to write to was to be empty.
    #[error("is not empty; name a new folder")]
    NotEmpty,
    /// Anything else, in words.
    #[error("{0}")]
    Words(String),
}

impl From<io::Error> for FileFault {
    fn from(error: io::Error) -> Self {
        Self::System(error.kind(), error.to_string())
    }
}

impl From<String> for FileFault {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<&str> for FileFault {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

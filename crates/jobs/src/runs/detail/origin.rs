//! Where the detail of a model in use is found.

use std::path::PathBuf;
use timbrespace_base::sentence;

use super::Detail;
use crate::{
    JobError,
    runs::{bundle::Bundle, demo_model},
};

/// Where the detail of a model in use is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Embedded in the program, where there is any.
    Embedded,
    /// In this bundle.
    Folder(PathBuf),
    /// Nowhere yet.
    Nowhere,
}

impl Origin {
    /// Whether there is any detail, of whatever weights.
    pub fn has_detail(&self) -> bool {
        match self {
            Self::Embedded => true,
            Self::Folder(folder) => Detail::is_in(folder),
            Self::Nowhere => false,
        }
    }

    /// Opens it for the model `of`.
    ///
    /// # Errors
    /// As [`Detail::open`].
    pub fn open(&self, of: &Bundle) -> Result<Detail, JobError> {
        match self {
            Self::Folder(folder) => Detail::open(folder, of),
            Self::Embedded => demo_model::detail(of),
            Self::Nowhere => Err(sentence!("error-no-detail", "this model has no detail yet").into()),
        }
    }
}

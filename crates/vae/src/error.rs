//! What can go wrong with a model.

use std::path::PathBuf;

use super::config::VaeConfigError;
use timbrespace_base::names::shown;

/// Why a model could not compute, train, be read or be written.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// candle refused.
    #[error("the model failed: {0}")]
    Candle(#[from] candle_core::Error),
    /// Settings that make no model.
    #[error(transparent)]
    Config(#[from] VaeConfigError),
    /// Sizes that do not fit each other.
    #[error("{what}: expected {expected}, got {actual}")]
    Mismatch {
        /// What was compared.
        what: &'static str,
        /// The model's side.
        expected: String,
        /// The caller's side.
        actual: String,
    },
    /// A tensor of a file that does not fit the model.
    #[error("tensor {name}: the model needs {expected}, the file has {actual}")]
    Tensor {
        /// Its name in the file.
        name: String,
        /// Type and shape in the model.
        expected: String,
        /// Type and shape in the file.
        actual: String,
    },
    /// The loss is no number any more.
    #[error(
        "the loss is {total} at epoch {epoch}, step {step}: try a lower learning rate, and check the images"
    )]
    NotANumber {
        /// From 1.
        epoch: usize,
        /// From 1.
        step: usize,
        /// What it is.
        total: f64,
    },
    /// The disk refused.
    #[error("{}: {source}", shown(path))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// Something else, in words.
    #[error("{0}")]
    Other(String),
}

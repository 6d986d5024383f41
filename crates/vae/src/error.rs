//! Errors of building, training, reading and writing models.

use std::path::PathBuf;

use timbrespace_base::{names::shown, numbers::significant, sentence::Sentence, setting::Misfit};

/// Why a model could not be built, trained, read or written.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// An error of candle.
    #[error("the model failed: {0}")]
    Candle(#[from] candle_core::Error),
    /// Settings outside their limits.
    #[error(transparent)]
    Config(#[from] Misfit),
    /// Sizes that do not match.
    #[error("{what}: expected {expected}, got {actual}")]
    Mismatch {
        /// The quantity that differs.
        what: Sentence,
        /// Value of the model.
        expected: String,
        /// Value of the caller.
        actual: String,
    },
    /// A tensor in a file that does not fit the model.
    #[error("tensor {name}: the model needs {expected}, the file has {actual}")]
    Tensor {
        /// Name in the file.
        name: String,
        /// Type and shape in the model.
        expected: Sentence,
        /// Type and shape in the file.
        actual: Sentence,
    },
    /// The loss or a gradient is NaN or infinite.
    #[error(
        "the loss is {} at epoch {epoch}, step {step}: try a lower learning rate, and check the images",
        significant(*total)
    )]
    NotFinite {
        /// Epoch, from 1.
        epoch: usize,
        /// Step, from 1.
        step: usize,
        /// The value that is not finite.
        total: f64,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", shown(path))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// Any other reason that the window says in its language.
    #[error(transparent)]
    Said(#[from] Sentence),
    /// Any other error, with its message.
    #[error("{0}")]
    Other(String),
}

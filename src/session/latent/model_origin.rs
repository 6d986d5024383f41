//! Where a model comes from.

use std::path::PathBuf;

/// Where the latent view's model comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelOrigin {
    /// Embedded in the program.
    Demo,
    /// A bundle on disk.
    Bundle(PathBuf),
    /// The run under way, or the last one, after this many epochs.
    Training {
        /// Epochs done when it was taken.
        epochs: usize,
    },
}

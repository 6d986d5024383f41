//! The model in use, and where it comes from.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::jobs::runs::bundle_config::BundleConfig;

/// The model in use.
#[derive(Clone, Debug)]
pub struct LoadedModel {
    /// Where it comes from.
    pub origin: ModelOrigin,
    /// Its settings and statistics.
    pub config: Arc<BundleConfig>,
}

/// Where the latent view's model comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelOrigin {
    /// Embedded in the program.
    Demo,
    /// A bundle on disk.
    Bundle(PathBuf),
    /// A run of this start, from memory.
    Training {
        /// The run's folder.
        run: PathBuf,
        /// Epochs done when the model was taken.
        epochs: usize,
    },
}

impl ModelOrigin {
    /// The folder of the bundle or of the run.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Demo => None,
            Self::Bundle(folder) | Self::Training { run: folder, .. } => Some(folder),
        }
    }
}

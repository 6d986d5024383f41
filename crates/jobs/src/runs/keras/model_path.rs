//! Where a model that Keras saved lies.

use std::path::{Path, PathBuf};

/// The tutorial's name for what a model was made with.
pub const PARAMETERS_FILE: &str = "parameters.pkl";
/// The tutorial's name for its weights.
pub const WEIGHTS_FILE: &str = "weights.h5";

/// Whether `path` is a model that Keras saved: a `.keras` file, or a folder with its two files.
pub fn is_model(path: &Path) -> bool {
    find(path).is_some()
}

/// Where a model lies.
pub(super) enum Found {
    /// In a folder.
    Folder {
        /// What it was made with.
        parameters: PathBuf,
        /// Its weights.
        weights: PathBuf,
    },
    /// In a `.keras` file.
    Archive(PathBuf),
}

impl Found {
    /// The file with the weights.
    pub(super) fn weights(&self) -> &Path {
        match self {
            Self::Folder { weights, .. } => weights,
            Self::Archive(archive) => archive,
        }
    }
}

/// The model at `path`: a `.keras` file, a folder with the tutorial's two files, or one with a single file of Keras 3.
pub(super) fn find(path: &Path) -> Option<Found> {
    if path.is_file() {
        let is_archive = path.extension().is_some_and(|extension| extension == "keras");
        return is_archive.then(|| Found::Archive(path.to_path_buf()));
    }
    let parameters = path.join(PARAMETERS_FILE);
    let weights = path.join(WEIGHTS_FILE);
    if parameters.is_file() {
        let weights = if weights.is_file() { Some(weights) } else { only(path, ".weights.h5") };
        if let Some(weights) = weights {
            return Some(Found::Folder { parameters, weights });
        }
    }
    only(path, ".keras").map(Found::Archive)
}

/// The only file in `folder` whose name ends so.
fn only(folder: &Path, end: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let mut files = entries
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(end)));
    files.next().filter(|_| files.next().is_none())
}

//! Where the files of a model lie: in a bundle's folder, or in what is about to become it.

use std::path::{Path, PathBuf};

/// Name of the description in a bundle.
pub(crate) const CONFIG_FILE: &str = "config.json";
/// Name of the weights in a bundle.
pub(crate) const WEIGHTS_FILE: &str = "model.safetensors";
/// What to do where a file of a model is damaged.
pub(crate) const MEND: &str = "copy the model's whole folder again, or train it again";
/// Folder in a bundle where a run works until it replaces the model.
pub(crate) const NEW: &str = ".new-run";
/// What that folder is called once the run has replaced the model, until its files are where they belong.
pub(crate) const READY: &str = ".ready-run";

/// Where the model of `bundle` lies: in the folder itself, or in what is about to become it.
pub(crate) fn current(bundle: &Path) -> PathBuf {
    if is_decided(bundle) { bundle.join(READY) } else { bundle.to_owned() }
}

/// Whether a new run has replaced the model of `bundle` and its files are not all where they belong yet. A folder of that
/// name without a model decides nothing.
pub(crate) fn is_decided(bundle: &Path) -> bool {
    holds_model(&bundle.join(READY))
}

/// Whether the two files of a model are in `folder`.
pub(crate) fn holds_model(folder: &Path) -> bool {
    folder.join(CONFIG_FILE).is_file() && folder.join(WEIGHTS_FILE).is_file()
}

//! What jobs read, so that nothing is written over it.

use std::path::{Path, PathBuf};

use crate::{
    JobError,
    runs::{contents, record::NOTES},
};
use timbrespace_base::{
    interrupt::Interrupt,
    outputs::{Outputs, Replace},
};
use timbrespace_signal::{
    audio::{folder, piece},
    pipeline::{dataset::Dataset, saver::FEATURES},
};

/// A recording, or an image of one.
pub const RECORDING: &str = "one of the recordings that are read";
/// A file of a bundle.
pub const MODEL: &str = "a file of the model that is read";
/// A file of settings.
pub const SETTINGS: &str = "the file of settings that is read";

/// A list of recordings to leave out.
pub const LIST: &str = "the list of recordings to leave out";

/// The file that the recording at `path` is in: itself, or that of a piece.
pub fn file_of(path: &Path) -> PathBuf {
    piece::found_at(path).map_or_else(|| path.to_owned(), |(file, _)| file)
}

/// The files of the model in `bundle`, its run and its notes; folders stand for what is in them.
pub fn of_model(bundle: &Path) -> Vec<PathBuf> {
    let names = contents::FILES.iter().chain(&contents::FOLDERS).chain(&[NOTES]);
    names.map(|name| bundle.join(name)).filter(|path| path.exists()).collect()
}

/// The recordings of `folder`, or its images with all that belongs to them; a single file is itself.
///
/// # Errors
/// When the folder cannot be read.
pub fn of_folder(folder: &Path, interrupt: &Interrupt) -> Result<Vec<PathBuf>, JobError> {
    let file = file_of(folder);
    if file.is_file() {
        return Ok(vec![file]);
    }
    if Dataset::is_preprocessed(folder) {
        let beside = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let belongs = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("min_max_values") || name.starts_with("preprocessing")
        };
        return Ok(beside.filter(belongs).chain([folder.join(FEATURES)]).collect());
    }
    let scan = folder::scan(folder, interrupt, &mut |_| {})?;
    Ok(scan.files.iter().map(|file| scan.root.join(file)).collect())
}

/// Outputs of a job that reads the model in `bundle` and `recordings`.
pub(crate) fn outputs(
    replace: Replace,
    bundle: &Path,
    recordings: impl IntoIterator<Item = PathBuf>,
) -> Outputs {
    let files = recordings.into_iter().map(|recording| file_of(&recording));
    Outputs::new(replace).reading(MODEL, of_model(bundle)).reading(RECORDING, files)
}

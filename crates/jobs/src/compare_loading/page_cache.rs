//! Files out of the system's page cache, so that reading them is reading from storage.

use std::{collections::BTreeSet, path::PathBuf};

use crate::{JobError, runs::reads};

/// Asks the system to forget the contents of `files`; what was not written to storage yet is written first, because only
/// then can it be forgotten. The system may decline silently: [`timbrespace_base::processes::storage_bytes`] tells.
///
/// # Errors
/// When a file cannot be opened.
#[cfg(target_os = "linux")]
pub(super) fn forget(files: &[PathBuf]) -> Result<(), JobError> {
    use rustix::fs::{Advice, fadvise};

    use crate::files::named;
    use timbrespace_base::regular_file;

    for path in &distinct(files) {
        let (file, _) = named(path, regular_file::open(path))?;
        named(path, file.sync_data())?;
        named(path, fadvise(&file, 0, None, Advice::DontNeed).map_err(Into::into))?;
    }
    Ok(())
}

/// The files that recordings are in, each once: pieces of one file share it.
pub(super) fn distinct(recordings: &[PathBuf]) -> BTreeSet<PathBuf> {
    recordings.iter().map(|path| reads::file_of(path)).collect()
}

/// Other systems have no such request that a program without special rights may make.
#[cfg(not(target_os = "linux"))]
pub(super) fn forget(_files: &[PathBuf]) -> Result<(), JobError> {
    Err(timbrespace_base::sentence!("error-not-here", "not available on this system").into())
}

//! Creating and syncing folders.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use crate::names::shown;

/// Parent folder of `path`; `.` for a bare file name.
pub(super) fn of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Creates `folder` and its missing parents; returns the folders that have new entries.
///
/// # Errors
/// When a folder cannot be created.
pub(super) fn make(folder: &Path) -> io::Result<Vec<&Path>> {
    let missing = folder.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let grown = missing.map(of).collect();
    fs::create_dir_all(folder)?;
    Ok(grown)
}

/// Makes the entries of a folder durable: files renamed into it survive a power loss.
///
/// Does nothing where the system or file system cannot sync folders (Windows, some network disks).
///
/// # Errors
/// When the disk reports an error.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if cannot_sync(error.kind()) => {
            log::debug!("{} was not synced: {error}", shown(folder));
            Ok(())
        }
        synced => synced,
    }
}

fn cannot_sync(kind: io::ErrorKind) -> bool {
    use io::ErrorKind as E;
    matches!(kind, E::InvalidInput | E::Unsupported | E::PermissionDenied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_that_got_an_entry_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b");
        assert_eq!(make(&deep).unwrap(), [dir.path().join("a"), dir.path().to_owned()]);
        assert!(deep.is_dir());
        assert!(make(&deep).unwrap().is_empty());
        assert_eq!(of(Path::new("file")), Path::new("."));
        sync_folder(&deep).unwrap();
        assert_eq!(sync_folder(&dir.path().join("gone")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}

//! The file that settings are kept in.

use std::{io, path::Path};

use crate::{
    atomic_file::{self, Durability},
    folder_lock::FolderLock,
    regular_file::{self, TABLE_LIMIT},
};

/// Replaces the text of `file` by what `change` makes of it, under a lock, so that no window loses what another one has written;
/// `None` where there is no text yet.
///
/// # Errors
/// When the file cannot be written, or another window holds it.
pub fn change(file: &Path, change: impl FnOnce(Option<String>) -> String) -> io::Result<()> {
    let _lock = FolderLock::file(file, "the window's settings").map_err(io::Error::other)?;
    let before = regular_file::read_to_string(file, TABLE_LIMIT).ok();
    atomic_file::write_bytes(file, Durability::Renamed, change(before).as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_full_disk_leaves_the_old_text_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/app.ron");
        change(&file, |before| format!("{before:?} and more")).unwrap();
        let longer = |_| "more than ten bytes".to_owned();
        assert!(atomic_file::full_disk::with_room(10, || change(&file, longer)).is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "None and more");
        change(&file, |before| before.unwrap().to_uppercase()).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "NONE AND MORE");
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }
}

//! Files that are either the old ones or the new ones, whatever happens while they are written.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::Path,
};

use tempfile::NamedTempFile;

/// How the names of unfinished files begin.
const UNFINISHED: &str = ".timbrespace-";

/// How sure a write must be before it counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Survives the end of the program: written aside, then renamed.
    Renamed,
    /// Survives the end of the machine too: synced to disk before the rename.
    Synced,
}

/// Writes `path` through a temporary file in the same folder that is renamed once `fill` is done.
///
/// Missing parent folders are made.
///
/// # Errors
/// When the folder cannot be written to, or `fill` fails; an existing file is then left as it was.
pub fn write(
    path: &Path,
    durability: Durability,
    fill: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
) -> io::Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = match new_in(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            new_in(folder)?
        }
        other => other?,
    };
    let mut writer = BufWriter::new(temporary.as_file_mut());
    fill(&mut writer)?;
    writer.flush()?;
    drop(writer);
    #[cfg(test)]
    full_disk::use_room(temporary.as_file())?;
    if durability == Durability::Synced {
        temporary.as_file().sync_all()?;
    }
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// [`write()`] for bytes that are already there.
///
/// # Errors
/// As [`write()`].
pub fn write_bytes(path: &Path, durability: Durability, bytes: &[u8]) -> io::Result<()> {
    write(path, durability, |file| file.write_all(bytes))
}

/// Removes what a program that was killed left half written in `folder`; for a folder that nobody else writes to.
pub fn remove_unfinished(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(UNFINISHED))
            && let Err(error) = fs::remove_file(entry.path())
        {
            log::warn!("{} could not be removed: {error}", entry.path().display());
        }
    }
}

/// A temporary file with the permissions of an ordinary one.
fn new_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
        builder.tempfile_in(folder)
    }
    #[cfg(not(unix))]
    builder.tempfile_in(folder)
}

/// A disk with little room, for tests.
#[cfg(test)]
pub(crate) mod full_disk {
    use std::{cell::Cell, fs::File, io};

    thread_local! {
        static ROOM: Cell<Option<u64>> = const { Cell::new(None) };
    }

    /// Does `work` with room for so many bytes in all files that this thread writes; what does not fit fails as on a full
    /// disk, with the part that fits written.
    pub(crate) fn with_room<T>(bytes: u64, work: impl FnOnce() -> T) -> T {
        ROOM.set(Some(bytes));
        let result = work();
        ROOM.set(None);
        result
    }

    pub(super) fn use_room(file: &File) -> io::Result<()> {
        let Some(room) = ROOM.get() else { return Ok(()) };
        let length = file.metadata()?.len();
        ROOM.set(Some(room.saturating_sub(length)));
        if length <= room {
            return Ok(());
        }
        file.set_len(room)?;
        Err(io::ErrorKind::StorageFull.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_leaves_the_old_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        full_disk::with_room(10, || {
            write_bytes(&path, Durability::Renamed, b"seven b").unwrap();
            let error = write_bytes(&path, Durability::Renamed, b"four").unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        });
        assert_eq!(fs::read(&path).unwrap(), b"seven b");
        write_bytes(&path, Durability::Renamed, b"room again").unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_litter() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/file.txt");
        write_bytes(&path, Durability::Synced, b"old").unwrap();
        let failed = write(&path, Durability::Renamed, |file| {
            file.write_all(b"half of the n")?;
            Err(io::Error::other("disk full"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "disk full");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}

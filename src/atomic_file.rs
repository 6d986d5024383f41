//! Files that are either the old ones or the new ones, whatever happens while they are written.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::Path,
};

use tempfile::NamedTempFile;

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

/// A temporary file with the permissions of an ordinary one.
fn new_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".timbrespace-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
        builder.tempfile_in(folder)
    }
    #[cfg(not(unix))]
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

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

//! Resolves the target of a write, and copies permissions from the old file.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// Most symbolic links in a chain, as on Linux.
const MOST_LINKS: usize = 40;

/// Target of a write.
#[derive(Debug)]
pub(super) enum Target {
    /// An ordinary file to create or replace.
    File {
        /// Path after following all links.
        path: PathBuf,
        /// Metadata of the existing file.
        old: Option<Metadata>,
    },
    /// A device or open file, to be written directly.
    Device(File),
}

/// Follows links from `path` to the target.
///
/// # Errors
/// When the target is read-only or not a file; the message says what to do.
pub(super) fn find(path: &Path) -> io::Result<Target> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        if is_open_file(&path) {
            return OpenOptions::new().append(true).open(&path).map(Target::Device);
        }
        let metadata = match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Target::File { path, old: None });
            }
            metadata => metadata?,
        };
        if !metadata.is_symlink() {
            return of_metadata(path, metadata);
        }
        let link = fs::read_link(&path)?;
        path = super::folder::of(&path).join(link);
    }
    Err(refusal(io::ErrorKind::InvalidInput, "its symbolic links form a loop; choose another path"))
}

fn of_metadata(path: PathBuf, metadata: Metadata) -> io::Result<Target> {
    use io::ErrorKind as E;
    if metadata.is_dir() {
        return Err(refusal(E::IsADirectory, "is a folder; give the name of a file"));
    }
    if is_character_device(&metadata) {
        return OpenOptions::new().write(true).open(&path).map(Target::Device);
    }
    if !metadata.is_file() {
        let cause = "is a pipe, a socket or a disk, which is not replaced; give the name of a file";
        return Err(refusal(E::InvalidInput, cause));
    }
    // Root can open any file for writing, so the permission bits decide.
    let may_write = || OpenOptions::new().write(true).open(&path);
    if metadata.permissions().readonly() || may_write().is_err_and(|e| e.kind() == E::PermissionDenied) {
        let cause = "is read-only and is not overwritten; make it writable, or choose another name";
        return Err(refusal(E::PermissionDenied, cause));
    }
    Ok(Target::File { path, old: Some(metadata) })
}

fn refusal(kind: io::ErrorKind, cause: &str) -> io::Error {
    io::Error::new(kind, cause)
}

/// Whether `path` denotes a file that the program has open, such as `/dev/fd/1`.
fn is_open_file(path: &Path) -> bool {
    let own = format!("/proc/{}/fd", std::process::id());
    let folders = ["/dev/fd", "/proc/self/fd", own.as_str()];
    cfg!(unix) && path.parent().is_some_and(|parent| folders.iter().any(|folder| parent == Path::new(folder)))
}

#[cfg(unix)]
fn is_character_device(metadata: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    metadata.file_type().is_char_device()
}

#[cfg(not(unix))]
fn is_character_device(_: &Metadata) -> bool {
    false
}

/// Copies mode and, where the system allows it, owner from `old` to `file`.
///
/// # Errors
/// When the mode cannot be set.
#[cfg(unix)]
pub(super) fn keep_permissions(file: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    /// Bits for reading, writing and executing, without set-user-ID and the like.
    const ACCESS: u32 = 0o777;
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid())
        && let Err(error) = fchown(file, Some(old.uid()), Some(old.gid()))
        && let Err(error_of_group) = fchown(file, None, Some(old.gid()))
    {
        log::debug!("the owner of a replaced file is not kept: {error}, {error_of_group}");
    }
    file.set_permissions(fs::Permissions::from_mode(old.mode() & ACCESS))
}

/// A new file inherits the permissions of its folder; read-only files were refused earlier.
#[cfg(not(unix))]
pub(super) fn keep_permissions(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;
    use crate::atomic_file::{Durability, write_bytes};

    fn write(path: &Path, text: &str) -> io::Result<()> {
        write_bytes(path, Durability::Synced, text.as_bytes())
    }

    fn refused(path: &Path) -> String {
        write(path, "new").unwrap_err().to_string()
    }

    #[test]
    fn a_link_stays_and_its_target_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("deep")).unwrap();
        fs::write(at("deep/file"), "old").unwrap();
        symlink("deep/file", at("near")).unwrap();
        symlink(at("near"), at("far")).unwrap();
        write(&at("far"), "new").unwrap();
        assert_eq!(fs::read_to_string(at("deep/file")).unwrap(), "new");
        assert!(fs::symlink_metadata(at("near")).unwrap().is_symlink());
        assert!(fs::symlink_metadata(at("far")).unwrap().is_symlink());
        assert_eq!(fs::read_dir(at("deep")).unwrap().count(), 1);
    }

    #[test]
    fn a_link_that_leads_nowhere_gets_its_target_and_a_circle_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        symlink("later/file", at("link")).unwrap();
        write(&at("link"), "new").unwrap();
        assert_eq!(fs::read_to_string(at("later/file")).unwrap(), "new");
        assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
        symlink("b", at("a")).unwrap();
        symlink("a", at("b")).unwrap();
        assert!(refused(&at("a")).contains("form a loop"));
    }

    #[test]
    fn permissions_of_the_old_file_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        for mode in [0o600, 0o664, 0o755] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            write(&path, "new").unwrap();
            assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, mode);
        }
    }

    #[test]
    fn the_owner_of_the_old_file_is_kept_where_the_system_allows() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs::write(&path, "old").unwrap();
        // Only root may change the owner.
        let given = std::os::unix::fs::chown(&path, Some(4321), Some(1234)).is_ok();
        let before = fs::metadata(&path).unwrap();
        write(&path, "new").unwrap();
        let after = fs::metadata(&path).unwrap();
        assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()), "given away: {given}");
    }

    #[test]
    fn a_read_only_file_is_not_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        assert!(refused(&path).contains("read-only"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        let link = dir.path().join("link");
        symlink("file", &link).unwrap();
        assert!(refused(&link).contains("read-only"));
    }

    #[test]
    fn what_is_no_file_is_refused_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(refused(&pipe).contains("pipe"));
        let socket = dir.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert!(refused(&socket).contains("socket"));
        assert!(refused(dir.path()).contains("folder"));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_character_device_is_written_to_and_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("null");
        symlink("/dev/null", &link).unwrap();
        write(&link, "gone").unwrap();
        let device = fs::metadata("/dev/null").unwrap();
        assert!(is_character_device(&device) && fs::symlink_metadata(&link).unwrap().is_symlink());
        if cfg!(target_os = "linux") {
            let full = write(Path::new("/dev/full"), "x").unwrap_err();
            assert_eq!(full.kind(), io::ErrorKind::StorageFull);
        }
    }
}

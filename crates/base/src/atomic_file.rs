//! Atomic file writes: readers see the old file or the new one, never a part.
//!
//! Content goes to a temporary file in the same folder, which is renamed once it is complete. What exists at
//! the path determines how (`target`): symbolic links are followed and stay; an ordinary file keeps its
//! permissions (and its owner, where the system allows it); read-only files, folders, pipes, sockets and
//! disks are refused. Character devices such as `/dev/null`, and files that the program has open
//! (`/dev/stdout`, `/dev/fd/3`), are written directly, since there is no old file to preserve. Other hard
//! links to a replaced file keep its old content.

mod folder;
mod target;

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::Path,
    sync::{RwLock, RwLockReadGuard, TryLockError},
    thread,
    time::{Duration, Instant},
};

use tempfile::NamedTempFile;

pub use folder::sync_folder;
use target::Target;

use crate::names::shown;

/// Prefix of temporary files.
const UNFINISHED: &str = ".timbrespace-";
/// Random letters and digits after the prefix.
const RANDOM_LEN: usize = 6;
/// Interval at which a program about to exit checks for running writes.
const POLL_INTERVAL: Duration = Duration::from_millis(2);

/// Held for reading by every running write, so that an exiting program leaves no temporary files.
static RUNNING_WRITES: RwLock<()> = RwLock::new(());

/// Which failures a finished write must survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Survives a crash of the program: written to a temporary file, then renamed.
    Renamed,
    /// Survives a power loss: the file is synced before the rename and the folder after it (where the system
    /// can sync folders).
    Synced,
}

/// Writes `path` through a temporary file in the same folder, which is renamed when `fill` returns.
///
/// Creates missing parent folders. The module documentation covers links, devices and permissions.
///
/// # Errors
/// When `path` is read-only or not a file, the folder cannot be written, or `fill` fails; an existing file is
/// then unchanged. The message says what to do; the caller adds the name.
pub fn write(
    path: &Path,
    durability: Durability,
    fill: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
) -> io::Result<()> {
    let written = match target::find(path)? {
        Target::Device(mut device) => fill_file(&mut device, fill),
        Target::File { path, old } => replace(&path, old.as_ref(), durability, fill),
    };
    written.map_err(with_advice)
}

/// Writes a temporary file and renames it to `path`, where `old` exists or nothing.
fn replace(
    path: &Path,
    old: Option<&fs::Metadata>,
    durability: Durability,
    fill: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
) -> io::Result<()> {
    let _running = begin_write();
    let parent = folder::of(path);
    let mut made = Vec::new();
    let mut temporary = match new_in(parent) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            made = folder::make(parent)?;
            new_in(parent)?
        }
        other => other?,
    };
    if let Some(old) = old {
        target::keep_permissions(temporary.as_file(), old)?;
    }
    fill_file(temporary.as_file_mut(), fill)?;
    #[cfg(any(test, feature = "testing"))]
    full_disk::use_room(temporary.as_file())?;
    if durability == Durability::Synced {
        temporary.as_file().sync_all()?;
    }
    temporary.persist(path).map_err(|error| error.error)?;
    if durability == Durability::Synced {
        made.push(parent);
        made.iter().try_for_each(|folder| sync_folder(folder))?;
    }
    Ok(())
}

fn fill_file(
    file: &mut File,
    fill: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
) -> io::Result<()> {
    let mut writer = BufWriter::new(file);
    fill(&mut writer)?;
    writer.flush()
}

fn begin_write() -> RwLockReadGuard<'static, ()> {
    RUNNING_WRITES.read().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Calls `end`, which exits the program, while no write is running, so that no temporary file is left; waits
/// at most `patience`.
pub fn between_writes(patience: Duration, end: impl FnOnce()) {
    let start = Instant::now();
    loop {
        match RUNNING_WRITES.try_write() {
            Err(TryLockError::WouldBlock) if start.elapsed() < patience => thread::sleep(POLL_INTERVAL),
            guard => {
                end();
                drop(guard);
                return;
            }
        }
    }
}

/// Appends advice to an error of the operating system.
pub fn with_advice(error: io::Error) -> io::Error {
    use io::ErrorKind as E;
    // The program's own errors already include advice.
    let Some(kind) = kind_of_system_error(&error) else { return error };
    let advice = match kind {
        E::StorageFull | E::QuotaExceeded => "make room on the disk, or choose another folder",
        E::PermissionDenied => "change the permissions of the folder, or choose another one",
        E::ReadOnlyFilesystem => "choose a folder on a disk that can be written to",
        E::NotADirectory => "a part of the path is a file; choose another path",
        E::InvalidFilename => "choose a shorter name",
        _ => return error,
    };
    io::Error::new(kind, format!("{error}; {advice}"))
}

/// Kind of the operating system error in `error`, which an encoder may have wrapped.
fn kind_of_system_error(error: &io::Error) -> Option<io::ErrorKind> {
    if error.raw_os_error().is_some() {
        return Some(error.kind());
    }
    let mut inner: &(dyn std::error::Error + 'static) = error.get_ref()?;
    loop {
        match inner.downcast_ref::<io::Error>() {
            Some(found) if found.raw_os_error().is_some() => return Some(found.kind()),
            _ => inner = inner.source()?,
        }
    }
}

/// [`write()`] for bytes in memory.
///
/// # Errors
/// As [`write()`].
pub fn write_bytes(path: &Path, durability: Durability, bytes: &[u8]) -> io::Result<()> {
    write(path, durability, |file| file.write_all(bytes))
}

/// Removes temporary files left in `folder` by a killed program. No other program may be writing there.
pub fn remove_unfinished(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_unfinished)
            && let Err(error) = fs::remove_file(entry.path())
        {
            log::warn!("{} could not be removed: {error}", shown(&entry.path()));
        }
    }
}

/// Whether a file of this name is the temporary file of an interrupted write.
pub fn is_unfinished(name: &str) -> bool {
    let random = name.strip_prefix(UNFINISHED);
    random.is_some_and(|random| {
        random.len() == RANDOM_LEN && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// [`remove_unfinished`] for a folder and everything below it.
pub fn remove_unfinished_below(folder: &Path) {
    remove_unfinished(folder);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_unfinished_below(&entry.path());
        }
    }
}

/// Creates a temporary file with the permissions of an ordinary file.
///
/// Its own name is in no error: it says nothing to anyone.
fn new_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED).rand_bytes(RANDOM_LEN);
    // An ordinary file: the system's mask takes permissions away. `Builder::tempfile_in` would add the name to errors.
    builder.make_in(folder, |path| File::options().read(true).write(true).create_new(true).open(path))
}

/// Simulates a full disk in tests.
#[cfg(any(test, feature = "testing"))]
pub mod full_disk {
    use std::{cell::Cell, fs::File, io};

    thread_local! {
        static ROOM: Cell<Option<u64>> = const { Cell::new(None) };
    }

    /// Runs `work` with room for `bytes` bytes in all files written by this thread. A file that does not fit
    /// is truncated and fails as on a full disk.
    pub fn with_room<T>(bytes: u64, work: impl FnOnce() -> T) -> T {
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
    fn the_program_ends_between_writes_and_not_during_one() {
        let dir = tempfile::tempdir().unwrap();
        let patient = Duration::from_secs(20);
        write(&dir.path().join("file"), Durability::Renamed, |file| {
            thread::scope(|scope| {
                let ended = thread::Builder::new().spawn_scoped(scope, || {
                    let start = Instant::now();
                    between_writes(Duration::from_millis(40), || {});
                    start.elapsed()
                });
                assert!(ended.unwrap().join().unwrap() >= Duration::from_millis(40), "a write goes on");
            });
            file.write_all(b"whole")
        })
        .unwrap();
        let mut names = Vec::new();
        between_writes(patient, || names = fs::read_dir(dir.path()).unwrap().collect());
        assert_eq!(names.len(), 1);
    }

    #[test]
    fn a_full_disk_comes_with_what_to_do_however_deep_it_is_wrapped() {
        let dir = tempfile::tempdir().unwrap();
        let full = || io::Error::from_raw_os_error(28);
        for error in
            [full(), io::Error::other(full()), io::Error::other(ndarray_npy::WriteNpyError::Io(full()))]
        {
            let failed = write(&dir.path().join("file"), Durability::Renamed, |_| Err(error)).unwrap_err();
            assert_eq!(failed.kind(), io::ErrorKind::StorageFull);
            assert!(failed.to_string().contains("make room"), "{failed}");
        }
    }

    #[test]
    fn what_killed_programs_left_is_removed_at_every_depth_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        for name in [".timbrespace-Ab1x3Z", "a/b/.timbrespace-aaaaaa", "a/b/kept.npy", ".timbrespace-demo"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        remove_unfinished_below(dir.path());
        let names = |folder: &Path| -> Vec<_> {
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
        };
        assert_eq!(names(&deep), ["kept.npy"]);
        assert_eq!(names(dir.path()).len(), 2, "the folder and the mark of the demo sounds stay");
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

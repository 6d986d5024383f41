//! A locked file.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::holder::{Holder, description_of};
use crate::names::shown;

/// How long to retry a lock: a process that only checks it holds it for a moment.
const LOCK_TIMEOUT: Duration = Duration::from_millis(300);
const TRY_INTERVAL: Duration = Duration::from_millis(15);

/// Exclusive or shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// No other lock may exist.
    Exclusive,
    /// Other shared locks may exist.
    Shared,
}

/// A locked file; unlocked when dropped.
#[derive(Debug)]
pub(super) struct LockFile {
    file: File,
    path: PathBuf,
    /// Whether the file system supports locks; if not, other holders are unknown and the file is never
    /// removed.
    is_locked: bool,
}

impl LockFile {
    /// Locks the file `path`, creating it if missing; `None` if another process holds it.
    ///
    /// # Errors
    /// When the file cannot be opened or created.
    pub(super) fn lock(path: &Path, mode: Mode, work: &str) -> io::Result<Option<Self>> {
        let start = Instant::now();
        loop {
            let file = open(path)?;
            let tried = match mode {
                Mode::Exclusive => file.try_lock(),
                Mode::Shared => file.try_lock_shared(),
            };
            let is_locked = match tried {
                Ok(()) => true,
                Err(TryLockError::WouldBlock) if start.elapsed() >= LOCK_TIMEOUT => return Ok(None),
                Err(TryLockError::WouldBlock) => {
                    thread::sleep(TRY_INTERVAL);
                    continue;
                }
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(TryLockError::Error(error)) => {
                    log::warn!(
                        "{}: this file system has no locks ({error}); make sure that nothing else writes here",
                        shown(path)
                    );
                    false
                }
            };
            // The last holder may have removed the file after it was opened here; this lock is then
            // worthless.
            if is_locked && !is_same(&file, path) {
                continue;
            }
            let locked = Self { file, path: path.to_owned(), is_locked };
            locked.describe(mode, work);
            return Ok(Some(locked));
        }
    }

    /// Writes the holder's description. Shared locks leave the file empty.
    fn describe(&self, mode: Mode, work: &str) {
        let text = if mode == Mode::Exclusive { Holder::own(work).text() } else { String::new() };
        let written = if cfg!(windows) {
            fs::write(description_of(&self.path), text)
        } else {
            self.file.set_len(0).and_then(|()| (&self.file).write_all(text.as_bytes()))
        };
        if let Err(error) = written {
            log::warn!("{} does not say who holds it: {error}", shown(&self.path));
        }
    }

    /// Whether no other process holds the lock; if so, locks the file exclusively.
    fn is_last_holder(&self) -> bool {
        self.is_locked && cfg!(unix) && self.file.try_lock().is_ok()
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        // A file that cannot be removed does no harm.
        if self.is_last_holder()
            && is_same(&self.file, &self.path)
            && let Err(error) = fs::remove_file(&self.path)
        {
            log::debug!("{} stays: {error}", shown(&self.path));
        }
    }
}

/// Opens or creates a lock file. Does not follow links, since the content is replaced.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
    }
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "is not a file; remove it"));
    }
    Ok(file)
}

/// Whether a process holds the lock on `path`; `None` if this cannot be determined.
pub(super) fn is_held(path: &Path) -> Option<bool> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(false),
        // Perhaps another user's file.
        Err(_) => return None,
    };
    match file.try_lock_shared() {
        Ok(()) => Some(false),
        Err(TryLockError::WouldBlock) => Some(true),
        Err(TryLockError::Error(error)) => {
            log::debug!("{}: {error}", shown(path));
            None
        }
    }
}

/// Whether `path` still refers to the opened file.
#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let at_path = fs::symlink_metadata(path).map(identity);
    at_path.is_ok_and(|at_path| file.metadata().is_ok_and(|metadata| identity(metadata) == at_path))
}

/// Lock files are not removed on this system.
#[cfg(not(unix))]
fn is_same(_: &File, _: &Path) -> bool {
    true
}

//! One locked file.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::holder::{Holder, description_of};
use crate::names::shown;

/// How long a lock is tried for: who only looks whether it is held, holds it for a moment.
const PATIENCE: Duration = Duration::from_millis(300);
const TRY_INTERVAL: Duration = Duration::from_millis(15);

/// Who else may hold the same lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Nobody.
    Alone,
    /// Others that share it.
    Shared,
}

/// A file that is locked until this is dropped.
#[derive(Debug)]
pub(super) struct LockFile {
    file: File,
    path: PathBuf,
    /// Whether the file system has locks; without, nothing is known of others, and the file stays.
    is_locked: bool,
}

impl LockFile {
    /// Locks the file `path`, which is made if it is missing; `None` where somebody else holds it.
    ///
    /// # Errors
    /// When the file cannot be opened or made.
    pub(super) fn lock(path: &Path, mode: Mode, work: &str) -> io::Result<Option<Self>> {
        let start = Instant::now();
        loop {
            let file = open(path)?;
            let tried = match mode {
                Mode::Alone => file.try_lock(),
                Mode::Shared => file.try_lock_shared(),
            };
            let is_locked = match tried {
                Ok(()) => true,
                Err(TryLockError::WouldBlock) if start.elapsed() >= PATIENCE => return Ok(None),
                Err(TryLockError::WouldBlock) => {
                    thread::sleep(TRY_INTERVAL);
                    continue;
                }
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(TryLockError::Error(error)) => {
                    log::warn!(
                        "{}: this file system has no locks ({error}); see to it that nothing else writes here",
                        shown(path)
                    );
                    false
                }
            };
            // Its last holder may have removed the file after it was opened here: then this lock is of no file.
            if is_locked && !is_same(&file, path) {
                continue;
            }
            let locked = Self { file, path: path.to_owned(), is_locked };
            locked.describe(mode, work);
            return Ok(Some(locked));
        }
    }

    /// Writes down who holds it. Shared locks leave the file empty.
    fn describe(&self, mode: Mode, work: &str) {
        let text = if mode == Mode::Alone { Holder::own(work).text() } else { String::new() };
        let written = if cfg!(windows) {
            fs::write(description_of(&self.path), text)
        } else {
            self.file.set_len(0).and_then(|()| (&self.file).write_all(text.as_bytes()))
        };
        if let Err(error) = written {
            log::warn!("{} does not say who holds it: {error}", shown(&self.path));
        }
    }

    /// Whether nobody else has the file locked, which then is locked for this process alone.
    fn is_the_last(&self) -> bool {
        self.is_locked && cfg!(unix) && self.file.try_lock().is_ok()
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        // A file that stays does no harm.
        if self.is_the_last()
            && is_same(&self.file, &self.path)
            && let Err(error) = fs::remove_file(&self.path)
        {
            log::debug!("{} stays: {error}", shown(&self.path));
        }
    }
}

/// Opens or makes a lock's file; never what a link leads to, since its content is replaced.
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
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "is no file; remove it"));
    }
    Ok(file)
}

/// Whether somebody holds the lock of the file `path`; `None` where that cannot be found out.
pub(super) fn is_held(path: &Path) -> Option<bool> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(false),
        // Another user's, perhaps: nobody knows.
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

/// Whether `path` still leads to the opened file.
#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let at_path = fs::symlink_metadata(path).map(identity);
    at_path.is_ok_and(|at_path| file.metadata().is_ok_and(|metadata| identity(metadata) == at_path))
}

/// The file is not removed here.
#[cfg(not(unix))]
fn is_same(_: &File, _: &Path) -> bool {
    true
}

//! One writer a folder: an advisory lock that the system releases when the process ends, however it ends.
//!
//! The lock is held on a small file in the folder. The file says who holds it, for the message that a second writer gets; it is
//! the system's lock on it that counts, so a file that a killed process left behind blocks nothing. A folder may also be
//! written in parts by several processes at once: each holds the lock of its part, and all of them share the folder's.
//! Readers need no lock.

mod file;
mod holder;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use file::{LockFile, Mode};
pub use holder::Holder;

use crate::names::shown;

/// The file that is locked. Not one of the names of unfinished files, which are removed.
pub const FILE: &str = ".timbrespace.lock";

/// Why a folder could not be locked; the message names the folder and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process writes to it, or another part of this program.
    #[error(
        "{}: {holder} is writing to this folder; wait until it has ended, stop it, or choose another folder",
        shown(folder)
    )]
    Held {
        /// The folder.
        folder: PathBuf,
        /// Who holds the lock.
        holder: Holder,
    },
    /// The lock's file cannot be made.
    #[error("{}: {source}; give a folder that can be written to", shown(path))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The system's cause.
        source: io::Error,
    },
}

/// What is known of a folder's lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockState {
    /// There is no lock file: nobody writes, or a program that knows no locks.
    Absent,
    /// Nobody holds it.
    Free,
    /// Somebody writes.
    Held(Holder),
    /// The file system has no locks.
    Unknown,
}

/// The right to write to a folder; given back when dropped.
#[derive(Debug)]
pub struct FolderLock {
    /// Locked files, the folder's own first; dropped in reverse order.
    files: Vec<LockFile>,
    /// Folders that were made for the lock, innermost first.
    made: Vec<PathBuf>,
}

impl FolderLock {
    /// Locks all of `folder`, which is made if it is missing. `work` says for what, such as `train`.
    ///
    /// # Errors
    /// When another writer holds the folder or a part of it, or the lock's file cannot be made.
    pub fn whole(folder: &Path, work: &str) -> Result<Self, LockError> {
        let mut lock = Self { files: Vec::new(), made: make(folder)? };
        lock.add(folder, FILE, (Mode::Alone, work))?;
        Ok(lock)
    }

    /// Locks one part of `folder`, which others may write other parts of at the same time.
    ///
    /// # Errors
    /// When another writer holds the folder or this part, or the lock's file cannot be made.
    pub fn part(folder: &Path, part: &str, work: &str) -> Result<Self, LockError> {
        let mut lock = Self { files: Vec::new(), made: make(folder)? };
        lock.add(folder, FILE, (Mode::Shared, work))?;
        lock.add(folder, &part_file(part), (Mode::Alone, work))?;
        Ok(lock)
    }

    fn add(&mut self, folder: &Path, name: &str, (mode, work): (Mode, &str)) -> Result<(), LockError> {
        let path = folder.join(name);
        match LockFile::lock(&path, mode, work) {
            Ok(Some(file)) => {
                self.files.push(file);
                Ok(())
            }
            Ok(None) => Err(LockError::Held { folder: folder.to_owned(), holder: holder_of(folder, &path) }),
            Err(source) => Err(LockError::File { path, source }),
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        while let Some(file) = self.files.pop() {
            drop(file);
        }
        for folder in &self.made {
            // What the work has put there stays.
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
}

/// Makes `folder`; returns what was missing of it, innermost first.
fn make(folder: &Path) -> Result<Vec<PathBuf>, LockError> {
    if folder.is_file() {
        let source = io::Error::new(io::ErrorKind::NotADirectory, "is a file");
        return Err(LockError::File { path: folder.to_owned(), source });
    }
    let missing = folder.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let missing = missing.map(Path::to_owned).collect();
    fs::create_dir_all(folder).map_err(|source| LockError::File { path: folder.to_owned(), source })?;
    Ok(missing)
}

fn part_file(part: &str) -> String {
    format!(".timbrespace.{part}.lock")
}

/// Who holds the lock at `path` of `folder`; where it is shared, the first of those who hold a part.
fn holder_of(folder: &Path, path: &Path) -> Holder {
    let own = Holder::read(path);
    if own.is_known() {
        return own;
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut parts: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| is_part(path)).collect();
    parts.sort_unstable();
    let held = parts.iter().filter(|path| file::is_held(path) == Some(true));
    held.map(|path| Holder::read(path)).find(Holder::is_known).unwrap_or(own)
}

fn is_part(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let part = name.strip_prefix(".timbrespace.").and_then(|name| name.strip_suffix(".lock"));
    part.is_some_and(|part| !part.is_empty())
}

/// Refuses a folder that somebody writes to, for work that cannot hold the lock itself, such as moving the folder.
///
/// # Errors
/// When somebody holds the lock.
pub fn refuse_if_held(folder: &Path) -> Result<(), LockError> {
    match state(folder) {
        LockState::Held(holder) => Err(LockError::Held { folder: folder.to_owned(), holder }),
        _ => Ok(()),
    }
}

/// Whether one writer holds the whole `folder`; writers of parts do not count.
pub fn state(folder: &Path) -> LockState {
    let path = folder.join(FILE);
    if !path.exists() {
        return LockState::Absent;
    }
    match file::is_held(&path) {
        Some(true) => LockState::Held(holder_of(folder, &path)),
        Some(false) => LockState::Free,
        None => LockState::Unknown,
    }
}

#[cfg(test)]
mod tests;

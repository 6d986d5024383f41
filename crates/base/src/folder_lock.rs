//! Advisory locks that allow one writer per folder. The system releases them when the process ends, however
//! it ends.
//!
//! The lock is held on a small file in the folder. The file describes the holder, for the message to a second
//! writer. Only the system's lock on it counts, so a file left by a killed process blocks nothing. Several
//! processes can also write parts of one folder at once: each locks its part, and all share the folder's
//! lock. Readers need no lock.

mod file;
mod holder;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use file::{LockFile, Mode};
pub use holder::Holder;

use crate::names::{file_name, shown};

/// Name of the lock file. It must not look like a temporary file, since those are removed.
pub const FILE: &str = ".timbrespace.lock";

/// Why a folder could not be locked; the message names the folder and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process, or another part of this program, is writing to it.
    #[error(
        "{}: {holder} is writing to this folder; wait until it has ended, stop it, or choose another folder",
        shown(folder)
    )]
    Held {
        /// The folder.
        folder: PathBuf,
        /// Holder of the lock.
        holder: Holder,
    },
    /// The lock file cannot be created.
    #[error("{}: {source}; give a folder that can be written to", shown(path))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
}

/// State of a folder's lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockState {
    /// There is no lock file: no writer, or one that does not use locks.
    Absent,
    /// The lock is not held.
    Free,
    /// A writer holds the lock.
    Held(Holder),
    /// The file system does not support locks.
    Unknown,
}

/// Permission to write to a folder; released when dropped.
#[derive(Debug)]
pub struct FolderLock {
    /// Locked files, the folder's own first; released in reverse order.
    files: Vec<LockFile>,
    /// Folders created for the lock, innermost first.
    made: Vec<PathBuf>,
}

impl FolderLock {
    /// Locks all of `folder` and creates it if it is missing. `work` names the purpose, such as `train`.
    ///
    /// # Errors
    /// When another writer holds the folder or a part of it, or the lock file cannot be created.
    pub fn whole(folder: &Path, work: &str) -> Result<Self, LockError> {
        let mut lock = Self { files: Vec::new(), made: make(folder)? };
        lock.add(folder, FILE, Mode::Exclusive, work)?;
        Ok(lock)
    }

    /// Locks one part of `folder`; other parts can be written at the same time.
    ///
    /// # Errors
    /// When another writer holds the folder or this part, or the lock file cannot be created.
    pub fn part(folder: &Path, part: &str, work: &str) -> Result<Self, LockError> {
        let mut lock = Self { files: Vec::new(), made: make(folder)? };
        lock.add(folder, FILE, Mode::Shared, work)?;
        lock.add(folder, &part_file(part), Mode::Exclusive, work)?;
        Ok(lock)
    }

    /// Locks one file in its folder, for a change that reads it first. Other files of the folder can be changed at the same time.
    ///
    /// # Errors
    /// When another writer holds the file or its folder, or the lock file cannot be created.
    pub fn file(file: &Path, work: &str) -> Result<Self, LockError> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        Self::part(folder.unwrap_or(Path::new(".")), &file_name(file), work)
    }

    fn add(&mut self, folder: &Path, name: &str, mode: Mode, work: &str) -> Result<(), LockError> {
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
            // Folders with content stay.
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
}

/// Creates `folder`; returns the folders that were missing, innermost first.
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

/// Holder of the lock at `path` in `folder`; for a shared lock, the first holder of a part.
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

/// Fails if a writer holds `folder`, for work that cannot hold the lock itself, such as moving the folder.
///
/// # Errors
/// When the lock is held.
pub fn ensure_not_held(folder: &Path) -> Result<(), LockError> {
    match state(folder) {
        LockState::Held(holder) => Err(LockError::Held { folder: folder.to_owned(), holder }),
        _ => Ok(()),
    }
}

/// State of the lock on the whole `folder`; writers of parts do not count.
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

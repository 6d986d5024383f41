//! `.written-by-timbrespace.json`: list of the files in a folder that this program wrote, with SHA-256
//! checksums.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    atomic_file::{self, Durability},
    names::shown,
};

/// Name of the list; hidden, so that it is not mistaken for a recording or an image.
pub const FILE: &str = ".written-by-timbrespace.json";
/// Least time between two writes of a long list. Files that a killed program did not record count as foreign.
const INTERVAL: Duration = Duration::from_millis(500);
/// Up to this many files the list is written after every file.
const SHORT: usize = 200;

/// Content of the list.
#[derive(Debug, Default, Serialize, Deserialize)]
struct List {
    /// Version of the program.
    version: String,
    /// SHA-256 by file name, in hexadecimal.
    files: BTreeMap<String, String>,
}

impl List {
    /// `None` if the file exists but is not such a list.
    fn read(path: &Path) -> Option<Self> {
        match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).ok(),
            Err(error) => (error.kind() == io::ErrorKind::NotFound).then(Self::default),
        }
    }
}

/// Records of one folder's files.
#[derive(Debug)]
pub(super) struct Provenance {
    folder: PathBuf,
    known: BTreeMap<String, String>,
    /// Records not yet saved in the list.
    added: BTreeMap<String, String>,
    written: Instant,
}

impl Provenance {
    pub(super) fn read(folder: &Path) -> Self {
        let known = List::read(&folder.join(FILE)).unwrap_or_default().files;
        Self { folder: folder.to_owned(), known, added: BTreeMap::new(), written: Instant::now() }
    }

    /// Whether the file `name` has the content that this program wrote.
    pub(super) fn holds(&self, name: &OsStr) -> bool {
        let key = key_of(name);
        let known = self.added.get(&key).or_else(|| self.known.get(&key));
        known.is_some_and(|known| checksum(&self.folder.join(name)).is_ok_and(|sum| sum == *known))
    }

    /// Records the file `name`, which was just written.
    pub(super) fn add(&mut self, name: &OsStr) {
        match checksum(&self.folder.join(name)) {
            Ok(sum) => {
                self.added.insert(key_of(name), sum);
            }
            Err(error) => log::warn!("{}: {error}", shown(&self.folder.join(name))),
        }
        if self.known.len() + self.added.len() <= SHORT || self.written.elapsed() >= INTERVAL {
            self.save();
        }
    }

    /// Saves the list, merged with entries added by other programs meanwhile; drops files that no longer
    /// exist.
    fn save(&mut self) {
        self.written = Instant::now();
        let path = self.folder.join(FILE);
        let Some(mut list) = List::read(&path) else {
            log::warn!("{} is not a list that Timbrespace wrote; leaving it unchanged", shown(&path));
            return;
        };
        env!("CARGO_PKG_VERSION").clone_into(&mut list.version);
        list.files.extend(self.added.clone());
        list.files.retain(|key, _| file_of(&self.folder, key).is_some_and(|file| file.exists()));
        let written = serde_json::to_vec_pretty(&list)
            .map_err(io::Error::other)
            .and_then(|bytes| atomic_file::write_bytes(&path, Durability::Renamed, &bytes));
        match written {
            Ok(()) => self.known.append(&mut self.added),
            // The files themselves are written; the list only helps a second run.
            Err(error) => log::warn!("{}: {error}", shown(&path)),
        }
    }
}

impl Drop for Provenance {
    fn drop(&mut self) {
        if !self.added.is_empty() {
            self.save();
        }
    }
}

/// Folder and file name of a path.
pub(super) fn split(path: &Path) -> (&Path, &OsStr) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    (folder, path.file_name().unwrap_or_default())
}

/// Prefix of the key for a name that is not UTF-8.
const NO_TEXT: &str = "\u{0}";

/// Unambiguous key of a name.
fn key_of(name: &OsStr) -> String {
    name.to_str().map_or_else(|| NO_TEXT.to_owned() + &hex(name.as_encoded_bytes()), str::to_owned)
}

/// Path for a key; `None` if its name is not UTF-8 and no such file exists.
fn file_of(folder: &Path, key: &str) -> Option<PathBuf> {
    if let Some(name) = key.strip_prefix(NO_TEXT) {
        let mut entries = fs::read_dir(folder).ok()?.flatten();
        return entries.find(|entry| hex(entry.file_name().as_encoded_bytes()) == name).map(|e| e.path());
    }
    Some(folder.join(key))
}

/// SHA-256 of a file's content, in hexadecimal.
fn checksum(path: &Path) -> io::Result<String> {
    let mut sum = Sha256::new();
    io::copy(&mut File::open(path)?, &mut sum)?;
    Ok(hex(&sum.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

//! `.written-by-timbrespace.json`: the files of a folder that this program wrote, each with the SHA-256 of its content.

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

/// Name of the list. It is hidden, so that nothing takes it for a recording or an image.
pub const FILE: &str = ".written-by-timbrespace.json";
/// A long list is written at most this often; a file that a killed program had not listed yet counts as a person's.
const INTERVAL: Duration = Duration::from_millis(500);
/// Files of a list that is written for every one of them.
const SHORT: usize = 200;

/// The list as it is written.
#[derive(Debug, Default, Serialize, Deserialize)]
struct List {
    /// Of the program.
    version: String,
    /// SHA-256 by name, both as text.
    files: BTreeMap<String, String>,
}

impl List {
    /// `None` where something else has the name.
    fn read(path: &Path) -> Option<Self> {
        match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).ok(),
            Err(error) => (error.kind() == io::ErrorKind::NotFound).then(Self::default),
        }
    }
}

/// What is known about the files of one folder.
#[derive(Debug)]
pub(super) struct Provenance {
    folder: PathBuf,
    known: BTreeMap<String, String>,
    /// What is not in the list yet.
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

    /// Takes the file `name`, which was just written, into the list.
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

    /// Writes the list with what was added here and by other programs since; files that are gone are dropped.
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
            // The files themselves are there: only a second run needs the list.
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

/// The folder of a file, and its name in it.
pub(super) fn split(path: &Path) -> (&Path, &OsStr) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    (folder, path.file_name().unwrap_or_default())
}

/// Begins the key of a name that is no text.
const NO_TEXT: &str = "\u{0}";

/// A name as text, without ever giving two names one text.
fn key_of(name: &OsStr) -> String {
    name.to_str().map_or_else(|| NO_TEXT.to_owned() + &hex(name.as_encoded_bytes()), str::to_owned)
}

/// The file of a key; `None` where its name is no text and it cannot be told whether it is there.
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

//! List of recordings to leave out of training and of all jobs on a folder.
//!
//! The file is UTF-8 text with one path per line, relative to the folder, with `/` separators, as in this
//! program's listings. Blank lines and lines starting with `#` are ignored; a name starting with `#` is
//! written `./#name`. Names that are not UTF-8 or contain line breaks are written with the escapes of
//! [`names::text_of`].
//!
//! Names that are equal in Unicode (`é` as one character or as two) count as the same, because macOS and
//! other systems write different forms.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use icu_normalizer::ComposingNormalizerBorrowed;

use super::{folder::FolderScan, piece};
use timbrespace_base::{
    atomic_file::{self, Durability},
    names::{self, shown},
    regular_file::{self, TABLE_LIMIT},
};

/// First line of lists written by this program.
const HEADING: &str =
    "# Recordings that Timbrespace leaves out: one path a line, relative to their folder.\n";

/// Most names to spell out in a message.
const NAMED: usize = 3;

/// Recordings to leave out, by name below the folder.
///
/// ```
/// use timbrespace_signal::audio::left_out::LeftOut;
///
/// let list = LeftOut::parse("# clipped\n\nbells/3.wav\n");
/// assert!(list.contains("bells/3.wav") && !list.contains("3.wav"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Original names, keyed by their composed form.
    names: BTreeMap<String, String>,
    /// The file they were read from.
    file: Option<PathBuf>,
}

/// Names that a list gains and loses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Names to insert.
    pub inserted: Vec<String>,
    /// Names to remove.
    pub removed: Vec<String>,
}

impl Change {
    /// The change that undoes this one.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self { inserted: self.removed.clone(), removed: self.inserted.clone() }
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.inserted.len() + self.removed.len()
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Why a list cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}; a list of recordings is UTF-8 text with one path a line", shown(path))]
pub struct ListError {
    /// Path of the file.
    pub path: PathBuf,
    /// Cause.
    pub cause: io::Error,
}

impl LeftOut {
    /// Reads the list from the file `path`.
    ///
    /// # Errors
    /// When the file cannot be read or is not UTF-8.
    pub fn read(path: &Path) -> Result<Self, ListError> {
        let text = regular_file::read_to_string(path, TABLE_LIMIT)
            .map_err(|cause| ListError { path: path.to_owned(), cause })?;
        Ok(Self { file: Some(path.to_owned()), ..Self::parse(&text) })
    }

    /// Parses a list.
    pub fn parse(text: &str) -> Self {
        let lines = text.trim_start_matches('\u{feff}').lines();
        lines.filter(|line| !line.starts_with('#')).filter_map(name_in_line).collect()
    }

    /// Formats the list for [`Self::parse`].
    pub fn to_text(&self) -> String {
        self.names().fold(HEADING.to_owned(), |text, name| text + &line_of(name) + "\n")
    }

    /// Writes the list to the file `path`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        atomic_file::write_bytes(path, Durability::Renamed, self.to_text().as_bytes())
    }

    /// The file that the list was read from, which must not be overwritten.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names in sorted order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.values().map(String::as_str)
    }

    /// Whether the recording `name` is left out, directly or as a piece of a listed file.
    pub fn contains(&self, name: &str) -> bool {
        let is_named = |name: &str| self.names.contains_key(&*composed(name));
        !self.is_empty() && (is_named(name) || is_named(piece::file_name_of(name)))
    }

    /// Adds `name`; returns whether it is new.
    pub fn insert(&mut self, name: impl Into<String>) -> bool {
        let name = name.into();
        self.names.insert(composed(&name).into_owned(), name).is_none()
    }

    /// Removes `name`; returns whether it was listed.
    pub fn remove(&mut self, name: &str) -> bool {
        self.names.remove(&*composed(name)).is_some()
    }

    /// Makes a change; returns the part of it that made a difference.
    pub fn apply_change(&mut self, change: &Change) -> Change {
        let mut made = Change::default();
        for name in &change.inserted {
            if self.insert(name) {
                made.inserted.push(name.clone());
            }
        }
        for name in &change.removed {
            if self.remove(name) {
                made.removed.push(name.clone());
            }
        }
        made
    }

    /// Removes the listed recordings from `scan`: they move from its files and errors to
    /// [`FolderScan::left_out`].
    #[must_use]
    pub fn apply(&self, mut scan: FolderScan) -> FolderScan {
        if self.is_empty() {
            return scan;
        }
        let FolderScan { root, files, skipped, left_out } = &mut scan;
        let mut stays = |relative: &Path| {
            let name = names::name_of(relative);
            let stays = !self.contains(&name);
            if !stays {
                left_out.push(name);
            }
            stays
        };
        files.retain(|file| stays(file));
        skipped.retain(|skip| stays(skip.path.strip_prefix(&*root).unwrap_or(&skip.path)));
        left_out.sort();
        scan
    }

    /// Names of this list that are not among `found`, sorted.
    pub fn missing_in<'a>(&self, found: impl IntoIterator<Item = &'a String>) -> Vec<&str> {
        let found: Self = found.into_iter().cloned().collect();
        self.names
            .iter()
            .filter(|(key, _)| !found.names.contains_key(*key))
            .map(|(_, name)| &**name)
            .collect()
    }
}

/// Message about names that match nothing in `folder`; `None` if there are none.
pub fn unmatched_message(missing: &[&str], folder: &Path) -> Option<String> {
    let first: Vec<String> =
        missing.iter().take(NAMED).map(|name| names::escaped(name).into_owned()).collect();
    let more = if missing.len() > NAMED { ", ..." } else { "" };
    let (is, are) = if missing.len() == 1 { ("name", "is") } else { ("names", "are") };
    (!missing.is_empty()).then(|| {
        format!(
            "{} {is} on the list of recordings to leave out {are} not in {} ({}{more})",
            missing.len(),
            shown(&folder),
            first.join(", ")
        )
    })
}

impl<S: Into<String>> Extend<S> for LeftOut {
    fn extend<I: IntoIterator<Item = S>>(&mut self, names: I) {
        for name in names {
            self.insert(name);
        }
    }
}

impl<S: Into<String>> FromIterator<S> for LeftOut {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut list = Self::default();
        list.extend(names);
        list
    }
}

/// The canonical form (NFC) of `name`, shared by all equivalent forms.
fn composed(name: &str) -> std::borrow::Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(name)
}

/// Parses one line; `None` for a blank one.
fn name_in_line(line: &str) -> Option<String> {
    if line.trim().is_empty() {
        return None;
    }
    let name = names::name_of(&names::path_from(line.strip_prefix("./").unwrap_or(line)));
    (!name.is_empty()).then_some(name)
}

/// Formats a name as one line.
fn line_of(name: &str) -> String {
    let mut line = if name.contains(['\n', '\r']) {
        // The backslashes of an escaped name are already doubled.
        let is_plain = names::path_from(name).to_str() == Some(name);
        let doubled = if is_plain { name.replace('\\', r"\\") } else { name.to_owned() };
        doubled.replace('\n', r"\x0a").replace('\r', r"\x0d")
    } else {
        name.to_owned()
    };
    if line.starts_with('#') {
        line.insert_str(0, "./");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::folder::Skipped;

    #[test]
    fn a_file_comes_back_whatever_its_names_hold() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("list.txt");
        let names = [
            "a/b.wav",
            "#1.wav",
            " space .wav ",
            "鈴/音.mp3",
            "line\nfeed\\n.wav",
            "b\r.wav",
            r"\xff\\x.wav",
        ];
        let list: LeftOut = names.into_iter().collect();
        list.write(&path).unwrap();
        let read = LeftOut::read(&path).unwrap();
        assert!(read.names().eq(list.names()), "{}", list.to_text());
        assert_eq!(read.file(), Some(path.as_path()));
        assert_eq!(list.to_text().lines().count(), names.len() + 1);
    }

    #[test]
    fn comments_blank_lines_and_line_ends_of_windows_say_nothing() {
        let list = LeftOut::parse("\u{feff}# why\r\n\r\n  \r\na/b.wav\r\n./c.wav\na//b.wav");
        assert_eq!(list.names().collect::<Vec<_>>(), ["a/b.wav", "c.wav"]);
        assert!(LeftOut::parse("# nothing\n").is_empty());
    }

    #[test]
    fn equal_forms_of_a_name_are_one_name() {
        let mut list = LeftOut::parse("e\u{301}.wav");
        assert!(list.contains("\u{e9}.wav") && list.contains("e\u{301}.wav") && !list.contains("e.wav"));
        assert!(!list.insert("\u{e9}.wav") && list.len() == 1);
        assert!(list.remove("e\u{301}.wav") && list.is_empty());
    }

    #[test]
    fn a_file_on_the_list_leaves_out_its_pieces() {
        let list = LeftOut::parse("a.wav\nb.wav@1.000\n");
        assert!(list.contains("a.wav@12.500") && list.contains("b.wav@1.000"));
        assert!(!list.contains("b.wav@2.000") && !list.contains("b.wav"));
    }

    #[test]
    fn recordings_on_the_list_are_neither_files_nor_errors_and_are_counted() {
        let scan = FolderScan {
            root: "sounds".into(),
            files: ["a.wav", "b/a.wav", "b/c.wav"].map(PathBuf::from).into(),
            skipped: ["sounds/bad.wma", "sounds/worse.wma"]
                .map(|path| Skipped { path: path.into(), cause: "unknown".into() })
                .into(),
            left_out: Vec::new(),
        };
        let list = LeftOut::parse("b/a.wav\nbad.wma\ngone.wav\n");
        let scan = list.apply(scan);
        assert_eq!(scan.files, ["a.wav", "b/c.wav"].map(PathBuf::from));
        assert_eq!(scan.skipped.len(), 1);
        assert_eq!(scan.left_out, ["b/a.wav", "bad.wma"]);
        let missing = list.missing_in(&scan.left_out);
        assert_eq!(missing, ["gone.wav"]);
        let words = unmatched_message(&missing, Path::new("sounds")).unwrap();
        assert!(words.contains("1 name") && words.contains("gone.wav"), "{words}");
        assert_eq!(unmatched_message(&[], Path::new("sounds")), None);
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_path() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("list.txt");
        std::fs::write(&path, b"\xff\xfe.wav\n").unwrap();
        let error = LeftOut::read(&path).unwrap_err().to_string();
        assert!(error.contains("list.txt") && error.contains("one path a line"), "{error}");
        assert!(LeftOut::read(&place.path().join("none")).is_err());
    }
}

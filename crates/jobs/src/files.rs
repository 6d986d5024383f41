//! What jobs write beside sounds: arrays, tables and pictures, each atomically, with errors that name the file.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    fs, io,
    path::{Path, PathBuf},
};

use icu_normalizer::ComposingNormalizerBorrowed;
use image::RgbImage;
use ndarray::{ArrayBase, Data, Dimension};
use ndarray_npy::WriteNpyExt as _;

use crate::{JobError, fault::FileFault};
use timbrespace_analysis::inspect::picture;
use timbrespace_base::{
    atomic_file::{self, Durability},
    names::{self, shown},
    regular_file::{self, TABLE_LIMIT},
    sentence,
    sentence::Sentence,
};
use timbrespace_signal::audio::piece;

/// Writes `array` as a NumPy file.
pub(super) fn write_array<S, D>(path: &Path, array: &ArrayBase<S, D>) -> Result<(), JobError>
where
    S: Data<Elem = f32>,
    D: Dimension,
{
    named(
        path,
        atomic_file::write(path, Durability::Renamed, |file| array.write_npy(file).map_err(io::Error::other)),
    )
}

/// Writes `picture` as PNG.
pub(super) fn write_picture(path: &Path, picture: &RgbImage) -> Result<(), JobError> {
    named(
        path,
        picture::png(picture).and_then(|bytes| atomic_file::write_bytes(path, Durability::Renamed, &bytes)),
    )
}

/// Writes `text`.
pub(super) fn write_text(path: &Path, durability: Durability, text: &str) -> Result<(), JobError> {
    named(path, atomic_file::write_bytes(path, durability, text.as_bytes()))
}

/// Reads a text file of at most [`TABLE_LIMIT`] bytes.
pub(super) fn read_text(path: &Path) -> Result<String, JobError> {
    named(path, regular_file::read_to_string(path, TABLE_LIMIT))
}

/// The rows of a table below its header, as far as they make sense.
#[derive(Debug, PartialEq)]
pub(super) struct Rows<T> {
    /// Rows that could be read, in order.
    pub rows: Vec<T>,
    /// What to tell a person about the others.
    pub note: Option<Sentence>,
}

/// How a table comes to its last line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LastLine {
    /// The table is written as a whole: a last line without a line feed counts.
    Whole,
    /// Lines are appended, and a kill may cut one: it counts only with its line feed.
    MayBeCut,
}

/// Lines of a table that are named one by one.
const MOST_NAMED: usize = 5;

/// Reads a table row by row: one that is no UTF-8, or makes no sense to `parse`, costs only itself. An incomplete last line, as a
/// kill leaves it, is ignored.
pub(super) fn read_rows<T>(
    path: &Path,
    last: LastLine,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Rows<T>, JobError> {
    let bytes = named(path, regular_file::read(path, TABLE_LIMIT))?;
    let mut rows = Vec::new();
    let mut malformed = Vec::new();
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate().skip(1) {
        let is_cut = !line.ends_with(b"\n");
        // Half a number is a number too.
        if is_cut && last == LastLine::MayBeCut {
            continue;
        }
        let text = std::str::from_utf8(line).ok().map(str::trim_end);
        match text.and_then(&parse) {
            Some(row) => rows.push(row),
            None if text == Some("") || is_cut => {}
            None => malformed.push((index + 1).to_string()),
        }
    }
    let named: Vec<String> = malformed.iter().take(MOST_NAMED).cloned().collect();
    let more = if malformed.len() > MOST_NAMED { ", ..." } else { "" };
    let note = (!malformed.is_empty()).then(|| {
        sentence!(
            "table-malformed-rows",
            "{path}: skipped {count} malformed rows (line {lines})",
            path = shown(&path),
            count = malformed.len(),
            lines = format!("{}{more}", named.join(", "))
        )
    });
    Ok(Rows { rows, note })
}

/// Gives an input or output error the name of its file.
pub(super) fn named<T>(path: &Path, result: io::Result<T>) -> Result<T, JobError> {
    result.map_err(|error| JobError::file(path, error))
}

/// Refuses a folder that holds something, apart from hidden files: nothing that is there is replaced.
pub(super) fn refuse_unless_empty(folder: &Path) -> Result<(), JobError> {
    let visible = |entry: io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
    };
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.any(visible)) {
        return Err(JobError::file(folder, FileFault::NotEmpty));
    }
    Ok(())
}

/// Names of output files, made from input files without ever giving one name twice: not in capitals either, and not in
/// another Unicode normalisation, because Windows and macOS take such names for the same file.
#[derive(Debug, Default)]
pub(super) struct UniqueStems(BTreeSet<String>);

impl UniqueStems {
    /// The stem of `file`, with `_2`, `_3` and so on where it was given before.
    pub(super) fn of(&mut self, file: &Path) -> OsString {
        let stem = piece::stem(file).unwrap_or_else(|| OsString::from("sound"));
        let mut name = stem.clone();
        let mut count = 1;
        while !self.0.insert(folded(&name)) {
            count += 1;
            name.clone_from(&stem);
            name.push(format!("_{count}"));
        }
        name
    }
}

/// What two names share that a file system may take for one.
fn folded(name: &OsStr) -> String {
    let lower = names::text_of(name).to_lowercase();
    ComposingNormalizerBorrowed::new_nfc().normalize(&lower).into_owned()
}

/// `dir/name.extension`, also where `name` holds dots.
pub(super) fn file_in(dir: &Path, name: impl AsRef<OsStr>, extension: &str) -> PathBuf {
    let mut file = name.as_ref().to_owned();
    file.push(".");
    file.push(extension);
    dir.join(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_of_one_name_never_share_an_output_name() {
        let mut stems = UniqueStems::default();
        let names: Vec<_> =
            ["a/x.wav", "b/x.wav", "c/X.flac", "x.1.wav"].map(|file| stems.of(Path::new(file))).into();
        assert_eq!(names, ["x", "x_2", "X_3", "x.1"]);
        let composed = stems.of(Path::new("d/\u{e9}.wav"));
        assert_eq!([composed, stems.of(Path::new("d/e\u{301}.wav"))], ["\u{e9}", "e\u{301}_2"]);
    }

    #[test]
    fn a_row_that_makes_no_sense_costs_itself_and_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"number\n1\n\xff\xfe\n3\nfour\n\n5\n6").unwrap();
        let Rows { rows, note } =
            read_rows(file.path(), LastLine::Whole, |line| line.parse::<u32>().ok()).unwrap();
        assert_eq!(rows, [1, 3, 5, 6]);
        let note = note.unwrap();
        assert!(
            note.to_string().contains("skipped 2 malformed rows") && note.to_string().contains("line 3, 5"),
            "{note}"
        );
        std::fs::write(file.path(), b"number\n1\n2,").unwrap();
        let cut = read_rows(file.path(), LastLine::Whole, |line| line.parse::<u32>().ok()).unwrap();
        assert_eq!(cut, Rows { rows: vec![1], note: None }, "half a line at the end is what a kill leaves");
    }
}

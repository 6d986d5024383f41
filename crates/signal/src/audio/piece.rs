//! Names of pieces: `long.wav@12.500` is the part of `long.wav` that starts at 12.5 seconds.
//!
//! A piece is named like a file next to its source, so it can be used wherever recordings are named: in
//! lists, on the command line, in preprocessed folders. Its length follows from the settings
//! (`pipeline::pieces`).

use std::{
    borrow::Cow,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

/// Separates file name and start.
const SEPARATOR: char = '@';
/// Decimals of the start, which is in whole milliseconds.
const DECIMALS: usize = 3;

/// Name of the piece of `file` that starts at `start_ms`. With the same number of `digits` before the point,
/// the pieces of a file sort by time.
///
/// ```
/// use std::path::Path;
/// use timbrespace_signal::audio::piece;
///
/// assert_eq!(piece::path_of(Path::new("a/b.wav"), 12_500, 4), Path::new("a/b.wav@0012.500"));
/// ```
pub fn path_of(file: &Path, start_ms: u64, digits: usize) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix(start_ms, digits));
    name.into()
}

fn suffix(start_ms: u64, digits: usize) -> OsString {
    format!("{SEPARATOR}{:0digits$}.{:0DECIMALS$}", start_ms / 1000, start_ms % 1000).into()
}

/// Digits before the point that are sufficient for every start in a sound of this duration.
pub fn digits_for(duration_ms: u64) -> usize {
    (duration_ms / 1000).max(1).ilog10() as usize + 1
}

/// Splits the path of a piece into file and start in milliseconds; `None` if it is not a piece by its form.
pub fn parts(path: &Path) -> Option<(PathBuf, u64)> {
    let name = path.file_name()?.as_encoded_bytes();
    let at = name.iter().rposition(|byte| *byte == SEPARATOR as u8).filter(|at| *at > 0)?;
    let start = std::str::from_utf8(name.get(at + 1..)?).ok()?;
    let (secs, millis) = start.split_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(secs) || !is_number(millis) || millis.len() != DECIMALS {
        return None;
    }
    let start_ms = secs.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(millis.parse().ok()?)?;
    Some((without_suffix(path, name.len() - at)?, start_ms))
}

/// `path` without its last `len` bytes, which must be ASCII.
fn without_suffix(path: &Path, len: usize) -> Option<PathBuf> {
    let name = path.file_name()?;
    let bytes = name.as_encoded_bytes();
    let kept = bytes.get(..bytes.len().checked_sub(len)?)?;
    // Names that are not UTF-8 are cut with the system's own encoding.
    let kept = match std::str::from_utf8(kept) {
        Ok(text) => OsString::from(text),
        Err(_) => cut_off(name, len)?,
    };
    Some(path.with_file_name(kept))
}

#[cfg(unix)]
fn cut_off(name: &OsStr, len: usize) -> Option<OsString> {
    use std::os::unix::ffi::OsStrExt as _;
    let bytes = name.as_bytes();
    bytes.get(..bytes.len().checked_sub(len)?).map(|kept| OsStr::from_bytes(kept).to_owned())
}

#[cfg(windows)]
fn cut_off(name: &OsStr, len: usize) -> Option<OsString> {
    use std::os::windows::ffi::{OsStrExt as _, OsStringExt as _};
    let units: Vec<u16> = name.encode_wide().collect();
    units.get(..units.len().checked_sub(len)?).map(OsString::from_wide)
}

#[cfg(not(any(unix, windows)))]
fn cut_off(_: &OsStr, _: usize) -> Option<OsString> {
    None
}

/// File name without extension: `long@12.500` for a piece.
pub fn stem(path: &Path) -> Option<OsString> {
    let Some((file, _)) = parts(path) else { return path.file_stem().map(OsStr::to_owned) };
    let (whole, file_name) = (path.file_name()?, file.file_name()?);
    let suffix = whole.as_encoded_bytes().get(file_name.len()..)?;
    let mut stem = file.file_stem()?.to_owned();
    stem.push(std::str::from_utf8(suffix).ok()?);
    Some(stem)
}

/// Path of the file that contains the recording `name`: the path without `@start`, if it has one.
pub fn file_of(name: &Path) -> Cow<'_, Path> {
    parts(name).map_or(Cow::Borrowed(name), |(file, _)| Cow::Owned(file))
}

/// As [`file_of`], for a name with `/` separators.
pub fn file_name_of(name: &str) -> &str {
    match parts(Path::new(name)) {
        Some(_) => name.rsplit_once(SEPARATOR).map_or(name, |(file, _)| file),
        None => name,
    }
}

/// File and start in milliseconds if the recording at `path` is a piece; `None` if a file of that name
/// exists.
pub fn found_at(path: &Path) -> Option<(PathBuf, u64)> {
    parts(path).filter(|_| !path.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem_of(name: &str) -> String {
        stem(Path::new(name)).unwrap().into_string().unwrap()
    }

    #[test]
    fn a_name_comes_apart_as_it_was_put_together() {
        for (file, start_ms, digits, expected) in [
            ("a/b.wav", 0, 1, "a/b.wav@0.000"),
            ("鈴@2.wav", 3_599_999, 4, "鈴@2.wav@3599.999"),
            ("no_extension", 12_345_678, 4, "no_extension@12345.678"),
        ] {
            let path = path_of(Path::new(file), start_ms, digits);
            assert_eq!(path, Path::new(expected));
            assert_eq!(parts(&path), Some((PathBuf::from(file), start_ms)));
            assert_eq!(file_of(&path), Path::new(file));
            assert_eq!(file_name_of(expected), file);
            let stem = format!(
                "{}@{}",
                file.trim_start_matches("a/").trim_end_matches(".wav"),
                &expected[file.len() + 1..]
            );
            assert_eq!(stem_of(expected), stem);
        }
        assert_eq!(
            (digits_for(0), digits_for(9_999), digits_for(10_000), digits_for(7_200_000)),
            (1, 1, 2, 4)
        );
    }

    #[test]
    fn other_names_with_the_separator_are_files() {
        for name in
            ["a@2.wav", "@1.000", "a@.500", "a@1.5", "a@1", "a@-1.000", "a@1.0000", "a@1,000", "x@1.000/b"]
        {
            assert_eq!(parts(Path::new(name)), None, "{name}");
            assert_eq!(file_name_of(name), name);
        }
        assert_eq!(parts(Path::new("a@99999999999999999999.000")), None);
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_work() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
        let file = Path::new(OsStr::from_bytes(b"d/\xff.wav"));
        assert_eq!(parts(&path_of(file, 1500, 1)), Some((file.to_owned(), 1500)));
    }

    #[test]
    fn a_file_of_that_name_is_no_piece() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav@1.000");
        assert_eq!(found_at(&path), Some((folder.path().join("a.wav"), 1000)));
        std::fs::write(&path, "x").unwrap();
        assert_eq!(found_at(&path), None);
    }
}

//! Finds the recordings in a folder.

use std::{
    cmp::Ordering,
    fmt::{self, Display, Formatter},
    io::Read as _,
    path::{Path, PathBuf},
};

use walkdir::{DirEntry, WalkDir};

use super::{
    decode::DecodeError,
    format::{Container, ExtensionKind, SNIFF_LEN},
    piece,
};
use timbrespace_base::{
    interrupt::Interrupt,
    names::{self, shown},
    regular_file,
    sentence::Sentence,
};

/// A file or folder that was skipped, with the cause.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Skipped {
    /// Path of the file or folder.
    #[serde(serialize_with = "names::serialize", deserialize_with = "names::deserialize")]
    pub path: PathBuf,
    /// Why.
    pub cause: Cause,
}

/// The path, once, and the cause.
impl Display for Skipped {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let path = shown(&self.path).to_string();
        let cause = self.cause.to_string();
        if cause.starts_with(&path) {
            formatter.write_str(&cause)
        } else {
            write!(formatter, "{path}: {cause}")
        }
    }
}

/// Why a file or folder cannot be used. Two causes are equal where their words are.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Cause {
    /// There is no folder at the path.
    #[error("there is no such folder; check the path")]
    NoFolder,
    /// It cannot be read; the system's message.
    #[error("cannot be read ({0}); check its permissions")]
    Unreadable(String),
    /// It is something else than a folder or a file; what, with article.
    #[error("is {0}, not a folder or a sound file; name a folder of recordings")]
    NotAFolder(&'static str),
    /// It is something else than a file; what, with article.
    #[error("is {0}, not a sound file; copy the sound into a file first")]
    NotAFile(&'static str),
    /// It is a sound of a format that is not supported; the extension.
    #[error(".{0} files cannot be decoded; convert it to WAV or FLAC")]
    Extension(String),
    /// It is a link to one of its own parent folders.
    #[error("a link that leads back to {}; it is not followed", shown(.0))]
    Loop(PathBuf),
    /// It is a link to nothing.
    #[error("a broken link")]
    BrokenLink,
    /// The sound cannot be decoded; the path is not said again.
    #[error("{}", .0.cause())]
    Decode(Box<DecodeError>),
    /// Anything else that the window says in its language.
    #[error(transparent)]
    Said(#[from] Sentence),
    /// Anything else, in words.
    #[error("{0}")]
    Words(String),
}

impl From<DecodeError> for Cause {
    fn from(error: DecodeError) -> Self {
        Self::Decode(Box::new(error))
    }
}

impl From<String> for Cause {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<&str> for Cause {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Cause {}

impl PartialOrd for Cause {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cause {
    fn cmp(&self, other: &Self) -> Ordering {
        self.to_string().cmp(&other.to_string())
    }
}

impl serde::Serialize for Cause {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Cause {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as serde::Deserialize>::deserialize(deserializer).map(Self::Words)
    }
}

/// The sound files below a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderScan {
    /// The scanned folder.
    pub root: PathBuf,
    /// Sound files, relative to `root`, sorted.
    pub files: Vec<PathBuf>,
    /// Files that could not be read or are not sound files.
    pub skipped: Vec<Skipped>,
    /// Names excluded by [`LeftOut::apply`], with `/` between components, sorted.
    ///
    /// [`LeftOut::apply`]: super::left_out::LeftOut::apply
    pub left_out: Vec<String>,
}

/// Why a folder could not be scanned.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", shown(path))]
pub struct ScanError {
    /// Path of the folder.
    pub path: PathBuf,
    /// Cause.
    pub cause: Cause,
}

/// Scans `root` recursively; calls `found` with the number of sound files so far.
///
/// Files are recognised by extension or, if that is unknown, by their first bytes. Hidden files are ignored;
/// files that are clearly not sound (text, pictures, arrays) are not reported. Links are followed; a link to
/// one of its own parent folders is reported. Files are sorted by code point, component by component. When
/// interrupted, returns what was found so far.
///
/// If `root` is a single sound file or a piece of one, the scan contains just that.
///
/// # Errors
/// When `root` does not exist or cannot be read.
pub fn scan(
    root: &Path,
    interrupt: &Interrupt,
    found: &mut dyn FnMut(usize),
) -> Result<FolderScan, ScanError> {
    if piece::found_at(root).is_some_and(|(file, _)| file.is_file()) {
        return Ok(single_file(root, found));
    }
    let metadata = std::fs::metadata(root).map_err(|error| {
        let cause = match error.kind() {
            std::io::ErrorKind::NotFound => Cause::NoFolder,
            _ => Cause::Unreadable(error.to_string()),
        };
        ScanError { path: root.into(), cause }
    })?;
    if !metadata.is_file() && !metadata.is_dir() {
        let kind = regular_file::describe_kind(metadata.file_type());
        return Err(ScanError { path: root.into(), cause: Cause::NotAFolder(kind) });
    }
    if metadata.is_file() {
        return Ok(single_file(root, found));
    }
    let mut result = FolderScan { root: root.into(), ..FolderScan::default() };
    let visible = |entry: &DirEntry| entry.depth() == 0 || !is_hidden(entry);
    for entry in WalkDir::new(root).follow_links(true).into_iter().filter_entry(visible) {
        if interrupt.is_stopped() {
            break;
        }
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let path = entry.path();
                match classify(path) {
                    FileClass::Sound => {
                        result.files.push(path.strip_prefix(root).unwrap_or(path).to_path_buf());
                        found(result.files.len());
                    }
                    FileClass::Skip(cause) => result.skipped.push(Skipped { path: path.into(), cause }),
                    FileClass::NoSound => {}
                }
            }
            Ok(entry) if !entry.file_type().is_dir() => {
                let path = entry.path();
                if let ExtensionKind::Known(_) = ExtensionKind::of(path) {
                    let kind = regular_file::describe_kind(entry.file_type());
                    result.skipped.push(Skipped { path: path.into(), cause: Cause::NotAFile(kind) });
                }
            }
            Ok(_) => {}
            Err(error) if error.depth() == 0 => {
                return Err(ScanError { path: root.into(), cause: cause_of(&error) });
            }
            Err(error) => {
                let path = error.path().unwrap_or(root).to_path_buf();
                result.skipped.push(Skipped { path, cause: cause_of(&error) });
            }
        }
    }
    result.files.sort();
    result.skipped.sort();
    Ok(result)
}

fn single_file(file: &Path, found: &mut dyn FnMut(usize)) -> FolderScan {
    let root = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    found(1);
    FolderScan {
        root: root.into(),
        files: file.file_name().map(PathBuf::from).into_iter().collect(),
        ..FolderScan::default()
    }
}

/// Hidden files, including the `._x.wav` and `__MACOSX` in which macOS stores metadata on other disks and in
/// ZIP archives: not sounds, whatever their extension.
fn is_hidden(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    name.as_encoded_bytes().first() == Some(&b'.') || name == "__MACOSX"
}

fn cause_of(error: &walkdir::Error) -> Cause {
    if let Some(ancestor) = error.loop_ancestor() {
        return Cause::Loop(ancestor.to_owned());
    }
    match error.io_error() {
        Some(io) if io.kind() == std::io::ErrorKind::NotFound => Cause::BrokenLink,
        Some(io) => Cause::Unreadable(io.to_string()),
        None => Cause::Words(error.to_string()),
    }
}

enum FileClass {
    Sound,
    NoSound,
    Skip(Cause),
}

fn classify(path: &Path) -> FileClass {
    match ExtensionKind::of(path) {
        ExtensionKind::Known(_) => FileClass::Sound,
        ExtensionKind::NoSound => FileClass::NoSound,
        ExtensionKind::UnsupportedSound => {
            let extension = shown(path.extension().unwrap_or_default()).to_string();
            FileClass::Skip(Cause::Extension(extension))
        }
        ExtensionKind::Unknown => {
            let mut start = Vec::with_capacity(SNIFF_LEN);
            let read = regular_file::open(path)
                .and_then(|(file, _)| file.take(SNIFF_LEN as u64).read_to_end(&mut start));
            match read {
                // Two bytes that resemble an MPEG frame are not sufficient without a matching extension.
                Ok(_) => match Container::from_content(&start) {
                    None | Some(Container::Mp3 | Container::Adts) => FileClass::NoSound,
                    Some(_) => FileClass::Sound,
                },
                Err(_) => FileClass::NoSound,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(folder: &Path, name: &str) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, b"x").unwrap();
    }

    fn names(scan: &FolderScan) -> Vec<String> {
        scan.files.iter().map(|f| f.to_string_lossy().replace('\\', "/")).collect()
    }

    #[test]
    fn sounds_are_found_recursively_in_sorted_order_in_any_script() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "b.wav",
            "a/z.FLAC",
            "a/é.ogg",
            "鈴/音.mp3",
            ".hidden/x.wav",
            ".x.wav",
            "a/._z.FLAC",
            "__MACOSX/a/z.FLAC",
            "notes.txt",
            "a/b.npy",
        ] {
            touch(folder.path(), name);
        }
        let mut counts = Vec::new();
        let scan = scan(folder.path(), &Interrupt::new(), &mut |n| counts.push(n)).unwrap();
        assert_eq!(names(&scan), ["a/z.FLAC", "a/é.ogg", "b.wav", "鈴/音.mp3"]);
        assert_eq!(counts, [1, 2, 3, 4]);
        assert!(scan.skipped.is_empty());
    }

    #[test]
    fn what_cannot_be_decoded_is_named_and_what_is_no_sound_is_not() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.wma", "b.xyz", "c"] {
            touch(folder.path(), name);
        }
        std::fs::write(folder.path().join("d"), b"RIFF\0\0\0\0WAVE").unwrap();
        let scan = scan(folder.path(), &Interrupt::new(), &mut |_| {}).unwrap();
        assert_eq!(names(&scan), ["d"]);
        assert_eq!(scan.skipped.len(), 1);
        assert!(scan.skipped[0].cause.to_string().contains(".wma"));
    }

    #[test]
    fn one_file_is_a_folder_of_one_and_a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        touch(folder.path(), "a/x.wav");
        let one = scan(&folder.path().join("a/x.wav"), &Interrupt::new(), &mut |_| {}).unwrap();
        assert_eq!((one.root.clone(), names(&one)), (folder.path().join("a"), vec!["x.wav".to_owned()]));
        let error = scan(&folder.path().join("none"), &Interrupt::new(), &mut |_| {}).unwrap_err();
        assert!(error.to_string().contains("no such folder"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_devices_are_named_and_never_opened() {
        let folder = tempfile::tempdir().unwrap();
        touch(folder.path(), "a.wav");
        let pipe = folder.path().join("pipe.wav");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero.flac")).unwrap();
        std::os::unix::fs::symlink(&pipe, folder.path().join("no_extension")).unwrap();
        let found = scan(folder.path(), &Interrupt::new(), &mut |_| {}).unwrap();
        assert_eq!(names(&found), ["a.wav"]);
        let causes: Vec<String> = found.skipped.iter().map(|s| s.cause.to_string()).collect();
        assert_eq!(causes.len(), 2, "{causes:?}");
        assert!(causes[0].contains("a named pipe (FIFO)") && causes[1].contains("a device"), "{causes:?}");
        let error = scan(&pipe, &Interrupt::new(), &mut |_| {}).unwrap_err().to_string();
        assert!(error.contains("a named pipe (FIFO)"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_a_circle_is_reported_and_names_that_are_no_text_work() {
        use std::os::unix::{ffi::OsStrExt as _, fs::symlink};
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"\xff\xfe.wav")), b"x").unwrap();
        symlink(folder.path(), folder.path().join("again")).unwrap();
        symlink("nowhere", folder.path().join("broken.wav")).unwrap();
        let scan = scan(folder.path(), &Interrupt::new(), &mut |_| {}).unwrap();
        assert_eq!(scan.files.len(), 1);
        let causes: Vec<String> = scan.skipped.iter().map(|s| s.cause.to_string()).collect();
        assert!(causes[0].contains("leads back"), "{causes:?}");
        assert!(causes[1].contains("broken link"), "{causes:?}");
    }
}

//! Opening and reading files named by the user: regular files only, up to a size limit.
//!
//! Opening a named pipe blocks until another process writes to it, and a device such as `/dev/zero` never
//! ends. So the path is checked first and refused unless it is a regular file (or a link to one). Refusals
//! are [`io::Error`]s whose message says what is wrong and what to do; [`refusal`] recovers them for callers
//! with messages of their own.

use std::{
    fs::{self, File, FileType, Metadata},
    io::{self, Read as _},
    path::Path,
    time::SystemTime,
};

/// Size limit in bytes of settings, notes and other text written by hand.
pub const NOTE_LIMIT: u64 = 16 << 20;
/// Size limit in bytes of tables and descriptions: `preprocessing.json`, `history.csv`.
pub const TABLE_LIMIT: u64 = 512 << 20;
/// Size limit in bytes of arrays: `model.safetensors`, checkpoints, `.npy`.
pub const ARRAY_LIMIT: u64 = 2 << 30;

/// Length and modification time of a file: another content has another stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl FileStamp {
    /// The stamp of the file at `path`; `None` if it cannot be looked at.
    pub fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        Some(Self { bytes: metadata.len(), modified: metadata.modified().ok() })
    }
}

/// Why a path was not opened or a file not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The path is not a regular file.
    #[error("it is {kind}, not a file; name a regular file")]
    NotAFile {
        /// What it is, with article.
        kind: &'static str,
    },
    /// The file exceeds the limit for its kind.
    #[error(
        "it is {} long, more than the {} that such a file may have; check that it is the right file",
        format_size(*bytes),
        format_size(*limit)
    )]
    TooLong {
        /// File size in bytes.
        bytes: u64,
        /// Limit in bytes.
        limit: u64,
    },
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(io::ErrorKind::InvalidInput, refusal)
    }
}

/// The refusal inside an error of this module, if there is one.
pub fn refusal(error: &io::Error) -> Option<&Refusal> {
    error.get_ref()?.downcast_ref()
}

/// Opens a regular file for reading; returns it with its metadata.
///
/// # Errors
/// When the file does not exist or cannot be opened, or is a folder, pipe, socket or device
/// ([`Refusal::NotAFile`]).
pub fn open(path: &Path) -> io::Result<(File, Metadata)> {
    check_kind(fs::metadata(path)?.file_type())?;
    let mut options = File::options();
    options.read(true);
    // If a pipe replaced the file in the meantime, this does not wait for its writer.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    check_kind(metadata.file_type())?;
    Ok((file, metadata))
}

/// As [`open`], with a limit on the file size.
///
/// # Errors
/// As [`open`], or [`Refusal::TooLong`].
pub fn open_within(path: &Path, limit: u64) -> io::Result<File> {
    let (file, metadata) = open(path)?;
    check_length(metadata.len(), limit)?;
    Ok(file)
}

/// Reads a whole file of at most `limit` bytes.
///
/// # Errors
/// As [`open_within`]; also when the file grows past `limit` while being read, or memory is insufficient.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let (file, metadata) = open(path)?;
    check_length(metadata.len(), limit)?;
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(metadata.len() as usize).is_err() {
        return Err(io::ErrorKind::OutOfMemory.into());
    }
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    check_length(bytes.len() as u64, limit)?;
    Ok(bytes)
}

/// Reads a whole text file of at most `limit` bytes.
///
/// # Errors
/// As [`read`], or when it is not UTF-8.
pub fn read_to_string(path: &Path, limit: u64) -> io::Result<String> {
    String::from_utf8(read(path, limit)?).map_err(|error| {
        let cause =
            format!("it is not UTF-8 text (byte {}); save it as UTF-8", error.utf8_error().valid_up_to());
        io::Error::new(io::ErrorKind::InvalidData, cause)
    })
}

fn check_kind(kind: FileType) -> Result<(), Refusal> {
    if kind.is_file() { Ok(()) } else { Err(Refusal::NotAFile { kind: describe_kind(kind) }) }
}

fn check_length(bytes: u64, limit: u64) -> Result<(), Refusal> {
    if bytes <= limit { Ok(()) } else { Err(Refusal::TooLong { bytes, limit }) }
}

/// Description of a file type, with article.
pub fn describe_kind(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return "a named pipe (FIFO)";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if kind.is_dir() { "a folder" } else { "something else" }
}

/// Formats a number of bytes in a suitable unit.
pub fn format_size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    match UNITS.iter().find(|(_, size)| bytes >= *size) {
        Some((unit, size)) => format!("{:.1} {unit}", bytes as f64 / *size as f64),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit_and_refused_beyond_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, b"seven b").unwrap();
        assert_eq!(read(&path, 7).unwrap(), b"seven b");
        assert_eq!(read_to_string(&path, 7).unwrap(), "seven b");
        let error = read(&path, 6).unwrap_err();
        assert_eq!(refusal(&error), Some(&Refusal::TooLong { bytes: 7, limit: 6 }));
        assert!(open_within(&path, 6).is_err());
        assert_eq!(open(&path).unwrap().1.len(), 7);
    }

    #[test]
    fn a_length_is_checked_before_anything_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        File::create(&path).unwrap().set_len(10 << 30).unwrap();
        let message = read(&path, TABLE_LIMIT).unwrap_err().to_string();
        assert!(message.contains("10.0 GiB") && message.contains("512.0 MiB"), "{message}");
    }

    #[test]
    fn text_that_is_no_utf8_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        fs::write(&path, b"abc\xff").unwrap();
        let error = read_to_string(&path, NOTE_LIMIT).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(error.to_string().contains("byte 3"), "{error}");
    }

    #[test]
    fn what_is_no_file_is_refused_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let message = open(folder.path()).unwrap_err().to_string();
        assert!(message.contains("a folder"), "{message}");
        let missing = open(&folder.path().join("missing")).unwrap_err();
        assert_eq!((missing.kind(), refusal(&missing)), (io::ErrorKind::NotFound, None));
    }

    #[cfg(unix)]
    #[test]
    fn pipes_sockets_and_devices_are_refused_without_waiting_for_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let made = std::process::Command::new("mkfifo").arg(path("pipe")).status().unwrap();
        assert!(made.success());
        let _socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", path("zero")).unwrap();
        std::os::unix::fs::symlink(path("pipe"), path("link")).unwrap();
        for (name, kind) in [
            ("pipe", "a named pipe (FIFO)"),
            ("link", "a named pipe (FIFO)"),
            ("socket", "a socket"),
            ("zero", "a device"),
        ] {
            for error in [open(&path(name)).unwrap_err(), read(&path(name), 10).unwrap_err()] {
                assert_eq!(refusal(&error), Some(&Refusal::NotAFile { kind }), "{name}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_file_is_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), b"text").unwrap();
        std::os::unix::fs::symlink("file", folder.path().join("link")).unwrap();
        assert_eq!(read_to_string(&folder.path().join("link"), 4).unwrap(), "text");
    }
}

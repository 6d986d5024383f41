//! A sound file that is open for reading.

use std::{
    fs::File,
    io::{self, Cursor, Read, Seek, SeekFrom},
    path::Path,
};

use timbrespace_base::regular_file;

/// Files up to this length are read at once: their few kilobytes cost less than the calls that look at their headers piece by piece.
const MOST_AT_ONCE: u64 = 256 << 10;

/// How much of a file will be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Its headers.
    Header,
    /// Its samples, too.
    Samples,
}

/// A sound file that is open for reading.
#[derive(Debug)]
pub(super) enum SoundFile {
    /// All its bytes.
    InMemory(Cursor<Vec<u8>>),
    /// On disk.
    OnDisk(File),
}

impl SoundFile {
    /// Opens a regular file, and reads it where it is short and its samples are wanted.
    ///
    /// # Errors
    /// As [`regular_file::open`], or when it cannot be read.
    pub fn open(path: &Path, wanted: Wanted) -> io::Result<Self> {
        let (file, metadata) = regular_file::open(path)?;
        if wanted == Wanted::Header || metadata.len() > MOST_AT_ONCE {
            return Ok(Self::OnDisk(file));
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize);
        // A file that grows meanwhile is read up to here, as its header says.
        file.take(metadata.len()).read_to_end(&mut bytes)?;
        Ok(Self::InMemory(Cursor::new(bytes)))
    }

    /// Another handle on the file; handles on a file on disk share their position.
    ///
    /// # Errors
    /// When the system has no further handle.
    pub fn try_clone(&self) -> io::Result<Self> {
        match self {
            Self::InMemory(bytes) => Ok(Self::InMemory(bytes.clone())),
            Self::OnDisk(file) => Ok(Self::OnDisk(file.try_clone()?)),
        }
    }

    /// Length in bytes.
    ///
    /// # Errors
    /// When the system cannot say.
    pub fn len(&self) -> io::Result<u64> {
        match self {
            Self::InMemory(bytes) => Ok(bytes.get_ref().len() as u64),
            Self::OnDisk(file) => Ok(file.metadata()?.len()),
        }
    }
}

impl Read for SoundFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::InMemory(bytes) => bytes.read(buffer),
            Self::OnDisk(file) => file.read(buffer),
        }
    }
}

impl Seek for SoundFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::InMemory(bytes) => bytes.seek(to),
            Self::OnDisk(file) => file.seek(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_file_is_read_at_once_and_a_long_one_on_demand_with_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        for len in [3_u64, MOST_AT_ONCE, MOST_AT_ONCE + 1] {
            std::fs::write(&path, (0..len).map(|byte| byte as u8).collect::<Vec<_>>()).unwrap();
            for wanted in [Wanted::Header, Wanted::Samples] {
                let mut file = SoundFile::open(&path, wanted).unwrap();
                let at_once = wanted == Wanted::Samples && len <= MOST_AT_ONCE;
                assert_eq!(matches!(file, SoundFile::InMemory(_)), at_once, "{len} {wanted:?}");
                assert_eq!(file.len().unwrap(), len);
                file.seek(SeekFrom::End(-2)).unwrap();
                let mut rest = Vec::new();
                file.read_to_end(&mut rest).unwrap();
                assert_eq!(rest, [(len - 2) as u8, (len - 1) as u8]);
            }
        }
        assert!(SoundFile::open(folder.path(), Wanted::Samples).is_err());
    }
}

//! A byte range of a file as a source for a decoder.

use std::{
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
};

use super::sound_file::SoundFile;

use symphonia::core::io::MediaSource;

/// Limit of seek positions; no file is this long.
const MOST_POSITION: u64 = 1 << 44;

/// A replaced head followed by a byte range of a file.
///
/// Hides from the decoder what it cannot handle, such as leading tags or a wrong header.
pub(super) struct Part {
    file: SoundFile,
    head: Vec<u8>,
    range: Range<u64>,
    /// Next position to read, counted from the start of the head.
    position: u64,
    /// Current position of the file itself, if known.
    file_position: Option<u64>,
    is_seekable: bool,
}

impl Part {
    /// `head` followed by the bytes of `file` in `range`.
    pub(super) fn new(file: SoundFile, head: Vec<u8>, range: Range<u64>) -> Self {
        Self { file, head, range, position: 0, file_position: None, is_seekable: true }
    }

    /// Makes this source sequential, without seeking.
    pub(super) fn forward_only(self) -> Self {
        Self { is_seekable: false, ..self }
    }

    fn len(&self) -> u64 {
        self.head.len() as u64 + self.range.end.saturating_sub(self.range.start)
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let head_len = self.head.len() as u64;
        let count = if self.position < head_len {
            let rest = self.head.get(self.position as usize..).unwrap_or_default();
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            count
        } else {
            let place = self.range.start.saturating_add(self.position - head_len);
            let left = self.range.end.saturating_sub(place);
            let count = (buffer.len() as u64).min(left) as usize;
            if count == 0 {
                return Ok(0);
            }
            if self.file_position != Some(place) {
                self.file.seek(SeekFrom::Start(place))?;
            }
            let count = self.file.read(&mut buffer[..count])?;
            self.file_position = Some(place + count as u64);
            count
        };
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Part {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
            SeekFrom::End(offset) => self.len().checked_add_signed(offset),
        };
        // Like a system that does not support such large files.
        let reachable = position.filter(|position| *position <= MOST_POSITION);
        self.position = reachable.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

impl MediaSource for Part {
    fn is_seekable(&self) -> bool {
        self.is_seekable
    }

    fn byte_len(&self) -> Option<u64> {
        self.is_seekable.then(|| self.len())
    }
}

/// Reads up to `len` bytes at offset `place`.
pub(super) fn bytes_at(file: &mut SoundFile, place: u64, len: usize) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(place))?;
    let mut bytes = Vec::new();
    file.take(len as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::decode::sound_file::Wanted;

    #[test]
    fn a_part_reads_its_own_bytes_then_those_of_the_file_and_no_more() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        std::fs::write(&path, b"0123456789").unwrap();
        let mut part = Part::new(SoundFile::open(&path, Wanted::Samples).unwrap(), b"ab".to_vec(), 3..7);
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), part.byte_len()), ("ab3456", Some(6)));
        assert_eq!(part.seek(SeekFrom::End(-5)).unwrap(), 1);
        text.clear();
        part.read_to_string(&mut text).unwrap();
        assert_eq!(text, "b3456");
        assert!(part.seek(SeekFrom::End(-7)).is_err());
        assert_eq!(part.forward_only().byte_len(), None);
    }
}

//! A WAV file's bytes, with the length of its data where a stream left it open.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek as _, SeekFrom},
};

/// What programs that write to a pipe leave in the data chunk's length.
const OPEN_LENGTH: u32 = u32::MAX;
/// Chunks looked at before the data chunk; real files have a handful.
const MOST_CHUNKS: usize = 64;

/// A place in the file, and the bytes that are read there instead of its own.
type Mended = (u64, [u8; 4]);

/// Reads a WAV file from its start, counting bytes. A data chunk of open length appears to reach to the file's end.
pub(super) struct WavFile<'a> {
    inner: BufReader<&'a mut File>,
    position: u64,
    /// Bytes that replace those in the file, and where.
    mended: Option<Mended>,
    /// Bytes of a frame, as the format chunk says.
    frame_bytes: u64,
}

impl<'a> WavFile<'a> {
    /// Reads `file` from its start, `capacity` bytes at a time.
    pub(super) fn new(file: &'a mut File, capacity: usize) -> io::Result<Self> {
        let (mended, frame_bytes) = chunks(file)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Self { inner: BufReader::with_capacity(capacity, file), position: 0, mended, frame_bytes })
    }

    /// Bytes of a frame (one sample of every channel), as the format chunk says; 1 where there is none.
    pub(super) const fn frame_bytes(&self) -> u64 {
        self.frame_bytes
    }

    /// Bytes read so far.
    pub(super) const fn position(&self) -> u64 {
        self.position
    }
}

impl Read for WavFile<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if let Some((start, bytes)) = self.mended {
            for (place, byte) in (start..).zip(bytes) {
                if let Some(index) = place.checked_sub(self.position)
                    && let Some(target) = buffer[..count].get_mut(index as usize)
                {
                    *target = byte;
                }
            }
        }
        self.position += count as u64;
        Ok(count)
    }
}

/// Where a data chunk of open length keeps that length, and the length that ends it with the file's last whole frame; and the
/// bytes of a frame.
fn chunks(file: &mut File) -> io::Result<(Option<Mended>, u64)> {
    let file_len = file.metadata()?.len();
    // After "RIFF", the file's length and "WAVE".
    let mut start = 12;
    let mut frame_bytes = 1;
    for _ in 0..MOST_CHUNKS {
        if start + 8 > file_len {
            break;
        }
        file.seek(SeekFrom::Start(start))?;
        let mut header = [0; 8];
        file.read_exact(&mut header)?;
        let [id @ .., a, b, c, d] = header;
        let length = u32::from_le_bytes([a, b, c, d]);
        let data_start = start + 8;
        match &id {
            b"data" if length == OPEN_LENGTH => {
                let present = (file_len - data_start).min(u64::from(OPEN_LENGTH));
                let whole = (present - present % frame_bytes) as u32;
                return Ok((Some((start + 4, whole.to_le_bytes())), frame_bytes));
            }
            b"data" => break,
            // Bytes 12 and 13 of the format are those of a frame.
            b"fmt " if length >= 16 && data_start + 16 <= file_len => {
                let mut format = [0; 16];
                file.read_exact(&mut format)?;
                frame_bytes = u64::from(u16::from_le_bytes([format[12], format[13]])).max(1);
            }
            _ => {}
        }
        // Chunks start at even places.
        start = data_start + u64::from(length) + u64::from(length % 2);
    }
    Ok((None, frame_bytes))
}

//! Repairs a FLAC file's stream information before decoding.

use std::io;

use super::sound_file::SoundFile;

use super::part::bytes_at;

/// Most metadata blocks to skip.
const MOST_BLOCKS: usize = 4096;
/// Length of the marker, a block header and the two block sizes.
const HEAD: usize = 12;
/// Smallest block size allowed in the stream information (RFC 9639, section 8.2).
const SMALLEST: u16 = 16;

/// The first bytes of the FLAC file at `start`, with block sizes corrected to match its frames.
///
/// Equal minimum and maximum sizes mean fixed-size blocks, and symphonia drops every frame marked otherwise.
/// Encoders that write to a pipe leave the minimum at zero; each frame's own header tells which kind the
/// stream has.
pub(super) fn repaired_head(file: &mut SoundFile, start: u64) -> io::Result<Vec<u8>> {
    let mut head = bytes_at(file, start, HEAD)?;
    let sizes = head.get(8..12).and_then(|sizes| <[u8; 4]>::try_from(sizes).ok());
    let (Some([a, b, c, d]), Some(frame)) = (sizes, first_frame(file, start)?) else { return Ok(head) };
    let (least, most) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    let mended = match frame {
        [0xff, 0xf8] => most,
        [0xff, 0xf9] if least < SMALLEST || least >= most => SMALLEST,
        _ => least,
    };
    if most >= SMALLEST {
        head.splice(8..10, mended.to_be_bytes());
    }
    Ok(head)
}

/// The first two bytes after the metadata.
fn first_frame(file: &mut SoundFile, start: u64) -> io::Result<Option<[u8; 2]>> {
    let mut place = start + 4;
    for _ in 0..MOST_BLOCKS {
        let Ok([kind, a, b, c]) = <[u8; 4]>::try_from(bytes_at(file, place, 4)?) else { break };
        place += 4 + u64::from(u32::from_be_bytes([0, a, b, c]));
        if kind & 0x80 != 0 {
            return Ok(bytes_at(file, place, 2)?.try_into().ok());
        }
    }
    Ok(None)
}

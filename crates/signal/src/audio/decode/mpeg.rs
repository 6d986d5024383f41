//! Repairs the first frame of MPEG audio before decoding.

use std::io;

use super::sound_file::SoundFile;

use super::part::bytes_at;

/// Bytes searched for the first frame, after zeros that pad a tag.
const HEAD: usize = 1 << 16;
/// Most bytes before the tag in the first frame: header, checksum and the longest side information.
const MOST_BEFORE_TAG: usize = 4 + 2 + 32;
/// Offset of the checksum in LAME's extension of the tag.
const CHECKSUM: usize = 34;

/// The first bytes of the MPEG audio from `start` on, with the checksum removed from the tag that states the
/// encoder's delay and padding.
///
/// The tag (Xing, extended by LAME) is in the first frame. Encoders compute its checksum differently, and
/// symphonia ignores the whole tag if the checksum does not match; zero means that there is none.
pub(super) fn repaired_head(file: &mut SoundFile, start: u64) -> io::Result<Vec<u8>> {
    let mut head = bytes_at(file, start, HEAD)?;
    if let Some(place) = checksum(&head)
        && let Some(bytes) = head.get_mut(place..place + 2)
    {
        bytes.fill(0);
    }
    Ok(head)
}

/// Offset of the tag's checksum.
fn checksum(head: &[u8]) -> Option<usize> {
    let frame = head.iter().position(|byte| *byte != 0).filter(|place| head.get(*place) == Some(&0xff))?;
    let first = head.get(frame..)?.get(..MOST_BEFORE_TAG + 4)?;
    let tag = frame + first.windows(4).position(|window| window == b"Xing" || window == b"Info")?;
    let flags = *head.get(tag + 7)?;
    // After marker and flags: frames, bytes, seek table, quality; each only if its flag is set.
    let parts = [(1, 4), (2, 4), (4, 100), (8, 4)];
    let lame =
        tag + 8 + parts.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, len)| len).sum::<usize>();
    [&b"LAME"[..], b"Lavf", b"Lavc"]
        .iter()
        .any(|name| head.get(lame..).is_some_and(|rest| rest.starts_with(name)))
        .then_some(lame + CHECKSUM)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::decode::sound_file::Wanted;

    fn frame(flags: u8) -> Vec<u8> {
        let len = [4, 4, 100, 4]
            .iter()
            .enumerate()
            .filter(|(bit, _)| flags >> bit & 1 == 1)
            .map(|(_, len)| len)
            .sum();
        [
            &[0xff, 0xfb, 0x90, 0xc4][..],
            &[0; 17],
            b"Xing\0\0\0",
            &[flags],
            &vec![7; len],
            b"LAME3.100",
            &[9; 27],
        ]
        .concat()
    }

    #[test]
    fn only_the_tags_checksum_is_taken_out() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.mp3");
        for flags in [0x0f, 0x07, 0x01] {
            let bytes = [&[0; 5][..], &frame(flags), &[9; 9]].concat();
            std::fs::write(&path, &bytes).unwrap();
            let head = repaired_head(&mut SoundFile::open(&path, Wanted::Samples).unwrap(), 0).unwrap();
            let changed: Vec<usize> = (0..bytes.len()).filter(|&at| head[at] != bytes[at]).collect();
            let end = bytes.len() - 9;
            assert_eq!(changed, [end - 2, end - 1], "{flags}");
        }
        let plain = [0xff, 0xfb, 0x90, 0xc4].repeat(100);
        std::fs::write(&path, &plain).unwrap();
        assert_eq!(repaired_head(&mut SoundFile::open(&path, Wanted::Samples).unwrap(), 0).unwrap(), plain);
    }
}

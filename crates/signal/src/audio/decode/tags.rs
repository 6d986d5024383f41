//! Skips ID3 tags before the sound.

use std::io;

use super::sound_file::SoundFile;

use super::part::bytes_at;
use crate::audio::format::{Container, SNIFF_LEN};

/// Length of a tag's header and of its footer.
const HEADER: u64 = 10;
/// Most consecutive tags to skip.
const MOST_TAGS: usize = 16;
/// Most padding zeros between a tag and the sound, beyond the tag's length.
const MOST_PADDING: usize = 1 << 16;

/// Offset of the sound, after all leading ID3 tags.
///
/// Tags are skipped by their length (ID3v2.4 structure, section 3.1) without reading them: their pictures may
/// be arbitrarily large and contain bytes that look like MPEG frames.
pub(super) fn end(file: &mut SoundFile) -> io::Result<u64> {
    let file_len = file.len()?;
    let mut start = 0;
    for _ in 0..MOST_TAGS {
        let header = bytes_at(file, start, HEADER as usize)?;
        let Some(lengths) = lengths(&header) else { break };
        let mut ends = lengths.into_iter().map(|length| start + length).filter(|end| *end < file_len);
        // If the length is wrong, the decoder searches for the first frame.
        let Some(end) = ends.find(|end| is_tag_or_sound(file, *end).unwrap_or(false)) else { break };
        start = end;
    }
    Ok(start)
}

/// Possible lengths of a tag: as the standard specifies, and as incorrect writers store it.
fn lengths(header: &[u8]) -> Option<Vec<u64>> {
    let [b'I', b'D', b'3', version, revision, flags, length @ ..] = header else { return None };
    let [a, b, c, d] = <[u8; 4]>::try_from(length).ok()?;
    if *version == 0xff || *revision == 0xff {
        return None;
    }
    let footer = if flags & 0x10 != 0 { HEADER } else { 0 };
    let whole = |length: u32| HEADER + u64::from(length) + footer;
    let plain = u32::from_be_bytes([a, b, c, d]);
    if plain & 0x8080_8080 != 0 {
        return Some(vec![whole(plain)]);
    }
    let seven_bits = [a, b, c, d].into_iter().fold(0, |length, byte| length << 7 | u32::from(byte));
    Some(vec![whole(seven_bits), whole(plain)])
}

/// Whether another tag or a sound starts at `place`, possibly after padding zeros.
fn is_tag_or_sound(file: &mut SoundFile, place: u64) -> io::Result<bool> {
    let bytes = bytes_at(file, place, MOST_PADDING + SNIFF_LEN)?;
    let padding = bytes.iter().take(MOST_PADDING).take_while(|byte| **byte == 0).count();
    let start = bytes.get(padding..).unwrap_or_default();
    Ok(start.starts_with(b"ID3") || Container::from_content(start).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::decode::sound_file::Wanted;

    fn end_of(bytes: &[u8]) -> u64 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        std::fs::write(&path, bytes).unwrap();
        end(&mut SoundFile::open(&path, Wanted::Samples).unwrap()).unwrap()
    }

    /// A tag with a picture that resembles MPEG frames.
    fn tag(flags: u8, length: [u8; 4], body: usize) -> Vec<u8> {
        tag_of(flags, length, &[0xff, 0xfb, 0x90, 0x64].repeat(body.div_ceil(4))[..body])
    }

    fn tag_of(flags: u8, length: [u8; 4], picture: &[u8]) -> Vec<u8> {
        b"ID3\x04\0".iter().copied().chain([flags]).chain(length).chain(picture.iter().copied()).collect()
    }

    #[test]
    fn tags_are_passed_over_by_their_length_whatever_they_hold() {
        let frame = [0xff, 0xfb, 0x90, 0x64, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(end_of(&[&tag(0, [0, 0, 2, 0], 256)[..], &frame].concat()), 266);
        // With a footer; two of them; and before a FLAC or WAV file.
        assert_eq!(end_of(&[&tag(0x10, [0, 0, 2, 0], 266)[..], &frame].concat()), 276);
        let two = [tag(0, [0, 0, 2, 0], 256), tag(0, [0, 0, 0, 9], 9), b"fLaC\0\0\0\x22".to_vec()].concat();
        assert_eq!(end_of(&two), 266 + 19);
        // A length not encoded in groups of seven bits.
        assert_eq!(end_of(&[&tag(0, [0, 0, 1, 0x90], 400)[..], &frame].concat()), 410);
        assert_eq!(
            end_of(&[&tag_of(0, [0, 0, 1, 0x10], &[7; 272])[..], b"RIFF\0\0\0\0WAVEfmt "].concat()),
            282
        );
    }

    #[test]
    fn a_length_that_leads_nowhere_is_not_believed() {
        assert_eq!(end_of(&tag(0, [0x7f, 0x7f, 0x7f, 0x7f], 100)), 0);
        assert_eq!(end_of(&tag_of(0, [0, 0, 0, 7], &[7; 100])), 0);
        assert_eq!(end_of(b"ID3"), 0);
        assert_eq!(end_of(b"RIFF"), 0);
    }
}

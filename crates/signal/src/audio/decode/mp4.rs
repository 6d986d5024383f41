//! Range of an MP4 sound track played by its edit list.
//!
//! AAC streams start with priming samples that only fill the encoder's filters. The edit list, or else an
//! iTunes tag, states where the sound starts. Source: ISO/IEC 14496-12, sections 8.6.5 and 8.6.6.

use std::io;

use super::sound_file::SoundFile;

use super::part::bytes_at;

/// Most boxes to read in one container.
const MOST_BOXES: usize = 4096;
/// Most bytes of the movie box to read.
const MOST_MOVIE: u64 = 64 << 20;

/// The range of a track that is played.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Played {
    /// Seconds to skip at the start.
    pub skipped_secs: f64,
    /// Duration in seconds, if an edit states it.
    pub secs: Option<f64>,
}

/// The range played of the first sound track in `file` (from `start` on); the whole track without an edit
/// list.
pub(super) fn played(file: &mut SoundFile, start: u64) -> io::Result<Played> {
    let Some(movie) = movie(file, start)? else { return Ok(Played::default()) };
    let sound = boxes(&movie).filter(|(id, _)| id == b"trak").map(|(_, track)| track).find(|track| {
        within(track, &[b"mdia", b"hdlr"]).is_some_and(|handler| handler.get(8..12) == Some(b"soun"))
    });
    let edited = sound.and_then(|track| edited(&movie, track));
    Ok(edited.or_else(|| itunes(&movie, sound)).unwrap_or_default())
}

/// Contents of the movie box.
fn movie(file: &mut SoundFile, start: u64) -> io::Result<Option<Vec<u8>>> {
    let file_len = file.len()?;
    let mut place = start;
    for _ in 0..MOST_BOXES {
        let header = bytes_at(file, place, 16)?;
        let Some((id, header_len, len)) = box_header(&header, file_len.saturating_sub(place)) else { break };
        if &id == b"moov" {
            let len = (len - header_len).min(MOST_MOVIE).min(file_len - place);
            return bytes_at(file, place + header_len, len as usize).map(Some);
        }
        place = match place.checked_add(len) {
            Some(next) if next < file_len => next,
            _ => break,
        };
    }
    Ok(None)
}

/// Name, header length and total length of the box at the start of `bytes`; `left` bytes remain in the file.
fn box_header(bytes: &[u8], left: u64) -> Option<([u8; 4], u64, u64)> {
    let length = u32::from_be_bytes(*bytes.first_chunk()?);
    let id = bytes.get(4..8)?.try_into().ok()?;
    let (header_len, len) = match length {
        0 => (8, left),
        1 => (16, u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?)),
        length => (8, length.into()),
    };
    (len >= header_len).then_some((id, header_len, len))
}

/// The boxes in `bytes` with their contents.
fn boxes(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (id, header_len, len) = box_header(rest, rest.len() as u64)?;
        let len = usize::try_from(len).ok()?.min(rest.len());
        let contents = rest.get(header_len as usize..len)?;
        rest = rest.get(len..)?;
        Some((id, contents))
    })
    .take(MOST_BOXES)
}

/// Contents of the nested box at `path`, outermost name first.
fn within<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    path.iter()
        .try_fold(bytes, |bytes, name| boxes(bytes).find(|(id, _)| id == *name).map(|(_, contents)| contents))
}

/// Ticks per second from a movie or media header.
fn time_scale(header: &[u8]) -> Option<f64> {
    // Preceded by two times of 32 bits, or 64 bits in version 1.
    let at = if header.first() == Some(&1) { 20 } else { 12 };
    let scale = u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?);
    (scale > 0).then_some(f64::from(scale))
}

fn edited(movie: &[u8], track: &[u8]) -> Option<Played> {
    let movie_scale = time_scale(within(movie, &[b"mvhd"])?)?;
    let media_scale = time_scale(within(track, &[b"mdia", b"mdhd"])?)?;
    let list = within(track, &[b"edts", b"elst"])?;
    let is_long = list.first() == Some(&1);
    let count = u32::from_be_bytes(list.get(4..8)?.try_into().ok()?);
    let entries = list.get(8..)?.chunks_exact(if is_long { 20 } else { 12 }).take(count as usize);
    // Each edit: duration in movie ticks, start in media ticks; a start of -1 is a pause.
    let mut edits = entries.filter_map(|entry| {
        let (length, start) = if is_long {
            let (length, rest) = entry.split_first_chunk::<8>()?;
            (u64::from_be_bytes(*length), i64::from_be_bytes(*rest.first_chunk()?))
        } else {
            let (length, rest) = entry.split_first_chunk::<4>()?;
            (u32::from_be_bytes(*length).into(), i32::from_be_bytes(*rest.first_chunk()?).into())
        };
        u64::try_from(start).ok().map(|start| (length, start))
    });
    let (length, start) = edits.next()?;
    // With several edits only the start of the first is used.
    let secs = (length > 0 && edits.next().is_none()).then_some(length as f64 / movie_scale);
    Some(Played { skipped_secs: start as f64 / media_scale, secs })
}

/// Priming from the iTunes tag, in hexadecimal.
fn itunes(movie: &[u8], track: Option<&[u8]>) -> Option<Played> {
    const NAME: &[u8] = b"iTunSMPB";
    let scale = time_scale(within(track?, &[b"mdia", b"mdhd"])?)?;
    let at = movie.windows(NAME.len()).position(|window| window == NAME)? + NAME.len();
    let text = movie.get(at..)?.get(..256.min(movie.len() - at))?;
    let text: String = text.iter().map(|byte| char::from(*byte)).collect();
    // After the box header: zero, priming, padding, samples.
    let mut numbers = text.split(' ').skip(1).map(|word| u64::from_str_radix(word, 16));
    let (_, priming) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(Played { skipped_secs: priming as f64 / scale, secs: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::decode::sound_file::Wanted;

    fn boxed(id: &[u8], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes()[..], id, body].concat()
    }

    fn header(scale: u32) -> Vec<u8> {
        [&[0; 12][..], &scale.to_be_bytes(), &[0; 8]].concat()
    }

    fn file(edits: &[(u32, i32)], tag: &[u8]) -> Vec<u8> {
        let entries = edits
            .iter()
            .flat_map(|(length, start)| [length.to_be_bytes(), start.to_be_bytes(), [0, 1, 0, 0]].concat());
        let list = [&[0; 4][..], &(edits.len() as u32).to_be_bytes()].concat();
        let list: Vec<u8> = list.into_iter().chain(entries).collect();
        let mut handler = vec![0; 8];
        handler.extend(b"soun");
        let media = [boxed(b"mdhd", &header(44_100)), boxed(b"hdlr", &handler)].concat();
        let mut track = boxed(b"mdia", &media);
        if !edits.is_empty() {
            track.extend(boxed(b"edts", &boxed(b"elst", &list)));
        }
        let movie = [boxed(b"mvhd", &header(1000)), boxed(b"trak", &track), tag.to_vec()].concat();
        [boxed(b"ftyp", b"M4A \0\0\0\0"), boxed(b"moov", &movie), boxed(b"mdat", &[0; 9])].concat()
    }

    fn played_of(bytes: &[u8]) -> Played {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.m4a");
        std::fs::write(&path, bytes).unwrap();
        played(&mut SoundFile::open(&path, Wanted::Samples).unwrap(), 0).unwrap()
    }

    #[test]
    fn an_edit_names_the_first_sample_that_counts_and_how_long_it_lasts() {
        let start = 1024.0 / 44_100.0;
        assert_eq!(played_of(&file(&[(740, 1024)], b"")), Played { skipped_secs: start, secs: Some(0.74) });
        // A leading pause; then two edits, of which the first determines the start.
        assert_eq!(played_of(&file(&[(50, -1), (740, 1024)], b"")).skipped_secs, start);
        assert_eq!(
            played_of(&file(&[(740, 1024), (10, 0)], b"")),
            Played { skipped_secs: start, secs: None }
        );
        assert_eq!(played_of(&file(&[], b"")), Played::default());
        assert_eq!(played_of(b"\0\0\0\x08ftyp"), Played::default());
    }

    #[test]
    fn without_an_edit_list_a_tag_of_itunes_tells() {
        let text =
            b"iTunSMPB\0\0\0\x84data\0\0\0\x01\0\0\0\0 00000000 00000840 000001CA 000000000003F31F 00000000";
        let tag = boxed(b"udta", text);
        assert_eq!(played_of(&file(&[], &tag)).skipped_secs, f64::from(0x840) / 44_100.0);
        assert_eq!(played_of(&file(&[(740, 1024)], &tag)).skipped_secs, 1024.0 / 44_100.0);
    }
}

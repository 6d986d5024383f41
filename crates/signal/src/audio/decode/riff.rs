//! WAV containers: RIFF, big-endian RIFX, and the 64-bit variants RF64, BW64 and Wave64.
//!
//! Only the container is parsed here. Lengths of unfinished files, of whole files and of other chunks are
//! ignored where the content contradicts them.
//!
//! Sources: Microsoft's multimedia programming interface (RIFF), EBU Tech 3306 (RF64), ITU-R BS.2088 (BW64),
//! Sony's Wave64 description.

use std::io;

use super::sound_file::SoundFile;
use timbrespace_base::sentence;

use symphonia::core::codecs::audio::well_known::{CODEC_ID_PCM_ALAW, CODEC_ID_PCM_MULAW, CODEC_ID_PCM_U8};

use super::{
    codec_name,
    part::bytes_at,
    payload::{self, Encoding, MOST_CHUNKS, Payload, PayloadError, is_name},
};

/// Most bytes of a format chunk to read.
const MOST_FORMAT: usize = 4096;
/// Bytes searched for the sound's chunk after a chunk with an invalid length.
const MOST_SEARCHED: usize = 16 << 20;
/// Last twelve bytes of chunk names in Wave64.
const WAVE64_TAILS: [[u8; 12]; 2] = [
    [0xf3, 0xac, 0xd3, 0x11, 0x8c, 0xd1, 0x00, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a],
    // For list chunks.
    [0x2f, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 0x04, 0xc1, 0x00, 0x00],
];

/// Variant of the container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RiffVariant {
    is_big_endian: bool,
    is_wave64: bool,
}

impl RiffVariant {
    /// Next offset at which a chunk may start.
    const fn aligned(self, place: u64) -> u64 {
        place.next_multiple_of(if self.is_wave64 { 8 } else { 2 })
    }
}

/// A chunk's header.
struct Chunk {
    /// Four-character name.
    id: [u8; 4],
    /// Offset of the contents.
    start: u64,
    /// Stated length of the contents.
    length: u64,
}

/// The chunks of interest.
#[derive(Default)]
struct FoundChunks {
    format: Option<Vec<u8>>,
    fact: Option<Vec<u8>>,
    /// Offset of the sound data and its stated length.
    data: Option<(u64, u64)>,
    /// Length of the sound data in a 64-bit header.
    long_length: Option<u64>,
}

/// Locates the sound data in the file that begins at `start`.
pub(super) fn read(file: &mut SoundFile, start: u64) -> Result<Payload, PayloadError> {
    let file_len = file.len()?;
    let head = bytes_at(file, start, 16)?;
    let variant =
        RiffVariant { is_big_endian: head.starts_with(b"RIFX"), is_wave64: head.starts_with(b"riff") };
    let found = chunks(file, variant, start, file_len)?;
    let Some((data_start, stated)) = found.data else {
        return Err(PayloadError::Truncated);
    };
    let format = found.format.as_deref().ok_or_else(|| {
        PayloadError::Damaged(sentence!("damaged-no-format", "its format chunk is missing"))
    })?;
    let format = Format::parse(format, variant.is_big_endian).ok_or_else(|| {
        PayloadError::Damaged(sentence!("damaged-short-format", "its format chunk is too short"))
    })?;
    let stated = match stated {
        0xffff_ffff => found.long_length.filter(|length| *length > 0),
        // Either empty or never filled in.
        0 => found
            .long_length
            .filter(|length| *length > 0)
            .or_else(|| ends_in_chunks(file, variant, data_start, file_len).then_some(0)),
        stated => Some(stated),
    };
    let (bytes, length) = payload::extent(data_start, stated, file_len);
    let encoding = format.encoding(
        variant,
        found.fact.as_deref().and_then(<[u8]>::first_chunk),
        bytes.end - bytes.start,
    );
    Ok(Payload { encoding, channels: format.channels, sample_rate_hz: format.sample_rate_hz, bytes, length })
}

/// The chunk with its header at `place`, if there is a valid header.
fn chunk(file: &mut SoundFile, variant: RiffVariant, place: u64) -> io::Result<Option<Chunk>> {
    let bytes = bytes_at(file, place, if variant.is_wave64 { 24 } else { 8 })?;
    let Some(id) = bytes.first_chunk::<4>().copied() else { return Ok(None) };
    if !is_name(&id) {
        return Ok(None);
    }
    if variant.is_wave64 {
        let Some(length) = bytes.last_chunk::<8>().filter(|_| bytes.len() == 24) else { return Ok(None) };
        // The length includes the header.
        let length = u64::from_le_bytes(*length).saturating_sub(24);
        let is_known = WAVE64_TAILS.iter().any(|tail| bytes.get(4..16) == Some(tail));
        return Ok(is_known.then_some(Chunk { id, start: place + 24, length }));
    }
    let Some(length) = bytes.last_chunk::<4>().filter(|_| bytes.len() == 8) else { return Ok(None) };
    let length =
        if variant.is_big_endian { u32::from_be_bytes(*length) } else { u32::from_le_bytes(*length) };
    Ok(Some(Chunk { id, start: place + 8, length: length.into() }))
}

fn chunks(
    file: &mut SoundFile,
    variant: RiffVariant,
    start: u64,
    file_len: u64,
) -> Result<FoundChunks, PayloadError> {
    let mut found = FoundChunks::default();
    let mut place = start + if variant.is_wave64 { 40 } else { 12 };
    for _ in 0..MOST_CHUNKS {
        let Some(chunk) = chunk(file, variant, place)? else { break };
        let wanted = (chunk.length.min(file_len) as usize).min(MOST_FORMAT);
        match &chunk.id {
            b"data" if found.data.is_none() => found.data = Some((chunk.start, chunk.length)),
            b"fmt " if found.format.is_none() => found.format = Some(bytes_at(file, chunk.start, wanted)?),
            b"fact" => found.fact = Some(bytes_at(file, chunk.start, wanted)?),
            b"ds64" => {
                // Length of the whole file, followed by that of the sound data.
                let body = bytes_at(file, chunk.start, 16)?;
                found.long_length =
                    body.get(8..16).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes);
            }
            _ => {}
        }
        if found.data.is_some() && found.format.is_some() {
            break;
        }
        let length = match (&chunk.id, found.long_length) {
            (b"data", Some(length)) if chunk.length == 0xffff_ffff => length,
            _ => chunk.length,
        };
        place = match next_chunk(file, variant, chunk.start, length, file_len)? {
            Some(place) => place,
            None if found.data.is_none() => match search_for_sound(file, variant, chunk.start)? {
                Some(place) => place,
                None => break,
            },
            None => break,
        };
    }
    Ok(found)
}

/// Offset of the next chunk; `None` at the end of the file or if no valid chunk follows.
fn next_chunk(
    file: &mut SoundFile,
    variant: RiffVariant,
    start: u64,
    length: u64,
    file_len: u64,
) -> io::Result<Option<u64>> {
    let Some(end) = start.checked_add(length).filter(|end| *end < file_len) else { return Ok(None) };
    // Chunks are aligned to 2 bytes (Wave64: 8), but not by every program.
    let aligned = variant.aligned(end);
    for place in [aligned, end, end + length % 2] {
        if chunk(file, variant, place)?.is_some() {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// Searches for the data or format chunk after a chunk with an invalid length.
fn search_for_sound(file: &mut SoundFile, variant: RiffVariant, start: u64) -> io::Result<Option<u64>> {
    let bytes = bytes_at(file, start, MOST_SEARCHED)?;
    let place = bytes.windows(4).position(|window| window == b"data" || window == b"fmt ");
    let Some(place) = place.map(|place| start + place as u64) else { return Ok(None) };
    Ok(chunk(file, variant, place)?.map(|_| place))
}

/// Whether only complete chunks, or nothing, follow `start`: then a zero length is real rather than never
/// filled in.
fn ends_in_chunks(file: &mut SoundFile, variant: RiffVariant, start: u64, file_len: u64) -> bool {
    let mut place = start;
    while place < file_len {
        let Ok(Some(chunk)) = chunk(file, variant, place) else { return false };
        let Some(end) = chunk.start.checked_add(chunk.length).filter(|end| *end <= file_len) else {
            return false;
        };
        place = variant.aligned(end);
    }
    true
}

/// Contents of the format chunk.
struct Format {
    /// Number of the codec; for an extensible format, that of its sub-format.
    tag: u16,
    channels: u16,
    sample_rate_hz: u32,
    /// Bits of storage per sample; fewer may be used, left-aligned.
    bits: u16,
    /// The whole chunk.
    bytes: Vec<u8>,
}

impl Format {
    fn parse(bytes: &[u8], is_big_endian: bool) -> Option<Self> {
        let short = |at: usize| {
            let pair = bytes.get(at..at + 2)?.try_into().ok()?;
            Some(if is_big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
        };
        let rate = bytes.get(4..8)?.try_into().ok()?;
        let sample_rate_hz = if is_big_endian { u32::from_be_bytes(rate) } else { u32::from_le_bytes(rate) };
        let (channels, block) = (short(2)?, short(12)?);
        // Missing in the shortest chunks, and zero for some codecs.
        let bits = match short(14).unwrap_or(0) {
            0 => (block / channels.max(1)).saturating_mul(8),
            bits => bits,
        };
        let tag = match short(0)? {
            // After extension size, valid bits and channel mask comes the sub-format, which starts with the
            // codec number.
            0xfffe => short(24).unwrap_or(1),
            tag => tag,
        };
        Some(Self { tag, channels, sample_rate_hz, bits, bytes: bytes.to_vec() })
    }

    fn encoding(&self, variant: RiffVariant, fact: Option<&[u8; 4]>, sound_len: u64) -> Encoding {
        let is_little_endian = !variant.is_big_endian;
        let known = match self.tag {
            1 if self.bits <= 8 => Some(Encoding::Samples { codec: CODEC_ID_PCM_U8, bytes: 1 }),
            1 => payload::integers(self.bits, is_little_endian),
            3 => payload::floats(self.bits, is_little_endian),
            6 => Some(Encoding::Samples { codec: CODEC_ID_PCM_ALAW, bytes: 1 }),
            7 => Some(Encoding::Samples { codec: CODEC_ID_PCM_MULAW, bytes: 1 }),
            0x50 | 0x55 => Some(Encoding::Mpeg),
            _ => None,
        };
        known.unwrap_or_else(|| Encoding::Other {
            name: codec_name::of_wave(self.tag, self.bits),
            header: self.header(fact, sound_len),
        })
    }

    /// Header of a minimal file with this format, to be followed by the sound data.
    fn header(&self, fact: Option<&[u8; 4]>, sound_len: u64) -> Vec<u8> {
        let sound_len = u32::try_from(sound_len).unwrap_or(u32::MAX - 1);
        // Drop padding of Wave64 chunks: the last number states how much really follows.
        let extra = self.bytes.get(16..18).and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes);
        let format_len = self.bytes.len().min(18 + usize::from(extra.unwrap_or(0)));
        let format = self.bytes.get(..format_len).unwrap_or_default();
        let mut bytes = b"RIFF\0\0\0\0WAVE".to_vec();
        for (id, body) in [(b"fmt ", Some(format)), (b"fact", fact.map(|frames| &frames[..]))] {
            if let Some(body) = body {
                bytes.extend(id);
                bytes.extend((body.len() as u32).to_le_bytes());
                bytes.extend(body);
                bytes.extend(&[0][..body.len() % 2]);
            }
        }
        bytes.extend(b"data");
        bytes.extend(sound_len.to_le_bytes());
        let length = (bytes.len() as u32 - 8).saturating_add(sound_len);
        bytes.splice(4..8, length.to_le_bytes());
        bytes
    }
}

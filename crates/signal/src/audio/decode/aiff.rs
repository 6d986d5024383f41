//! AIFF and AIFF-C containers.
//!
//! As for WAV, only the container is parsed here, and truncated files are used as far as they go.
//!
//! Source: Apple's specifications of AIFF (1.3) and AIFF-C (draft of 1991).

use super::sound_file::SoundFile;
use timbrespace_base::sentence;

use symphonia::core::codecs::audio::well_known::{CODEC_ID_PCM_ALAW, CODEC_ID_PCM_MULAW, CODEC_ID_PCM_U8};

use super::{
    part::bytes_at,
    payload::{self, Encoding, MOST_CHUNKS, Payload, PayloadError, is_name},
};

/// Bytes of the common chunk to read, up to the codec's four-character code.
const COMMON: usize = 22;

/// Locates the sound data in the file that begins at `start`.
pub(super) fn read(file: &mut SoundFile, start: u64) -> Result<Payload, PayloadError> {
    let file_len = file.len()?;
    let is_compressed = bytes_at(file, start, 12)?.ends_with(b"AIFC");
    let (mut common, mut data) = (None, None);
    let mut place = start + 12;
    for _ in 0..MOST_CHUNKS {
        let header = bytes_at(file, place, 8)?;
        let Some((id, length)) = header.split_first_chunk::<4>() else { break };
        let Ok(length) = <[u8; 4]>::try_from(length) else { break };
        let length = u64::from(u32::from_be_bytes(length));
        let body = place + 8;
        match id {
            b"COMM" => common = Some(bytes_at(file, body, COMMON.min(length as usize))?),
            b"SSND" if data.is_none() => {
                // The sound data follows an offset to the first frame and a block size.
                let offset =
                    bytes_at(file, body, 4)?.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
                let skipped = 8 + u64::from(offset);
                data = Some((
                    body.saturating_add(skipped),
                    length.checked_sub(skipped).filter(|left| *left > 0),
                ));
            }
            _ => {}
        }
        if common.is_some() && data.is_some() {
            break;
        }
        let Some(next) = next_chunk(file, body, length, file_len)? else { break };
        place = next;
    }
    let Some((data_start, stated)) = data.filter(|(start, _)| *start < file_len) else {
        return Err(PayloadError::Truncated);
    };
    let common = common.ok_or_else(|| {
        PayloadError::Damaged(sentence!("damaged-no-common", "its common chunk is missing"))
    })?;
    let common = Common::parse(&common, is_compressed).ok_or_else(|| {
        PayloadError::Damaged(sentence!("damaged-short-common", "its common chunk is too short"))
    })?;
    let encoding = common.encoding().ok_or_else(|| PayloadError::Unsupported(common.codec_name()))?;
    // A common chunk with zero frames describes an empty sound.
    let stated = if common.frames == 0 && stated.is_none() { Some(0) } else { stated };
    let (bytes, length) = payload::extent(data_start, stated, file_len);
    Ok(Payload { encoding, channels: common.channels, sample_rate_hz: common.sample_rate_hz, bytes, length })
}

/// Offset of the next chunk. Chunks start at even offsets, but not every program aligns them.
fn next_chunk(
    file: &mut SoundFile,
    start: u64,
    length: u64,
    file_len: u64,
) -> Result<Option<u64>, PayloadError> {
    let end = start + length;
    for place in [end.next_multiple_of(2), end] {
        let id = bytes_at(file, place, 4)?;
        if place + 8 <= file_len && is_name(&id) {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// Contents of the common chunk.
struct Common {
    channels: u16,
    frames: u32,
    bits: u16,
    sample_rate_hz: u32,
    codec: [u8; 4],
}

impl Common {
    fn parse(bytes: &[u8], is_compressed: bool) -> Option<Self> {
        let short = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        let codec = if is_compressed { bytes.get(18..22)?.try_into().ok()? } else { *b"NONE" };
        Some(Self {
            channels: short(0)?,
            frames: u32::from_be_bytes(bytes.get(2..6)?.try_into().ok()?),
            bits: short(6)?,
            sample_rate_hz: rounded_extended(bytes.get(8..18)?.try_into().ok()?),
            codec,
        })
    }

    /// Codec and bits per sample, for messages.
    fn codec_name(&self) -> String {
        format!("\"{}\" of {} bits", self.codec.escape_ascii(), self.bits)
    }

    fn encoding(&self) -> Option<Encoding> {
        // Programs use either case.
        match &self.codec.map(|letter| letter.to_ascii_lowercase()) {
            b"none" | b"twos" => payload::integers(self.bits, false),
            b"sowt" => payload::integers(self.bits, true),
            b"raw " if self.bits <= 8 => Some(Encoding::Samples { codec: CODEC_ID_PCM_U8, bytes: 1 }),
            b"in24" => payload::integers(24, false),
            b"in32" => payload::integers(32, false),
            b"42ni" | b"42n1" => payload::integers(24, true),
            b"23ni" => payload::integers(32, true),
            b"fl32" => payload::floats(32, false),
            b"fl64" => payload::floats(64, false),
            b"alaw" => Some(Encoding::Samples { codec: CODEC_ID_PCM_ALAW, bytes: 1 }),
            b"ulaw" => Some(Encoding::Samples { codec: CODEC_ID_PCM_MULAW, bytes: 1 }),
            _ => None,
        }
    }
}

/// Rounds an 80-bit extended float (IEEE 754) to an integer; 0 if it is out of range for a sample rate.
fn rounded_extended(bytes: [u8; 10]) -> u32 {
    let [high, low, mantissa @ ..] = bytes;
    // Sign and 15-bit exponent with bias 16,383; the mantissa's leading bit is explicit.
    let exponent = i32::from(u16::from_be_bytes([high, low])) - 16_383;
    let mantissa = u64::from_be_bytes(mantissa);
    if !(0..32).contains(&exponent) {
        return 0;
    }
    let value = mantissa as f64 * f64::from(exponent - 63).exp2();
    value.round().min(f64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_of_eighty_bits_are_rounded() {
        let rate = |exponent: u16, mantissa: u64| {
            let [high, low] = exponent.to_be_bytes();
            let [a, b, c, d, e, f, g, h] = mantissa.to_be_bytes();
            rounded_extended([high, low, a, b, c, d, e, f, g, h])
        };
        assert_eq!(rate(0x400d, 0xac44 << 48), 22_050);
        assert_eq!(rate(0x400e, 0xbb80 << 48), 48_000);
        assert_eq!(rate(0x7fff, u64::MAX), 0);
        assert_eq!(rate(0xc00d, 0xac44 << 48), 0);
    }
}

//! Core Audio Format containers with individually addressable samples.
//!
//! Source: Apple's Core Audio Format specification 1.0.

use super::sound_file::SoundFile;

use symphonia::core::codecs::audio::well_known::{CODEC_ID_PCM_ALAW, CODEC_ID_PCM_MULAW};

use super::{
    part::bytes_at,
    payload::{self, Encoding, Length, MOST_CHUNKS, Payload, PayloadError},
};

/// Length of a description chunk in bytes.
const DESCRIPTION: usize = 32;
/// Flag bits of linear PCM.
const IS_FLOAT: u32 = 1;
const IS_LITTLE_ENDIAN: u32 = 2;

/// Locates the sound data in the file that begins at `start`; `None` for codecs with packets, which symphonia
/// reads.
pub(super) fn read(file: &mut SoundFile, start: u64) -> Result<Option<Payload>, PayloadError> {
    let file_len = file.len()?;
    let mut description = None;
    let mut place = start + 8;
    for _ in 0..MOST_CHUNKS {
        let header = bytes_at(file, place, 12)?;
        let Some((id, length)) = header.split_first_chunk::<4>() else { break };
        let Ok(length) = <[u8; 8]>::try_from(length) else { break };
        let length = i64::from_be_bytes(length);
        let body = place + 12;
        match id {
            b"desc" => description = Description::parse(&bytes_at(file, body, DESCRIPTION)?),
            b"data" => {
                let Some(description) = description else { break };
                let Some(encoding) = description.encoding() else { return Ok(None) };
                // A 4-byte edit count precedes the sound; a length of -1 means up to the end of the file.
                let stated = u64::try_from(length).ok().map(|length| length.saturating_sub(4));
                let (bytes, how) = payload::extent((body + 4).min(file_len), stated, file_len);
                return Ok(Some(Payload {
                    encoding,
                    channels: description.channels,
                    sample_rate_hz: description.sample_rate_hz,
                    bytes,
                    length: if length == -1 { Length::Stated } else { how },
                }));
            }
            _ => {}
        }
        let next = u64::try_from(length).ok().and_then(|length| body.checked_add(length));
        match next {
            Some(next) if next < file_len => place = next,
            _ => break,
        }
    }
    // symphonia reports errors in unusual files.
    Ok(None)
}

/// Contents of the description chunk.
#[derive(Clone, Copy)]
struct Description {
    sample_rate_hz: u32,
    codec: [u8; 4],
    flags: u32,
    /// Bytes per packet; for linear PCM a packet is one frame.
    packet_bytes: u32,
    packet_frames: u32,
    channels: u16,
    bits: u16,
}

impl Description {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (rate, rest) = bytes.split_first_chunk::<8>()?;
        let (words, _) = rest.as_chunks::<4>();
        let [codec, numbers @ ..] = <[[u8; 4]; 6]>::try_from(words).ok()?;
        let [flags, packet_bytes, packet_frames, channels, bits] = numbers.map(u32::from_be_bytes);
        let rate = f64::from_be_bytes(*rate).round();
        Some(Self {
            sample_rate_hz: if (0.0..=f64::from(u32::MAX)).contains(&rate) { rate as u32 } else { 0 },
            codec,
            flags,
            packet_bytes,
            packet_frames,
            channels: channels.try_into().ok()?,
            bits: bits.try_into().ok()?,
        })
    }

    /// `None` unless every packet is one frame of whole samples.
    fn encoding(&self) -> Option<Encoding> {
        let is_little_endian = self.flags & IS_LITTLE_ENDIAN != 0;
        let encoding = match &self.codec {
            b"lpcm" if self.flags & IS_FLOAT != 0 => payload::floats(self.bits, is_little_endian),
            b"lpcm" => payload::integers(self.bits, is_little_endian),
            b"alaw" => Some(Encoding::Samples { codec: CODEC_ID_PCM_ALAW, bytes: 1 }),
            b"ulaw" => Some(Encoding::Samples { codec: CODEC_ID_PCM_MULAW, bytes: 1 }),
            _ => None,
        }?;
        let Encoding::Samples { bytes, .. } = encoding else { return None };
        let is_whole = u64::from(self.packet_bytes) == bytes * u64::from(self.channels);
        (is_whole && self.packet_frames == 1).then_some(encoding)
    }
}

//! Sound data in a chunk-based container, and its decoding.

use std::{
    io::{self, ErrorKind, Read, Seek as _, SeekFrom},
    ops::Range,
    path::Path,
};

use super::sound_file::SoundFile;
use timbrespace_base::{sentence, sentence::Sentence};

use symphonia::core::{
    audio::Channels,
    codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions, well_known},
    packet::PacketRef,
    units::{Duration, Timestamp},
};

use super::{
    collector::{Collector, DecodeTask},
    error::DecodeError,
    info::ClipInfo,
    raw::Raw,
};

/// Frames per block.
const FRAMES_AT_ONCE: usize = 1 << 13;
/// Lengths from here on that exceed the file are placeholders: programs that write to a pipe leave
/// 0x7fffffff, 0xffffffff and the like.
const PLACEHOLDER_LENGTH: u64 = 0x7fff_0000;

/// Most chunks of a container to read; real files have a handful.
pub(super) const MOST_CHUNKS: usize = 4096;

/// Why no sound data was found.
#[derive(Debug)]
pub(super) enum PayloadError {
    /// The file could not be read.
    Io(io::Error),
    /// The file ends before its sound.
    Truncated,
    /// The codec of this name is not supported.
    Unsupported(String),
    /// The file is damaged or of another kind.
    Damaged(Sentence),
}

impl From<io::Error> for PayloadError {
    fn from(source: io::Error) -> Self {
        Self::Io(source)
    }
}

/// Whether `id` is a valid chunk name.
pub(super) fn is_name(id: &[u8]) -> bool {
    id.iter().all(|letter| letter.is_ascii_graphic() || *letter == b' ')
}

/// The sound data of a WAV, AIFF or CAF file, as described by its header.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Payload {
    /// Encoding of the samples.
    pub encoding: Encoding,
    /// Number of interleaved channels.
    pub channels: u16,
    /// Sample rate in Hz.
    pub sample_rate_hz: u32,
    /// Byte range in the file; never beyond its end.
    pub bytes: Range<u64>,
    /// How the length was determined.
    pub length: Length,
}

/// Encoding of the samples.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Encoding {
    /// Individually addressable samples.
    Samples {
        /// Codec of the samples.
        codec: AudioCodecId,
        /// Bytes per sample.
        bytes: u64,
    },
    /// MPEG audio frames.
    Mpeg,
    /// Another codec identified by the format chunk.
    Other {
        /// Name and number of the codec, for messages.
        name: String,
        /// Header of a minimal file with the same format, to be followed by the sound data.
        header: Vec<u8>,
    },
}

/// How the length of the sound data was determined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// Stated by the header.
    Stated,
    /// Not stated: the header was never completed.
    Unfinished,
    /// Stated, but the file is shorter.
    CutShort,
}

/// Byte range of `stated` bytes from `start` on in a file of `file_len`; `None` means an open end.
pub(super) fn extent(start: u64, stated: Option<u64>, file_len: u64) -> (Range<u64>, Length) {
    let available = file_len.saturating_sub(start);
    match stated {
        Some(stated) if stated <= available => (start..start + stated, Length::Stated),
        Some(stated) if stated < PLACEHOLDER_LENGTH => (start..start + available, Length::CutShort),
        _ => (start..start + available, Length::Unfinished),
    }
}

/// Codec for integers of `bits` bits, which are left-aligned in whole bytes.
pub(super) fn integers(bits: u16, is_little_endian: bool) -> Option<Encoding> {
    let bytes = u64::from(bits.div_ceil(8));
    let codec = match (bytes, is_little_endian) {
        (1, _) => well_known::CODEC_ID_PCM_S8,
        (2, true) => well_known::CODEC_ID_PCM_S16LE,
        (2, false) => well_known::CODEC_ID_PCM_S16BE,
        (3, true) => well_known::CODEC_ID_PCM_S24LE,
        (3, false) => well_known::CODEC_ID_PCM_S24BE,
        (4, true) => well_known::CODEC_ID_PCM_S32LE,
        (4, false) => well_known::CODEC_ID_PCM_S32BE,
        _ => return None,
    };
    Some(Encoding::Samples { codec, bytes })
}

/// Codec for floats of `bits` bits.
pub(super) fn floats(bits: u16, is_little_endian: bool) -> Option<Encoding> {
    let codec = match (bits, is_little_endian) {
        (32, true) => well_known::CODEC_ID_PCM_F32LE,
        (32, false) => well_known::CODEC_ID_PCM_F32BE,
        (64, true) => well_known::CODEC_ID_PCM_F64LE,
        (64, false) => well_known::CODEC_ID_PCM_F64BE,
        _ => return None,
    };
    Some(Encoding::Samples { codec, bytes: u64::from(bits / 8) })
}

impl Payload {
    /// Bytes per frame (one sample of every channel); `None` unless samples are individually addressable.
    fn frame_bytes(&self) -> Option<(AudioCodecId, u64)> {
        match self.encoding {
            Encoding::Samples { codec, bytes } => Some((codec, bytes * u64::from(self.channels.max(1)))),
            Encoding::Mpeg | Encoding::Other { .. } => None,
        }
    }

    /// Properties from the header; `None` unless samples are individually addressable.
    pub(super) fn info(&self) -> Option<ClipInfo> {
        let (_, frame_bytes) = self.frame_bytes()?;
        let frames = (self.bytes.end - self.bytes.start) / frame_bytes;
        Some(ClipInfo {
            sample_rate_hz: self.sample_rate_hz,
            channels: self.channels.into(),
            duration_secs: Some(frames as f64 / f64::from(self.sample_rate_hz.max(1))),
        })
    }

    /// Decodes the part given by `task`; `None` unless samples are individually addressable.
    pub(super) fn decode<'a>(
        &self,
        path: &'a Path,
        file: &mut SoundFile,
        task: &'a DecodeTask<'a>,
    ) -> Result<Option<Raw<'a>>, DecodeError> {
        let (Some((codec, frame_bytes)), Some(info)) = (self.frame_bytes(), self.info()) else {
            return Ok(None);
        };
        let mut kept = Collector::new(path, task, info.channels, info.sample_rate_hz)?;
        let frames_in_file = (self.bytes.end - self.bytes.start) / frame_bytes;
        let frames = kept.samples_to_collect(frames_in_file)?;
        kept.reserve(frames);
        let passed = kept.skip_available(frames_in_file);
        file.seek(SeekFrom::Start(self.bytes.start + passed * frame_bytes))
            .map_err(|source| DecodeError::from_io(path, &source))?;
        let mut deinterleaver =
            Deinterleaver::new(codec, self).ok_or_else(|| DecodeError::UnsupportedCodec {
                path: path.into(),
                format: "WAV or AIFF".to_owned(),
                cause: sentence!("codec-named", "codec {codec}", codec = codec),
            })?;
        let mut bytes = Vec::new();
        let mut block = vec![Vec::with_capacity(FRAMES_AT_ONCE.min(frames)); info.channels];
        let (mut left, mut complete) = (frames, true);
        while left > 0 && complete && !kept.is_full() {
            let count = left.min(FRAMES_AT_ONCE);
            bytes.resize(count * frame_bytes as usize, 0);
            let read = read_fully(file, &mut bytes);
            complete = read == bytes.len();
            // Drop an incomplete frame.
            deinterleaver.deinterleave(&bytes[..read - read % frame_bytes as usize], &mut block);
            kept.push(&mut block)?;
            left -= count;
        }
        let is_truncated = !complete || self.length == Length::CutShort;
        let is_unfinished = self.length == Length::Unfinished;
        Ok(Some(Raw { kept, info, is_truncated, is_unfinished, is_first_of_several: false }))
    }
}

/// Converts interleaved bytes to one vector of samples per channel.
enum Deinterleaver {
    /// 16-bit samples, the most common kind: several times faster than the generic decoder.
    Int16,
    Decoder(Box<dyn AudioDecoder>),
}

impl Deinterleaver {
    fn new(codec: AudioCodecId, payload: &Payload) -> Option<Self> {
        if codec == well_known::CODEC_ID_PCM_S16LE {
            return Some(Self::Int16);
        }
        let mut parameters = AudioCodecParameters::new();
        parameters
            .for_codec(codec)
            .with_sample_rate(payload.sample_rate_hz)
            .with_channels(Channels::Discrete(payload.channels))
            .with_max_frames_per_packet(FRAMES_AT_ONCE as u64);
        symphonia::default::get_codecs()
            .make_audio_decoder(&parameters, &AudioDecoderOptions::default())
            .ok()
            .map(Self::Decoder)
    }

    fn deinterleave(&mut self, bytes: &[u8], planes: &mut Vec<Vec<f32>>) {
        match self {
            Self::Int16 => {
                const SCALE: f32 = 1.0 / 32_768.0;
                let sample = |pair: &[u8; 2]| f32::from(i16::from_le_bytes(*pair)) * SCALE;
                let (samples, _) = bytes.as_chunks::<2>();
                planes.iter_mut().for_each(Vec::clear);
                if let [plane] = &mut planes[..] {
                    plane.extend(samples.iter().map(sample));
                    return;
                }
                let channels = planes.len().max(1);
                for (index, plane) in planes.iter_mut().enumerate() {
                    plane.extend(samples.iter().skip(index).step_by(channels).map(sample));
                }
            }
            Self::Decoder(decoder) => {
                planes.iter_mut().for_each(Vec::clear);
                let packet = PacketRef::new(0, Timestamp::ZERO, Duration::from(0_u64), bytes);
                if let Ok(buffer) = decoder.decode_ref(&packet) {
                    buffer.copy_to_vecs_planar(planes);
                }
            }
        }
    }
}

/// Fills `block` as far as possible; returns the number of bytes read.
fn read_fully(source: &mut impl Read, block: &mut [u8]) -> usize {
    let mut count = 0;
    while let Some(rest) = block.get_mut(count..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    count
}

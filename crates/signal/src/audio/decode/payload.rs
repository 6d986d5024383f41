//! The sound inside a container of chunks, and its samples.

use std::{
    fs::File,
    io::{self, ErrorKind, Read, Seek as _, SeekFrom},
    ops::Range,
    path::Path,
};

use symphonia::core::{
    audio::Channels,
    codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions, well_known},
    packet::PacketRef,
    units::{Duration, Timestamp},
};

use super::{ClipInfo, DecodeError, Kept, Order, Raw};

/// Frames that are read together.
const FRAMES_AT_ONCE: usize = 1 << 13;
/// Lengths from here on that reach beyond the file were never filled in: programs that write to a pipe leave 0x7fffffff, 0xffffffff
/// and the like.
const NEVER_FILLED_IN: u64 = 0x7fff_0000;

/// Chunks of a container that are looked at; real files have a handful.
pub(super) const MOST_CHUNKS: usize = 4096;

/// Why no sound was found.
#[derive(Debug)]
pub(super) enum NoSound {
    /// The file could not be read.
    Io(io::Error),
    /// It ends before its sound.
    Truncated,
    /// Its codec, by name, is none that can be decoded.
    Unsupported(String),
    /// It is none of these files, or a strange one.
    Damaged(&'static str),
}

impl From<io::Error> for NoSound {
    fn from(source: io::Error) -> Self {
        Self::Io(source)
    }
}

/// Whether a chunk can be called `id`.
pub(super) fn is_name(id: &[u8]) -> bool {
    id.iter().all(|letter| letter.is_ascii_graphic() || *letter == b' ')
}

/// The sound inside a WAV, AIFF or CAF file, as its header describes it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Payload {
    /// How its bytes make samples.
    pub encoding: Encoding,
    /// Interleaved channels.
    pub channels: u16,
    /// Samples a second.
    pub sample_rate_hz: u32,
    /// Where its bytes lie in the file; never beyond its end.
    pub bytes: Range<u64>,
    /// How the header told that.
    pub length: Length,
}

/// How bytes make samples.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Encoding {
    /// Each sample by itself.
    Samples {
        /// What decodes them.
        codec: AudioCodecId,
        /// Bytes of one.
        bytes: u64,
    },
    /// Frames of MPEG audio.
    Mpeg,
    /// Anything else that a format chunk can name.
    Other {
        /// The codec's name and number, for people.
        name: String,
        /// What comes before the sound's bytes in a file with nothing else in it.
        header: Vec<u8>,
    },
}

/// How a header tells the length of its sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// As it is.
    Stated,
    /// Not at all: whoever wrote the file never came to its end.
    Unfinished,
    /// More than there is.
    CutShort,
}

/// Where `stated` bytes from `start` end in a file of `file_len`; `None` says that the header leaves it open.
pub(super) fn extent(start: u64, stated: Option<u64>, file_len: u64) -> (Range<u64>, Length) {
    let available = file_len.saturating_sub(start);
    match stated {
        Some(stated) if stated <= available => (start..start + stated, Length::Stated),
        Some(stated) if stated < NEVER_FILLED_IN => (start..start + available, Length::CutShort),
        _ => (start..start + available, Length::Unfinished),
    }
}

/// The codec of integers of so many bits, which lie on the left of whole bytes.
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

/// The codec of floats of so many bits.
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
    /// Bytes of a frame, one sample of every channel; `None` where samples do not stand by themselves.
    fn frame_bytes(&self) -> Option<(AudioCodecId, u64)> {
        match self.encoding {
            Encoding::Samples { codec, bytes } => Some((codec, bytes * u64::from(self.channels.max(1)))),
            Encoding::Mpeg | Encoding::Other { .. } => None,
        }
    }

    /// What the header says; `None` where samples do not stand by themselves.
    pub(super) fn info(&self) -> Option<ClipInfo> {
        let (_, frame_bytes) = self.frame_bytes()?;
        let frames = (self.bytes.end - self.bytes.start) / frame_bytes;
        Some(ClipInfo {
            sample_rate_hz: self.sample_rate_hz,
            channels: self.channels.into(),
            duration_secs: Some(frames as f64 / f64::from(self.sample_rate_hz.max(1))),
        })
    }

    /// Decodes what `order` names; `None` where samples do not stand by themselves.
    pub(super) fn decode<'a>(
        &self,
        path: &'a Path,
        file: &mut File,
        order: &'a Order<'a>,
    ) -> Result<Option<Raw<'a>>, DecodeError> {
        let (Some((codec, frame_bytes)), Some(info)) = (self.frame_bytes(), self.info()) else {
            return Ok(None);
        };
        let mut kept = Kept::new(path, order, info.channels, info.sample_rate_hz)?;
        let frames_in_file = (self.bytes.end - self.bytes.start) / frame_bytes;
        let frames = kept.wanted_of(frames_in_file)?;
        kept.reserve(frames);
        let passed = kept.pass_over(frames_in_file);
        file.seek(SeekFrom::Start(self.bytes.start + passed * frame_bytes))
            .map_err(|source| DecodeError::from_io(path, &source))?;
        let mut dealer = Dealer::new(codec, self).ok_or_else(|| DecodeError::UnsupportedCodec {
            path: path.into(),
            format: "WAV or AIFF".to_owned(),
            cause: format!("codec {codec}"),
        })?;
        let mut bytes = Vec::new();
        let mut block = vec![Vec::with_capacity(FRAMES_AT_ONCE.min(frames)); info.channels];
        let (mut left, mut complete) = (frames, true);
        while left > 0 && complete && !kept.is_full() {
            let count = left.min(FRAMES_AT_ONCE);
            bytes.resize(count * frame_bytes as usize, 0);
            let read = read_fully(file, &mut bytes);
            complete = read == bytes.len();
            // A frame that was cut is no frame.
            dealer.deal(&bytes[..read - read % frame_bytes as usize], &mut block);
            kept.push(&mut block)?;
            left -= count;
        }
        let is_truncated = !complete || self.length == Length::CutShort;
        let is_unfinished = self.length == Length::Unfinished;
        Ok(Some(Raw { kept, info, is_truncated, is_unfinished, is_first_of_several: false }))
    }
}

/// Makes planes of samples out of interleaved bytes.
enum Dealer {
    /// Most recordings are of this kind, and one call for a sample takes several times as long.
    Int16,
    Decoder(Box<dyn AudioDecoder>),
}

impl Dealer {
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

    fn deal(&mut self, bytes: &[u8], planes: &mut Vec<Vec<f32>>) {
        match self {
            Self::Int16 => {
                const SCALE: f32 = 1.0 / 32_768.0;
                let (samples, _) = bytes.as_chunks::<2>();
                let channels = planes.len().max(1);
                for (index, plane) in planes.iter_mut().enumerate() {
                    plane.clear();
                    let own = samples.iter().skip(index).step_by(channels);
                    plane.extend(own.map(|pair| f32::from(i16::from_le_bytes(*pair)) * SCALE));
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

/// Fills `block` as far as `source` has bytes; returns how many it gave.
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

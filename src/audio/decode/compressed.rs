//! Everything but plain WAV, by symphonia.

use std::{fs::File, io::ErrorKind, path::Path};

use symphonia::core::{
    audio::GenericAudioBufferRef,
    codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions},
    common::Limit,
    errors::Error,
    formats::{FormatOptions, FormatReader, Track, TrackType, probe::Hint},
    io::MediaSourceStream,
    meta::MetadataOptions,
};

use super::{ClipInfo, DecodeError, DecodeRequest, Kept, Raw, check_header, codec_name};
use crate::{audio::format::SoundFormat, regular_file};

/// Samples of all channels that one packet may hold. Decoders make room for a packet before they see one, as the header says; the
/// largest packets of any codec, ALAC's and FLAC's, hold 65,536 samples of eight channels.
const MOST_PACKET_SAMPLES: u64 = 1 << 20;
/// Bytes that one tag or picture may take; they are thrown away.
const MOST_TAG_BYTES: usize = 1 << 20;

/// A file with the names that its errors need.
#[derive(Clone, Copy)]
struct Source<'a> {
    path: &'a Path,
    format: SoundFormat,
}

impl Source<'_> {
    fn error(self, error: &Error) -> DecodeError {
        match error {
            Error::Unsupported(cause) => self.unsupported(cause),
            Error::IoError(source) => match source.kind() {
                // A header can send the decoder outside of the file: the system refuses to go there.
                ErrorKind::InvalidInput => self.damaged("its header points outside the file"),
                ErrorKind::UnexpectedEof => DecodeError::Truncated { path: self.path.into() },
                _ if source.raw_os_error().is_some() || source.kind() == ErrorKind::OutOfMemory => {
                    DecodeError::from_io(self.path, source)
                }
                _ => self.damaged(&source.to_string()),
            },
            Error::DecodeError(cause) | Error::LimitError(cause) => self.damaged(cause),
            Error::ResetRequired => self.damaged("its rate or number of channels changes in the middle"),
            other => self.damaged(&other.to_string()),
        }
    }

    fn unsupported(self, cause: &str) -> DecodeError {
        let named = regular_file::open(self.path)
            .ok()
            .and_then(|(mut file, _)| codec_name::in_header(&mut file, self.format));
        let codec = named.map_or_else(|| cause.to_owned(), |name| format!("codec {name}; {cause}"));
        DecodeError::UnsupportedCodec {
            path: self.path.into(),
            format: self.format.to_string(),
            cause: codec,
        }
    }

    fn damaged(self, cause: &str) -> DecodeError {
        DecodeError::Damaged {
            path: self.path.into(),
            format: self.format.to_string(),
            cause: cause.to_owned(),
        }
    }

    fn open(self, file: File) -> Result<Box<dyn FormatReader>, DecodeError> {
        let stream =
            MediaSourceStream::new(Box::new(file), symphonia::core::io::MediaSourceStreamOptions::default());
        let mut hint = Hint::new();
        hint.with_extension(match self.format {
            SoundFormat::Wav => "wav",
            SoundFormat::Flac => "flac",
            SoundFormat::Ogg => "ogg",
            SoundFormat::Mp3 => "mp3",
            SoundFormat::Aiff => "aiff",
            SoundFormat::Caf => "caf",
            SoundFormat::Mp4 => "m4a",
            SoundFormat::Adts => "aac",
        });
        symphonia::default::get_probe()
            .probe(&hint, stream, FormatOptions::default(), metadata_options())
            .map_err(|error| self.error(&error))
    }

    /// A decoder, unless the header names packets of a size that no codec has.
    fn decoder(self, parameters: &AudioCodecParameters) -> Result<Box<dyn AudioDecoder>, DecodeError> {
        let channels = parameters.channels.as_ref().map_or(1, |channels| channels.count().max(1)) as u64;
        let frames =
            parameters.max_frames_per_packet.unwrap_or(0).max(parameters.frames_per_block.unwrap_or(0));
        if frames.saturating_mul(channels) > MOST_PACKET_SAMPLES {
            return Err(DecodeError::ImplausibleHeader {
                path: self.path.into(),
                what: "number of samples in a packet",
                actual: frames,
                expected: format!("at most {}", MOST_PACKET_SAMPLES / channels),
            });
        }
        symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .map_err(|error| self.error(&error))
    }
}

fn metadata_options() -> MetadataOptions {
    MetadataOptions::default()
        .limit_tag_bytes(Limit::Maximum(MOST_TAG_BYTES))
        .limit_visual_bytes(Limit::Maximum(MOST_TAG_BYTES))
}

/// Reads only the header.
pub(super) fn probe(path: &Path, file: File, format: SoundFormat) -> Result<ClipInfo, DecodeError> {
    let source = Source { path, format };
    let reader = source.open(file)?;
    let track = audio_track(source, reader.as_ref())?;
    if let Some(info) = header_info(track) {
        check_header(path, info.sample_rate_hz, info.channels)?;
        return Ok(info);
    }
    // Some containers leave rate and channels to the first packet.
    let start = DecodeRequest { max_secs: Some(0.01), ..DecodeRequest::default() };
    decode_from(source, reader, &start).map(|raw| raw.info)
}

/// Decodes what `request` names.
pub(super) fn decode<'a>(
    path: &'a Path,
    file: File,
    format: SoundFormat,
    request: &'a DecodeRequest,
) -> Result<Raw<'a>, DecodeError> {
    let source = Source { path, format };
    decode_from(source, source.open(file)?, request)
}

fn audio_track<'a>(source: Source<'_>, reader: &'a dyn FormatReader) -> Result<&'a Track, DecodeError> {
    reader
        .first_track_known_codec(TrackType::Audio)
        .or_else(|| reader.default_track(TrackType::Audio))
        .ok_or_else(|| source.damaged("there is no sound track in it"))
}

fn header_info(track: &Track) -> Option<ClipInfo> {
    let parameters = track.codec_params.as_ref()?.audio()?;
    let sample_rate_hz = parameters.sample_rate?;
    let channels = parameters.channels.as_ref()?.count();
    let duration_secs = track.num_frames.map(|frames| frames as f64 / f64::from(sample_rate_hz.max(1)));
    Some(ClipInfo { sample_rate_hz, channels, duration_secs })
}

fn decode_from<'a>(
    source: Source<'a>,
    mut reader: Box<dyn FormatReader>,
    request: &'a DecodeRequest,
) -> Result<Raw<'a>, DecodeError> {
    let track = audio_track(source, reader.as_ref())?;
    let (track_id, promised, header) = (track.id, track.num_frames, header_info(track));
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let parameters = parameters.ok_or_else(|| source.damaged("its sound track has no parameters"))?;
    if let Some(info) = header {
        check_header(source.path, info.sample_rate_hz, info.channels)?;
    }
    let mut decoder = source.decoder(parameters)?;
    if let (Some(info), Some(promised)) = (header, promised)
        && let Ok(kept) = Kept::new(source.path, request, info.channels, info.sample_rate_hz)
    {
        kept.wanted_of(promised)?;
    }
    let mut sound = Sound { source, request, kept: None, packet: Vec::new() };
    let ended_early = sound.read(track_id, reader.as_mut(), decoder.as_mut())?;
    let (is_full, len) = (sound.is_full(), sound.kept.as_ref().map_or(0, Kept::len));
    let Some(kept) = sound.kept else {
        return Err(if ended_early || promised.is_some_and(|promised| promised > 0) {
            DecodeError::Truncated { path: source.path.into() }
        } else {
            DecodeError::NoSamples { path: source.path.into() }
        });
    };
    let missing = !is_full && promised.is_some_and(|promised| (len as u64) < promised);
    let header_secs = header.and_then(|info| info.duration_secs).filter(|_| !missing);
    let duration_secs = header_secs.or_else(|| (!is_full).then(|| len as f64 / f64::from(kept.rate_hz())));
    let info = ClipInfo { sample_rate_hz: kept.rate_hz(), channels: kept.channels(), duration_secs };
    // Lossy formats count their frames loosely; a packet or two less is no damage.
    let loosely =
        matches!(source.format, SoundFormat::Mp3 | SoundFormat::Adts | SoundFormat::Mp4 | SoundFormat::Ogg);
    Ok(Raw { kept, info, is_truncated: ended_early || (missing && !loosely) })
}

/// The samples decoded so far.
struct Sound<'a> {
    source: Source<'a>,
    request: &'a DecodeRequest,
    /// Present once the first packet has named rate and channels.
    kept: Option<Kept<'a>>,
    packet: Vec<Vec<f32>>,
}

impl Sound<'_> {
    fn is_full(&self) -> bool {
        self.kept.as_ref().is_some_and(Kept::is_full)
    }

    /// Decodes packets until the sound is full or over; true when the file broke off in between.
    fn read(
        &mut self,
        track_id: u32,
        reader: &mut dyn FormatReader,
        decoder: &mut dyn AudioDecoder,
    ) -> Result<bool, DecodeError> {
        let mut damaged = None;
        while !self.is_full() {
            let packet = match reader.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => break,
                Err(error) => {
                    damaged = Some(error);
                    break;
                }
            };
            if packet.track_id != track_id {
                continue;
            }
            match decoder.decode(&packet) {
                Ok(buffer) => self.append(&buffer)?,
                // One bad packet leaves a gap; the next may be good.
                Err(error @ Error::DecodeError(_)) => damaged = Some(error),
                Err(error) => {
                    damaged = Some(error);
                    break;
                }
            }
        }
        match damaged {
            Some(error) if self.kept.as_ref().is_none_or(|kept| kept.len() == 0) => {
                Err(self.source.error(&error))
            }
            other => Ok(other.is_some()),
        }
    }

    fn append(&mut self, buffer: &GenericAudioBufferRef<'_>) -> Result<(), DecodeError> {
        let (rate, channels) = (buffer.spec().rate(), buffer.num_planes());
        let kept = match &mut self.kept {
            Some(kept) if kept.rate_hz() == rate && kept.channels() == channels => kept,
            Some(_) => {
                return Err(self.source.damaged("its rate or number of channels changes in the middle"));
            }
            none => {
                check_header(self.source.path, rate, channels)?;
                none.insert(Kept::new(self.source.path, self.request, channels, rate)?)
            }
        };
        buffer.copy_to_vecs_planar(&mut self.packet);
        kept.push(&mut self.packet)
    }
}

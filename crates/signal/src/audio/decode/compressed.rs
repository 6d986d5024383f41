//! Formats decoded by symphonia.

use std::{
    io::{self, ErrorKind},
    ops::Range,
    path::Path,
};

use super::sound_file::{SoundFile, Wanted};

use symphonia::{
    core::{
        audio::GenericAudioBufferRef,
        codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions},
        errors::Error,
        formats::{FormatOptions, FormatReader, Track, TrackType},
        io::{MediaSourceStream, MediaSourceStreamOptions},
    },
    default::formats::{AdtsReader, CafReader, FlacReader, IsoMp4Reader, MpaReader, OggReader, WavReader},
};

use super::{
    codec_name,
    collector::{Collector, DecodeTask},
    error::DecodeError,
    flac,
    info::{ClipInfo, check_header},
    mp4::{self, Played},
    mpeg,
    part::Part,
    payload::{Encoding, Length, Payload},
    raw::{Opened, Raw},
    request::DecodeRequest,
};
use crate::audio::format::Container;
use timbrespace_base::{sentence, sentence::Sentence};

/// Most samples per packet, over all channels. Decoders allocate memory for a packet according to the header;
/// the largest packets of any codec (ALAC, FLAC) have 65,536 samples of eight channels.
const MOST_PACKET_SAMPLES: u64 = 1 << 20;

/// Path and format of a file, for error messages.
#[derive(Clone, Copy)]
struct Source<'a, 'c> {
    path: &'a Path,
    format: Container,
    /// Name of the codec, if the container has one.
    codec: Option<&'c str>,
}

impl<'a, 'c> Source<'a, 'c> {
    fn new(path: &'a Path, format: Container, payload: Option<&'c Payload>) -> Self {
        let codec = payload.and_then(|payload| match &payload.encoding {
            Encoding::Other { name, .. } => Some(name.as_str()),
            Encoding::Samples { .. } | Encoding::Mpeg => None,
        });
        Self { path, format, codec }
    }
    fn error(self, error: &Error) -> DecodeError {
        match error {
            Error::Unsupported(cause) => self.unsupported((*cause).to_owned().into()),
            Error::IoError(source) => match source.kind() {
                // A corrupt header can direct the decoder outside of the file, where seeking fails.
                ErrorKind::InvalidInput => {
                    self.damaged(sentence!("damaged-header", "its header points outside the file"))
                }
                ErrorKind::UnexpectedEof => DecodeError::Truncated { path: self.path.into() },
                _ if source.raw_os_error().is_some() || source.kind() == ErrorKind::OutOfMemory => {
                    DecodeError::from_io(self.path, source)
                }
                _ => self.damaged(source.to_string().into()),
            },
            Error::DecodeError(cause) | Error::LimitError(cause) => self.damaged((*cause).to_owned().into()),
            Error::ResetRequired => self
                .damaged(sentence!("damaged-change", "its rate or number of channels changes in the middle")),
            other => self.damaged(other.to_string().into()),
        }
    }

    fn unsupported(self, cause: Sentence) -> DecodeError {
        let in_header = || {
            let mut file = SoundFile::open(self.path, Wanted::Header).ok()?;
            codec_name::in_header(&mut file, self.format)
        };
        let named = self.codec.map(str::to_owned).or_else(in_header);
        let codec = match named {
            None => cause,
            Some(name) => {
                let key = cause.key();
                sentence!("codec-of", "codec {codec}; {cause}", codec = name, cause = cause)
                    .naming("cause", key)
            }
        };
        DecodeError::UnsupportedCodec {
            path: self.path.into(),
            format: self.format.to_string(),
            cause: codec,
        }
    }

    fn damaged(self, cause: Sentence) -> DecodeError {
        DecodeError::Damaged { path: self.path.into(), format: self.format.to_string(), cause }
    }

    /// Opens the reader for this format only, so that nothing is mistaken for MPEG audio.
    fn open(self, opened: Opened, payload: Option<&Payload>) -> Result<Reader, DecodeError> {
        let io = |source| DecodeError::from_io(self.path, &source);
        let Opened { mut file, start, .. } = opened;
        let rest = start..file.len().map_err(io)?;
        let mut played = Played::default();
        let part = match (self.format, payload.map(|payload| &payload.encoding)) {
            (_, Some(Encoding::Mpeg)) => {
                let bytes = payload.map_or(rest, |payload| payload.bytes.clone());
                return self.reader(mpeg_part(file, bytes).map_err(io)?, Container::Mp3, played);
            }
            (_, Some(Encoding::Other { header, .. })) => {
                let bytes = payload.map_or(rest, |payload| payload.bytes.clone());
                Part::new(file, header.clone(), bytes)
            }
            (Container::Flac, _) => {
                let head = flac::repaired_head(&mut file, start).map_err(io)?;
                let head_len = head.len() as u64;
                Part::new(file, head, start + head_len..rest.end)
            }
            (Container::Mp4, _) => {
                played = mp4::played(&mut file, start).map_err(io)?;
                Part::new(file, Vec::new(), rest)
            }
            (Container::Mp3, _) => mpeg_part(file, rest).map_err(io)?,
            _ => Part::new(file, Vec::new(), rest),
        };
        self.reader(part, self.format, played)
    }

    fn reader(self, part: Part, format: Container, played: Played) -> Result<Reader, DecodeError> {
        let stream = MediaSourceStream::new(Box::new(part), MediaSourceStreamOptions::default());
        let options = FormatOptions::default();
        let reader: Result<Box<dyn FormatReader>, Error> = match format {
            Container::Wav => WavReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
            Container::Flac => FlacReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
            Container::Ogg => OggReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
            Container::Mp3 => MpaReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
            Container::Caf => CafReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
            Container::Mp4 => IsoMp4Reader::try_new(stream, options).map(|reader| Box::new(reader) as _),
            // All supported AIFF codecs are read as payload.
            Container::Aiff => {
                return Err(self.unsupported(sentence!("codec-no-samples", "not of single samples")));
            }
            Container::Adts => AdtsReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
        };
        let packets = reader.map_err(|error| match self.codec {
            Some(_) => self.unsupported(error.to_string().into()),
            None => self.error(&error),
        })?;
        Ok(Reader { packets, played, is_mpeg: matches!(format, Container::Mp3 | Container::Adts) })
    }

    /// Creates a decoder, unless the header states an implausible packet size.
    fn decoder(self, parameters: &AudioCodecParameters) -> Result<Box<dyn AudioDecoder>, DecodeError> {
        let channels = parameters.channels.as_ref().map_or(1, |channels| channels.count().max(1)) as u64;
        let frames =
            parameters.max_frames_per_packet.unwrap_or(0).max(parameters.frames_per_block.unwrap_or(0));
        if frames.saturating_mul(channels) > MOST_PACKET_SAMPLES {
            return Err(DecodeError::ImplausibleHeader {
                path: self.path.into(),
                what: sentence!("what-packet", "number of samples in a packet"),
                actual: frames,
                expected: sentence!(
                    "header-at-most",
                    "at most {most}",
                    most = MOST_PACKET_SAMPLES / channels
                ),
            });
        }
        symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .map_err(|error| self.error(&error))
    }
}

/// MPEG frames, as a source without seeking: a seekable source makes the reader estimate the length from the
/// first frames and drop everything beyond it.
fn mpeg_part(mut file: SoundFile, bytes: Range<u64>) -> io::Result<Part> {
    let mut head = mpeg::repaired_head(&mut file, bytes.start)?;
    head.truncate((bytes.end - bytes.start) as usize);
    let head_len = head.len() as u64;
    Ok(Part::new(file, head, bytes.start + head_len..bytes.end).forward_only())
}

/// An open file.
struct Reader {
    packets: Box<dyn FormatReader>,
    /// The range that the edit list plays.
    played: Played,
    /// Whether the format is a bare sequence of frames, without a reliable length.
    is_mpeg: bool,
}

/// Reads only the header or, if that has no length, the headers of all packets.
pub(super) fn probe(path: &Path, opened: Opened, payload: Option<&Payload>) -> Result<ClipInfo, DecodeError> {
    let source = Source::new(path, opened.format, payload);
    let mut reader = source.open(opened, payload)?;
    let track = audio_track(source, reader.packets.as_ref())?;
    let Some(mut info) = header_info(track, reader.played) else {
        // Some containers state rate and channels only in the first packet.
        let start = DecodeRequest { max_secs: Some(0.01), ..DecodeRequest::default() };
        let start = DecodeTask::collecting(start);
        return decode_from(source, reader, Length::Stated, &start).map(|raw| raw.info);
    };
    check_header(path, info.sample_rate_hz, info.channels)?;
    if info.duration_secs.is_none() && reader.is_mpeg {
        info.duration_secs = summed_secs(reader.packets.as_mut());
    }
    Ok(info)
}

/// Total duration in seconds of the remaining packets, without decoding them.
fn summed_secs(reader: &mut dyn FormatReader) -> Option<f64> {
    let base = reader.default_track(TrackType::Audio)?.time_base?;
    let mut ticks = 0_u64;
    while let Ok(Some(packet)) = reader.next_packet() {
        ticks = ticks.saturating_add(packet.dur.get());
    }
    Some(ticks as f64 * f64::from(base.numer.get()) / f64::from(base.denom.get()))
}

/// Decodes the part given by `task`.
pub(super) fn decode<'a>(
    path: &'a Path,
    opened: Opened,
    payload: Option<&Payload>,
    task: &'a DecodeTask<'a>,
) -> Result<Raw<'a>, DecodeError> {
    let source = Source::new(path, opened.format, payload);
    let length = payload.map_or(Length::Stated, |payload| payload.length);
    let reader = source.open(opened, payload)?;
    decode_from(source, reader, length, task)
}

fn audio_track<'a>(source: Source<'_, '_>, reader: &'a dyn FormatReader) -> Result<&'a Track, DecodeError> {
    reader
        .first_track_known_codec(TrackType::Audio)
        .or_else(|| reader.default_track(TrackType::Audio))
        .ok_or_else(|| source.damaged(sentence!("damaged-no-track", "there is no sound track in it")))
}

fn header_info(track: &Track, played: Played) -> Option<ClipInfo> {
    let parameters = track.codec_params.as_ref()?.audio()?;
    let sample_rate_hz = parameters.sample_rate?;
    let channels = parameters.channels.as_ref()?.count();
    let whole_secs = track.num_frames.map(|frames| frames as f64 / f64::from(sample_rate_hz.max(1)));
    let duration_secs = whole_secs.map(|secs| (secs - played.skipped_secs).max(0.0));
    Some(ClipInfo { sample_rate_hz, channels, duration_secs })
}

fn decode_from<'a>(
    source: Source<'a, '_>,
    mut reader: Reader,
    length: Length,
    task: &'a DecodeTask<'a>,
) -> Result<Raw<'a>, DecodeError> {
    let packets = reader.packets.as_mut();
    let track = audio_track(source, packets)?;
    let (promised, header) = (track.num_frames, header_info(track, reader.played));
    if let Some(info) = header {
        check_header(source.path, info.sample_rate_hz, info.channels)?;
    }
    let stream = Stream::of(source, track)?;
    if let (Some(info), Some(secs)) = (header, header.and_then(|info| info.duration_secs))
        && let Ok(kept) = Collector::new(source.path, task, info.channels, info.sample_rate_hz)
    {
        kept.samples_to_collect((secs * f64::from(info.sample_rate_hz)).round() as u64)?;
    }
    let mut sound = Sound { source, task, played: reader.played, skipped: 0, kept: None, packet: Vec::new() };
    let end = sound.read(stream, packets)?;
    let (is_full, len) = (sound.is_full(), sound.kept.as_ref().map_or(0, Collector::len));
    let Some(kept) = sound.kept else {
        return Err(if end == End::BrokenOff || promised.is_some_and(|promised| promised > 0) {
            DecodeError::Truncated { path: source.path.into() }
        } else {
            DecodeError::NoSamples { path: source.path.into() }
        });
    };
    let secs = |len: usize| len as f64 / f64::from(kept.rate_hz());
    let header_secs = header.and_then(|info| info.duration_secs);
    let missing = !is_full
        && header_secs.is_some_and(|promised| {
            kept.offset_secs() + secs(len) + 0.5 / f64::from(kept.rate_hz()) < promised
        });
    let whole_secs = kept.offset_secs() + secs(len);
    let duration_secs = if is_full { header_secs } else { Some(whole_secs) };
    let info = ClipInfo { sample_rate_hz: kept.rate_hz(), channels: kept.channels(), duration_secs };
    // Lossy formats state approximate lengths; a missing packet or two is not damage.
    let loosely = reader.is_mpeg || matches!(source.format, Container::Mp4 | Container::Ogg);
    let is_truncated = end == End::BrokenOff || length == Length::CutShort || (missing && !loosely);
    Ok(Raw {
        kept,
        info,
        is_truncated,
        is_unfinished: length == Length::Unfinished,
        is_first_of_several: end == End::OtherSound,
    })
}

/// Why decoding ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// At the end of the file or of the requested part.
    Whole,
    /// The file is truncated, or a packet could not be decoded.
    BrokenOff,
    /// A sound with another rate or number of channels follows.
    OtherSound,
}

/// A track with its decoder.
struct Stream {
    track_id: u32,
    decoder: Box<dyn AudioDecoder>,
}

impl Stream {
    fn of(source: Source<'_, '_>, track: &Track) -> Result<Self, DecodeError> {
        let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
        let parameters = parameters
            .ok_or_else(|| source.damaged(sentence!("damaged-track", "its sound track has no parameters")))?;
        Ok(Self { track_id: track.id, decoder: source.decoder(parameters)? })
    }
}

/// State of decoding.
struct Sound<'a, 'c> {
    source: Source<'a, 'c>,
    task: &'a DecodeTask<'a>,
    /// The range that the edit list plays.
    played: Played,
    /// Samples per channel skipped so far before that range.
    skipped: usize,
    /// Created when the first packet provides rate and channels.
    kept: Option<Collector<'a>>,
    packet: Vec<Vec<f32>>,
}

impl Sound<'_, '_> {
    fn is_full(&self) -> bool {
        let Some(kept) = &self.kept else { return false };
        // An edit ends after a whole packet, as in other programs.
        let is_over =
            self.played.secs.is_some_and(|secs| kept.position() as f64 >= secs * f64::from(kept.rate_hz()));
        is_over || kept.is_full()
    }

    /// Decodes packets until the requested part is complete or the file ends.
    fn read(&mut self, mut stream: Stream, reader: &mut dyn FormatReader) -> Result<End, DecodeError> {
        let mut damaged = None;
        while !self.is_full() {
            let packet = match reader.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => break,
                // Another sound in the same file (chained Ogg); it continues this one if rate and channels
                // are equal.
                Err(Error::ResetRequired) => {
                    stream = Stream::of(self.source, audio_track(self.source, reader)?)?;
                    continue;
                }
                Err(error) => {
                    damaged = Some(error);
                    break;
                }
            };
            if packet.track_id != stream.track_id {
                continue;
            }
            match stream.decoder.decode(&packet) {
                Ok(buffer) if self.continues(&buffer) => self.append(&buffer)?,
                Ok(_) => return Ok(End::OtherSound),
                // A bad packet leaves a gap; later ones may be good.
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
            Some(_) => Ok(End::BrokenOff),
            None => Ok(End::Whole),
        }
    }

    /// Whether `buffer` has the same rate and channels as the packets before.
    fn continues(&self, buffer: &GenericAudioBufferRef<'_>) -> bool {
        self.kept.as_ref().is_none_or(|kept| {
            kept.rate_hz() == buffer.spec().rate() && kept.channels() == buffer.num_planes()
        })
    }

    fn append(&mut self, buffer: &GenericAudioBufferRef<'_>) -> Result<(), DecodeError> {
        let (rate, channels) = (buffer.spec().rate(), buffer.num_planes());
        let kept = match &mut self.kept {
            Some(kept) => kept,
            none => {
                check_header(self.source.path, rate, channels)?;
                none.insert(Collector::new(self.source.path, self.task, channels, rate)?)
            }
        };
        buffer.copy_to_vecs_planar(&mut self.packet);
        let before = (self.played.skipped_secs * f64::from(rate)).round() as usize - self.skipped;
        let len = self.packet.first().map_or(0, Vec::len);
        for plane in &mut self.packet {
            plane.drain(..before.min(plane.len()));
        }
        self.skipped += before.min(len);
        kept.push(&mut self.packet)
    }
}

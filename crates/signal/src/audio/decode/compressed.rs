//! Everything but plain WAV, by symphonia.

use std::{
    fs::File,
    io::{self, ErrorKind},
    ops::Range,
    path::Path,
};

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
    ClipInfo, DecodeError, DecodeRequest, Kept, Opened, Order, Raw, check_header, codec_name, flac,
    mp4::{self, Played},
    mpeg,
    part::Part,
    payload::{Encoding, Length, Payload},
};
use crate::audio::format::SoundFormat;
use timbrespace_base::regular_file;

/// Samples of all channels that one packet may hold. Decoders make room for a packet before they see one, as the header says; the
/// largest packets of any codec, ALAC's and FLAC's, hold 65,536 samples of eight channels.
const MOST_PACKET_SAMPLES: u64 = 1 << 20;

/// A file with the names that its errors need.
#[derive(Clone, Copy)]
struct Source<'a, 'c> {
    path: &'a Path,
    format: SoundFormat,
    /// The codec, where the container named it.
    codec: Option<&'c str>,
}

impl<'a, 'c> Source<'a, 'c> {
    fn new(path: &'a Path, format: SoundFormat, payload: Option<&'c Payload>) -> Self {
        let codec = payload.and_then(|payload| match &payload.encoding {
            Encoding::Other { name, .. } => Some(name.as_str()),
            Encoding::Samples { .. } | Encoding::Mpeg => None,
        });
        Self { path, format, codec }
    }
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
        let in_header = || {
            let (mut file, _) = regular_file::open(self.path).ok()?;
            codec_name::in_header(&mut file, self.format)
        };
        let named = self.codec.map(str::to_owned).or_else(in_header);
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

    /// The reader of this format and no other: nothing is taken for MPEG audio because it looks like it.
    fn open(self, opened: Opened, payload: Option<&Payload>) -> Result<Reader, DecodeError> {
        let io = |source| DecodeError::from_io(self.path, &source);
        let Opened { mut file, start, .. } = opened;
        let rest = start..file.metadata().map_err(io)?.len();
        let mut played = Played::default();
        let part = match (self.format, payload.map(|payload| &payload.encoding)) {
            (_, Some(Encoding::Mpeg)) => {
                let bytes = payload.map_or(rest, |payload| payload.bytes.clone());
                return self.reader(mpeg_part(file, bytes).map_err(io)?, SoundFormat::Mp3, played);
            }
            (_, Some(Encoding::Other { header, .. })) => {
                let bytes = payload.map_or(rest, |payload| payload.bytes.clone());
                Part::new(file, header.clone(), bytes)
            }
            (SoundFormat::Flac, _) => {
                let head = flac::mended_head(&mut file, start).map_err(io)?;
                let head_len = head.len() as u64;
                Part::new(file, head, start + head_len..rest.end)
            }
            (SoundFormat::Mp4, _) => {
                played = mp4::played(&mut file, start).map_err(io)?;
                Part::new(file, Vec::new(), rest)
            }
            (SoundFormat::Mp3, _) => mpeg_part(file, rest).map_err(io)?,
            _ => Part::new(file, Vec::new(), rest),
        };
        self.reader(part, self.format, played)
    }

    fn reader(self, part: Part, format: SoundFormat, played: Played) -> Result<Reader, DecodeError> {
        let stream = MediaSourceStream::new(Box::new(part), MediaSourceStreamOptions::default());
        let options = FormatOptions::default();
        let reader: Result<Box<dyn FormatReader>, Error> = match format {
            SoundFormat::Wav => WavReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
            SoundFormat::Flac => FlacReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
            SoundFormat::Ogg => OggReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
            SoundFormat::Mp3 => MpaReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
            SoundFormat::Caf => CafReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
            SoundFormat::Mp4 => IsoMp4Reader::try_new(stream, options).map(|reader| Box::new(reader) as _),
            // Its codecs are all of single samples, and read elsewhere.
            SoundFormat::Aiff => return Err(self.unsupported("not of single samples")),
            SoundFormat::Adts => AdtsReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
        };
        let packets = reader.map_err(|error| match self.codec {
            Some(_) => self.unsupported(&error.to_string()),
            None => self.error(&error),
        })?;
        Ok(Reader { packets, played, is_mpeg: matches!(format, SoundFormat::Mp3 | SoundFormat::Adts) })
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

/// Frames of MPEG audio. Where they can be sought, the reader guesses their number from the first ones and drops what lies
/// beyond it; so they cannot.
fn mpeg_part(mut file: File, bytes: Range<u64>) -> io::Result<Part> {
    let mut head = mpeg::mended_head(&mut file, bytes.start)?;
    head.truncate((bytes.end - bytes.start) as usize);
    let head_len = head.len() as u64;
    Ok(Part::new(file, head, bytes.start + head_len..bytes.end).forward_only())
}

/// An open file.
struct Reader {
    packets: Box<dyn FormatReader>,
    /// The part of it that is played.
    played: Played,
    /// Frames one after the other, with nothing that tells their number for certain.
    is_mpeg: bool,
}

/// Reads only the header, or where it does not tell the length, the headers of all packets.
pub(super) fn probe(path: &Path, opened: Opened, payload: Option<&Payload>) -> Result<ClipInfo, DecodeError> {
    let source = Source::new(path, opened.format, payload);
    let mut reader = source.open(opened, payload)?;
    let track = audio_track(source, reader.packets.as_ref())?;
    let Some(mut info) = header_info(track, reader.played) else {
        // Some containers leave rate and channels to the first packet.
        let start = DecodeRequest { max_secs: Some(0.01), ..DecodeRequest::default() };
        let start = Order::keeping(start);
        return decode_from(source, reader, Length::Stated, &start).map(|raw| raw.info);
    };
    check_header(path, info.sample_rate_hz, info.channels)?;
    if info.duration_secs.is_none() && reader.is_mpeg {
        info.duration_secs = counted_secs(reader.packets.as_mut());
    }
    Ok(info)
}

/// Seconds of all packets that follow, without a look into them.
fn counted_secs(reader: &mut dyn FormatReader) -> Option<f64> {
    let base = reader.default_track(TrackType::Audio)?.time_base?;
    let mut ticks = 0_u64;
    while let Ok(Some(packet)) = reader.next_packet() {
        ticks = ticks.saturating_add(packet.dur.get());
    }
    Some(ticks as f64 * f64::from(base.numer.get()) / f64::from(base.denom.get()))
}

/// Decodes what `order` names.
pub(super) fn decode<'a>(
    path: &'a Path,
    opened: Opened,
    payload: Option<&Payload>,
    order: &'a Order<'a>,
) -> Result<Raw<'a>, DecodeError> {
    let source = Source::new(path, opened.format, payload);
    let length = payload.map_or(Length::Stated, |payload| payload.length);
    let reader = source.open(opened, payload)?;
    decode_from(source, reader, length, order)
}

fn audio_track<'a>(source: Source<'_, '_>, reader: &'a dyn FormatReader) -> Result<&'a Track, DecodeError> {
    reader
        .first_track_known_codec(TrackType::Audio)
        .or_else(|| reader.default_track(TrackType::Audio))
        .ok_or_else(|| source.damaged("there is no sound track in it"))
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
    order: &'a Order<'a>,
) -> Result<Raw<'a>, DecodeError> {
    let packets = reader.packets.as_mut();
    let track = audio_track(source, packets)?;
    let (promised, header) = (track.num_frames, header_info(track, reader.played));
    if let Some(info) = header {
        check_header(source.path, info.sample_rate_hz, info.channels)?;
    }
    let stream = Stream::of(source, track)?;
    if let (Some(info), Some(secs)) = (header, header.and_then(|info| info.duration_secs))
        && let Ok(kept) = Kept::new(source.path, order, info.channels, info.sample_rate_hz)
    {
        kept.wanted_of((secs * f64::from(info.sample_rate_hz)).round() as u64)?;
    }
    let mut sound =
        Sound { source, order, played: reader.played, skipped: 0, kept: None, packet: Vec::new() };
    let end = sound.read(stream, packets)?;
    let (is_full, len) = (sound.is_full(), sound.kept.as_ref().map_or(0, Kept::len));
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
    // Lossy formats count their frames loosely; a packet or two less is no damage.
    let loosely = reader.is_mpeg || matches!(source.format, SoundFormat::Mp4 | SoundFormat::Ogg);
    let is_truncated = end == End::BrokenOff || length == Length::CutShort || (missing && !loosely);
    Ok(Raw {
        kept,
        info,
        is_truncated,
        is_unfinished: length == Length::Unfinished,
        is_first_of_several: end == End::OtherSound,
    })
}

/// Why no more was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The file is over, or enough was read.
    Whole,
    /// The file broke off, or a part of it could not be decoded.
    BrokenOff,
    /// Another sound follows, of another rate or number of channels.
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
        let parameters = parameters.ok_or_else(|| source.damaged("its sound track has no parameters"))?;
        Ok(Self { track_id: track.id, decoder: source.decoder(parameters)? })
    }
}

/// The samples decoded so far.
struct Sound<'a, 'c> {
    source: Source<'a, 'c>,
    order: &'a Order<'a>,
    /// The part of the file that is played.
    played: Played,
    /// Samples a channel before that part that were left out so far.
    skipped: usize,
    /// Present once the first packet has named rate and channels.
    kept: Option<Kept<'a>>,
    packet: Vec<Vec<f32>>,
}

impl Sound<'_, '_> {
    fn is_full(&self) -> bool {
        let Some(kept) = &self.kept else { return false };
        // An edit ends with a whole packet, as other programs have it.
        let is_over =
            self.played.secs.is_some_and(|secs| kept.position() as f64 >= secs * f64::from(kept.rate_hz()));
        is_over || kept.is_full()
    }

    /// Decodes packets until the sound is full or over.
    fn read(&mut self, mut stream: Stream, reader: &mut dyn FormatReader) -> Result<End, DecodeError> {
        let mut damaged = None;
        while !self.is_full() {
            let packet = match reader.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => break,
                // The next of several sounds in a row (a chained Ogg file): it goes on with this one if it is of the same kind.
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
                Ok(buffer) if self.goes_on(&buffer) => self.append(&buffer)?,
                Ok(_) => return Ok(End::OtherSound),
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
            Some(_) => Ok(End::BrokenOff),
            None => Ok(End::Whole),
        }
    }

    /// Whether `buffer` has the rate and the channels of what came before.
    fn goes_on(&self, buffer: &GenericAudioBufferRef<'_>) -> bool {
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
                none.insert(Kept::new(self.source.path, self.order, channels, rate)?)
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

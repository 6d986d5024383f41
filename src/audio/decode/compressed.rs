//! Everything but plain WAV, by symphonia.

use std::{
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use symphonia::core::{
    audio::GenericAudioBufferRef,
    codecs::audio::{AudioDecoder, AudioDecoderOptions},
    errors::Error,
    formats::{FormatOptions, FormatReader, Track, TrackType, probe::Hint},
    io::MediaSourceStream,
    meta::MetadataOptions,
};

use super::{ClipInfo, DecodeError, Decoded, check_header, wanted_len};
use crate::audio::{clip::Clip, flag::Flag, format::SoundFormat};

/// A file with the names that its errors need.
#[derive(Clone, Copy)]
struct Source<'a> {
    path: &'a Path,
    format: SoundFormat,
}

impl Source<'_> {
    fn error(self, error: &Error) -> DecodeError {
        let (path, format, cause) = (self.path.into(), self.format.to_string(), error.to_string());
        match error {
            Error::Unsupported(_) => DecodeError::UnsupportedCodec { path, format, cause },
            Error::IoError(source) if source.raw_os_error().is_some() => {
                DecodeError::Unreadable { path, cause }
            }
            Error::IoError(source) if source.kind() == std::io::ErrorKind::UnexpectedEof => {
                DecodeError::Truncated { path }
            }
            _ => DecodeError::Damaged { path, format, cause },
        }
    }

    fn damaged(self, cause: &str) -> DecodeError {
        DecodeError::Damaged {
            path: self.path.into(),
            format: self.format.to_string(),
            cause: cause.to_owned(),
        }
    }

    /// Runs `work`; a panic of the decoder on a hostile file costs that file only.
    fn guarded<T>(self, work: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
        catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|_| Err(self.damaged("the decoder gave up on its contents")))
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
            .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(|error| self.error(&error))
    }
}

/// Reads only the header.
pub(super) fn probe(path: &Path, file: File, format: SoundFormat) -> Result<ClipInfo, DecodeError> {
    let source = Source { path, format };
    source.guarded(|| {
        let reader = source.open(file)?;
        let track = audio_track(source, reader.as_ref())?;
        let info = header_info(track);
        match info {
            Some(info) => {
                check_header(path, info.sample_rate_hz, info.channels)?;
                Ok(info)
            }
            // Some containers leave rate and channels to the first packet.
            None => decode_from(source, reader, Some(0.01)).map(|decoded| decoded.info),
        }
    })
}

/// Decodes the first `max_secs` seconds.
pub(super) fn decode(
    path: &Path,
    file: File,
    format: SoundFormat,
    max_secs: Option<f64>,
) -> Result<Decoded, DecodeError> {
    let source = Source { path, format };
    source.guarded(|| decode_from(source, source.open(file)?, max_secs))
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

fn decode_from(
    source: Source<'_>,
    mut reader: Box<dyn FormatReader>,
    max_secs: Option<f64>,
) -> Result<Decoded, DecodeError> {
    let track = audio_track(source, reader.as_ref())?;
    let (track_id, promised, header) = (track.id, track.num_frames, header_info(track));
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let parameters = parameters.ok_or_else(|| source.damaged("its sound track has no parameters"))?;
    if let Some(info) = header {
        check_header(source.path, info.sample_rate_hz, info.channels)?;
    }
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|error| source.error(&error))?;
    let mut sound = Sound::new(source, max_secs);
    let ended_early = sound.read(track_id, reader.as_mut(), decoder.as_mut())?;
    let len = sound.planes.first().map_or(0, Vec::len);
    let missing = !sound.is_full() && promised.is_some_and(|promised| (len as u64) < promised);
    let rate = sound.sample_rate_hz.or(header.map(|info| info.sample_rate_hz)).unwrap_or(1);
    let header_secs = header.and_then(|info| info.duration_secs).filter(|_| !missing);
    let duration_secs = header_secs.or_else(|| (!sound.is_full()).then(|| len as f64 / f64::from(rate)));
    let info = ClipInfo { sample_rate_hz: rate, channels: sound.planes.len().max(1), duration_secs };
    // Lossy formats count their frames loosely; a packet or two less is no damage.
    let loosely =
        matches!(source.format, SoundFormat::Mp3 | SoundFormat::Adts | SoundFormat::Mp4 | SoundFormat::Ogg);
    let truncated = ended_early || (missing && !loosely);
    Ok(Decoded {
        clip: Clip::from_channels(sound.planes, rate),
        info,
        flags: if truncated { vec![Flag::Truncated] } else { Vec::new() },
    })
}

/// The samples decoded so far.
struct Sound<'a> {
    source: Source<'a>,
    max_secs: Option<f64>,
    sample_rate_hz: Option<u32>,
    planes: Vec<Vec<f32>>,
    packet: Vec<Vec<f32>>,
    /// Samples a channel to keep, and whether more are an error.
    wanted: (usize, bool),
}

impl<'a> Sound<'a> {
    fn new(source: Source<'a>, max_secs: Option<f64>) -> Self {
        Self {
            source,
            max_secs,
            sample_rate_hz: None,
            planes: Vec::new(),
            packet: Vec::new(),
            wanted: (usize::MAX, false),
        }
    }

    fn is_full(&self) -> bool {
        self.planes.first().is_some_and(|plane| plane.len() >= self.wanted.0)
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
            Some(error) if self.planes.iter().all(Vec::is_empty) => Err(self.source.error(&error)),
            other => Ok(other.is_some()),
        }
    }

    fn append(&mut self, buffer: &GenericAudioBufferRef<'_>) -> Result<(), DecodeError> {
        let (rate, channels) = (buffer.spec().rate(), buffer.num_planes());
        if self.sample_rate_hz.is_none() {
            check_header(self.source.path, rate, channels)?;
            self.sample_rate_hz = Some(rate);
            self.planes = vec![Vec::new(); channels];
            self.wanted = wanted_len(rate, channels, self.max_secs);
        } else if self.sample_rate_hz != Some(rate) || self.planes.len() != channels {
            return Err(self.source.damaged("its rate or number of channels changes in the middle"));
        }
        buffer.copy_to_vecs_planar(&mut self.packet);
        let (wanted, is_limit) = self.wanted;
        for (plane, samples) in self.planes.iter_mut().zip(&self.packet) {
            if is_limit && plane.len() + samples.len() > wanted {
                let limit_secs = wanted as f64 / f64::from(rate);
                return Err(DecodeError::TooLong { path: self.source.path.into(), limit_secs });
            }
            let room = wanted.saturating_sub(plane.len());
            plane.extend(samples.iter().take(room));
        }
        Ok(())
    }
}

//! First stage: a sound file to a mono signal at one rate.

use std::{
    borrow::Cow,
    ops::ControlFlow,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use rayon::prelude::*;

use super::{
    config::{ChannelChoice, PreprocessingConfig},
    memory,
    pieces::{self, FileSpan},
};
use crate::{
    audio::{
        clip::{Clip, append_mean},
        decode::{self, DecodeError, DecodeRequest},
        flag::Flag,
        piece,
    },
    dsp::{level::LevelMeter, resample::Resampler},
};

/// Signals of more samples than this are resampled on several threads: a minute and a half at 44.1 kHz.
const LONG_SIGNAL: usize = 1 << 22;
/// Files of fewer bytes are not asked for their length before they are decoded: only a few compressed ones hold a long signal.
const LONG_FILE: u64 = 1 << 20;

/// A loaded signal with what is known about where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The samples: cut, mixed and resampled.
    pub signal: Vec<f32>,
    /// Rate of the file, in Hz.
    pub native_rate_hz: u32,
    /// Channels of the file.
    pub native_channels: usize,
    /// Length of the whole file in seconds.
    pub native_duration_secs: f64,
    /// Remarks on the file.
    pub flags: Vec<Flag>,
}

/// Turns a recording into one signal; shared by all threads.
pub trait Loader: Send + Sync {
    /// Loads a file.
    ///
    /// # Errors
    /// When the file cannot be decoded or lacks the channel that was asked for.
    fn load(&self, path: &Path) -> Result<Loaded, DecodeError>;

    /// As [`Self::load`], telling `goes_on` the part that is done, 0 to 1; `None` once that is false. A loader may do without.
    ///
    /// # Errors
    /// As [`Self::load`].
    fn load_watched(
        &self,
        path: &Path,
        _goes_on: &dyn Fn(f32) -> bool,
    ) -> Result<Option<Loaded>, DecodeError> {
        self.load(path).map(Some)
    }

    /// Treats a clip in memory as [`Self::load`] treats a file; `name` stands for it in errors.
    ///
    /// # Errors
    /// When the clip has no samples or lacks the channel that was asked for.
    fn load_clip(&self, clip: &Clip, name: &Path) -> Result<Loaded, DecodeError>;

    /// Refuses by its header a file that [`Self::load`] would refuse because of the settings and not because it is bad.
    ///
    /// # Errors
    /// When the settings do not allow the file.
    fn check(&self, _path: &Path) -> Result<(), DecodeError> {
        Ok(())
    }
}

/// `librosa.load`: cut at the file's own rate, channels mixed by their mean, resampled. The path of a piece loads that part of
/// its file.
pub struct StandardLoader {
    config: PreprocessingConfig,
    /// One filter for every native rate met so far.
    resamplers: Mutex<Vec<(u32, Arc<Resampler>)>>,
}

impl StandardLoader {
    /// A loader with the settings of `config`.
    pub fn new(config: &PreprocessingConfig) -> Self {
        Self { config: config.clone(), resamplers: Mutex::default() }
    }

    fn resampler(&self, native_rate_hz: u32) -> Arc<Resampler> {
        let mut known = self.resamplers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, resampler)) = known.iter().find(|(rate, _)| *rate == native_rate_hz) {
            return Arc::clone(resampler);
        }
        let resampler = Arc::new(Resampler::new(native_rate_hz, self.config.sample_rate_hz));
        known.push((native_rate_hz, Arc::clone(&resampler)));
        resampler
    }

    fn check_rate(&self, path: &Path, actual_hz: u32) -> Result<(), DecodeError> {
        if self.config.resample || actual_hz == self.config.sample_rate_hz {
            return Ok(());
        }
        Err(DecodeError::OtherRate { path: path.into(), actual_hz, wanted_hz: self.config.sample_rate_hz })
    }

    /// The first `int(duration * rate)` samples of one channel or of the mean of all.
    fn one_channel(&self, clip: &Clip, name: &Path) -> Result<Vec<f32>, DecodeError> {
        let rate = f64::from(clip.sample_rate_hz());
        let start = (self.config.offset_secs * rate) as usize;
        let cut: Vec<&[f32]> =
            clip.channels().iter().map(|channel| channel.get(start..).unwrap_or_default()).collect();
        let mut signal = Vec::new();
        match self.config.channel {
            ChannelChoice::Mix => append_mean(&mut signal, &cut),
            ChannelChoice::Index(wanted) => {
                let available = cut.len();
                let no_channel = || DecodeError::NoSuchChannel { path: name.into(), wanted, available };
                signal.extend_from_slice(cut.get(wanted).ok_or_else(no_channel)?);
            }
        }
        if self.config.trim_silence {
            let mut meter = LevelMeter::default();
            meter.push(&signal);
            let stretches = meter.finish().stretches(self.config.pieces.silence_db);
            signal.drain(..stretches.first().map_or(0, |sounding| sounding.start as usize));
        }
        if signal.is_empty() {
            return Err(DecodeError::NoSamples { path: name.into() });
        }
        signal.truncate(self.config.max_secs().map_or(usize::MAX, |secs| (secs * rate) as usize));
        Ok(signal)
    }

    /// Length and rate of a part so long that it is resampled while it is decoded; `None` for what is decoded first,
    /// among it whatever will be refused.
    fn long_part(&self, file: &Path, request: &DecodeRequest) -> Option<LongPart> {
        let is_small = || file.metadata().is_ok_and(|data| data.len() < LONG_FILE);
        if !self.config.resample || request.offset_secs > 0.0 || is_small() {
            return None;
        }
        let info = decode::probe(file).ok()?;
        let rate_hz = info.sample_rate_hz;
        let secs =
            request.max_secs.map_or(info.duration_secs?, |most| most.min(info.duration_secs.unwrap_or(most)));
        let samples = (secs * f64::from(rate_hz)) as usize;
        let is_allowed =
            samples.checked_mul(size_of::<f32>()).is_some_and(|bytes| bytes <= request.most_bytes);
        let is_long = samples > LONG_SIGNAL && rate_hz != self.config.sample_rate_hz;
        (is_long && is_allowed).then_some(LongPart { samples, rate_hz })
    }

    /// Loads a long part without ever holding it at its own rate.
    fn load_long(
        &self,
        path: &Path,
        file: &Path,
        request: &DecodeRequest,
        LongPart { samples, rate_hz }: LongPart,
        goes_on: &dyn Fn(f32) -> bool,
    ) -> Result<Option<Loaded>, DecodeError> {
        memory::check_resampling(path, samples, rate_hz, self.config.sample_rate_hz)?;
        let resampler = self.resampler(rate_hz);
        let mut stream = resampler.stream(samples);
        let (mut len, mut is_wanted) = (0_usize, true);
        let decoded = decode::stream_part(file, request, &mut |_, channels| {
            if let Some(channel) = channels.first() {
                len += channel.len();
                stream.push(channel);
            }
            is_wanted = goes_on(len as f32 / samples as f32);
            if is_wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        if !is_wanted {
            return Ok(None);
        }
        Ok(Some(Loaded {
            signal: stream.finish(),
            native_rate_hz: rate_hz,
            native_channels: decoded.info.channels,
            native_duration_secs: decoded.info.duration_secs.unwrap_or(len as f64 / f64::from(rate_hz)),
            flags: decoded.flags,
        }))
    }

    /// `mono` at the configuration's rate; only one of both is held whole at the end.
    fn at_own_rate(&self, mono: Vec<f32>, native_rate_hz: u32, name: &Path) -> Result<Vec<f32>, DecodeError> {
        self.check_rate(name, native_rate_hz)?;
        if native_rate_hz == self.config.sample_rate_hz {
            return Ok(mono);
        }
        memory::check_resampling(name, mono.len(), native_rate_hz, self.config.sample_rate_hz)?;
        Ok(resampled(&self.resampler(native_rate_hz), mono))
    }
}

/// A part of a file as its header describes it.
struct LongPart {
    /// Samples per channel.
    samples: usize,
    rate_hz: u32,
}

/// `signal` at the resampler's other rate; long signals on several threads, with the same result.
fn resampled(resampler: &Resampler, signal: Vec<f32>) -> Vec<f32> {
    let len = signal.len();
    let resampling = resampler.begin(signal);
    let mut output = vec![0.0; resampling.len()];
    if len < LONG_SIGNAL {
        let blocks = output.chunks_mut(resampling.block_len()).enumerate();
        blocks.for_each(|(index, block)| resampling.fill(index, block));
    } else {
        let blocks = output.par_chunks_mut(resampling.block_len()).enumerate();
        blocks.for_each(|(index, block)| resampling.fill(index, block));
    }
    output
}

impl Loader for StandardLoader {
    fn load(&self, path: &Path) -> Result<Loaded, DecodeError> {
        let loaded = self.load_watched(path, &|_| true)?;
        // Nobody stops it.
        loaded.ok_or_else(|| DecodeError::NoSamples { path: path.into() })
    }

    fn load_watched(
        &self,
        path: &Path,
        goes_on: &dyn Fn(f32) -> bool,
    ) -> Result<Option<Loaded>, DecodeError> {
        let FileSpan { file, offset_secs, max_secs } = pieces::part_of(path, &self.config)?;
        let channels = self.config.channel.into();
        if *file != *path {
            // Others of its pieces are wanted next.
            decode::make_seekable(&file, channels, &mut || false)?;
        }
        let request = DecodeRequest { offset_secs, max_secs, channels, ..DecodeRequest::default() };
        if let Some(expected) = self.long_part(&file, &request) {
            return self.load_long(path, &file, &request, expected, goes_on);
        }
        let decoded = decode::decode_with(&file, &request)?;
        let native_rate_hz = decoded.clip.sample_rate_hz();
        let native_duration_secs = decoded.info.duration_secs.unwrap_or(decoded.clip.duration_secs());
        let mono = decoded.clip.into_channels().into_iter().next().unwrap_or_default();
        Ok(Some(Loaded {
            signal: self.at_own_rate(mono, native_rate_hz, path)?,
            native_rate_hz,
            native_channels: decoded.info.channels,
            native_duration_secs,
            flags: decoded.flags,
        }))
    }

    fn load_clip(&self, clip: &Clip, name: &Path) -> Result<Loaded, DecodeError> {
        let mono = self.one_channel(clip, name)?;
        Ok(Loaded {
            signal: self.at_own_rate(mono, clip.sample_rate_hz(), name)?,
            native_rate_hz: clip.sample_rate_hz(),
            native_channels: clip.channels().len(),
            native_duration_secs: clip.duration_secs(),
            flags: Vec::new(),
        })
    }

    fn check(&self, path: &Path) -> Result<(), DecodeError> {
        if self.config.resample {
            return Ok(());
        }
        // A file without a readable header is named when its turn comes.
        let file = piece::found_at(path).map_or(Cow::Borrowed(path), |(file, _)| Cow::Owned(file));
        decode::probe(&file).map_or(Ok(()), |info| self.check_rate(path, info.sample_rate_hz))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::config::ClipDuration;

    fn load(config: &PreprocessingConfig, clip: &Clip) -> Result<Loaded, DecodeError> {
        StandardLoader::new(config).load_clip(clip, Path::new("clip"))
    }

    #[test]
    fn the_cut_comes_before_the_resampling() {
        let config = PreprocessingConfig::default();
        let loaded = load(&config, &Clip::mono(vec![0.1; 20_000], 11_025)).unwrap();
        // int(0.74 * 11025) = 8158 samples, twice as many at 22050 Hz.
        assert_eq!(loaded.signal.len(), 16_316);
        assert_eq!(loaded.native_rate_hz, 11_025);
    }

    #[test]
    fn channels_are_mixed_by_their_mean_or_chosen() {
        let clip = Clip::from_channels(vec![vec![1.0; 9], vec![0.5; 9]], 22_050);
        let mut config = PreprocessingConfig::default();
        assert_eq!(load(&config, &clip).unwrap().signal, [0.75; 9]);
        config.channel = ChannelChoice::Index(1);
        assert_eq!(load(&config, &clip).unwrap().signal, [0.5; 9]);
        config.channel = ChannelChoice::Index(2);
        let message = load(&config, &clip).unwrap_err().to_string();
        assert!(message.contains("2 channels") && message.contains("channel 2"), "{message}");
    }

    #[test]
    fn another_rate_is_an_error_that_names_both_unless_resampling_is_allowed() {
        let mut config = PreprocessingConfig::log_mel();
        let clip = Clip::mono(vec![0.1; 8000], 8000);
        let message = load(&config, &clip).unwrap_err().to_string();
        for part in ["clip", "8,000 Hz", "44,100 Hz", "--resample"] {
            assert!(message.contains(part), "{message}");
        }
        config.resample = true;
        assert_eq!(load(&config, &clip).unwrap().native_rate_hz, 8000);
        config.resample = false;
        assert!(load(&config, &Clip::mono(vec![0.1; 8000], 44_100)).is_ok());
    }

    #[test]
    fn whole_files_are_not_cut_and_nothing_is_an_error() {
        let config = PreprocessingConfig { duration: ClipDuration::Full, ..PreprocessingConfig::default() };
        assert_eq!(load(&config, &Clip::mono(vec![0.1; 50_000], 22_050)).unwrap().signal.len(), 50_000);
        assert!(load(&config, &Clip::mono(Vec::new(), 22_050)).is_err());
    }
}

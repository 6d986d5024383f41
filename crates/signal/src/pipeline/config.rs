//! Every setting of preprocessing, with the tutorial's values as defaults.

use serde::{Deserialize, Serialize};

pub use super::feature::Feature;
use super::{
    feature::LOG_MEL,
    pieces::{Cutting, PieceConfig},
};
use crate::{
    audio::decode::KeptChannels,
    dsp::{
        normalise::MinMax,
        pad::Extension,
        stft::{Framing, Stft},
    },
};

/// How much of a recording is used.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClipDuration {
    /// The first seconds.
    Seconds(f64),
    /// The first samples, counted at the configuration's rate.
    Samples(usize),
    /// As much as gives so many frames.
    Frames(usize),
    /// The whole file.
    Full,
}

/// How finely a feature's images resolve a sound: pairs of frame size and hop length that are known to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The feature's own: the tutorial's, or HiFi-GAN's for log-mel.
    Tutorial,
    /// Twice the frame, so twice the rows, for the log spectrogram; half the hop, so twice the columns, for features whose rows are
    /// bands. Frames overlap by three quarters: phases are recovered better, at twice the memory and time.
    Fine,
}

impl Resolution {
    /// Samples of an analysis frame and samples between frames.
    pub fn frame_and_hop(self, feature: Feature) -> (usize, usize) {
        match self {
            Self::Tutorial => {
                let defaults = feature.defaults();
                (defaults.frame_size, defaults.hop_length)
            }
            Self::Fine => feature.fine(),
        }
    }

    /// The resolution that settings have, if it is one of these.
    pub fn of(config: &PreprocessingConfig) -> Option<Self> {
        let own = (config.frame_size, config.hop_length);
        [Self::Tutorial, Self::Fine].into_iter().find(|known| known.frame_and_hop(config.feature) == own)
    }
}

/// Which channel of a recording is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelChoice {
    /// The mean of all channels.
    #[default]
    Mix,
    /// One channel, counted from 0.
    Index(usize),
}

impl From<ChannelChoice> for KeptChannels {
    fn from(choice: ChannelChoice) -> Self {
        match choice {
            ChannelChoice::Mix => Self::Mean,
            ChannelChoice::Index(wanted) => Self::One(wanted),
        }
    }
}

/// The end at which a short recording is filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PadSide {
    /// After the sound.
    #[default]
    Right,
    /// Before the sound.
    Left,
}

/// What a short recording is filled with, as NumPy's `pad` names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PadMode {
    /// Zeros.
    #[default]
    Constant,
    /// The mirrored signal, edge sample not repeated.
    Reflect,
    /// The edge sample.
    Edge,
    /// The signal from its other end.
    Wrap,
}

/// Settings of the whole journey from recording to image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct PreprocessingConfig {
    /// What the images show.
    pub feature: Feature,
    /// Rate of every signal, in Hz.
    pub sample_rate_hz: u32,
    /// Whether recordings of another rate are resampled; otherwise they are an error.
    pub resample: bool,
    /// How much of a recording is used, or how long its pieces are at most.
    pub duration: ClipDuration,
    /// Seconds of every recording that are passed over before that.
    pub offset_secs: f64,
    /// Whether silence at the start of every recording is passed over as well; [`PieceConfig::silence_db`] says what is silent.
    pub trim_silence: bool,
    /// Whether recordings are cut into pieces, and where.
    pub pieces: PieceConfig,
    /// Which channel is used.
    pub channel: ChannelChoice,
    /// Samples of one analysis frame (`n_fft`).
    pub frame_size: usize,
    /// Samples between frames.
    pub hop_length: usize,
    /// The end that is padded.
    pub pad_side: PadSide,
    /// What it is padded with.
    pub pad_mode: PadMode,
    /// Dynamic range kept below each file's maximum, in dB.
    pub top_db: f32,
    /// Lower end of the normalised range.
    pub range_min: f32,
    /// Upper end of the normalised range.
    pub range_max: f32,
    /// Mel bands of the log-mel feature.
    pub mel_bands: usize,
    /// Upper edge of the mel bands in Hz.
    pub mel_max_hz: f32,
    /// Bands of the log-frequency feature.
    pub log_bands: usize,
    /// How many of them make an octave.
    pub bands_per_octave: usize,
    /// Centre of the lowest of them in Hz.
    pub log_min_hz: f32,
    /// How a class is read from a file name, or empty for the parent folder's name.
    pub labels: String,
    /// Also save the padded signal.
    pub save_signal: bool,
    /// Also save the magnitude.
    pub save_magnitude: bool,
}

impl Default for PreprocessingConfig {
    fn default() -> Self {
        Self {
            feature: Feature::default(),
            sample_rate_hz: 22_050,
            resample: true,
            duration: ClipDuration::Seconds(0.74),
            offset_secs: 0.0,
            trim_silence: false,
            pieces: PieceConfig::default(),
            channel: ChannelChoice::Mix,
            frame_size: 512,
            hop_length: 256,
            pad_side: PadSide::Right,
            pad_mode: PadMode::Constant,
            top_db: 80.0,
            range_min: 0.0,
            range_max: 1.0,
            mel_bands: 80,
            mel_max_hz: 8000.0,
            log_bands: 192,
            bands_per_octave: 24,
            // C1, as librosa's constant-Q transform begins.
            log_min_hz: 32.703,
            labels: String::new(),
            save_signal: false,
            save_magnitude: false,
        }
    }
}

/// A setting outside its sensible limits.
#[derive(Debug, thiserror::Error)]
#[error("{setting} is {actual}, but must be {expected}")]
pub struct ConfigError {
    /// The setting, named as on the command line.
    pub setting: &'static str,
    /// What it may be.
    pub expected: String,
    /// What it is.
    pub actual: String,
}

impl PreprocessingConfig {
    /// The defaults of the log-mel route: 44100 Hz, frame 1024, hop 256. As HiFi-GAN's it takes recordings of that rate
    /// only, until [`Self::resample`] allows others.
    pub fn log_mel() -> Self {
        Self {
            feature: LOG_MEL,
            sample_rate_hz: 44_100,
            resample: false,
            frame_size: 1024,
            ..Self::default()
        }
    }

    /// Checks every setting against its limits.
    ///
    /// # Errors
    /// Names the first setting outside its limits.
    pub fn validate(&self) -> Result<(), ConfigError> {
        within("--sample-rate", self.sample_rate_hz, 1000, 384_000)?;
        if let ClipDuration::Seconds(secs) = self.duration {
            within("--duration", secs, 0.001, 3600.0)?;
        }
        if let ClipDuration::Samples(count) | ClipDuration::Frames(count) = self.duration {
            within("--duration", count, 1, MOST_PIXELS)?;
        }
        if let ChannelChoice::Index(index) = self.channel {
            within("--channel", index, 0, 63)?;
        }
        within("--offset", self.offset_secs, 0.0, 360_000.0)?;
        self.validate_pieces()?;
        within("--frame-size", self.frame_size, 16, 65_536)?;
        if !self.frame_size.is_multiple_of(2) {
            return Err(ConfigError::new("--frame-size", "an even number", self.frame_size.to_string()));
        }
        within("--hop-length", self.hop_length, 1, self.frame_size)?;
        within("--top-db", self.top_db, 1.0, 200.0)?;
        within("--min", self.range_min, -1e6, 1e6)?;
        within("--max", self.range_max, -1e6, 1e6)?;
        if self.range_max - self.range_min < 1e-3 {
            let expected = format!("larger than --min ({})", self.range_min);
            return Err(ConfigError::new("--max", expected, self.range_max.to_string()));
        }
        self.feature.check(self)?;
        self.validate_image()
    }

    fn validate_pieces(&self) -> Result<(), ConfigError> {
        let pieces = &self.pieces;
        within("--silence-db", pieces.silence_db, 1.0, 100.0)?;
        within("--min-silence", pieces.min_silence_secs, 0.0, 60.0)?;
        within("--min-piece", pieces.min_piece_secs, 0.0, 60.0)?;
        within("--onset-delta", pieces.onset_delta, 0.0, 1.0)?;
        within("--overlap", pieces.overlap_secs, 0.0, 3600.0)?;
        if !pieces.is_on() {
            return Ok(());
        }
        let Some(longest_secs) = self.max_secs() else {
            let expected =
                "a length where recordings are cut into pieces (--pieces): that of the longest piece";
            return Err(ConfigError::new("--duration", expected, self.duration_text()));
        };
        if pieces.at == Cutting::Length && pieces.overlap_secs > longest_secs - LEAST_STEP_SECS {
            let expected =
                format!("at least {LEAST_STEP_SECS} s shorter than --duration ({longest_secs:.3} s)");
            return Err(ConfigError::new("--overlap", expected, pieces.overlap_secs.to_string()));
        }
        if self.offset_secs > 0.0 {
            let expected = "0 where recordings are cut into pieces (--pieces)";
            return Err(ConfigError::new("--offset", expected, self.offset_secs.to_string()));
        }
        Ok(())
    }

    /// Checks that the settings together give an image of a sensible size.
    fn validate_image(&self) -> Result<(), ConfigError> {
        let Some((bins, frames)) = self.image_shape() else {
            return Ok(());
        };
        if frames == 0 {
            let needed = self.frame_size as f64 / f64::from(self.sample_rate_hz);
            let expected = format!("at least one frame long ({needed:.3} s with these settings)");
            return Err(ConfigError::new("--duration", expected, self.duration_text()));
        }
        if bins * frames > MOST_PIXELS {
            let expected =
                format!("short enough for images of at most {MOST_PIXELS} values (larger --hop-length, too)");
            return Err(ConfigError::new("--duration", expected, self.duration_text()));
        }
        Ok(())
    }

    fn duration_text(&self) -> String {
        match self.duration {
            ClipDuration::Seconds(secs) => format!("{secs} s"),
            ClipDuration::Samples(count) => format!("{count} samples"),
            ClipDuration::Frames(count) => format!("{count} frames"),
            ClipDuration::Full => "full".to_owned(),
        }
    }

    /// Samples that every padded signal has, or `None` for whole files.
    pub fn padded_len(&self) -> Option<usize> {
        match self.duration {
            ClipDuration::Seconds(secs) => Some((secs * f64::from(self.sample_rate_hz)) as usize),
            ClipDuration::Samples(count) => Some(count),
            ClipDuration::Frames(count) => Some(self.samples_of_frames(count)),
            ClipDuration::Full => None,
        }
    }

    /// The fewest samples that give an image of `frames` frames.
    pub fn samples_of_frames(&self, frames: usize) -> usize {
        let hops = frames.saturating_sub(1).saturating_mul(self.hop_length);
        let first_frame = match self.framing() {
            Framing::Centred => 0,
            Framing::Inside => self.frame_size.saturating_sub(2 * self.reflect_margin()),
        };
        hops.saturating_add(first_frame).max(1)
    }

    /// Seconds from the start of a recording that are used, or `None` for all of it.
    pub fn max_secs(&self) -> Option<f64> {
        match self.duration {
            ClipDuration::Seconds(secs) => Some(secs),
            // Half a sample more, so that rounding down at this rate gives back the same number.
            _ => self.padded_len().map(|len| (len as f64 + 0.5) / f64::from(self.sample_rate_hz)),
        }
    }

    /// `(bins, frames)` of every image, or `None` for whole files.
    pub fn image_shape(&self) -> Option<(usize, usize)> {
        self.padded_len().map(|len| self.image_shape_of(len))
    }

    /// `(bins, frames)` of the image of a padded signal of `padded_len` samples.
    pub fn image_shape_of(&self, padded_len: usize) -> (usize, usize) {
        let len = padded_len + 2 * self.reflect_margin();
        (self.bins(), Stft::frames_of(len, self.frame_size, self.hop_length, self.framing()))
    }

    /// Rows of every image.
    pub fn bins(&self) -> usize {
        self.feature.rows(self)
    }

    /// Brings settings that the sample rate limits below its Nyquist frequency.
    pub fn fit_to_rate(&mut self) {
        let feature = self.feature;
        feature.fit_to_rate(self);
    }

    /// Changes the settings so that images have `rows` rows, where the feature has usual settings for that.
    pub fn fit_rows(&mut self, rows: usize) {
        let feature = self.feature;
        feature.fit_rows(self, rows);
    }

    /// Sets the duration to one that gives images of `frames` columns, where it gives others.
    pub fn fit_duration(&mut self, frames: usize) {
        if self.image_shape().is_none_or(|shape| shape.1 != frames) {
            self.duration = ClipDuration::Full;
            self.duration = self.duration_of(self.samples_of_frames(frames));
        }
    }

    /// The duration that gives padded signals of `padded_len` samples.
    ///
    /// Half a sample more, so that rounding down in [`Self::padded_len`] returns the same number.
    pub(super) fn duration_of(&self, padded_len: usize) -> ClipDuration {
        match self.duration {
            ClipDuration::Full => {
                ClipDuration::Seconds((padded_len as f64 + 0.5) / f64::from(self.sample_rate_hz))
            }
            fixed => fixed,
        }
    }

    /// Where the feature's frames lie.
    pub fn framing(&self) -> Framing {
        self.feature.framing()
    }

    /// Samples by which the feature's signal is reflected at both ends before it is framed.
    pub fn reflect_margin(&self) -> usize {
        self.feature.reflect_margin(self)
    }

    /// The normalised range.
    pub fn range(&self) -> MinMax {
        MinMax { min: self.range_min, max: self.range_max }
    }
}

/// Seconds from one piece's start to the next one's, at least.
const LEAST_STEP_SECS: f64 = 0.01;

/// Values that one image may have at most (256 MiB).
const MOST_PIXELS: usize = 1 << 26;

impl ConfigError {
    fn new(setting: &'static str, expected: impl Into<String>, actual: String) -> Self {
        Self { setting, expected: expected.into(), actual }
    }
}

/// Refuses what is not between `low` and `high`; NaN is neither.
pub(super) fn within<T: Copy + PartialOrd + std::fmt::Display>(
    setting: &'static str,
    value: T,
    low: T,
    high: T,
) -> Result<(), ConfigError> {
    if value >= low && value <= high {
        Ok(())
    } else {
        Err(ConfigError::new(setting, format!("from {low} to {high}"), value.to_string()))
    }
}

impl From<PadMode> for Extension {
    fn from(mode: PadMode) -> Self {
        match mode {
            PadMode::Constant => Self::Zeros,
            PadMode::Reflect => Self::Reflect,
            PadMode::Edge => Self::Edge,
            PadMode::Wrap => Self::Wrap,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_presets_are_valid_and_have_the_documented_images() {
        let spectrogram = PreprocessingConfig::default();
        spectrogram.validate().unwrap();
        assert_eq!(spectrogram.padded_len(), Some(16_317));
        assert_eq!(spectrogram.image_shape(), Some((256, 64)));
        let mel = PreprocessingConfig::log_mel();
        mel.validate().unwrap();
        assert_eq!(mel.image_shape(), Some((80, 127)));
    }

    #[test]
    fn a_wrong_setting_is_named_with_both_values() {
        let message = |change: fn(&mut PreprocessingConfig)| {
            let mut config = PreprocessingConfig::default();
            change(&mut config);
            config.validate().unwrap_err().to_string()
        };
        assert_eq!(message(|c| c.hop_length = 0), "--hop-length is 0, but must be from 1 to 512");
        assert!(message(|c| c.frame_size = 511).contains("even"));
        assert!(message(|c| c.sample_rate_hz = 0).starts_with("--sample-rate"));
        assert!(message(|c| c.duration = ClipDuration::Seconds(f64::NAN)).starts_with("--duration"));
        assert!(message(|c| c.range_max = c.range_min).contains("larger than --min"));
        assert!(message(|c| c.top_db = f32::INFINITY).starts_with("--top-db"));
    }

    #[test]
    fn a_length_in_samples_or_frames_is_kept_to_the_sample() {
        for (frame_size, hop_length) in [(1024, 256), (1024, 255), (512, 512), (16, 1)] {
            for base in [PreprocessingConfig::default(), PreprocessingConfig::log_mel()] {
                for frames in [2, 3, 64, 127] {
                    let duration = ClipDuration::Frames(frames);
                    let config = PreprocessingConfig { duration, frame_size, hop_length, ..base.clone() };
                    config.validate().unwrap();
                    assert_eq!(config.image_shape().map(|shape| shape.1), Some(frames), "{config:?}");
                }
            }
        }
        let samples = |count| PreprocessingConfig {
            duration: ClipDuration::Samples(count),
            ..PreprocessingConfig::log_mel()
        };
        assert_eq!(samples(32_768).image_shape(), Some((80, 128)));
        for count in [1024, 12_345, 44_100] {
            assert_eq!(samples(count).padded_len(), Some(count));
            assert_eq!((samples(count).max_secs().unwrap() * 44_100.0) as usize, count);
        }
        assert!(samples(0).validate().unwrap_err().to_string().starts_with("--duration is 0"));
    }

    #[test]
    fn a_sound_shorter_than_a_frame_is_refused_where_frames_lie_inside() {
        let mut config = PreprocessingConfig::log_mel();
        config.duration = ClipDuration::Seconds(0.002);
        assert!(config.validate().unwrap_err().to_string().contains("one frame"));
    }
}

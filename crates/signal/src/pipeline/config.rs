//! Every setting of preprocessing, with the tutorial's values as defaults.

use timbrespace_base::{
    named, sentence,
    setting::{Difference, Misfit, Named as _, Setting, SettingValue as _, Settings as _, Unit},
    settings,
};

pub use super::feature::definition::Feature;
use super::{
    feature::definition::Definition,
    pieces::settings::{Cutting, PIECES, PieceChoices, PieceConfig},
};
use crate::dsp::{
    normalise::MinMax,
    stft::{Framing, Stft},
};

pub mod kinds;

use self::kinds::MOST_PIXELS;
pub use self::kinds::{ChannelChoice, ClipDuration, FRAMES, PadMode, PadSide, SAMPLES, SECONDS};

named! {
    /// How finely a feature's images resolve a sound: pairs of frame size and hop length that are known to work.
    pub enum Resolution {
        /// The feature's own: the tutorial's, HiFi-GAN's for log-mel, 2048 and 256 for log-frequency.
        #[default]
        Tutorial = "tutorial", "Tutorial", "the feature's own frame and hop";
        /// Twice the frame, so twice the rows, for the log spectrogram; half the hop, so twice the columns, for features whose rows are
        /// bands. Frames overlap by three quarters: phases are recovered better, at twice the memory and time.
        Fine = "fine", "Fine", "twice the frame (log-mel, log-frequency: half the hop), so twice the memory and training time, and a clearer sound";
    }
}

/// How finely the images resolve a sound: it stands for a frame and a hop.
pub static RESOLUTION: Setting =
    Setting::new::<Resolution>("resolution", "How finely the images resolve a sound")
        .label("Resolution")
        .flag("resolution");

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
        Self::ALL.iter().copied().find(|known| known.frame_and_hop(config.feature) == own)
    }
}

settings! {
    /// Settings of the whole journey from recording to image.
    pub struct PreprocessingConfig, PreprocessingChoices, PreprocessingTable, PREPROCESSING {
        /// What the images show
        feature: Feature = Feature::default(), .label("Feature").flag("feature").value("FEATURE").shapes_images();
        /// Rate of every signal; recordings of other rates are resampled, for log-mel only where Other rates is on
        sample_rate_hz: u32 = 22_050,
            .label("Sample rate").flag("sample-rate").count(1000, 384_000).unit(Unit::Hertz).shapes_images();
        /// Resample recordings of other rates; without this, log-mel refuses them
        resample: bool = true, .label("Other rates").flag("resample");
        /// How much is used of every recording, or how long its pieces are at most: seconds, or a number with its unit (32768samples,
        /// 128frames), or `full`; longer recordings are cut, shorter ones padded
        duration: ClipDuration = ClipDuration::Seconds(0.74), .label("Duration").flag("duration").shapes_images();
        /// Seconds of every recording that are passed over before that, as the offset of librosa.load
        offset_secs: f64 = 0.0, .label("Offset").flag("offset").from_to(0.0, 360_000.0).unit(Unit::Seconds);
        /// Pass over silence at the start of every recording
        trim_silence: bool = false, .label("Trim silence").flag("trim-silence");
        /// The mean of all channels, or one channel, counted from 0
        channel: ChannelChoice = ChannelChoice::Mix, .label("Channel").flag("channel").shapes_images();
        /// Samples of one analysis frame (n_fft), an even number: more show finer frequency, less fine time
        frame_size: usize = 512,
            .label("Frame").flag("frame-size").count(16, 65_536).unit(Unit::Samples).shapes_images();
        /// Samples from one frame to the next, at most those of a frame
        hop_length: usize = 256,
            .label("Hop").flag("hop-length").count(1, 65_536).unit(Unit::Samples).shapes_images();
        /// The end at which short recordings are filled
        pad_side: PadSide = PadSide::Right, .label("Pad").flag("pad-side").value("SIDE").shapes_images();
        /// What short recordings are filled with, as NumPy's pad names it
        pad_mode: PadMode = PadMode::Constant, .label("Pad with").flag("pad-mode").value("MODE").shapes_images();
        /// Range kept below each file's maximum; anything quieter is raised to that floor
        top_db: f32 = 80.0,
            .label("Top dB").flag("top-db").from_to(1.0, 200.0).unit(Unit::Decibels).shapes_images();
        /// Lower end of the normalised range: the value that an image's minimum becomes
        range_min: f32 = 0.0, .label("Lowest").flag("min").from_to(-1e6, 1e6);
        /// Upper end of the normalised range: the value that an image's maximum becomes
        range_max: f32 = 1.0, .label("Highest").flag("max").from_to(-1e6, 1e6);
        /// Mel bands of the log-mel feature: rows of its images
        mel_bands: usize = 80, .label("Mel bands").flag("mel-bands").count(1, 1024).shapes_images();
        /// Upper edge of the highest mel band of the log-mel feature, at most half the sample rate
        mel_max_hz: f32 = 8000.0,
            .label("Up to").flag("mel-max").from_to(100.0, 192_000.0).unit(Unit::Hertz).shapes_images();
        /// Bands of the log-frequency feature: rows of its images; the highest must not lie above half the sample rate
        log_bands: usize = 192, .label("Bands").flag("bands").count(1, 1024).shapes_images();
        /// Rows of the log-frequency feature from one note to the same note an octave higher: 12 for semitones, 24 for quarter tones
        bands_per_octave: usize = 24, .label("Per octave").flag("bands-per-octave").count(1, 96).shapes_images();
        /// Middle of the lowest row of the log-frequency feature: 32.703 Hz is C1, where librosa's constant-Q transform begins, 65.406 Hz is C2
        log_min_hz: f32 = 32.703,
            .label("From").flag("lowest-band").from_to(10.0, 192_000.0).unit(Unit::Hertz).shapes_images();
        /// How classes are read from file names, for example `{class}_{group}_{index}`; without, a pattern that fits most names, else
        /// the parent folder's name
        labels: String = String::new(), .label("Classes").flag("labels").text("PATTERN");
        /// Also save the padded signal of every recording
        save_signal: bool = false, .label("Save signals").flag("save-signal");
        /// Also save the magnitude spectrogram of every recording
        save_magnitude: bool = false, .label("Save magnitudes").flag("save-magnitude");
        nested {
            /// Whether recordings are cut into pieces, and where
            pieces: PieceConfig, PieceChoices;
        }
    }
}

impl PreprocessingConfig {
    /// Whether the feature of these settings reads `setting`.
    pub fn reads(&self, setting: &Setting) -> bool {
        let owns =
            |feature: &Feature| feature.own_settings(self).iter().any(|(name, _)| *name == setting.name);
        owns(&self.feature) || !Feature::ALL.iter().any(owns)
    }

    /// The first setting by which images made with these settings are other images than those made with `other`.
    pub fn image_difference(&self, other: &Self) -> Option<Difference> {
        let mut other = other.clone();
        if self.padded_len() == other.padded_len() {
            // One length may be written in seconds, samples or frames.
            other.duration = self.duration;
        }
        let mut differences = self.differences(&other).into_iter();
        differences.find(|difference| difference.setting.shapes_images && self.reads(difference.setting))
    }

    /// Checks every setting that is in use against its limits. Settings that only another feature reads may have any
    /// value: they are checked when that feature is chosen.
    ///
    /// # Errors
    /// Names the first setting outside its limits.
    pub fn validate(&self) -> Result<(), Misfit> {
        self.check_those(&|setting| self.reads(setting))?;
        self.validate_pieces()?;
        if !self.frame_size.is_multiple_of(2) {
            return Err(PREPROCESSING
                .frame_size
                .misfit(self.frame_size, sentence!("misfit-even", "an even number")));
        }
        if self.hop_length > self.frame_size {
            let expected =
                sentence!("misfit-frame-size", "at most --frame-size ({most})", most = self.frame_size);
            return Err(PREPROCESSING.hop_length.misfit(self.hop_length, expected));
        }
        if self.range_max - self.range_min < LEAST_RANGE {
            let expected = sentence!("misfit-range", "larger than --min ({least})", least = self.range_min);
            return Err(PREPROCESSING.range_max.misfit(self.range_max, expected));
        }
        Definition::check(&*self.feature, self)?;
        self.validate_image()
    }

    fn validate_pieces(&self) -> Result<(), Misfit> {
        let pieces = &self.pieces;
        if !pieces.is_on() {
            return Ok(());
        }
        let Some(longest_secs) = self.max_secs() else {
            let expected = sentence!(
                "misfit-length-of-pieces",
                "a length where recordings are cut into pieces (--pieces): that of the longest piece"
            );
            return Err(PREPROCESSING.duration.misfit(self.duration_text(), expected));
        };
        if pieces.at == Cutting::Length && pieces.overlap_secs > longest_secs - LEAST_STEP_SECS {
            let expected = sentence!(
                "misfit-overlap",
                "at least {least} s shorter than --duration ({length} s)",
                least = LEAST_STEP_SECS,
                length = format!("{longest_secs:.3}")
            );
            return Err(PIECES.overlap_secs.misfit(pieces.overlap_secs, expected));
        }
        if self.offset_secs > 0.0 {
            let expected =
                sentence!("misfit-offset-of-pieces", "0 where recordings are cut into pieces (--pieces)");
            return Err(PREPROCESSING.offset_secs.misfit(self.offset_secs, expected));
        }
        Ok(())
    }

    /// Checks that the settings together give an image of a sensible size.
    fn validate_image(&self) -> Result<(), Misfit> {
        let Some((bins, frames)) = self.image_shape() else {
            return Ok(());
        };
        if frames == 0 {
            let needed = self.frame_size as f64 / f64::from(self.sample_rate_hz);
            let expected = sentence!(
                "misfit-one-frame",
                "at least one frame long ({needed} s with these settings)",
                needed = format!("{needed:.3}")
            );
            return Err(PREPROCESSING.duration.misfit(self.duration_text(), expected));
        }
        if bins * frames > MOST_PIXELS {
            let expected = sentence!(
                "misfit-too-long",
                "short enough for images of at most {most} values (larger --hop-length, too)",
                most = MOST_PIXELS
            );
            return Err(PREPROCESSING.duration.misfit(self.duration_text(), expected));
        }
        Ok(())
    }

    fn duration_text(&self) -> String {
        self.duration.read_words(&PREPROCESSING.duration)
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

    /// Samples of a sound of `secs` seconds.
    pub fn len_of(&self, secs: f64) -> usize {
        (secs * f64::from(self.sample_rate_hz)).ceil() as usize
    }

    /// The padded length of a whole file of `len` samples: long enough for one frame.
    pub fn whole_len(&self, len: usize) -> usize {
        len.max(self.frame_size)
    }

    /// Rows of every image.
    pub fn bins(&self) -> usize {
        self.feature.rows(self)
    }

    /// Chooses another feature. A rate, frame and hop that came with the old feature give way to those of the new one; one's
    /// own stay.
    pub fn change_feature(&mut self, feature: Feature) {
        if self.sample_rate_hz == self.feature.defaults().sample_rate_hz {
            self.sample_rate_hz = feature.defaults().sample_rate_hz;
        }
        if let Some(resolution) = Resolution::of(self) {
            (self.frame_size, self.hop_length) = resolution.frame_and_hop(feature);
        }
        self.feature = feature;
        self.fit_to_rate();
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

/// How far apart the ends of the normalised range lie at least.
const LEAST_RANGE: f32 = 1e-3;

#[cfg(test)]
mod tests;

//! The kinds of values that preprocessing settings have.

use serde::{Deserialize, Serialize};
use timbrespace_base::{
    named,
    setting::{Limits, Misfit, Setting, SettingValue, Unit},
};

use crate::{audio::decode::KeptChannels, dsp::pad::Extension};

/// Values that one image may have at most (256 MiB).
pub(super) const MOST_PIXELS: usize = 1 << 26;

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

/// A duration in seconds.
pub static SECONDS: Setting =
    Setting::new::<f64>("seconds", "What is kept of a recording; longer ones are cut, shorter ones padded")
        .label("Duration")
        .from_to(0.001, 3600.0)
        .unit(Unit::Seconds);
/// A duration in samples.
pub static SAMPLES: Setting =
    Setting::new::<usize>("samples", SECONDS.help).label("Samples").count(1, MOST_PIXELS);
/// A duration in frames.
pub static FRAMES: Setting =
    Setting::new::<usize>("frames", SECONDS.help).label("Frames").count(1, MOST_PIXELS);

impl SettingValue for ClipDuration {
    const LIMITS: Limits = Limits::Text("SECONDS|full");

    fn parse(text: &str, _setting: &Setting) -> Result<Self, String> {
        if text == "full" {
            return Ok(Self::Full);
        }
        if let Some(count) = text.strip_suffix("samples") {
            return usize::parse(count.trim_end(), &SAMPLES).map(Self::Samples);
        }
        if let Some(count) = text.strip_suffix("frames") {
            return usize::parse(count.trim_end(), &FRAMES).map(Self::Frames);
        }
        f64::parse(text, &SECONDS).ok().map(Self::Seconds).ok_or_else(|| {
            let secs = SECONDS.limits_words();
            format!("it must be a length {secs}, a number of samples or frames (32768samples, 128frames), or `full`")
        })
    }

    fn words(&self) -> String {
        match self {
            Self::Seconds(secs) => secs.to_string(),
            Self::Samples(count) => format!("{count}samples"),
            Self::Frames(count) => format!("{count}frames"),
            Self::Full => "full".to_owned(),
        }
    }

    fn read_words(&self, _setting: &Setting) -> String {
        match self {
            Self::Seconds(secs) => format!("{secs} s"),
            Self::Samples(count) => format!("{count} samples"),
            Self::Frames(count) => format!("{count} frames"),
            Self::Full => "full".to_owned(),
        }
    }

    fn check(&self, setting: &'static Setting) -> Result<(), Misfit> {
        let checked = match self {
            Self::Seconds(secs) => secs.check(&SECONDS),
            Self::Samples(count) => count.check(&SAMPLES),
            Self::Frames(count) => count.check(&FRAMES),
            Self::Full => Ok(()),
        };
        checked.map_err(|misfit| setting.misfit(misfit.actual, misfit.expected))
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

/// One channel, counted from 0.
static INDEX: Setting = Setting::new::<usize>("index", "One channel, counted from 0").count(0, 63);

impl SettingValue for ChannelChoice {
    const LIMITS: Limits = Limits::Text("mix|N");

    fn parse(text: &str, _setting: &Setting) -> Result<Self, String> {
        if text == "mix" {
            return Ok(Self::Mix);
        }
        usize::parse(text, &INDEX).ok().map(Self::Index).ok_or_else(|| {
            format!("it must be `mix` or the number of a channel, counted from 0, {}", INDEX.limits_words())
        })
    }

    fn words(&self) -> String {
        match self {
            Self::Mix => "mix".to_owned(),
            Self::Index(index) => index.to_string(),
        }
    }

    fn check(&self, setting: &'static Setting) -> Result<(), Misfit> {
        match self {
            Self::Mix => Ok(()),
            Self::Index(index) => {
                index.check(&INDEX).map_err(|misfit| setting.misfit(misfit.actual, misfit.expected))
            }
        }
    }
}

impl From<ChannelChoice> for KeptChannels {
    fn from(choice: ChannelChoice) -> Self {
        match choice {
            ChannelChoice::Mix => Self::Mean,
            ChannelChoice::Index(wanted) => Self::One(wanted),
        }
    }
}

named! {
    /// The end at which a short recording is filled.
    pub enum PadSide {
        /// After the sound.
        #[default]
        Right = "right", "After";
        /// Before the sound.
        Left = "left", "Before";
    }
}

named! {
    /// What a short recording is filled with, as NumPy's `pad` names it.
    pub enum PadMode {
        /// Zeros.
        #[default]
        Constant = "constant", "Silence", "zeros";
        /// The mirrored signal, edge sample not repeated.
        Reflect = "reflect", "Reflect", "the mirrored sound";
        /// The edge sample.
        Edge = "edge", "Edge", "its edge sample";
        /// The signal from its other end.
        Wrap = "wrap", "Wrap", "its other end";
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

//! Each cause as a person reads it: what theirs did, and what to change.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Cause;
use timbrespace_base::numbers::{fixed, signed};
use timbrespace_signal::dsp::normalise::MinMax;

/// In English, as reports have it.
impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transposed => f.write_str("transposed: theirs has frames in rows; save [bins, frames]"),
            Self::NyquistKept => f.write_str("the Nyquist row was kept: theirs lacks the [:-1] after stft"),
            Self::NotFinite => {
                f.write_str("NaN or infinity in theirs: a silent recording was divided by its span of 0")
            }
            Self::UpsideDown => f.write_str("upside down: theirs has its highest frequency in the first row"),
            Self::Squared => f.write_str(
                "decibels doubled: amplitude_to_db was given the squared magnitude; use power_to_db for that",
            ),
            Self::Extremes => {
                f.write_str("the images agree, but the pickle's extremes are of another run or another file")
            }
            Self::OneFrame { .. } | Self::Bins { .. } | Self::Frames { .. } | Self::Shifted(_) => {
                self.sizes(f)
            }
            Self::NotNormalised(_)
            | Self::OtherRange(_)
            | Self::Reference(_)
            | Self::TopDb { .. }
            | Self::Resampled { .. } => self.levels(f),
        }
    }
}

impl Cause {
    /// Causes with sizes in them.
    fn sizes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneFrame { ours, theirs } => write!(
                f,
                "{theirs} frames instead of {ours}: the frames are centred differently (center=), or the duration is \
                 rounded differently"
            ),
            Self::Bins { theirs } => {
                write!(f, "another frame size: {theirs} rows come from n_fft={}", 2 * theirs)
            }
            Self::Frames { ours, theirs } => {
                write!(f, "{theirs} frames instead of {ours}: another duration, hop length or sample rate")
            }
            Self::Shifted(frames) => {
                let direction = if *frames > 0 { "later" } else { "earlier" };
                let count = frames.unsigned_abs();
                let noun = if count == 1 { "frame" } else { "frames" };
                write!(
                    f,
                    "theirs is {count} {noun} {direction}: padded at the other side, or frames centred differently"
                )
            }
            _ => Ok(()),
        }
    }

    /// Causes with levels or rates in them.
    fn levels(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNormalised(MinMax { min, max }) => {
                let [min, max] = [min, max].map(|value| fixed(*value, 3));
                write!(f, "theirs is not normalised: its values reach from {min} to {max}")
            }
            Self::OtherRange(MinMax { min, max }) => {
                let [min, max] = [min, max].map(|value| fixed(*value, 3));
                write!(f, "theirs is normalised to {min}..{max}: compare with --min and --max")
            }
            Self::Reference(offset) => write!(
                f,
                "theirs is {} dB throughout: another reference level (ref=) or a scaled signal",
                signed(*offset, 2)
            ),
            Self::TopDb { ours, theirs } => {
                write!(f, "another dynamic range (top_db): theirs spans {theirs:.1} dB, ours {ours:.1} dB")
            }
            Self::Resampled { from_hz, to_hz } => write!(
                f,
                "resampled from {from_hz} to {to_hz} Hz: resamplers differ in what they leave near and above {} Hz",
                from_hz.min(to_hz) / 2
            ),
            _ => Ok(()),
        }
    }
}

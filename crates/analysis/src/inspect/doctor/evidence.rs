//! The figures behind a finding, in words for a person and as a number for a table.

use std::fmt;

use timbrespace_base::numbers::{count, fixed, signed};
use timbrespace_signal::audio::folder::Cause;

use super::check::Check;

/// What a check measured.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// Cannot be used.
    Unreadable {
        /// Why.
        cause: Cause,
    },
    /// Samples that are NaN or infinite.
    NotNumbers {
        /// How many.
        samples: usize,
    },
    /// No sound in the part that the image shows.
    Silent {
        /// Peak of that part in dB re full scale 1; `None` for zeros alone.
        peak_db: Option<f64>,
        /// Length of that part in seconds.
        used_secs: f64,
        /// Where sound begins after it, in seconds from the start.
        sound_at_secs: Option<f64>,
    },
    /// The same samples as another recording.
    Duplicate {
        /// The other one's name.
        of: String,
    },
    /// Flat peaks.
    Clipped {
        /// Runs of samples at the same extreme.
        runs: usize,
        /// Samples in them.
        samples: usize,
        /// The extreme, full scale 1.
        level: f32,
    },
    /// Sound after the image's end.
    LostSound {
        /// Seconds of sound that are lost.
        lost_secs: f64,
        /// Part of the recording's energy that is lost, 0 to 1.
        energy: f64,
        /// Seconds that the image shows.
        image_secs: f64,
    },
    /// The file is shorter than its header says.
    Truncated,
    /// A rate that few recordings of the folder have.
    OddRate {
        /// Its rate.
        hz: u32,
        /// The others'.
        usual_hz: u32,
    },
    /// A rate that is not the settings'.
    OtherRate {
        /// Its rate.
        hz: u32,
        /// The settings'.
        settings_hz: u32,
        /// Whether the settings refuse it instead of resampling.
        refused: bool,
    },
    /// The same file name in another folder or with another ending.
    SameName {
        /// The other one's name.
        with: String,
    },
    /// A mean that is not zero.
    DcOffset {
        /// The mean, full scale 1.
        mean: f64,
    },
    /// More padding than sound.
    Padded {
        /// Seconds of sound.
        sound_secs: f64,
        /// Seconds that the image shows.
        image_secs: f64,
    },
    /// Nothing above a frequency.
    BandLimit {
        /// The frequency.
        hz: f64,
        /// The highest frequency of the image.
        image_hz: f64,
        /// The recording's rate.
        rate_hz: u32,
    },
}

impl Evidence {
    /// The check that found it.
    pub fn check(&self) -> Check {
        match self {
            Self::Unreadable { .. } | Self::NotNumbers { .. } => Check::Unreadable,
            Self::Silent { .. } => Check::Silent,
            Self::Duplicate { .. } => Check::Duplicate,
            Self::Clipped { .. } => Check::Clipped,
            Self::LostSound { .. } | Self::Truncated => Check::CutOff,
            Self::OddRate { .. } | Self::OtherRate { .. } => Check::WrongRate,
            Self::SameName { .. } => Check::NameCollision,
            Self::DcOffset { .. } => Check::DcOffset,
            Self::Padded { .. } => Check::MostlyPadded,
            Self::BandLimit { .. } => Check::BandLimited,
        }
    }

    /// The figure that matters most, with its unit; for sorting and for tables.
    pub fn figure(&self) -> Option<(f64, &'static str)> {
        match *self {
            Self::NotNumbers { samples } | Self::Clipped { samples, .. } => Some((samples as f64, "samples")),
            Self::Silent { peak_db, .. } => peak_db.map(|peak| (peak, "dB re full scale")),
            Self::LostSound { lost_secs, .. } => Some((lost_secs, "s")),
            Self::OddRate { hz, .. } | Self::OtherRate { hz, .. } => Some((f64::from(hz), "Hz")),
            Self::DcOffset { mean } => Some((mean, "of full scale")),
            Self::Padded { sound_secs, image_secs } => Some((100.0 * padding(sound_secs, image_secs), "%")),
            Self::BandLimit { hz, .. } => Some((hz, "Hz")),
            Self::Unreadable { .. } | Self::Duplicate { .. } | Self::SameName { .. } | Self::Truncated => {
                None
            }
        }
    }

    /// The other recording that it is about.
    pub fn other(&self) -> Option<&str> {
        match self {
            Self::Duplicate { of: other } | Self::SameName { with: other } => Some(other),
            _ => None,
        }
    }
}

/// Part of an image that is padding.
fn padding(sound_secs: f64, image_secs: f64) -> f64 {
    1.0 - sound_secs / image_secs.max(f64::MIN_POSITIVE)
}

/// `22,050 Hz`.
fn hertz(hz: impl Into<f64>) -> String {
    format!("{} Hz", count(hz.into().max(0.0).round() as usize))
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { cause } => cause.fmt(f),
            Self::NotNumbers { samples } => {
                write!(f, "{} samples are NaN, infinite or beyond 1e12 and become 0", count(*samples))
            }
            Self::Silent { peak_db, used_secs, sound_at_secs } => {
                match peak_db {
                    Some(peak) => {
                        write!(
                            f,
                            "peak {} re full scale in its first {used_secs:.2} s",
                            fixed(*peak, 1) + " dB"
                        )?;
                    }
                    None => write!(f, "nothing but zeros in its first {used_secs:.2} s")?,
                }
                sound_at_secs.map_or(Ok(()), |at| write!(f, "; sound begins at {at:.2} s"))
            }
            Self::Duplicate { of } => write!(f, "same samples as {of}"),
            Self::Clipped { runs, samples, level } => {
                let plural = if *runs == 1 { "peak" } else { "peaks" };
                let (runs, samples) = (count(*runs), count(*samples));
                write!(f, "{runs} flat {plural} at {level:.3} of full scale, {samples} samples")
            }
            Self::LostSound { lost_secs, energy, image_secs } => write!(
                f,
                "{lost_secs:.2} s of sound lost after {image_secs:.2} s, {:.1} % of its energy",
                100.0 * energy
            ),
            Self::Truncated => f.write_str("the file ends before its header says"),
            Self::OddRate { hz, usual_hz } => {
                write!(f, "{}, where most have {}", hertz(*hz), hertz(*usual_hz))
            }
            Self::OtherRate { hz, settings_hz, refused } => {
                let fate = if *refused { "refused" } else { "resampled" };
                write!(f, "{}, {fate}: the settings ask for {}", hertz(*hz), hertz(*settings_hz))
            }
            Self::SameName { with } => write!(f, "the same file name as {with}"),
            Self::DcOffset { mean } => write!(f, "mean {} of full scale", signed(*mean, 4)),
            Self::Padded { sound_secs, image_secs } => write!(
                f,
                "{:.0} % padding: {sound_secs:.2} s of sound in an image of {image_secs:.2} s",
                100.0 * padding(*sound_secs, *image_secs)
            ),
            Self::BandLimit { hz, image_hz, rate_hz } => {
                let (limit, image, rate) = (hertz(*hz), hertz(*image_hz), hertz(*rate_hz));
                write!(f, "nothing above {limit}; the image reaches {image} (file: {rate})")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_in_the_words_with_their_units() {
        let padded = Evidence::Padded { sound_secs: 0.2, image_secs: 0.8 };
        assert_eq!(padded.to_string(), "75 % padding: 0.20 s of sound in an image of 0.80 s");
        let (value, unit) = padded.figure().unwrap();
        assert!((value - 75.0).abs() < 1e-9 && unit == "%");
        let silent = Evidence::Silent { peak_db: Some(-71.25), used_secs: 0.74, sound_at_secs: Some(1.5) };
        assert_eq!(
            silent.to_string(),
            "peak −71.2 dB re full scale in its first 0.74 s; sound begins at 1.50 s"
        );
        assert_eq!(Evidence::DcOffset { mean: -0.05 }.to_string(), "mean −0.0500 of full scale");
    }

    #[test]
    fn both_recordings_of_a_pair_are_named() {
        let copy = Evidence::Duplicate { of: "a/x.wav".to_owned() };
        assert_eq!((copy.other(), copy.check()), (Some("a/x.wav"), Check::Duplicate));
    }
}

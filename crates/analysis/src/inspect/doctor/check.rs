//! What is looked for, why it matters, and what to do about it.

use serde::Serialize;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gravity {
    /// The recording is left out, or teaches the model something wrong.
    Fault,
    /// The image is worse than it could be.
    Warning,
    /// Worth knowing; often a matter of the settings.
    Note,
}

impl Gravity {
    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fault => "fault",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One thing that can be wrong with a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// Cannot be decoded, or only with samples that are no numbers.
    Unreadable,
    /// The part that the image shows holds no sound.
    Silent,
    /// The same samples as another recording.
    Duplicate,
    /// Its peaks are cut flat.
    Clipped,
    /// Sound is lost: the recording is longer than the image, or its file is shorter than its header says.
    CutOff,
    /// Another sample rate than the folder's, or than the settings'.
    WrongRate,
    /// Shares its file name with another recording.
    NameCollision,
    /// The waveform does not swing around zero.
    DcOffset,
    /// More than half of the image is padding.
    MostlyPadded,
    /// Nothing above a frequency that lies well below the image's top.
    BandLimited,
}

impl Check {
    /// Every check, the gravest first.
    pub const ALL: [Self; 10] = [
        Self::Unreadable,
        Self::Silent,
        Self::Duplicate,
        Self::Clipped,
        Self::CutOff,
        Self::WrongRate,
        Self::NameCollision,
        Self::DcOffset,
        Self::MostlyPadded,
        Self::BandLimited,
    ];

    /// Its name in tables and CSV files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Silent => "silent",
            Self::Duplicate => "duplicate",
            Self::Clipped => "clipped",
            Self::CutOff => "cut-off",
            Self::WrongRate => "wrong-rate",
            Self::NameCollision => "name-collision",
            Self::DcOffset => "dc-offset",
            Self::MostlyPadded => "mostly-padded",
            Self::BandLimited => "band-limited",
        }
    }

    /// Its name as a heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Unreadable => "Unreadable",
            Self::Silent => "Silent",
            Self::Duplicate => "Duplicates",
            Self::Clipped => "Clipped",
            Self::CutOff => "Cut off",
            Self::WrongRate => "Sample rate",
            Self::NameCollision => "Names that collide",
            Self::DcOffset => "DC offset",
            Self::MostlyPadded => "Mostly padded",
            Self::BandLimited => "Band-limited",
        }
    }

    /// How much it matters.
    pub fn gravity(self) -> Gravity {
        match self {
            Self::Unreadable | Self::Silent | Self::Duplicate => Gravity::Fault,
            Self::Clipped | Self::CutOff | Self::WrongRate | Self::NameCollision | Self::DcOffset => {
                Gravity::Warning
            }
            Self::MostlyPadded | Self::BandLimited => Gravity::Note,
        }
    }

    /// Why it matters, in one sentence.
    pub fn why(self) -> &'static str {
        match self {
            Self::Unreadable => {
                "What cannot be decoded is left out, so the data set is smaller than the folder looks."
            }
            Self::Silent => {
                "Normalisation stretches what little there is to the full range: the model learns an image of noise, or of nothing."
            }
            Self::Duplicate => {
                "Copies count twice in training, and one that lands in the validation images makes the model look better than it is."
            }
            Self::Clipped => {
                "Flat peaks are heard as crackle and seen as overtones up to the top of the image, which the sound never had."
            }
            Self::CutOff => {
                "What lies beyond the image's end is never seen by the model, which learns sounds that stop short."
            }
            Self::WrongRate => {
                "A recording of another rate than the settings' is resampled: its image ends where its own rate did."
            }
            Self::NameCollision => {
                "Programs that keep results by file name alone, as the tutorial's Python does, write one over the other."
            }
            Self::DcOffset => {
                "A constant under the sound fills the lowest rows of the image and takes room from the range of everything else."
            }
            Self::MostlyPadded => {
                "Most of the image shows no sound: the model spends its effort on learning where recordings end."
            }
            Self::BandLimited => {
                "The upper rows of the image are empty or hold the resampler's noise floor: they cost training time and teach nothing."
            }
        }
    }

    /// What to do about it, in one sentence.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Unreadable => "Convert the file again from its source, or remove it.",
            Self::Silent => "Remove it, or trim the silence before its sound.",
            Self::Duplicate => "Keep one of each.",
            Self::Clipped => "Record again with more headroom, or remove the worst.",
            Self::CutOff => "Set a longer duration, or cut recordings so that the sound lies at their start.",
            Self::WrongRate => "Set the rate that most recordings have, or convert the odd ones.",
            Self::NameCollision => {
                "Rename one of them where such programs are to read the results; Timbrespace itself keeps both."
            }
            Self::DcOffset => "Filter it away with a high-pass at about 20 Hz.",
            Self::MostlyPadded => "Set a shorter duration.",
            Self::BandLimited => {
                "Set a lower sample rate (about two and a quarter times the highest frequency), or find better sources."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_check_is_listed_once_the_gravest_first() {
        let keys: BTreeSet<&str> = Check::ALL.iter().map(|check| check.key()).collect();
        assert_eq!(keys.len(), Check::ALL.len());
        assert!(Check::ALL.windows(2).all(|pair| pair[0].gravity() <= pair[1].gravity()));
        assert!(
            Check::ALL.windows(2).all(|pair| pair[0] < pair[1]),
            "the order of the list is that of the type"
        );
    }
}

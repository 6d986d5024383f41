//! The stages of a recording, with their names and explanations.

use crate::{app::feature_words, language::text, pipeline::config::Feature};

/// The stages, from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The loaded signal.
    Loaded,
    /// The padded signal.
    Padded,
    /// STFT magnitude.
    Magnitude,
    /// The feature before normalisation.
    Feature,
    /// The model's input.
    Normalised,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; 5] = [Self::Loaded, Self::Padded, Self::Magnitude, Self::Feature, Self::Normalised];

    /// Whether it is drawn as a waveform.
    pub fn is_wave(self) -> bool {
        matches!(self, Self::Loaded | Self::Padded)
    }

    /// The stage's part of a file name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Loaded => "signal",
            Self::Padded => "padded",
            Self::Magnitude => "magnitude",
            Self::Feature => "feature",
            Self::Normalised => "normalised",
        }
    }

    /// The name for people.
    pub fn name(self, feature: Feature) -> String {
        match self {
            Self::Loaded => text!("stage-loaded"),
            Self::Padded => text!("stage-padded"),
            Self::Magnitude => text!("stage-magnitude"),
            Self::Feature => feature_words::values(feature).into_owned(),
            Self::Normalised => text!("stage-normalised"),
        }
    }

    /// Number and name.
    pub fn title(self, feature: Feature) -> String {
        format!("{}  {}", self as usize + 1, self.name(feature))
    }

    /// A short and a long explanation.
    pub fn explanations(self, feature: Feature) -> (String, String) {
        match self {
            Self::Loaded => (text!("stage-loaded-brief"), text!("stage-loaded-details")),
            Self::Padded => (text!("stage-padded-brief"), text!("stage-padded-details")),
            Self::Magnitude => (text!("stage-magnitude-brief"), text!("stage-magnitude-details")),
            Self::Feature => {
                (feature_words::brief(feature).into_owned(), feature_words::details(feature).into_owned())
            }
            Self::Normalised => (text!("stage-normalised-brief"), text!("stage-normalised-details")),
        }
    }
}

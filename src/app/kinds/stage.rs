//! The stages of a recording, with their names and explanations.

use crate::pipeline::config::Feature;

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

    /// Number and name.
    pub fn title(self, feature: Feature) -> String {
        let name = match self {
            Self::Loaded => "Loaded",
            Self::Padded => "Padded",
            Self::Magnitude => "STFT magnitude",
            Self::Feature => feature.words().values,
            Self::Normalised => "Normalised",
        };
        format!("{}  {name}", self as usize + 1)
    }

    /// A short and a long explanation.
    pub fn explanations(self, feature: Feature) -> (&'static str, &'static str) {
        match self {
            Self::Loaded => (
                "Cut to length, one channel, one sample rate",
                "Cut to the duration, mixed to one channel, resampled: from here on all sounds have one format.",
            ),
            Self::Padded => (
                "Padded, so that all images have one size",
                "Short sounds are padded to the full length, because a model needs images of one size.",
            ),
            Self::Magnitude => (
                "Strength of each frequency in each frame",
                "How strong each frequency is in each frame, from the short-time Fourier transform. Brightness is the cube root \
                 of the magnitude, close to perceived loudness.",
            ),
            Self::Feature => (feature.words().brief, feature.words().details),
            Self::Normalised => (
                "One range for all files: the model's input",
                "Stretched to one range, file by file: the model's input. The original extremes are kept to undo it.",
            ),
        }
    }
}

//! How training images are varied: the settings.

use serde::{Deserialize, Serialize};

use super::config::{VaeConfigError, first_misfit};

/// How training images are varied, each by a draw of its own; zero everywhere for not at all.
///
/// Gain and time shift change what the model is to rebuild. Noise and masks (Park et al. 2019, "`SpecAugment`") are put on
/// what the encoder sees alone: the decoder is still asked for the clean image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Augmentation {
    /// Louder or softer by at most this many dB.
    pub gain_db: f64,
    /// Earlier or later by at most this many frames.
    pub shift_frames: usize,
    /// Standard deviation of noise on the 0..1 values.
    pub noise: f64,
    /// Bins of a band that is blanked out, at most.
    pub mask_bins: usize,
    /// Frames of a stretch that is blanked out, at most.
    pub mask_frames: usize,
}

impl Augmentation {
    /// Whether images stay as they are.
    pub fn is_off(&self) -> bool {
        *self == Self::default()
    }

    /// Checks the ranges.
    ///
    /// # Errors
    /// Names the first setting that does not fit.
    pub fn validate(&self) -> Result<(), VaeConfigError> {
        first_misfit(&[
            (
                "gain_db",
                self.gain_db.to_string(),
                (0.0..=60.0).contains(&self.gain_db),
                "0 to 60 dB".to_owned(),
            ),
            ("noise", self.noise.to_string(), (0.0..=1.0).contains(&self.noise), "0 to 1".to_owned()),
        ])
    }
}

//! Why there is no sound.

use super::{InWords, about_cause};
use crate::playback::backend::PlaybackError;

impl InWords for PlaybackError {
    fn translated(&self) -> Option<String> {
        match self {
            Self::NoDevice { cause } => about_cause("error-sound-none", cause),
            Self::Busy { cause } => about_cause("error-sound-busy", cause),
            Self::Denied { cause } => about_cause("error-sound-denied", cause),
            Self::Failed { cause } => about_cause("error-sound-failed", cause),
            Self::Off(cause) => about_cause("error-sound-off", cause),
        }
    }
}

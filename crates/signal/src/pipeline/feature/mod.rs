//! What images show. A feature is one implementation of [`Definition`]: its rows, unit and frames, the way to the image and back,
//! its words for people and for librosa. Everything that depends on the feature asks it; nothing matches on features.
//!
//! To add one, write its file and add it to [`Feature::ALL`]. Settings of its own are fields of
//! [`PreprocessingConfig`](super::config::PreprocessingConfig), which every feature may read.

pub mod axis;
mod bands;
pub mod definition;
pub mod inverse;
pub mod log_frequency;
pub mod log_mel;
pub mod log_spectrogram;
mod transform;
pub mod unit;
pub mod words;

use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, de::Error as _};
use timbrespace_base::{
    named_value,
    setting::{Name, Named},
};

pub use self::{
    definition::{Definition, Feature},
    log_frequency::LOG_FREQUENCY,
    log_mel::LOG_MEL,
    log_spectrogram::LOG_SPECTROGRAM,
};

impl Feature {
    /// All features, in the order of a menu; the first one is the default.
    pub const ALL: [Self; 3] = [LOG_SPECTROGRAM, LOG_MEL, LOG_FREQUENCY];

    /// The feature of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|feature| feature.name() == name)
    }
}

impl Named for Feature {
    const ALL: &'static [Self] = &Self::ALL;

    fn names() -> &'static [Name] {
        static NAMES: LazyLock<Vec<Name>> = LazyLock::new(|| {
            let name = |feature: &Feature| {
                let words = feature.words();
                Name { word: Definition::name(feature.0), label: words.choice, help: words.brief }
            };
            Feature::ALL.iter().map(name).collect()
        });
        &NAMES
    }
}

named_value!(Feature);

impl Default for Feature {
    fn default() -> Self {
        LOG_SPECTROGRAM
    }
}

impl<'de> Deserialize<'de> for Feature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        static NAMES: LazyLock<Vec<&'static str>> =
            LazyLock::new(|| Feature::ALL.iter().map(|feature| feature.name()).collect());
        let name = String::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| D::Error::unknown_variant(&name, &NAMES))
    }
}

#[cfg(test)]
mod tests;

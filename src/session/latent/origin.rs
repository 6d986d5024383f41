//! Where a latent vector came from.

use std::borrow::Cow;

use crate::language::text;

/// Where a latent vector came from.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Origin {
    /// No model has been opened yet.
    #[default]
    NoModel,
    /// The mean of the model's data.
    DataMean,
    /// A recording that was encoded.
    Recording {
        /// The recording's name.
        name: String,
        /// Whether the model of an earlier epoch encoded it.
        is_earlier: bool,
    },
    /// A vector with a name: a slot's or a saved one.
    Named(String),
    /// Sliders, keys or controls that moved it.
    Sliders,
    /// A place of the map.
    Map,
    /// The path from A to B, at this part of it, 0 to 1.
    Between(f32),
    /// The slots' A − B + C.
    Analogy,
    /// The mean of a class.
    ClassMean(String),
    /// A random draw.
    Sample,
    /// A step of a random walk.
    Walk,
    /// A vector that was moved toward the recordings.
    PulledBack,
}

impl Origin {
    /// Whether the vector is of an earlier epoch's model.
    pub fn is_earlier(&self) -> bool {
        matches!(self, Self::Recording { is_earlier: true, .. })
    }

    /// The origin in the language of the window.
    pub fn label(&self) -> Cow<'_, str> {
        match self {
            Self::NoModel => "".into(),
            Self::DataMean => text!("instrument-origin-mean").into(),
            Self::Recording { name, is_earlier: false } | Self::Named(name) => name.into(),
            Self::Recording { name, is_earlier: true } => {
                text!("instrument-origin-earlier", name = name).into()
            }
            Self::Sliders => text!("instrument-origin-sliders").into(),
            Self::Map => text!("instrument-origin-map").into(),
            Self::Between(part) => {
                text!("instrument-origin-between", percent = format!("{:.0}", 100.0 * part)).into()
            }
            Self::Analogy => "A − B + C".into(),
            Self::ClassMean(class) => text!("instrument-origin-class", class = class).into(),
            Self::Sample => text!("instrument-origin-sample").into(),
            Self::Walk => text!("instrument-origin-walk").into(),
            Self::PulledBack => text!("instrument-origin-pulled").into(),
        }
    }

    /// The origin in English words, for names of files.
    pub fn words(&self) -> Cow<'_, str> {
        match self {
            Self::NoModel => "".into(),
            Self::DataMean => "data mean".into(),
            Self::Recording { name, is_earlier: false } | Self::Named(name) => name.into(),
            Self::Recording { name, is_earlier: true } => {
                format!("{name}, as an earlier epoch encoded it").into()
            }
            Self::Sliders => "sliders".into(),
            Self::Map => "a place on the map".into(),
            Self::Between(part) => format!("A to B, {:.0} %", 100.0 * part).into(),
            Self::Analogy => "A − B + C".into(),
            Self::ClassMean(class) => format!("mean of {class}").into(),
            Self::Sample => "random sample".into(),
            Self::Walk => "random walk".into(),
            Self::PulledBack => "pulled back to the data".into(),
        }
    }
}

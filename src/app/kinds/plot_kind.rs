//! The kinds of plots of a run: names, axes and explanations.

use crate::language::{Key, key, text};

/// The quantity on the horizontal axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum XAxis {
    /// Batches.
    #[default]
    Steps,
    /// Passes over the recordings.
    Epochs,
    /// Time of training.
    Time,
}

/// One plot of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlotKind {
    /// Mean squared error.
    Reconstruction,
    /// The quantity that training minimises.
    Total,
    /// KL divergence.
    Kl,
    /// KL divergence per latent dimension.
    Dimensions,
    /// Learning rate.
    LearningRate,
    /// Reconstruction weight.
    Weight,
    /// KL weight.
    Beta,
    /// Norm of the gradients.
    Gradient,
    /// Images per second.
    Speed,
}

impl PlotKind {
    /// Plots that are shown at first.
    pub const FIRST: [Self; 4] = [Self::Reconstruction, Self::Total, Self::Kl, Self::Dimensions];

    /// All plots, with the labels and tooltips of their chips.
    pub const ALL: [(Self, Key, Key); 9] = [
        (Self::Reconstruction, key!("plot-reconstruction"), key!("plot-reconstruction-help")),
        (Self::Total, key!("plot-total"), key!("plot-total-help")),
        (Self::Kl, key!("plot-kl"), key!("plot-kl-help")),
        (Self::Dimensions, key!("plot-dimensions"), key!("plot-dimensions-help")),
        (Self::LearningRate, key!("plot-learning-rate"), key!("plot-learning-rate-help")),
        (Self::Weight, key!("plot-weight"), key!("plot-weight-help")),
        (Self::Beta, key!("plot-beta"), key!("plot-beta-help")),
        (Self::Gradient, key!("plot-gradient"), key!("plot-gradient-help")),
        (Self::Speed, key!("plot-speed"), key!("plot-speed-help")),
    ];

    /// The name in egui's memory: the same in every language.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reconstruction => "reconstruction",
            Self::Total => "total",
            Self::Kl => "kl",
            Self::Dimensions => "dimensions",
            Self::LearningRate => "learning rate",
            Self::Weight => "reconstruction weight",
            Self::Beta => "kl weight",
            Self::Gradient => "gradient",
            Self::Speed => "speed",
        }
    }

    /// Title of the plot's card.
    pub fn title(self) -> String {
        match self {
            Self::Reconstruction => text!("plot-reconstruction-title"),
            Self::Total => text!("plot-total-title"),
            Self::Kl => text!("plot-kl-title"),
            Self::Dimensions => text!("plot-dimensions-title"),
            Self::LearningRate => text!("plot-learning-rate"),
            Self::Weight => text!("plot-weight"),
            Self::Beta => text!("plot-beta"),
            Self::Gradient => text!("plot-gradient-title"),
            Self::Speed => text!("plot-speed"),
        }
    }

    /// Title of the vertical axis.
    pub fn axis(self) -> String {
        match self {
            Self::Reconstruction => text!("plot-reconstruction-axis"),
            Self::Total => text!("plot-total"),
            Self::Kl | Self::Dimensions => text!("plot-kl-axis"),
            Self::LearningRate => text!("plot-learning-rate"),
            Self::Weight => text!("plot-weight-axis"),
            Self::Beta => text!("plot-beta-axis"),
            Self::Gradient => text!("plot-gradient-axis"),
            Self::Speed => text!("plot-speed-axis"),
        }
    }

    /// A short and a long explanation; the plot of dimensions has its own.
    pub fn explanations(self) -> (String, String) {
        match self {
            Self::Reconstruction => {
                (text!("plot-reconstruction-brief"), text!("plot-reconstruction-details"))
            }
            Self::Total => (text!("plot-total-help"), text!("plot-total-details")),
            Self::Kl => (text!("plot-kl-brief"), text!("plot-kl-details")),
            Self::Dimensions => (String::new(), String::new()),
            Self::LearningRate => (text!("plot-learning-rate-brief"), text!("plot-marks-details")),
            Self::Weight => (text!("plot-weight-brief"), text!("plot-marks-details")),
            Self::Beta => (text!("plot-beta-brief"), text!("plot-beta-details")),
            Self::Gradient => (text!("plot-gradient-brief"), text!("plot-gradient-details")),
            Self::Speed => (text!("plot-speed-help"), text!("plot-speed-details")),
        }
    }
}

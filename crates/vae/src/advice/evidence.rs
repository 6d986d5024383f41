//! What a rule found, as figures and in English.

use std::fmt::{self, Display, Formatter};

use super::DEAD_NATS;

/// The figures that a rule found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Evidence {
    /// Few of the latent dimensions carry information.
    DeadDimensions {
        /// Dimensions that do.
        alive: usize,
        /// All dimensions.
        all: usize,
    },
    /// The KL divergence's share of the loss.
    KlShare {
        /// In percent.
        percent: f64,
    },
    /// The validation error has risen while the training error fell.
    ValidationRose {
        /// Epoch with the lowest validation error.
        since: usize,
        /// Validation error in that epoch, and now.
        validation: (f64, f64),
        /// Training error in that epoch, and now.
        training: (f64, f64),
    },
    /// The training error has risen far above its minimum.
    TrainingRose {
        /// The minimum.
        lowest: f64,
        /// The newest error.
        last: f64,
    },
    /// The training error rose again and again.
    Setbacks {
        /// Epochs in which it rose.
        count: usize,
        /// Epochs inspected.
        window: usize,
    },
    /// The validation error oscillates.
    Swings,
    /// The training error stays above that of the mean image.
    WorseThanMean {
        /// Epochs so far.
        epochs: usize,
        /// The newest error.
        last: f64,
        /// Error of the mean image.
        mean: f64,
    },
}

impl Display for Evidence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::DeadDimensions { alive, all } => write!(
                f,
                "{alive} of {all} latent dimensions carry more than {DEAD_NATS} nats: the decoder makes nearly the same image \
                 whatever the latent vector is."
            ),
            Self::KlShare { percent } => write!(
                f,
                "It makes {percent:.2} % of the loss: it does not shape the latent space, so random vectors and \
                 points between recordings may sound like nothing in the data."
            ),
            Self::ValidationRose { since, validation, training } => write!(
                f,
                "Since epoch {since} the error on validation recordings has risen from {:.5} to {:.5}, while that on \
                 training recordings fell from {:.5} to {:.5}.",
                validation.0, validation.1, training.0, training.1
            ),
            Self::TrainingRose { lowest, last } => {
                write!(f, "The training error has gone from {lowest:.5} back up to {last:.5}.")
            }
            Self::Setbacks { count, window } => {
                write!(f, "In {count} of the last {window} epochs the training error rose by more than 5 %.")
            }
            Self::Swings => {
                f.write_str("From epoch to epoch the validation error swings up and down by more than 10 %.")
            }
            Self::WorseThanMean { epochs, last, mean } => write!(
                f,
                "After {epochs} epochs the training error is {last:.5}, worse than the {mean:.5} of the mean image."
            ),
        }
    }
}

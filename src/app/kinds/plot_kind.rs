//! The kinds of plots of a run: names, axes and explanations.

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
    pub const ALL: [(Self, &'static str, &'static str); 9] = [
        (Self::Reconstruction, "Reconstruction", "Mean squared error per pixel"),
        (Self::Total, "Total", "Weight × reconstruction + KL weight × KL"),
        (Self::Kl, "KL", "KL divergence of all dimensions together, in nats"),
        (Self::Dimensions, "Dimensions", "KL divergence of every latent dimension, in nats"),
        (Self::LearningRate, "Learning rate", "Learning rate of every step"),
        (Self::Weight, "Reconstruction weight", "Reconstruction weight of every step"),
        (Self::Beta, "KL weight", "KL weight (beta) of every step"),
        (Self::Gradient, "Gradient", "Norm of all gradients together, before any limit"),
        (Self::Speed, "Speed", "Recordings per second"),
    ];

    /// Title, title of the vertical axis, and a short and a long explanation.
    pub fn what(self) -> (&'static str, &'static str, (&'static str, &'static str)) {
        match self {
            Self::Reconstruction => (
                "Reconstruction loss",
                "Error",
                (
                    "Mean squared error per pixel of the 0..1 images",
                    "The dashed lines are baselines without training: the mean image, as many principal components as the \
                 latent space has dimensions (a model with a linear path starts there), and ten groups of recordings \
                 with up to 16 components each.",
                ),
            ),
            Self::Total => (
                "Total loss",
                "Total",
                (
                    "Weight × reconstruction + KL weight × KL",
                    "The sum that training minimises. It jumps where a weight is changed.",
                ),
            ),
            Self::Kl => (
                "KL divergence",
                "KL (nats)",
                (
                    "Distance of the latent space from the prior",
                    "How far the encoder's Gaussians are from the standard normal distribution, in nats, summed over dimensions.",
                ),
            ),
            Self::Dimensions => ("KL per dimension", "KL (nats)", ("", "")),
            Self::LearningRate => (
                "Learning rate",
                "Learning rate",
                ("Step size of Adam, including its schedule", "Vertical lines mark manual changes."),
            ),
            Self::Weight => (
                "Reconstruction weight",
                "Weight",
                ("Factor of the squared error", "Vertical lines mark manual changes."),
            ),
            Self::Beta => (
                "KL weight",
                "Beta",
                (
                    "Factor of the KL divergence, including its schedule",
                    "1 is the variational bound; more smooths the latent space, less reconstructs better.",
                ),
            ),
            Self::Gradient => (
                "Gradient norm",
                "Norm",
                (
                    "Norm of all gradients together",
                    "Sudden peaks call for a lower learning rate or a gradient limit.",
                ),
            ),
            Self::Speed => {
                ("Speed", "Samples/s", ("Recordings per second", "Lower while the computer does other work."))
            }
        }
    }
}

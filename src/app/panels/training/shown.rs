//! The plots of a run: their axes and captions.

/// What the horizontal axis counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Along {
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
pub enum Shown {
    /// Mean squared error.
    Reconstruction,
    /// What training lowers.
    Total,
    /// KL divergence.
    Kl,
    /// The same for every dimension.
    Dimensions,
    /// Learning rate.
    LearningRate,
    /// Reconstruction weight.
    Weight,
    /// KL weight.
    Beta,
    /// Norm of the gradients.
    Gradient,
    /// Images a second.
    Speed,
}

impl Shown {
    /// What is shown at first.
    pub const FIRST: [Self; 4] = [Self::Reconstruction, Self::Total, Self::Kl, Self::Dimensions];

    /// All, with the words of their chips and what these show when pointed at.
    pub const ALL: [(Self, &'static str, &'static str); 9] = [
        (Self::Reconstruction, "Reconstruction", "Mean squared error a pixel"),
        (Self::Total, "Total", "Weight × reconstruction + KL weight × KL"),
        (Self::Kl, "KL", "KL divergence of all dimensions together, in nats"),
        (Self::Dimensions, "Dimensions", "KL divergence of every latent dimension, in nats"),
        (Self::LearningRate, "Learning rate", "Learning rate of every step"),
        (Self::Weight, "Weight", "Reconstruction weight of every step"),
        (Self::Beta, "KL weight", "KL weight (beta) of every step"),
        (Self::Gradient, "Gradient", "Norm of all gradients together, before any limit"),
        (Self::Speed, "Speed", "Recordings a second"),
    ];

    /// Title, title of the vertical axis, and what the plot shows, in few words and at length.
    pub fn what(self) -> (&'static str, &'static str, (&'static str, &'static str)) {
        match self {
            Self::Reconstruction => (
                "Reconstruction loss",
                "Error",
                (
                    "Mean squared error a pixel of the 0..1 images",
                    "Below the dashed lines the model beats what costs no training: the mean image, principal components as \
                 many as the latent space has dimensions (a model with a linear path starts there), and ten groups of recordings \
                 with up to 16 components each.",
                ),
            ),
            Self::Total => (
                "Total loss",
                "Total",
                (
                    "Weight × reconstruction + KL weight × KL",
                    "What training lowers. It jumps where a weight is changed.",
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
                ("Step size of Adam, as its schedule has it", "Changes by hand are vertical lines."),
            ),
            Self::Weight => (
                "Reconstruction weight",
                "Weight",
                ("What the squared error is multiplied by", "Changes by hand are vertical lines."),
            ),
            Self::Beta => (
                "KL weight",
                "Beta",
                (
                    "What the KL divergence is multiplied by, as its schedule has it",
                    "1 is the variational bound; more orders the latent space, less rebuilds better.",
                ),
            ),
            Self::Gradient => (
                "Gradient norm",
                "Norm",
                (
                    "Length of all gradients together",
                    "Sudden peaks call for a lower learning rate or a gradient limit.",
                ),
            ),
            Self::Speed => {
                ("Speed", "Samples/s", ("Recordings a second", "Lower while the computer does other work."))
            }
        }
    }
}

//! What goes into a model's passes and what comes of them, whichever implementation computes them.

use super::{batch_norm::Moments, loss::Losses, workspace::Buffer};

/// A training batch in main memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batch<'a> {
    /// The encoder's input, `[batch, bins, frames]`.
    pub inputs: &'a [f32],
    /// What the decoded images are compared with, `[batch, bins, frames]`.
    pub targets: &'a [f32],
    /// Standard normal noise of the latent draws, `[batch, latent]`.
    pub noise: &'a [f32],
}

/// Results of a training step's forward and backward pass.
pub(crate) struct StepResult {
    pub losses: Losses,
    /// Batch moments of every batch norm, encoder first.
    pub moments: Vec<Moments>,
    /// Gradient of every trainable tensor, in model order; meaningless if the loss is not finite.
    pub gradients: Vec<Buffer>,
}

/// Gaussians of several images, `[images, latent]` each.
pub(crate) struct Gaussians {
    pub mu: Vec<f32>,
    pub log_variance: Vec<f32>,
}

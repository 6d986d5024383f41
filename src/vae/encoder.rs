//! From images to Gaussians: a stack of convolutions, then two dense layers.

use std::sync::Arc;

use candle_core::{Result, Tensor};

use super::{
    architecture::Architecture,
    dense::Dense,
    error::ModelError,
    latent::DiagonalGaussian,
    stack::{Layer, Normalisation, Stack},
    weights::Tensors,
    workspace::Workspace,
};

/// The encoder.
#[derive(Clone, Debug)]
pub(crate) struct Encoder {
    stack: Stack,
    mu: Dense,
    log_variance: Dense,
}

impl Encoder {
    /// # Errors
    /// When a tensor is missing.
    pub fn new(
        architecture: &Architecture,
        tensors: &Tensors,
        operations: (&Arc<Workspace>, bool),
    ) -> std::result::Result<Self, ModelError> {
        let convolutions = architecture.encoder.iter().cloned();
        let layers = convolutions.map(|convolution| Layer { convolution, normalised: true }).collect();
        Ok(Self {
            stack: Stack::from_tensors(tensors, "encoder", layers, operations)?,
            mu: Dense::from_tensors(tensors, "encoder.mu")?,
            log_variance: Dense::from_tensors(tensors, "encoder.log_variance")?,
        })
    }

    /// Images of the padded size, `[batch, 1, bins, frames]`.
    pub fn forward(&self, images: &Tensor, normalisation: Normalisation<'_>) -> Result<DiagonalGaussian> {
        let features = self.stack.forward(images, normalisation)?.flatten_from(1)?;
        Ok(DiagonalGaussian {
            mu: self.mu.forward(&features)?,
            log_variance: self.log_variance.forward(&features)?,
        })
    }
}

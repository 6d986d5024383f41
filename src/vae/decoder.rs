//! From latent vectors to images: a dense layer, a stack of transposed convolutions and a sigmoid.

use std::sync::Arc;

use candle_core::{Result, Tensor};

use super::{
    architecture::Architecture,
    dense::Dense,
    error::ModelError,
    stack::{Layer, Normalisation, Stack},
    weights::Tensors,
    workspace::Workspace,
};

/// The decoder.
#[derive(Clone, Debug)]
pub(crate) struct Decoder {
    dense: Dense,
    bottleneck: (usize, usize, usize),
    stack: Stack,
}

impl Decoder {
    /// # Errors
    /// When a tensor is missing.
    pub fn new(
        architecture: &Architecture,
        tensors: &Tensors,
        operations: (&Arc<Workspace>, bool),
    ) -> std::result::Result<Self, ModelError> {
        let last = architecture.decoder.len().saturating_sub(1);
        let convolutions = architecture.decoder.iter().cloned().enumerate();
        let layers = convolutions
            .map(|(index, convolution)| Layer { convolution, normalised: index < last })
            .collect();
        Ok(Self {
            dense: Dense::from_tensors(tensors, "decoder.dense")?,
            bottleneck: architecture.bottleneck,
            stack: Stack::from_tensors(tensors, "decoder", layers, operations)?,
        })
    }

    /// Latent vectors `[batch, latent]` to images of the padded size, `[batch, 1, bins, frames]`, in 0..1.
    pub fn forward(&self, latent: &Tensor, normalisation: Normalisation<'_>) -> Result<Tensor> {
        let (channels, bins, frames) = self.bottleneck;
        let features = self.dense.forward(latent)?.reshape((latent.dim(0)?, channels, bins, frames))?;
        candle_nn::ops::sigmoid(&self.stack.forward(&features, normalisation)?)
    }
}

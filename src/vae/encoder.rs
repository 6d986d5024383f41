//! From images to Gaussians: blocks, then two dense layers.

use candle_core::{Result, Tensor};

use super::{
    architecture::Architecture,
    block::{Block, Normalisation, through},
    dense::Dense,
    error::ModelError,
    latent::DiagonalGaussian,
    weights::Tensors,
};

/// The encoder.
#[derive(Clone, Debug)]
pub(crate) struct Encoder {
    blocks: Vec<Block>,
    mu: Dense,
    log_variance: Dense,
}

impl Encoder {
    /// # Errors
    /// When a tensor is missing.
    pub fn new(architecture: &Architecture, tensors: &Tensors) -> std::result::Result<Self, ModelError> {
        let layers = architecture.encoder.iter().enumerate();
        let blocks = layers.map(|(index, layer)| Block::from_tensors(tensors, "encoder", index + 1, layer));
        Ok(Self {
            blocks: blocks.collect::<std::result::Result<_, _>>()?,
            mu: Dense::from_tensors(tensors, "encoder.mu")?,
            log_variance: Dense::from_tensors(tensors, "encoder.log_variance")?,
        })
    }

    /// Images of the padded size, `[batch, 1, bins, frames]`.
    pub fn forward(&self, images: &Tensor, normalisation: Normalisation<'_>) -> Result<DiagonalGaussian> {
        let features = through(&self.blocks, images, normalisation)?.flatten_from(1)?;
        Ok(DiagonalGaussian {
            mu: self.mu.forward(&features)?,
            log_variance: self.log_variance.forward(&features)?,
        })
    }
}

//! From latent vectors to images: a dense layer, transposed blocks, a last transposed convolution and a sigmoid.

use candle_core::{Result, Tensor};

use super::{
    architecture::Architecture,
    block::{Block, Normalisation, through},
    conv::Convolution,
    dense::Dense,
    error::ModelError,
    weights::{Tensors, tensor},
};

/// The decoder.
#[derive(Clone, Debug)]
pub(crate) struct Decoder {
    dense: Dense,
    bottleneck: (usize, usize, usize),
    blocks: Vec<Block>,
    last: Convolution,
    last_weight: Tensor,
    last_bias: Tensor,
}

impl Decoder {
    /// # Errors
    /// When a tensor is missing.
    pub fn new(architecture: &Architecture, tensors: &Tensors) -> std::result::Result<Self, ModelError> {
        let Some((last, hidden)) = architecture.decoder.split_last() else {
            return Err(ModelError::Other("the model has no convolution".to_owned()));
        };
        let layers = hidden.iter().enumerate();
        let blocks = layers.map(|(index, layer)| Block::from_tensors(tensors, "decoder", index + 1, layer));
        let number = architecture.decoder.len();
        Ok(Self {
            dense: Dense::from_tensors(tensors, "decoder.dense")?,
            bottleneck: architecture.bottleneck,
            blocks: blocks.collect::<std::result::Result<_, _>>()?,
            last: last.clone(),
            last_weight: tensor(tensors, &format!("decoder.conv_{number}.weight"))?,
            last_bias: tensor(tensors, &format!("decoder.conv_{number}.bias"))?,
        })
    }

    /// Latent vectors `[batch, latent]` to images of the padded size, `[batch, 1, bins, frames]`, in 0..1.
    pub fn forward(&self, latent: &Tensor, normalisation: Normalisation<'_>) -> Result<Tensor> {
        let (channels, bins, frames) = self.bottleneck;
        let features = self.dense.forward(latent)?.reshape((latent.dim(0)?, channels, bins, frames))?;
        let hidden = through(&self.blocks, &features, normalisation)?;
        candle_nn::ops::sigmoid(&self.last.apply(&hidden, &self.last_weight, &self.last_bias)?)
    }
}

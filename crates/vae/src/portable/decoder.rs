//! Decoder: latent vectors to images, by transposed convolutions or by dense layers only.

use candle_core::{Result, Tensor};

use super::{
    dense::{Dense, DenseStack},
    stack::{Normalisation, Stack},
};
use crate::{architecture::Architecture, error::ModelError, stack::layer::Layer, tensors::Tensors};

/// The two kinds of decoder.
#[derive(Clone, Debug)]
pub(crate) enum Decoder {
    /// A dense layer followed by transposed convolutions.
    Convolutions {
        dense: Dense,
        /// `(channels, bins, frames)` of the dense layer's output.
        bottleneck: (usize, usize, usize),
        stack: Stack,
    },
    /// Dense layers only, ending in the pixels.
    Flat {
        stack: DenseStack,
        /// `(bins, frames)` of the padded image.
        image: (usize, usize),
    },
}

impl Decoder {
    /// Builds the decoder from the tensors named `decoder.*`.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn new(architecture: &Architecture, tensors: &Tensors) -> std::result::Result<Self, ModelError> {
        let dense = architecture.decoder_dense().len();
        if dense > 0 {
            let stack = DenseStack::from_tensors(tensors, "decoder", dense)?;
            return Ok(Self::Flat { stack, image: architecture.padded });
        }
        let last = architecture.decoder.len().saturating_sub(1);
        let convolutions = architecture.decoder.iter().cloned().enumerate();
        let layers = convolutions
            .map(|(index, convolution)| Layer { convolution, normalised: index < last })
            .collect();
        Ok(Self::Convolutions {
            dense: Dense::from_tensors(tensors, "decoder.dense")?,
            bottleneck: architecture.bottleneck,
            stack: Stack::from_tensors(tensors, "decoder", layers)?,
        })
    }

    /// Decodes `[batch, latent]` to images of the padded size, `[batch, 1, bins, frames]`, before the
    /// sigmoid.
    pub fn forward(&self, latent: &Tensor, normalisation: Normalisation<'_>) -> Result<Tensor> {
        let batch = latent.dim(0)?;
        match self {
            Self::Convolutions { dense, bottleneck: (channels, bins, frames), stack } => {
                let features = dense.forward(latent)?.reshape((batch, *channels, *bins, *frames))?;
                stack.forward(&features, normalisation)
            }
            Self::Flat { stack, image: (bins, frames) } => {
                stack.forward(latent)?.reshape((batch, 1, *bins, *frames))
            }
        }
    }
}

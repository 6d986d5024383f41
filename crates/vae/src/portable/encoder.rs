//! Encoder: images to Gaussians, by convolutions or dense layers followed by one dense layer each for mu and
//! log-variance.

use candle_core::{Result, Tensor};

use super::{
    dense::{Dense, DenseStack},
    latent::DiagonalGaussian,
    stack::{Normalisation, Stack},
};
use crate::{architecture::Architecture, error::ModelError, stack::layer::Layer, tensors::Tensors};

/// Feature layers and the two output layers.
#[derive(Clone, Debug)]
pub(crate) struct Encoder {
    body: Body,
    mu: Dense,
    log_variance: Dense,
}

/// Layers from image to features.
#[derive(Clone, Debug)]
enum Body {
    Convolutions(Stack),
    Flat(DenseStack),
}

impl Encoder {
    /// Builds the encoder from the tensors named `encoder.*`.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn new(architecture: &Architecture, tensors: &Tensors) -> std::result::Result<Self, ModelError> {
        let dense = architecture.encoder_dense().len();
        let body = if dense > 0 {
            Body::Flat(DenseStack::from_tensors(tensors, "encoder", dense)?)
        } else {
            let convolutions = architecture.encoder.iter().cloned();
            let layers = convolutions.map(|convolution| Layer { convolution, normalised: true }).collect();
            Body::Convolutions(Stack::from_tensors(tensors, "encoder", layers)?)
        };
        Ok(Self {
            body,
            mu: Dense::from_tensors(tensors, "encoder.mu")?,
            log_variance: Dense::from_tensors(tensors, "encoder.log_variance")?,
        })
    }

    /// Encodes images of the padded size, `[batch, 1, bins, frames]`.
    pub fn forward(&self, images: &Tensor, normalisation: Normalisation<'_>) -> Result<DiagonalGaussian> {
        let features = match &self.body {
            Body::Convolutions(stack) => stack.forward(images, normalisation)?.flatten_from(1)?,
            Body::Flat(stack) => stack.forward(&images.flatten_from(1)?)?.relu()?,
        };
        Ok(DiagonalGaussian {
            mu: self.mu.forward(&features)?,
            log_variance: self.log_variance.forward(&features)?,
        })
    }
}

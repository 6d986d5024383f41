//! Encoder and decoder together, for images of any size.

use std::sync::Arc;

use candle_core::{Result, Tensor};

use super::{
    architecture::Architecture, batch_norm::Moments, config::VaeConfig, decoder::Decoder, encoder::Encoder,
    error::ModelError, latent::DiagonalGaussian, stack::Normalisation, weights::Tensors,
    workspace::Workspace,
};

/// The model: pads images to what its strides divide, and crops what it gives to the images' size.
#[derive(Clone, Debug)]
pub(crate) struct Vae {
    image: (usize, usize),
    padded: (usize, usize),
    encoder: Encoder,
    decoder: Decoder,
    encoder_norms: usize,
    has_norms: bool,
}

/// What a pass through the whole model with the batch's own statistics gives.
#[derive(Debug)]
pub(crate) struct TrainingPass {
    /// `[batch, 1, bins, frames]`.
    pub decoded: Tensor,
    pub latent: DiagonalGaussian,
    /// Of every batch norm, encoder first.
    pub moments: Vec<Moments>,
}

impl Vae {
    /// A model around given tensors: variables to train it, plain tensors to use it. `operations` are
    /// buffers for the largest tensors, and whether our own operations compute on them or candle's.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn new(
        config: &VaeConfig,
        tensors: &Tensors,
        operations: (&Arc<Workspace>, bool),
    ) -> std::result::Result<Self, ModelError> {
        let architecture = Architecture::new(config);
        Ok(Self {
            image: (config.bins, config.frames),
            padded: architecture.padded,
            encoder: Encoder::new(&architecture, tensors, operations)?,
            decoder: Decoder::new(&architecture, tensors, operations)?,
            encoder_norms: architecture.encoder.len(),
            has_norms: !architecture.norms().is_empty(),
        })
    }

    /// Whether there is a batch norm, whose statistics have to be estimated.
    pub fn has_norms(&self) -> bool {
        self.has_norms
    }

    /// Zeros below and to the right, where the strides ask for them.
    fn pad(&self, images: &Tensor) -> Result<Tensor> {
        images.pad_with_zeros(2, 0, self.padded.0 - self.image.0)?.pad_with_zeros(
            3,
            0,
            self.padded.1 - self.image.1,
        )
    }

    fn crop(&self, decoded: &Tensor) -> Result<Tensor> {
        decoded.narrow(2, 0, self.image.0)?.narrow(3, 0, self.image.1)?.contiguous()
    }

    /// Everything a training step or a re-estimation of statistics needs.
    ///
    /// # Shapes
    /// `images`: `[batch, 1, bins, frames]`; `noise`, standard normal: `[batch, latent]`.
    pub fn training_pass(&self, images: &Tensor, noise: &Tensor) -> Result<TrainingPass> {
        let mut moments = Vec::new();
        let latent = self.encoder.forward(&self.pad(images)?, Normalisation::Batch(&mut moments))?;
        let decoded = self.decoder.forward(&latent.sample(noise)?, Normalisation::Batch(&mut moments))?;
        Ok(TrainingPass { decoded: self.crop(&decoded)?, latent, moments })
    }

    /// Images `[batch, 1, bins, frames]` to Gaussians, with kept statistics.
    pub fn encode(&self, images: &Tensor, moments: &[Moments]) -> Result<DiagonalGaussian> {
        let (encoder, _) = moments.split_at(self.encoder_norms.min(moments.len()));
        self.encoder.forward(&self.pad(images)?, Normalisation::Fixed(encoder))
    }

    /// Latent vectors `[batch, latent]` to images `[batch, 1, bins, frames]`, with kept statistics.
    pub fn decode(&self, latent: &Tensor, moments: &[Moments]) -> Result<Tensor> {
        let (_, decoder) = moments.split_at(self.encoder_norms.min(moments.len()));
        self.crop(&self.decoder.forward(latent, Normalisation::Fixed(decoder))?)
    }
}

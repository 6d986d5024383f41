//! Encoder, decoder and linear path as one model for images of any size.

use std::sync::Arc;

use candle_core::{Result, Tensor};

use super::{
    architecture::Architecture, batch_norm::Moments, config::VaeConfig, decoder::Decoder, encoder::Encoder,
    error::ModelError, latent::DiagonalGaussian, linear_path::LinearPath, stack::Normalisation,
    tensors::Tensors, workspace::Workspace,
};

/// The model. Pads images to multiples of its strides and crops decoded images back.
#[derive(Clone, Debug)]
pub(crate) struct Vae {
    image: (usize, usize),
    padded: (usize, usize),
    encoder: Encoder,
    decoder: Decoder,
    linear_path: Option<LinearPath>,
    encoder_norms: usize,
    has_norms: bool,
}

/// Results of a forward pass with the batch's own statistics.
#[derive(Debug)]
pub(crate) struct TrainingPass {
    /// `[batch, 1, bins, frames]` in 0..1; with a linear path, gradients pass straight through the clamping.
    pub decoded: Tensor,
    pub latent: DiagonalGaussian,
    /// Batch moments of every batch norm, encoder first.
    pub moments: Vec<Moments>,
}

impl Vae {
    /// Builds the model around `tensors`: variables for training, plain tensors for inference. `workspace` is
    /// for the largest tensors, `fused` says whether to use this crate's fused operations or candle's.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn new(
        config: &VaeConfig,
        tensors: &Tensors,
        workspace: &Arc<Workspace>,
        fused: bool,
    ) -> std::result::Result<Self, ModelError> {
        let architecture = Architecture::new(config);
        Ok(Self {
            image: (config.bins, config.frames),
            padded: architecture.padded,
            encoder: Encoder::new(&architecture, tensors, workspace, fused)?,
            decoder: Decoder::new(&architecture, tensors, workspace, fused)?,
            linear_path: config.linear_path.then(|| LinearPath::from_tensors(tensors)).transpose()?,
            encoder_norms: architecture.encoder.len(),
            has_norms: !architecture.norms().is_empty(),
        })
    }

    /// Whether the model has batch norms, whose statistics must be estimated.
    pub fn has_norms(&self) -> bool {
        self.has_norms
    }

    /// Pads images with zeros behind the last bin and frame to the model's inner size.
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

    /// Forward pass of a training step, also used to re-estimate statistics.
    ///
    /// # Shapes
    /// `images`: `[batch, 1, bins, frames]`; `noise`, standard normal: `[batch, latent]`.
    pub fn training_pass(&self, images: &Tensor, noise: &Tensor) -> Result<TrainingPass> {
        let mut moments = Vec::new();
        let latent = self.encoder.forward(&self.pad(images)?, Normalisation::Batch(&mut moments))?;
        let latent = self.with_linear_mu(latent, images)?;
        let vector = latent.sample(noise)?;
        let decoded = self.decoder.forward(&vector, Normalisation::Batch(&mut moments))?;
        let decoded = match &self.linear_path {
            Some(path) => LinearPath::clamp_straight_through(&path.decode(&vector, &self.crop(&decoded)?)?)?,
            None => self.crop(&candle_nn::ops::sigmoid(&decoded)?)?,
        };
        Ok(TrainingPass { decoded, latent, moments })
    }

    /// Adds the linear path's contribution to mu, if there is a linear path.
    fn with_linear_mu(&self, latent: DiagonalGaussian, images: &Tensor) -> Result<DiagonalGaussian> {
        let Some(path) = &self.linear_path else { return Ok(latent) };
        Ok(DiagonalGaussian { mu: (latent.mu + path.encode(images)?)?, ..latent })
    }

    /// Images `[batch, 1, bins, frames]` to Gaussians, with stored statistics.
    pub fn encode(&self, images: &Tensor, moments: &[Moments]) -> Result<DiagonalGaussian> {
        let (encoder, _) = moments.split_at(self.encoder_norms.min(moments.len()));
        let latent = self.encoder.forward(&self.pad(images)?, Normalisation::Fixed(encoder))?;
        self.with_linear_mu(latent, images)
    }

    /// Latent vectors `[batch, latent]` to images `[batch, 1, bins, frames]` in 0..1, with stored statistics.
    pub fn decode(&self, latent: &Tensor, moments: &[Moments]) -> Result<Tensor> {
        let (_, decoder) = moments.split_at(self.encoder_norms.min(moments.len()));
        let decoded = self.decoder.forward(latent, Normalisation::Fixed(decoder))?;
        match &self.linear_path {
            Some(path) => path.decode(latent, &self.crop(&decoded)?)?.clamp(0.0_f32, 1.0_f32),
            None => self.crop(&candle_nn::ops::sigmoid(&decoded)?),
        }
    }
}

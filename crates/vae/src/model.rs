//! Encoder, decoder and linear path as one model for images of any size, in one of two implementations: this crate's own
//! in main memory, or candle's operations on any device.

use std::sync::Arc;

use super::{
    architecture::Architecture,
    batch_norm::Moments,
    config::VaeConfig,
    device::Compute,
    error::ModelError,
    fused::Fused,
    passes::{Batch, Gaussians, StepResult},
    portable::Portable,
    schedule::Rates,
    tensors::Tensors,
    workspace::Workspace,
};

/// The model. Pads images to multiples of its strides and crops decoded images back.
#[derive(Debug)]
pub(crate) struct Vae {
    implementation: Implementation,
    has_norms: bool,
    workspace: Arc<Workspace>,
}

#[derive(Debug)]
enum Implementation {
    Fused(Box<Fused>),
    Portable(Box<Portable>),
}

impl Vae {
    /// Builds the model around `tensors`: variables for training, plain tensors for inference. `workspace` is
    /// for the largest tensors.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn new(
        config: &VaeConfig,
        tensors: &Tensors,
        workspace: &Arc<Workspace>,
        compute: &Compute,
    ) -> Result<Self, ModelError> {
        let architecture = Architecture::new(config);
        let image = (config.bins, config.frames);
        let implementation = if compute.fused {
            Implementation::Fused(Box::new(Fused::new(&architecture, image, tensors, workspace)?))
        } else {
            let portable = Portable::new(&architecture, image, tensors, &compute.device)?;
            Implementation::Portable(Box::new(portable))
        };
        let has_norms = !architecture.norms().is_empty();
        Ok(Self { implementation, has_norms, workspace: Arc::clone(workspace) })
    }

    /// Whether the model has batch norms, whose statistics must be estimated.
    pub fn has_norms(&self) -> bool {
        self.has_norms
    }

    /// Loss and gradients of a batch.
    ///
    /// # Errors
    /// When candle fails.
    pub fn step(&self, batch: &Batch<'_>, rates: &Rates) -> Result<StepResult, ModelError> {
        match &self.implementation {
            Implementation::Fused(fused) => Ok(fused.step(batch, rates)?),
            Implementation::Portable(portable) => portable.step(batch, rates, &self.workspace),
        }
    }

    /// Moments of every batch norm for a batch, encoder first.
    ///
    /// # Errors
    /// When candle fails.
    pub fn moments(&self, batch: &Batch<'_>) -> candle_core::Result<Vec<Moments>> {
        match &self.implementation {
            Implementation::Fused(fused) => fused.moments(batch),
            Implementation::Portable(portable) => portable.moments(batch),
        }
    }

    /// Encodes images `[images, bins, frames]`, with stored statistics.
    ///
    /// # Errors
    /// When candle fails.
    pub fn encode(&self, images: &[f32], moments: &[Moments]) -> candle_core::Result<Gaussians> {
        match &self.implementation {
            Implementation::Fused(fused) => fused.encode(images, moments),
            Implementation::Portable(portable) => portable.encode(images, moments),
        }
    }

    /// Decodes vectors `[count, latent]` to images `[count, bins, frames]` in 0..1, with stored statistics.
    ///
    /// # Errors
    /// When candle fails.
    pub fn decode(&self, vectors: &[f32], moments: &[Moments]) -> candle_core::Result<Vec<f32>> {
        match &self.implementation {
            Implementation::Fused(fused) => fused.decode(vectors, moments),
            Implementation::Portable(portable) => portable.decode(vectors, moments),
        }
    }
}

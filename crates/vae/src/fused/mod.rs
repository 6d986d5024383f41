//! The model on slices in main memory, forward and backward, without automatic differentiation.
//!
//! [`network`] says which parameters each layer has; [`body`] computes the layers between image and features,
//! [`latent`] the Gaussians, [`output`] what follows the decoder's last layer. [`training`] puts them together for a
//! step, [`inference`] for everything else.

mod body;
mod dense;
mod dots;
mod inference;
mod latent;
mod network;
mod output;
#[cfg(test)]
mod tests;
mod training;

use std::sync::Arc;

use candle_core::{Result, Tensor};

use self::network::Network;
use super::{
    architecture::Architecture,
    batch_norm::Moments,
    error::ModelError,
    passes::{Batch, Gaussians, StepResult},
    schedule::Rates,
    tensors::{Tensors, tensor, with_elements},
    workspace::Workspace,
};

/// The model around tensors in main memory.
#[derive(Debug)]
pub(crate) struct Fused {
    network: Network,
    /// In the order of the model.
    parameters: Vec<Tensor>,
    workspace: Arc<Workspace>,
}

impl Fused {
    /// Builds the model around `tensors`; `workspace` is for its largest intermediate results.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn new(
        architecture: &Architecture,
        image: (usize, usize),
        tensors: &Tensors,
        workspace: &Arc<Workspace>,
    ) -> std::result::Result<Self, ModelError> {
        let names: Vec<String> =
            architecture.parameters().into_iter().map(|parameter| parameter.name).collect();
        let parameters: Vec<Tensor> =
            names.iter().map(|name| tensor(tensors, name)).collect::<std::result::Result<_, _>>()?;
        Ok(Self {
            network: Network::new(architecture, image, &names)?,
            parameters,
            workspace: Arc::clone(workspace),
        })
    }

    /// Loss and gradients of a batch.
    ///
    /// # Errors
    /// When a parameter is not in main memory.
    pub fn step(&self, batch: &Batch<'_>, rates: &Rates) -> Result<StepResult> {
        with_elements(&self.parameters, |values| {
            training::step(&self.network, values, batch, rates, &self.workspace)
        })
    }

    /// Moments of every batch norm for a batch, encoder first.
    ///
    /// # Errors
    /// As [`Self::step`].
    pub fn moments(&self, batch: &Batch<'_>) -> Result<Vec<Moments>> {
        with_elements(&self.parameters, |values| {
            training::moments(&self.network, values, batch, &self.workspace)
        })
    }

    /// Encodes images `[images, bins, frames]`, normalised by the given moments.
    ///
    /// # Errors
    /// As [`Self::step`].
    pub fn encode(&self, images: &[f32], moments: &[Moments]) -> Result<Gaussians> {
        with_elements(&self.parameters, |values| {
            on_threads(|| inference::encode(&self.network, values, images, moments, &self.workspace))
        })
    }

    /// Decodes vectors `[count, latent]` to images `[count, bins, frames]` in 0..1.
    ///
    /// # Errors
    /// As [`Self::step`].
    pub fn decode(&self, vectors: &[f32], moments: &[Moments]) -> Result<Vec<f32>> {
        with_elements(&self.parameters, |values| {
            on_threads(|| inference::decode(&self.network, values, vectors, moments, &self.workspace))
        })
    }
}

/// Runs `work` on one of rayon's threads, so that its layers share out their work from there. From another thread each layer would wake them
/// anew, and wait asleep for them: a sixth of the time of decoding a vector.
fn on_threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::scope(|_| work())
}

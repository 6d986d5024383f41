//! The model by candle's own operations and its automatic differentiation, for every device that candle supports.

mod decoder;
mod dense;
mod encoder;
mod latent;
mod linear_path;
mod loss;
pub(crate) mod stack;

use std::sync::Arc;

use candle_core::{Device, Result, Tensor, backprop::GradStore};

use self::{
    decoder::Decoder, encoder::Encoder, latent::DiagonalGaussian, linear_path::LinearPath, loss::loss,
    stack::Normalisation,
};
use super::{
    architecture::Architecture,
    batch_norm::Moments,
    error::ModelError,
    passes::{Batch, Gaussians, StepResult},
    schedule::Rates,
    tensors::{Tensors, tensor},
    workspace::{Buffer, Workspace},
};

/// The model in candle's operations.
#[derive(Debug)]
pub(crate) struct Portable {
    image: (usize, usize),
    padded: (usize, usize),
    latent: usize,
    device: Device,
    encoder: Encoder,
    decoder: Decoder,
    linear_path: Option<LinearPath>,
    encoder_norms: usize,
    /// Every parameter, in the order of the model.
    parameters: Vec<(String, Tensor)>,
}

/// Results of a forward pass with the batch's own statistics.
struct TrainingPass {
    /// `[batch, 1, bins, frames]` in 0..1; with a linear path, gradients pass straight through the clamping.
    decoded: Tensor,
    latent: DiagonalGaussian,
    /// Batch moments of every batch norm, encoder first.
    moments: Vec<Moments>,
}

impl Portable {
    /// Builds the model around `tensors` on `device`: variables for training, plain tensors for inference.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn new(
        architecture: &Architecture,
        image: (usize, usize),
        tensors: &Tensors,
        device: &Device,
    ) -> std::result::Result<Self, ModelError> {
        let parameters = architecture.parameters().into_iter();
        let parameters = parameters.map(|parameter| {
            let tensor = tensor(tensors, &parameter.name)?;
            Ok((parameter.name, tensor))
        });
        let linear = architecture.linear_pixels;
        Ok(Self {
            image,
            padded: architecture.padded,
            latent: architecture.latent_size,
            device: device.clone(),
            encoder: Encoder::new(architecture, tensors)?,
            decoder: Decoder::new(architecture, tensors)?,
            linear_path: linear.map(|_| LinearPath::from_tensors(tensors)).transpose()?,
            encoder_norms: architecture.encoder.len(),
            parameters: parameters.collect::<std::result::Result<_, ModelError>>()?,
        })
    }

    /// Loss and gradients of a batch; the gradients are copied to main memory.
    ///
    /// # Errors
    /// When candle fails.
    pub fn step(
        &self,
        batch: &Batch<'_>,
        rates: &Rates,
        workspace: &Arc<Workspace>,
    ) -> std::result::Result<StepResult, ModelError> {
        let targets = self.images(batch.targets)?;
        let TrainingPass { decoded, latent, moments } = self.training_pass(batch)?;
        let (total, losses) = loss(&targets, &decoded, &latent, rates)?;
        // The gradients of a loss that is not finite are of no use.
        let gradients = if losses.is_finite() {
            let store = total.backward()?;
            let gradients = self.parameters.iter();
            let gradients = gradients.map(|(name, tensor)| in_main_memory(name, tensor, &store, workspace));
            gradients.collect::<std::result::Result<_, _>>()?
        } else {
            Vec::new()
        };
        Ok(StepResult { losses, moments, gradients })
    }

    /// Moments of every batch norm for a batch, encoder first.
    ///
    /// # Errors
    /// When candle fails.
    pub fn moments(&self, batch: &Batch<'_>) -> Result<Vec<Moments>> {
        Ok(self.training_pass(batch)?.moments)
    }

    /// Forward pass with the batch's own statistics.
    fn training_pass(&self, batch: &Batch<'_>) -> Result<TrainingPass> {
        let images = self.images(batch.inputs)?;
        let noise = Tensor::from_slice(batch.noise, (images.dim(0)?, self.latent), &self.device)?;
        let mut moments = Vec::new();
        let latent = self.encoder.forward(&self.pad(&images)?, Normalisation::Batch(&mut moments))?;
        let latent = self.with_linear_mu(latent, &images)?;
        let vector = latent.sample(&noise)?;
        let decoded = self.decoder.forward(&vector, Normalisation::Batch(&mut moments))?;
        let decoded = match &self.linear_path {
            Some(path) => LinearPath::clamp_straight_through(&path.decode(&vector, &self.crop(&decoded)?)?)?,
            None => self.crop(&candle_nn::ops::sigmoid(&decoded)?)?,
        };
        Ok(TrainingPass { decoded, latent, moments })
    }

    /// Images as a tensor `[images, 1, bins, frames]`.
    fn images(&self, values: &[f32]) -> Result<Tensor> {
        let (bins, frames) = self.image;
        Tensor::from_slice(values, (values.len() / (bins * frames), 1, bins, frames), &self.device)
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

    /// Adds the linear path's contribution to mu, if there is a linear path.
    fn with_linear_mu(&self, latent: DiagonalGaussian, images: &Tensor) -> Result<DiagonalGaussian> {
        let Some(path) = &self.linear_path else { return Ok(latent) };
        Ok(DiagonalGaussian { mu: (latent.mu + path.encode(images)?)?, ..latent })
    }

    /// Encodes images `[images, bins, frames]`, normalised by the given moments.
    ///
    /// # Errors
    /// When candle fails.
    pub fn encode(&self, images: &[f32], moments: &[Moments]) -> Result<Gaussians> {
        let (encoder, _) = moments.split_at(self.encoder_norms.min(moments.len()));
        let images = self.images(images)?;
        let latent = self.encoder.forward(&self.pad(&images)?, Normalisation::Fixed(encoder))?;
        let DiagonalGaussian { mu, log_variance } = self.with_linear_mu(latent, &images)?;
        Ok(Gaussians { mu: values(&mu)?, log_variance: values(&log_variance)? })
    }

    /// Decodes vectors `[count, latent]` to images `[count, bins, frames]` in 0..1.
    ///
    /// # Errors
    /// When candle fails.
    pub fn decode(&self, vectors: &[f32], moments: &[Moments]) -> Result<Vec<f32>> {
        let (_, decoder) = moments.split_at(self.encoder_norms.min(moments.len()));
        let vectors = Tensor::from_slice(vectors, (vectors.len() / self.latent, self.latent), &self.device)?;
        let decoded = self.decoder.forward(&vectors, Normalisation::Fixed(decoder))?;
        values(&match &self.linear_path {
            Some(path) => path.decode(&vectors, &self.crop(&decoded)?)?.clamp(0.0_f32, 1.0_f32)?,
            None => self.crop(&candle_nn::ops::sigmoid(&decoded)?)?,
        })
    }
}

/// Copies the gradient of a parameter to main memory.
fn in_main_memory(
    name: &str,
    tensor: &Tensor,
    store: &GradStore,
    workspace: &Arc<Workspace>,
) -> std::result::Result<Buffer, ModelError> {
    let Some(gradient) = store.get(tensor) else {
        return Err(ModelError::Other(format!("{name} has no gradient")));
    };
    let mut copy = workspace.take(gradient.elem_count());
    copy.copy_from_slice(&values(gradient)?);
    Ok(copy)
}

fn values(tensor: &Tensor) -> Result<Vec<f32>> {
    tensor.flatten_all()?.to_vec1::<f32>()
}

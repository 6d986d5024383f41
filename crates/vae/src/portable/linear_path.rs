//! A linear path in parallel with a model's other layers; [`crate::linear_path`] says what it is.

use candle_core::{Result, Tensor};

use super::dense::Dense;
use crate::{error::ModelError, tensors::Tensors};

/// Encoder and decoder side of the path.
#[derive(Clone, Debug)]
pub(crate) struct LinearPath {
    encoder: Dense,
    decoder: Dense,
}

impl LinearPath {
    /// Builds the path from `encoder.linear` and `decoder.linear`.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn from_tensors(tensors: &Tensors) -> std::result::Result<Self, ModelError> {
        Ok(Self {
            encoder: Dense::from_tensors(tensors, "encoder.linear")?,
            decoder: Dense::from_tensors(tensors, "decoder.linear")?,
        })
    }

    /// The path's contribution to mu, `[batch, latent]`, from unpadded images `[batch, 1, bins, frames]`.
    pub fn encode(&self, images: &Tensor) -> Result<Tensor> {
        self.encoder.forward(&images.flatten_from(1)?)
    }

    /// Adds the path's image of `latent`, `[batch, latent]`, to the output of the `other` layers, `[batch, 1,
    /// bins, frames]`.
    pub fn decode(&self, latent: &Tensor, other: &Tensor) -> Result<Tensor> {
        self.decoder.forward(latent)?.reshape(other.shape())? + other
    }

    /// Clamps images to 0..1 with a straight-through gradient.
    ///
    /// A pixel clamped to its target has no error and so no gradient; any other clamped pixel is still pulled
    /// back.
    pub fn clamp_straight_through(images: &Tensor) -> Result<Tensor> {
        let limited = images.detach().clamp(0.0_f32, 1.0_f32)?;
        images + (limited - images.detach())?
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Var};

    use super::*;

    #[test]
    fn limits_of_images_let_gradients_through() {
        let images = Var::from_slice(&[-0.5_f32, 0.25, 1.5], 3, &Device::Cpu).unwrap();
        let limited = LinearPath::clamp_straight_through(images.as_tensor()).unwrap();
        assert_eq!(limited.to_vec1::<f32>().unwrap(), [0.0, 0.25, 1.0]);
        let targets = Tensor::from_slice(&[0.0_f32, 0.5, 0.75], 3, &Device::Cpu).unwrap();
        let gradients = (limited - targets).unwrap().sqr().unwrap().sum_all().unwrap().backward().unwrap();
        // Below a target of 0 there is no error; above one of 0.75 the pixel is pulled back.
        assert_eq!(gradients.get(images.as_tensor()).unwrap().to_vec1::<f32>().unwrap(), [0.0, -0.5, 0.5]);
    }
}

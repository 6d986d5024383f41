//! A linear path in parallel with a model's other layers, initialised with principal components.
//!
//! `mu = E x + e + layers(x)` and `image = B z + b + layers(z)`, clamped to 0..1. Initially `E` holds the
//! components divided by their standard deviations, `B` the components times their standard deviations, `b`
//! the mean image and `e = -E b`; the other layers output zero. The model thus starts as a principal
//! component analysis whose mu has mean 0 and covariance 1 on the training images, like the prior.

use candle_core::{Result, Tensor};
use ndarray::{Array1, Array2};

use super::{dense::Dense, error::ModelError, tensors::Tensors};

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

/// Principal components of training images, the initial values of a linear path.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearStart {
    /// The mean image, `[pixels]`.
    pub mean: Array1<f32>,
    /// Orthonormal directions, `[components, pixels]`; fewer than latent dimensions if the images have lower
    /// rank.
    pub components: Array2<f32>,
    /// Variance along each component, `[components]`.
    pub variances: Array1<f32>,
}

impl LinearStart {
    /// `E`, `[latent, pixels]` row after row: components divided by their standard deviations, padded with
    /// rows of zeros.
    pub(super) fn encoder_weight(&self, count: usize) -> Vec<f32> {
        let rows = self.components.outer_iter().zip(&self.variances);
        let values = rows.flat_map(|(row, variance)| {
            let deviation = variance.sqrt();
            row.iter()
                .map(move |value| if deviation > 0.0 { value / deviation } else { 0.0 })
                .collect::<Vec<_>>()
        });
        values.chain(std::iter::repeat(0.0)).take(count).collect()
    }

    /// `e = -E b`, `[latent]`.
    pub(super) fn encoder_bias(&self, count: usize) -> Vec<f32> {
        let values = self.components.outer_iter().zip(&self.variances).map(|(row, variance)| {
            let along: f64 = row.iter().zip(&self.mean).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            if *variance > 0.0 { (-along / f64::from(*variance).sqrt()) as f32 } else { 0.0 }
        });
        values.chain(std::iter::repeat(0.0)).take(count).collect()
    }

    /// `B`, `[pixels, latent]` row after row: components times their standard deviations, padded with columns
    /// of zeros.
    pub(super) fn decoder_weight(&self, count: usize) -> Vec<f32> {
        let pixels = self.mean.len();
        let latent = count / pixels.max(1);
        let mut values = vec![0.0; count];
        for (pixel, row) in values.chunks_exact_mut(latent.max(1)).enumerate() {
            for ((value, component), variance) in
                row.iter_mut().zip(self.components.column(pixel)).zip(&self.variances)
            {
                *value = component * variance.sqrt();
            }
        }
        values
    }

    /// Log-variances `[latent]` that minimise the initial loss: `-ln(1 + 2 w v / pixels)` for the weight `w`
    /// of the mean squared error and the variance `v` of a component; 0, as in the prior, for dimensions
    /// without a component.
    pub(super) fn log_variances(&self, count: usize, reconstruction_weight: f64) -> Vec<f32> {
        let scale = 2.0 * reconstruction_weight / self.mean.len().max(1) as f64;
        let values = self.variances.iter().map(|variance| -(scale * f64::from(*variance)).ln_1p() as f32);
        values.chain(std::iter::repeat(0.0)).take(count).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use candle_core::{Device, Var};
    use ndarray::array;

    use super::*;
    use timbrespace_base::differences::largest_difference;

    /// Three latent dimensions for images of three pixels that lie in a plane.
    fn plane() -> LinearStart {
        LinearStart {
            mean: array![0.5, 0.25, 0.75],
            components: array![[0.6, 0.8, 0.0], [0.0, 0.0, 1.0]],
            variances: array![4.0, 0.25],
        }
    }

    fn path(start: &LinearStart) -> LinearPath {
        let tensor =
            |values: Vec<f32>, shape: &[usize]| Tensor::from_vec(values, shape, &Device::Cpu).unwrap();
        LinearPath::from_tensors(&BTreeMap::from([
            ("encoder.linear.weight".to_owned(), tensor(start.encoder_weight(9), &[3, 3])),
            ("encoder.linear.bias".to_owned(), tensor(start.encoder_bias(3), &[3])),
            ("decoder.linear.weight".to_owned(), tensor(start.decoder_weight(9), &[3, 3])),
            ("decoder.linear.bias".to_owned(), tensor(start.mean.to_vec(), &[3])),
        ]))
        .unwrap()
    }

    #[test]
    fn the_start_whitens_images_and_rebuilds_those_on_its_plane() {
        let path = path(&plane());
        // Mean + 3 x first + 0.5 x second direction: 3 / 2 and 0.5 / 0.5 standard deviations.
        let image = [0.5 + 1.8, 0.25 + 2.4, 0.75 + 0.5];
        let images = Tensor::from_slice(&image, (1, 1, 1, 3), &Device::Cpu).unwrap();
        let mu = path.encode(&images).unwrap();
        let found = mu.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert!(largest_difference(&found, &[1.5, 1.0, 0.0]) < 1e-6, "{found:?}");
        let decoded = path.decode(&mu, &images.zeros_like().unwrap()).unwrap();
        assert_eq!(decoded.dims(), [1, 1, 1, 3]);
        let found = decoded.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert!(largest_difference(&found, &image) < 1e-6, "{found:?}");
    }

    #[test]
    fn the_encoder_is_most_certain_where_a_direction_changes_images_most() {
        // 1 / (1 + 2 x 30 x 4 / 3) = 1 / 81, 1 / (1 + 2 x 30 x 0.25 / 3) = 1 / 6, and the prior's 1.
        let found = plane().log_variances(3, 30.0);
        assert!(largest_difference(&found, &[-81.0_f32.ln(), -6.0_f32.ln(), 0.0]) < 1e-6, "{found:?}");
    }

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

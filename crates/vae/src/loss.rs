//! The training loss: `weight * mean squared pixel error + beta * KL divergence`, mean over the batch.

use candle_core::{Result, Tensor};
use ndarray::ArrayRef3;

use super::{latent::DiagonalGaussian, schedule::Rates, snapshot::Posterior};

/// The terms of a loss, means over samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Losses {
    /// `weight * reconstruction + beta * kl`.
    pub total: f64,
    /// Mean squared error per pixel.
    pub reconstruction: f64,
    /// KL divergence from the prior, in nats.
    pub kl: f64,
}

impl Losses {
    /// Weights and adds the two terms.
    pub fn new(reconstruction: f64, kl: f64, rates: &Rates) -> Self {
        let total = rates.reconstruction_weight * reconstruction + rates.beta * kl;
        Self { total, reconstruction, kl }
    }

    /// Whether all three values are finite.
    pub fn is_finite(&self) -> bool {
        self.total.is_finite() && self.reconstruction.is_finite() && self.kl.is_finite()
    }
}

/// The loss of a batch as a tensor, for the backward pass, and as numbers.
///
/// # Shapes
/// `images` and `decoded`: `[batch, 1, bins, frames]`, without the padding of the model.
///
/// # Errors
/// When the shapes differ.
pub fn loss(
    images: &Tensor,
    decoded: &Tensor,
    latent: &DiagonalGaussian,
    rates: &Rates,
) -> Result<(Tensor, Losses)> {
    let reconstruction = (decoded - images)?.sqr()?.mean_all()?;
    let kl = latent.kl_divergence()?.mean_all()?;
    let weighted = if rates.beta == 1.0 { kl.clone() } else { (&kl * rates.beta)? };
    let total = ((&reconstruction * rates.reconstruction_weight)? + weighted)?;
    let (reconstruction_value, kl_value) = (reconstruction.to_scalar::<f32>()?, kl.to_scalar::<f32>()?);
    let losses = Losses::new(reconstruction_value.into(), kl_value.into(), rates);
    Ok((total, losses))
}

/// Mean squared error per pixel of each image, `[images]`, summed in f64.
pub fn reconstruction_errors(images: &ArrayRef3<f32>, decoded: &ArrayRef3<f32>) -> Vec<f64> {
    images
        .outer_iter()
        .zip(decoded.outer_iter())
        .map(|(image, decoded)| {
            let squares = image.iter().zip(decoded).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2));
            squares.sum::<f64>() / image.len().max(1) as f64
        })
        .collect()
}

/// KL divergence of each dimension of each image from the standard normal, `[images][latent]`, in nats.
pub fn kl_divergences(posterior: &Posterior) -> Vec<Vec<f64>> {
    posterior
        .mu
        .outer_iter()
        .zip(posterior.log_variance.outer_iter())
        .map(|(mu, log_variance)| {
            mu.iter()
                .zip(log_variance)
                .map(|(mu, log_variance)| {
                    let (mu, log_variance) = (f64::from(*mu), f64::from(*log_variance));
                    -0.5 * (1.0 + log_variance - mu * mu - log_variance.exp())
                })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn the_loss_weighs_the_mean_pixel_error_and_adds_the_divergence() {
        let tensor = |values: &[f32]| Tensor::from_slice(values, (2, 1, 1, 2), &Device::Cpu).unwrap();
        let images = tensor(&[0.0, 1.0, 0.5, 0.5]);
        let decoded = tensor(&[0.5, 1.0, 0.5, 0.0]);
        let column = |values: &[f32]| Tensor::from_slice(values, (2, 1), &Device::Cpu).unwrap();
        let rates = |beta| Rates { reconstruction_weight: 100.0, beta, ..Rates::default() };
        let latent = DiagonalGaussian { mu: column(&[1.0, 3.0]), log_variance: column(&[0.0, 0.0]) };
        let (total, losses) = loss(&images, &decoded, &latent, &rates(1.0)).unwrap();
        assert_eq!(losses.reconstruction, 0.125);
        assert_eq!(losses.kl, 2.5);
        assert_eq!(losses.total, 15.0);
        assert_eq!(total.to_scalar::<f32>().unwrap(), 15.0);
        let (total, losses) = loss(&images, &decoded, &latent, &rates(0.5)).unwrap();
        assert_eq!((losses.total, total.to_scalar::<f32>().unwrap()), (13.75, 13.75));
        assert!(losses.is_finite() && !Losses::new(f64::NAN, 0.0, &rates(1.0)).is_finite());
    }

    #[test]
    fn errors_and_divergences_are_told_apart_by_image() {
        let images = ndarray::arr3(&[[[0.0_f32, 1.0]], [[1.0, 1.0]]]);
        let decoded = ndarray::arr3(&[[[0.0_f32, 0.0]], [[1.0, 1.0]]]);
        assert_eq!(reconstruction_errors(&images, &decoded), [0.5, 0.0]);
        let posterior =
            Posterior { mu: ndarray::arr2(&[[0.0, 2.0]]), log_variance: ndarray::arr2(&[[0.0, 0.0]]) };
        assert_eq!(kl_divergences(&posterior), [[0.0, 2.0]]);
    }
}

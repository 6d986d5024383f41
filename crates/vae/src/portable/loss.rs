//! The training loss as a tensor.

use candle_core::{Result, Tensor};

use super::latent::DiagonalGaussian;
use crate::{loss::Losses, schedule::Rates};

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
}

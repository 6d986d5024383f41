//! The training loss: `weight * mean squared pixel error + beta * KL divergence`, mean over the batch.

use ndarray::{ArrayRef2, ArrayRef3};

use super::schedule::Rates;

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

/// KL divergence of each dimension of each image's Gaussian from the standard normal, `[images][latent]`, in nats. `mu` and
/// `log_variance` are `[images, latent]`.
pub fn kl_divergences(mu: &ArrayRef2<f32>, log_variance: &ArrayRef2<f32>) -> Vec<Vec<f64>> {
    mu.outer_iter()
        .zip(log_variance.outer_iter())
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
    use super::*;

    #[test]
    fn errors_and_divergences_are_told_apart_by_image() {
        let images = ndarray::arr3(&[[[0.0_f32, 1.0]], [[1.0, 1.0]]]);
        let decoded = ndarray::arr3(&[[[0.0_f32, 0.0]], [[1.0, 1.0]]]);
        assert_eq!(reconstruction_errors(&images, &decoded), [0.5, 0.0]);
        let (mu, log_variance) = (ndarray::arr2(&[[0.0, 2.0]]), ndarray::arr2(&[[0.0, 0.0]]));
        assert_eq!(kl_divergences(&mu, &log_variance), [[0.0, 2.0]]);
    }
}

//! The encoder's output: one diagonal Gaussian per image.

use candle_core::{Result, Tensor};

/// Independent Gaussians per dimension, for each sample of a batch.
#[derive(Clone, Debug)]
pub struct DiagonalGaussian {
    /// Means, `[batch, latent]`.
    pub mu: Tensor,
    /// Logarithms of the variances, `[batch, latent]`.
    pub log_variance: Tensor,
}

impl DiagonalGaussian {
    /// Reparameterised sample `mu + exp(log_variance / 2) * noise`: gradients flow through it (Kingma &
    /// Welling 2014).
    ///
    /// # Errors
    /// When `noise` (standard normal) is not `[batch, latent]`.
    pub fn sample(&self, noise: &Tensor) -> Result<Tensor> {
        let deviation = (&self.log_variance * 0.5)?.exp()?;
        &self.mu + (deviation * noise)?
    }

    /// KL divergence from the standard normal per sample, in nats, `[batch]`:
    /// `-½ Σ (1 + log_variance − mu² − exp(log_variance))`.
    ///
    /// # Errors
    /// When candle fails.
    pub fn kl_divergence(&self) -> Result<Tensor> {
        let terms = ((&self.log_variance + 1.0)? - self.mu.sqr()?)? - self.log_variance.exp()?;
        terms?.sum(1)? * -0.5
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    fn gaussian(mu: &[f32], log_variance: &[f32]) -> DiagonalGaussian {
        let row = |values| Tensor::from_slice(values, (1, 2), &Device::Cpu).unwrap();
        DiagonalGaussian { mu: row(mu), log_variance: row(log_variance) }
    }

    #[test]
    fn kl_divergence_is_zero_for_the_standard_normal_and_follows_the_closed_form() {
        let standard = gaussian(&[0.0, 0.0], &[0.0, 0.0]);
        assert_eq!(standard.kl_divergence().unwrap().to_vec1::<f32>().unwrap(), [0.0]);
        // σ² = 4 and μ = 1: ½(4 + 1 − 1 − ln 4); σ² = ¼ and μ = −2: ½(¼ + 4 − 1 + ln 4).
        let other = gaussian(&[1.0, -2.0], &[4.0_f32.ln(), 0.25_f32.ln()]);
        let kl = other.kl_divergence().unwrap().to_vec1::<f32>().unwrap()[0];
        assert!((kl - 3.625).abs() < 1e-6, "{kl}");
    }

    #[test]
    fn a_draw_is_mu_plus_deviation_times_noise() {
        let gaussian = gaussian(&[1.0, -1.0], &[0.0, 4.0_f32.ln()]);
        let noise = Tensor::from_slice(&[0.5_f32, -1.5], (1, 2), &Device::Cpu).unwrap();
        let draw = gaussian.sample(&noise).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert!((draw[0] - 1.5).abs() < 1e-6 && (draw[1] + 4.0).abs() < 1e-6, "{draw:?}");
    }
}

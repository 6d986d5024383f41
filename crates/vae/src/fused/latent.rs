//! The latent Gaussians of a batch: draws, KL divergence and their gradients.

/// Independent Gaussians, `[batch, latent]` each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Latent<'a> {
    pub mu: &'a [f32],
    pub log_variance: &'a [f32],
    /// Standard normal noise of the draw.
    pub noise: &'a [f32],
}

/// Gradients of a loss by mu and log-variance, `[batch, latent]` each.
pub(super) struct LatentGradients {
    pub mu: Vec<f32>,
    pub log_variance: Vec<f32>,
}

impl Latent<'_> {
    /// Reparameterised draw `mu + exp(log_variance / 2) · noise`: gradients flow through it (Kingma & Welling
    /// 2014).
    pub fn draw(&self) -> Vec<f32> {
        let gaussians = self.mu.iter().zip(self.log_variance).zip(self.noise);
        gaussians.map(|((mu, log_variance), noise)| mu + (log_variance * 0.5).exp() * noise).collect()
    }

    /// KL divergence from the standard normal in nats, mean over `batch` samples:
    /// `-½ Σ (1 + log_variance − mu² − exp(log_variance))`.
    pub fn kl_divergence(&self, batch: usize) -> f64 {
        let gaussians = self.mu.iter().zip(self.log_variance);
        let terms = gaussians.map(|(mu, log_variance)| {
            let (mu, log_variance) = (f64::from(*mu), f64::from(*log_variance));
            1.0 + log_variance - mu * mu - log_variance.exp()
        });
        terms.sum::<f64>() * -0.5 / batch.max(1) as f64
    }

    /// Gradients of `loss(draw) + beta · KL divergence`, from the gradient of `loss` by the draw.
    pub fn backward(&self, gradient: &[f32], beta: f64, batch: usize) -> LatentGradients {
        let share = (beta / batch.max(1) as f64) as f32;
        let mu = gradient.iter().zip(self.mu).map(|(gradient, mu)| gradient + share * mu).collect();
        let log_variance = gradient.iter().zip(self.log_variance).zip(self.noise);
        let log_variance = log_variance.map(|((gradient, log_variance), noise)| {
            let deviation = (log_variance * 0.5).exp();
            gradient * noise * 0.5 * deviation + share * 0.5 * (deviation * deviation - 1.0)
        });
        LatentGradients { mu, log_variance: log_variance.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kl_divergence_is_zero_for_the_standard_normal_and_follows_the_closed_form() {
        let of =
            |mu: &[f32], log_variance: &[f32]| Latent { mu, log_variance, noise: &[0.0; 2] }.kl_divergence(1);
        assert_eq!(of(&[0.0, 0.0], &[0.0, 0.0]), 0.0);
        // σ² = 4 and μ = 1: ½(4 + 1 − 1 − ln 4); σ² = ¼ and μ = −2: ½(¼ + 4 − 1 + ln 4).
        let kl = of(&[1.0, -2.0], &[4.0_f32.ln(), 0.25_f32.ln()]);
        assert!((kl - 3.625).abs() < 1e-6, "{kl}");
    }

    #[test]
    fn a_draw_is_mu_plus_deviation_times_noise() {
        let latent = Latent { mu: &[1.0, -1.0], log_variance: &[0.0, 4.0_f32.ln()], noise: &[0.5, -1.5] };
        let draw = latent.draw();
        assert!((draw[0] - 1.5).abs() < 1e-6 && (draw[1] + 4.0).abs() < 1e-6, "{draw:?}");
    }

    #[test]
    fn gradients_are_the_slopes_of_draw_and_divergence() {
        let (mu, log_variance, noise) = ([0.3_f32, -1.2], [0.4_f32, -0.7], [0.9_f32, -0.6]);
        let (weights, beta, batch) = ([2.0_f32, -3.0], 0.7, 2);
        let loss = |mu: &[f32], log_variance: &[f32]| {
            let latent = Latent { mu, log_variance, noise: &noise };
            let drawn: f64 =
                latent.draw().iter().zip(weights).map(|(z, w)| f64::from(*z) * f64::from(w)).sum();
            drawn + beta * latent.kl_divergence(batch)
        };
        let latent = Latent { mu: &mu, log_variance: &log_variance, noise: &noise };
        let gradients = latent.backward(&weights, beta, batch);
        let step = 1e-2_f32;
        for index in 0..2 {
            let slope = |values: &[f32; 2], run: &dyn Fn(&[f32]) -> f64| {
                let moved = |by: f32| {
                    let mut moved = *values;
                    moved[index] += by;
                    run(&moved)
                };
                (moved(step) - moved(-step)) / (2.0 * f64::from(step))
            };
            let by_mu = slope(&mu, &|mu| loss(mu, &log_variance));
            assert!((f64::from(gradients.mu[index]) - by_mu).abs() < 1e-3, "{by_mu}");
            let by_log_variance = slope(&log_variance, &|log_variance| loss(&mu, log_variance));
            let found = f64::from(gradients.log_variance[index]);
            assert!((found - by_log_variance).abs() < 1e-3, "{found}, not {by_log_variance}");
        }
    }
}

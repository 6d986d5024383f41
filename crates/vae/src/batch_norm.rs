//! Batch normalisation per channel of `[batch, channels, bins, frames]`, reduced to a scale and an offset.
//!
//! `y = scale * relu(x) + offset` with one scale and offset per channel, from the batch's own moments in
//! training (Ioffe & Szegedy 2015) and from stored moments otherwise. Variances are biased (divided by the
//! count), as in Keras 3.

use super::elementwise::Sums;

/// Added to a variance before the square root, as in Keras.
pub const EPSILON: f64 = 1e-3;

/// Decay of the running moments at each training step, as in Keras.
pub const RUNNING_DECAY: f64 = 0.99;

/// Mean and biased variance per channel of one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    /// Means, `[channels]`.
    pub mean: Vec<f32>,
    /// Variances, `[channels]`.
    pub variance: Vec<f32>,
}

impl Moments {
    /// Mean 0 and variance 1, the initial running moments.
    pub fn standard(channels: usize) -> Self {
        Self { mean: vec![0.0; channels], variance: vec![1.0; channels] }
    }

    /// Exponential moving average: moves the running moments one step towards a batch's.
    pub fn update(&mut self, batch: &Self) {
        let blend = |old: &mut f32, new: &f32| {
            *old = (f64::from(*old) * RUNNING_DECAY + f64::from(*new) * (1.0 - RUNNING_DECAY)) as f32;
        };
        self.mean.iter_mut().zip(&batch.mean).for_each(|(old, new)| blend(old, new));
        self.variance.iter_mut().zip(&batch.variance).for_each(|(old, new)| blend(old, new));
    }

    /// Moments from each channel's sum and sum of squares over `count` values.
    pub(crate) fn from_sums(sums: &[Sums], count: usize) -> Self {
        let count = count.max(1) as f64;
        Self {
            mean: sums.iter().map(|sums| (sums.0 / count) as f32).collect(),
            // E[x²] − E[x]² with f64 sums of f32 values: the cancellation error stays far below f32
            // precision.
            variance: sums
                .iter()
                .map(|sums| (sums.1 / count - (sums.0 / count).powi(2)).max(0.0) as f32)
                .collect(),
        }
    }

    /// `1 / sqrt(variance + EPSILON)` per channel.
    pub(crate) fn inverse_deviations(&self) -> Vec<f64> {
        self.variance.iter().map(|variance| (f64::from(*variance) + EPSILON).sqrt().recip()).collect()
    }

    /// `(scale, offset)` per channel: `gamma / deviation` and `beta − mean * gamma / deviation`.
    pub(crate) fn affine(&self, gamma: &[f32], beta: &[f32]) -> Vec<(f32, f32)> {
        self.inverse_deviations()
            .iter()
            .zip(&self.mean)
            .zip(gamma.iter().zip(beta))
            .map(|((inverse, mean), (gamma, beta))| {
                let scale = f64::from(*gamma) * inverse;
                (scale as f32, (f64::from(*beta) - f64::from(*mean) * scale) as f32)
            })
            .collect()
    }

    /// Backward pass through normalisation by the batch's own moments.
    ///
    /// With `x̂ = (r − mean) / deviation` and N values per channel, `dr = γ/deviation · (dy − Σdy/N − x̂ ·
    /// Σ(dy·x̂)/N)`. The returned `[scale, slope, constant]` per channel give `dr = scale · dy + slope · r +
    /// constant`. `sums` are Σdy and Σ(dy·r) per channel; the gradient of gamma is written.
    pub(crate) fn backward(
        &self,
        sums: &[Sums],
        gamma: &[f32],
        count: usize,
        gamma_gradient: &mut [f32],
    ) -> Vec<[f32; 3]> {
        let count = count.max(1) as f64;
        let channels = sums.iter().zip(self.inverse_deviations()).zip(self.mean.iter().zip(gamma));
        channels
            .zip(gamma_gradient)
            .map(|((((sum_dy, sum_dy_r), inverse), (mean, gamma)), gamma_gradient)| {
                let mean = f64::from(*mean);
                let scale = f64::from(*gamma) * inverse;
                // Σ(dy·x̂), which is also the gradient of gamma
                let sum_dy_normal = inverse * (sum_dy_r - mean * sum_dy);
                // Collect the terms of dr by dy, r and 1.
                let slope = -scale * inverse * sum_dy_normal / count;
                let constant = -scale * sum_dy / count - slope * mean;
                *gamma_gradient = sum_dy_normal as f32;
                [scale as f32, slope as f32, constant as f32]
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elementwise::{affine, sums_with};

    #[test]
    fn moments_are_means_and_biased_variances() {
        // 2, 0, 4, 2 and 2, 2, 0, 0.
        let moments = Moments::from_sums(&[(8.0, 24.0), (4.0, 8.0)], 4);
        assert_eq!(moments.mean, [2.0, 1.0]);
        assert_eq!(moments.variance, [2.0, 1.0]);
    }

    #[test]
    fn normalising_by_its_own_moments_gives_beta_and_gamma() {
        let values = [0.0_f32, 1.0, 2.0, 5.0, 3.0, 7.0];
        let moments = Moments::from_sums(&[sums_with(&values, &values)], 6);
        let mut out = [0.0; 6];
        affine(&values, moments.affine(&[2.0], &[-1.0])[0], &mut out);
        let again = Moments::from_sums(&[sums_with(&out, &out)], 6);
        assert!((again.mean[0] + 1.0).abs() < 1e-6);
        let expected = 4.0 * f64::from(moments.variance[0]) / (f64::from(moments.variance[0]) + EPSILON);
        assert!((f64::from(again.variance[0]) - expected).abs() < 1e-5);
    }

    #[test]
    fn running_moments_move_a_hundredth_of_the_way() {
        let mut running = Moments::standard(1);
        running.update(&Moments { mean: vec![10.0], variance: vec![3.0] });
        assert!((running.mean[0] - 0.1).abs() < 1e-6);
        assert!((running.variance[0] - 1.02).abs() < 1e-6);
    }
}

//! `ReLU` and batch normalisation over the channels of `[batch, channels, bins, frames]`, on slices.
//!
//! `y = scale * relu(x) + offset` with one scale and offset a channel, from the batch's own moments while training
//! (Ioffe & Szegedy 2015) and from kept moments otherwise. Variances are biased (divided by the count), as in Keras 3.

use rayon::prelude::*;

use super::conv::{products::sum, zeros};

/// Added to a variance before its root is taken, as in Keras.
pub const EPSILON: f64 = 1e-3;

/// Part of the running moments that a training step keeps, as in Keras.
pub const RUNNING_DECAY: f64 = 0.99;

/// Mean and biased variance of every channel of one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    /// Means, `[channels]`.
    pub mean: Vec<f32>,
    /// Variances, `[channels]`.
    pub variance: Vec<f32>,
}

impl Moments {
    /// Mean 0 and variance 1, where running moments start.
    pub fn standard(channels: usize) -> Self {
        Self { mean: vec![0.0; channels], variance: vec![1.0; channels] }
    }

    /// Moves running moments one step towards a batch's.
    pub fn follow(&mut self, batch: &Self) {
        let blend = |old: &mut f32, new: &f32| {
            *old = (f64::from(*old) * RUNNING_DECAY + f64::from(*new) * (1.0 - RUNNING_DECAY)) as f32;
        };
        self.mean.iter_mut().zip(&batch.mean).for_each(|(old, new)| blend(old, new));
        self.variance.iter_mut().zip(&batch.variance).for_each(|(old, new)| blend(old, new));
    }

    /// From per-sample, per-channel sums and sums of squares, added in sample order.
    pub(crate) fn from_sums(per_sample: &[Vec<(f64, f64)>], channels: usize, pixels: usize) -> Self {
        let mut sums = vec![(0.0, 0.0); channels];
        for sample in per_sample {
            for (total, value) in sums.iter_mut().zip(sample) {
                total.0 += value.0;
                total.1 += value.1;
            }
        }
        let count = (per_sample.len() * pixels).max(1) as f64;
        Self {
            mean: sums.iter().map(|sums| (sums.0 / count) as f32).collect(),
            // f64 sums of f32 squares: what cancels here is far below f32's last digit.
            variance: sums
                .iter()
                .map(|sums| (sums.1 / count - (sums.0 / count).powi(2)).max(0.0) as f32)
                .collect(),
        }
    }

    /// `1 / sqrt(variance + EPSILON)` a channel.
    pub(crate) fn inverse_deviations(&self) -> Vec<f64> {
        self.variance.iter().map(|variance| (f64::from(*variance) + EPSILON).sqrt().recip()).collect()
    }

    /// The scale and offset of every channel that normalise by these moments.
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
}

/// Adds the bias, clips below zero, and returns every channel's sum and sum of squares; one sample, in place.
pub(crate) fn relu_and_sums(sample: &mut [f32], bias: &[f32]) -> Vec<(f64, f64)> {
    let pixels = sample.len() / bias.len();
    sample
        .chunks_exact_mut(pixels)
        .zip(bias)
        .map(|(channel, bias)| {
            for value in channel.iter_mut() {
                *value = (*value + bias).max(0.0);
            }
            (sum(channel), sum_of_products(channel, channel))
        })
        .collect()
}

/// Adds the bias, clips below zero, scales and offsets; one sample, in place.
pub(crate) fn relu_and_affine(sample: &mut [f32], bias: &[f32], affine: &[(f32, f32)]) {
    let pixels = sample.len() / bias.len();
    for (channel, (bias, (scale, offset))) in sample.chunks_exact_mut(pixels).zip(bias.iter().zip(affine)) {
        for value in channel {
            *value = (*value + bias).max(0.0) * scale + offset;
        }
    }
}

/// `scale * value + offset` a channel of a whole batch, to a new buffer.
pub(crate) fn normalised(values: &[f32], affine: &[(f32, f32)], pixels: usize) -> Vec<f32> {
    let mut out = zeros(values.len());
    let sample_len = affine.len() * pixels;
    out.par_chunks_mut(sample_len).zip(values.par_chunks(sample_len)).for_each(|(out, values)| {
        let channels = out.chunks_exact_mut(pixels).zip(values.chunks_exact(pixels));
        for ((out, values), (scale, offset)) in channels.zip(affine) {
            for (out, value) in out.iter_mut().zip(values) {
                *out = value * scale + offset;
            }
        }
    });
    out
}

/// `scale * value + offset` a channel of a whole batch, in place.
pub(crate) fn normalise(values: &mut [f32], affine: &[(f32, f32)], pixels: usize) {
    values.par_chunks_mut(affine.len() * pixels).for_each(|sample| {
        for (channel, (scale, offset)) in sample.chunks_exact_mut(pixels).zip(affine) {
            for value in channel {
                *value = *value * scale + offset;
            }
        }
    });
}

/// Gradients of one layer's vectors, `[channels]` each.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VectorGradients {
    pub bias: Vec<f32>,
    pub gamma: Vec<f32>,
    pub beta: Vec<f32>,
}

/// Backward pass through normalisation and `ReLU`, for moments taken from the batch itself.
///
/// `activation` holds what the `ReLU` gave and becomes the gradient of what the `ReLU` was given; with
/// `x̂ = (r − mean) / deviation` and N values a channel, `dr = γ/deviation · (dy − Σdy/N − x̂ · Σ(dy·x̂)/N)`.
pub(crate) fn backward(
    gradient: &[f32],
    activation: &mut [f32],
    moments: &Moments,
    gamma: &[f32],
    pixels: usize,
) -> VectorGradients {
    let channels = gamma.len();
    let sample_len = channels * pixels;
    let per_sample: Vec<Vec<(f64, f64)>> = gradient
        .par_chunks(sample_len)
        .zip(activation.par_chunks(sample_len))
        .map(|(gradient, activation)| {
            let channels = gradient.chunks_exact(pixels).zip(activation.chunks_exact(pixels));
            channels.map(|(dy, r)| (sum(dy), sum_of_products(dy, r))).collect()
        })
        .collect();
    let mut sums = vec![(0.0, 0.0); channels];
    for sample in &per_sample {
        for (total, value) in sums.iter_mut().zip(sample) {
            total.0 += value.0;
            total.1 += value.1;
        }
    }
    let count = (gradient.len() / channels) as f64;
    let mut gamma_gradient = Vec::with_capacity(channels);
    let mut factors = Vec::with_capacity(channels);
    for (((sum_dy, sum_dy_r), inverse), (mean, gamma)) in
        sums.iter().zip(moments.inverse_deviations()).zip(moments.mean.iter().zip(gamma))
    {
        let mean = f64::from(*mean);
        let scale = f64::from(*gamma) * inverse;
        let sum_dy_normal = inverse * (sum_dy_r - mean * sum_dy);
        let slope = -scale * inverse * sum_dy_normal / count;
        let constant = -scale * sum_dy / count - slope * mean;
        gamma_gradient.push(sum_dy_normal as f32);
        factors.push([scale as f32, slope as f32, constant as f32]);
    }
    VectorGradients {
        bias: through_relu(gradient, activation, &factors, pixels),
        gamma: gamma_gradient,
        beta: sums.iter().map(|sums| sums.0 as f32).collect(),
    }
}

/// `activation = scale * dy + slope * r + constant` where the `ReLU` let something through, zero elsewhere; returns the
/// sums over each channel.
fn through_relu(gradient: &[f32], activation: &mut [f32], factors: &[[f32; 3]], pixels: usize) -> Vec<f32> {
    let sample_len = factors.len() * pixels;
    let per_sample: Vec<Vec<f64>> = activation
        .par_chunks_mut(sample_len)
        .zip(gradient.par_chunks(sample_len))
        .map(|(activation, gradient)| {
            let channels = activation.chunks_exact_mut(pixels).zip(gradient.chunks_exact(pixels));
            channels
                .zip(factors)
                .map(|((r, dy), [scale, slope, constant])| {
                    for (r, dy) in r.iter_mut().zip(dy) {
                        let through = scale * dy + slope * *r + constant;
                        *r = if *r > 0.0 { through } else { 0.0 };
                    }
                    sum(r)
                })
                .collect()
        })
        .collect();
    let mut totals = vec![0.0; factors.len()];
    for sample in &per_sample {
        for (total, value) in totals.iter_mut().zip(sample) {
            *total += value;
        }
    }
    totals.into_iter().map(|total| total as f32).collect()
}

/// Sum of products in f64: eight lanes, so that the loop can be vectorised.
fn sum_of_products(left: &[f32], right: &[f32]) -> f64 {
    let mut lanes = [0.0_f64; 8];
    let (left_blocks, left_rest) = left.as_chunks::<8>();
    let (right_blocks, right_rest) = right.as_chunks::<8>();
    for (left, right) in left_blocks.iter().zip(right_blocks) {
        for (lane, (left, right)) in lanes.iter_mut().zip(left.iter().zip(right)) {
            *lane += f64::from(*left) * f64::from(*right);
        }
    }
    let rest = left_rest.iter().zip(right_rest).map(|(left, right)| f64::from(*left) * f64::from(*right));
    lanes.iter().sum::<f64>() + rest.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_means_and_biased_variances_over_the_batch() {
        let mut batch = [[1.0, -3.0, 2.0, 2.0], [3.0, 1.0, 0.0, 0.0]];
        let sums: Vec<_> =
            batch.iter_mut().map(|sample| relu_and_sums(sample.as_mut_slice(), &[1.0, 0.0])).collect();
        assert_eq!(batch, [[2.0, 0.0, 2.0, 2.0], [4.0, 2.0, 0.0, 0.0]]);
        let moments = Moments::from_sums(&sums, 2, 2);
        assert_eq!(moments.mean, [2.0, 1.0]);
        assert_eq!(moments.variance, [2.0, 1.0]);
    }

    #[test]
    fn normalising_by_its_own_moments_gives_beta_and_gamma() {
        let values = [0.0, 1.0, 2.0, 5.0, 3.0, 7.0];
        let per_sample = [vec![(sum(&values), sum_of_products(&values, &values))]];
        let moments = Moments::from_sums(&per_sample, 1, 6);
        let out = normalised(&values, &moments.affine(&[2.0], &[-1.0]), 6);
        let again = Moments::from_sums(&[vec![(sum(&out), sum_of_products(&out, &out))]], 1, 6);
        assert!((again.mean[0] + 1.0).abs() < 1e-6);
        let expected = 4.0 * f64::from(moments.variance[0]) / (f64::from(moments.variance[0]) + EPSILON);
        assert!((f64::from(again.variance[0]) - expected).abs() < 1e-5);
    }

    #[test]
    fn running_moments_move_a_hundredth_of_the_way() {
        let mut running = Moments::standard(1);
        running.follow(&Moments { mean: vec![10.0], variance: vec![3.0] });
        assert!((running.mean[0] - 0.1).abs() < 1e-6);
        assert!((running.variance[0] - 1.02).abs() < 1e-6);
    }
}

//! Elementwise loops and sums over one channel, compiled for several instruction sets; the best is chosen at
//! run time.
//!
//! Sums are taken in f64 and in a fixed number of lanes, so they do not depend on threads or instruction set.

use multiversion::multiversion;

/// Two sums over one channel; the function that returns them says which.
pub(crate) type Sums = (f64, f64);

/// Independent partial sums, enough to hide the latency of an addition.
const LANES: usize = 32;

/// `channel += bias`.
#[multiversion(targets = "simd")]
pub(crate) fn add_bias(channel: &mut [f32], bias: f32) {
    for value in channel {
        *value += bias;
    }
}

/// `channel = relu(channel + bias)`; returns its sum and sum of squares, for the batch norm's moments.
#[multiversion(targets = "simd")]
pub(crate) fn relu_and_sums(channel: &mut [f32], bias: f32) -> Sums {
    for value in channel.iter_mut() {
        *value = (*value + bias).max(0.0);
    }
    sum_and_products(channel, channel)
}

/// `channel = scale * relu(channel + bias) + offset`.
#[multiversion(targets = "simd")]
pub(crate) fn relu_and_affine(channel: &mut [f32], bias: f32, (scale, offset): (f32, f32)) {
    for value in channel {
        *value = (*value + bias).max(0.0) * scale + offset;
    }
}

/// `out = scale * values + offset`.
#[multiversion(targets = "simd")]
pub(crate) fn affine(values: &[f32], (scale, offset): (f32, f32), out: &mut [f32]) {
    for (out, value) in out.iter_mut().zip(values) {
        *out = value * scale + offset;
    }
}

/// Backward pass of a batch norm and a `ReLU`: `scale * gradient + slope * activation + constant` where the
/// activation is positive, 0 elsewhere.
#[multiversion(targets = "simd")]
pub(crate) fn relu_backward(
    gradient: &[f32],
    activation: &[f32],
    [scale, slope, constant]: [f32; 3],
    out: &mut [f32],
) {
    for (out, (gradient, activation)) in out.iter_mut().zip(gradient.iter().zip(activation)) {
        let through = scale * gradient + slope * activation + constant;
        *out = if *activation > 0.0 { through } else { 0.0 };
    }
}

/// Sum of one channel.
#[multiversion(targets = "simd")]
pub(crate) fn sum(values: &[f32]) -> f64 {
    let mut lanes = [0.0_f64; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane += f64::from(*value);
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().map(|value| f64::from(*value)).sum::<f64>()
}

/// Σ `left` and Σ (`left` · `right`).
#[multiversion(targets = "simd")]
pub(crate) fn sums_with(left: &[f32], right: &[f32]) -> Sums {
    sum_and_products(left, right)
}

/// [`sums_with`] for inlining into functions compiled for an instruction set.
#[inline(always)]
#[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
fn sum_and_products(left: &[f32], right: &[f32]) -> Sums {
    let mut lanes = [(0.0_f64, 0.0_f64); LANES];
    let (left_blocks, left_rest) = left.as_chunks::<LANES>();
    let (right_blocks, right_rest) = right.as_chunks::<LANES>();
    for (left, right) in left_blocks.iter().zip(right_blocks) {
        for (lane, (left, right)) in lanes.iter_mut().zip(left.iter().zip(right)) {
            lane.0 += f64::from(*left);
            lane.1 += f64::from(*left) * f64::from(*right);
        }
    }
    let mut total = (0.0, 0.0);
    for lane in lanes {
        total.0 += lane.0;
        total.1 += lane.1;
    }
    for (left, right) in left_rest.iter().zip(right_rest) {
        total.0 += f64::from(*left);
        total.1 += f64::from(*left) * f64::from(*right);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(count: usize) -> Vec<f32> {
        (0..count).map(|index| (index * 37 % 101) as f32 / 50.0 - 1.0).collect()
    }

    #[test]
    fn sums_of_any_length_are_those_of_the_definition() {
        for count in [0, 1, 31, 32, 33, 1000] {
            let left = values(count);
            let right: Vec<f32> = left.iter().rev().copied().collect();
            let plain: f64 = left.iter().map(|value| f64::from(*value)).sum();
            let products: f64 = left.iter().zip(&right).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            let (first, second) = sums_with(&left, &right);
            assert!((first - plain).abs() < 1e-9 && (second - products).abs() < 1e-9, "{count}");
            assert!((sum(&left) - plain).abs() < 1e-9, "{count}");
        }
    }

    #[test]
    fn negative_values_are_clipped_after_the_bias() {
        let mut channel = [-2.0, -0.5, 0.5];
        assert_eq!(relu_and_sums(&mut channel, 1.0), (2.0, 2.5));
        assert_eq!(channel, [0.0, 0.5, 1.5]);
        relu_and_affine(&mut channel, -1.0, (2.0, 3.0));
        assert_eq!(channel, [3.0, 3.0, 4.0]);
    }

    #[test]
    fn gradients_stop_where_the_relu_gave_nothing() {
        let mut out = [f32::NAN; 3];
        relu_backward(&[1.0, 2.0, 3.0], &[0.0, 1.0, 2.0], [2.0, 10.0, 0.5], &mut out);
        assert_eq!(out, [0.0, 14.5, 26.5]);
    }
}

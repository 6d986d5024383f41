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
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub(crate) fn add_bias(channel: &mut [f32], bias: f32) {
    for value in channel {
        *value += bias;
    }
}

/// `channel = relu(channel + bias)`; returns its sum and sum of squares, for the batch norm's moments.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub(crate) fn relu_and_sums(channel: &mut [f32], bias: f32) -> Sums {
    for value in channel.iter_mut() {
        *value = (*value + bias).max(0.0);
    }
    sum_and_products(channel, channel)
}

/// `channel = scale * relu(channel + bias) + offset`.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub(crate) fn relu_and_affine(channel: &mut [f32], bias: f32, (scale, offset): (f32, f32)) {
    for value in channel {
        *value = (*value + bias).max(0.0) * scale + offset;
    }
}

/// `out = scale * values + offset`.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub(crate) fn affine(values: &[f32], (scale, offset): (f32, f32), out: &mut [f32]) {
    for (out, value) in out.iter_mut().zip(values) {
        *out = value * scale + offset;
    }
}

/// Backward pass of a batch norm and a `ReLU`: `scale * gradient + slope * activation + constant` where the
/// activation is positive, 0 elsewhere.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
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

/// Limits values to 0..1.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub(crate) fn clamp(values: &mut [f32]) {
    for value in values {
        *value = value.clamp(0.0, 1.0);
    }
}

/// The logistic function of each value.
pub(crate) fn sigmoid(values: &mut [f32]) {
    for value in values {
        *value = logistic(*value);
    }
}

fn logistic(value: f32) -> f32 {
    1.0 / (1.0 + (-value).exp())
}

/// Squared error of `values`, limited to 0..1, summed; each value becomes `factor` times its error, as if it were not
/// limited.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub(crate) fn clamped_error(values: &mut [f32], targets: &[f32], factor: f32) -> f64 {
    let sum = squares_of_differences(values, targets);
    for (value, target) in values.iter_mut().zip(targets) {
        *value = (value.clamp(0.0, 1.0) - target) * factor;
    }
    sum
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
fn squares_of_differences(values: &[f32], targets: &[f32]) -> f64 {
    let square = |value: f32, target: f32| {
        let error = f64::from(value.clamp(0.0, 1.0) - target);
        error * error
    };
    let mut lanes = [0.0_f64; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    let (target_blocks, target_rest) = targets.as_chunks::<LANES>();
    for (values, targets) in blocks.iter().zip(target_blocks) {
        for (lane, (value, target)) in lanes.iter_mut().zip(values.iter().zip(targets)) {
            *lane += square(*value, *target);
        }
    }
    let rest = rest.iter().zip(target_rest).map(|(value, target)| square(*value, *target));
    lanes.iter().sum::<f64>() + rest.sum::<f64>()
}

/// Squared error of the logistic function of `values`, summed; each value becomes `factor` times the derivative of half
/// its square.
pub(crate) fn sigmoid_error(values: &mut [f32], targets: &[f32], factor: f32) -> f64 {
    let mut sum = 0.0;
    for (value, target) in values.iter_mut().zip(targets) {
        let shown = logistic(*value);
        let error = shown - target;
        sum += f64::from(error) * f64::from(error);
        *value = factor * error * shown * (1.0 - shown);
    }
    sum
}

/// Sum of one channel.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
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
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
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
    fn errors_are_squared_and_become_their_slopes() {
        let values: Vec<f32> = (0..40).map(|index| index as f32 / 20.0 - 0.5).collect();
        let targets: Vec<f32> = (0..40).map(|index| (index * 7 % 40) as f32 / 40.0).collect();
        for (run, shown) in [
            (clamped_error as fn(&mut [f32], &[f32], f32) -> f64, (|v| v.clamp(0.0, 1.0)) as fn(f32) -> f32),
            (sigmoid_error, logistic),
        ] {
            let mut slopes = values.clone();
            let sum = run(&mut slopes, &targets, 2.0);
            let squares = |values: &[f32]| -> f64 {
                values.iter().zip(&targets).map(|(v, t)| f64::from(shown(*v) - t).powi(2)).sum()
            };
            assert!((sum - squares(&values)).abs() < 1e-6, "{sum}");
            for index in 0..values.len() {
                let at = |by: f32| {
                    let mut moved = values.clone();
                    moved[index] += by;
                    squares(&moved)
                };
                // Where the value is limited, the slope is that of the error without the limit.
                if (0.01..0.99).contains(&values[index]) {
                    let slope = (at(1e-2) - at(-1e-2)) / 2e-2;
                    assert!((f64::from(slopes[index]) - slope).abs() < 1e-3, "{index}: {slope}");
                } else if shown(2.0) == 1.0 {
                    assert_eq!(slopes[index], 2.0 * (shown(values[index]) - targets[index]), "{index}");
                }
            }
        }
    }

    #[test]
    fn gradients_stop_where_the_relu_gave_nothing() {
        let mut out = [f32::NAN; 3];
        relu_backward(&[1.0, 2.0, 3.0], &[0.0, 1.0, 2.0], [2.0, 10.0, 0.5], &mut out);
        assert_eq!(out, [0.0, 14.5, 26.5]);
    }
}

//! Products of few long rows with many, without the copies that a matrix product of `gemm` makes of its operands.
//!
//! Both operands of `input · weightᵀ` lie along the sum. With thousands of inputs a dense layer is mostly reading its
//! weights once, in order.

use multiversion::multiversion;
use rayon::prelude::*;

use crate::tasks::{share, threads};

/// Inputs from which a dense layer takes this way.
pub(super) const FEWEST_INPUTS: usize = 1024;
/// Independent partial sums of one product.
const LANES: usize = 16;
/// Rows of the weight, and of the input, whose products are summed together.
const ROWS: usize = 4;
const INPUTS: usize = 2;

/// `out += input · weightᵀ` for `input` `[batch, inputs]`, `weight` `[outputs, inputs]` and `out` `[batch, outputs]`.
pub(super) fn add_products(input: &[f32], weight: &[f32], inputs: usize, out: &mut [f32]) {
    let outputs = weight.len() / inputs;
    let batch = out.len() / outputs;
    // All images with some rows of the weight are one task, or fewer where there are more threads.
    let parts = threads().div_ceil(outputs.div_ceil(ROWS));
    let images = batch.div_ceil(parts).next_multiple_of(INPUTS);
    // [blocks of rows, blocks of images, rows, images]
    let mut products = vec![0.0; batch * outputs];
    let rows = products.chunks_mut(ROWS * batch).zip(weight.chunks(ROWS * inputs));
    let blocks: Vec<_> = rows
        .flat_map(|(products, weight)| {
            let images =
                products.chunks_mut(weight.len() / inputs * images).zip(input.chunks(images * inputs));
            images.map(move |(products, input)| (input, weight, products))
        })
        .collect();
    share(blocks.into_par_iter(), |(input, weight, products)| {
        rows_by_inputs(input, weight, inputs, products);
    });
    for (block, products) in products.chunks(ROWS * batch).enumerate() {
        let rows = products.len() / batch;
        for (products, out) in products.chunks(rows * images).zip(out.chunks_mut(images * outputs)) {
            for (row, products) in products.chunks_exact(products.len() / rows).enumerate() {
                let column = out.iter_mut().skip(block * ROWS + row).step_by(outputs);
                column.zip(products).for_each(|(out, product)| *out += product);
            }
        }
    }
}

/// Products of up to [`ROWS`] rows of the weight with all inputs: `[rows, batch]`.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn rows_by_inputs(input: &[f32], weight: &[f32], inputs: usize, products: &mut [f32]) {
    let batch = input.len() / inputs;
    let rows = weight.len() / inputs;
    for first in (0..batch).step_by(INPUTS) {
        if rows == ROWS && first + INPUTS <= batch {
            let block = &input[first * inputs..][..INPUTS * inputs];
            let sums = block_of_products(block, weight, inputs);
            for (row, sums) in sums.iter().enumerate() {
                products[row * batch + first..][..INPUTS].copy_from_slice(sums);
            }
        } else {
            for image in first..batch.min(first + INPUTS) {
                let image_values = &input[image * inputs..][..inputs];
                for (row, values) in weight.chunks_exact(inputs).enumerate() {
                    products[row * batch + image] = product(image_values, values);
                }
            }
        }
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
fn block_of_products(input: &[f32], weight: &[f32], inputs: usize) -> [[f32; INPUTS]; ROWS] {
    let mut lanes = [[[0.0_f32; LANES]; INPUTS]; ROWS];
    let whole = inputs / LANES * LANES;
    let row = |values: &'_ [f32], index: usize, at: usize| -> [f32; LANES] {
        let mut lanes = [0.0; LANES];
        lanes.copy_from_slice(&values[index * inputs + at..][..LANES]);
        lanes
    };
    for at in (0..whole).step_by(LANES) {
        let images: [[f32; LANES]; INPUTS] = std::array::from_fn(|index| row(input, index, at));
        for (index, lanes) in lanes.iter_mut().enumerate() {
            let weights = row(weight, index, at);
            for (lanes, image) in lanes.iter_mut().zip(&images) {
                for (lane, (weight, value)) in lanes.iter_mut().zip(weights.iter().zip(image)) {
                    *lane += weight * value;
                }
            }
        }
    }
    std::array::from_fn(|row| {
        std::array::from_fn(|image| {
            let weights = &weight[row * inputs..][whole..inputs];
            let values = &input[image * inputs..][whole..inputs];
            let rest: f32 = weights.iter().zip(values).map(|(weight, value)| weight * value).sum();
            sum_of_lanes(&lanes[row][image]) + rest
        })
    })
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
fn product(left: &[f32], right: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    let (left_blocks, left_rest) = left.as_chunks::<LANES>();
    let (right_blocks, right_rest) = right.as_chunks::<LANES>();
    for (left, right) in left_blocks.iter().zip(right_blocks) {
        for (lane, (left, right)) in lanes.iter_mut().zip(left.iter().zip(right)) {
            *lane += right * left;
        }
    }
    let rest: f32 = left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum();
    sum_of_lanes(&lanes) + rest
}

/// Sums neighbours, so that the rounding error grows with the logarithm of the count.
#[inline(always)]
#[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
fn sum_of_lanes(lanes: &[f32; LANES]) -> f32 {
    let eight: [f32; 8] = std::array::from_fn(|index| lanes[index] + lanes[index + 8]);
    let four: [f32; 4] = std::array::from_fn(|index| eight[index] + eight[index + 4]);
    (four[0] + four[2]) + (four[1] + four[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_any_shape_are_those_of_the_definition() {
        for (batch, inputs, outputs) in [(1, 1024, 4), (3, 1031, 9), (16, 40, 64), (2, 7, 1)] {
            let values = |count: usize, step: usize| -> Vec<f32> {
                (0..count).map(|index| (index * step % 97) as f32 / 48.0 - 1.0).collect()
            };
            let (input, weight) = (values(batch * inputs, 31), values(outputs * inputs, 53));
            let mut out = values(batch * outputs, 7);
            let before = out.clone();
            add_products(&input, &weight, inputs, &mut out);
            for (index, (out, before)) in out.iter().zip(before).enumerate() {
                let (image, output) = (index / outputs, index % outputs);
                let pairs =
                    input[image * inputs..][..inputs].iter().zip(&weight[output * inputs..][..inputs]);
                let product: f64 = pairs.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                assert!((f64::from(out - before) - product).abs() < 1e-3, "{batch} {inputs} {outputs}");
            }
            let bits = |threads: usize| -> Vec<u32> {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let mut out = vec![0.5; batch * outputs];
                pool.install(|| add_products(&input, &weight, inputs, &mut out));
                out.into_iter().map(f32::to_bits).collect()
            };
            assert!([2, 7, 40].iter().all(|threads| bits(*threads) == bits(1)), "{batch} {inputs} {outputs}");
        }
    }
}

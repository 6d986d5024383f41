//! Convolution of a batch, forward and backward.
//!
//! Samples are distributed over the threads, each product on one thread. Where there are more threads than samples, so are the
//! channels of each sample; what each value is the sum of, and in which order, stays the same.

use std::sync::Arc;

use rayon::prelude::*;

use super::{
    Convolution, Direction,
    channels::{Channels, Target},
    gradients::Gradients,
    lowering::Lowering,
    split::Split,
};
use crate::{
    elementwise::Sums,
    tasks::{collect, share, threads},
    workspace::Workspace,
};

/// Most partial sums of a weight gradient. Constant, so that the order of additions does not depend on the
/// thread count.
const WEIGHT_GRADIENT_CHUNKS: usize = 16;
/// Tasks per thread when all threads share one sample: more than one evens out their finishing times.
const BLOCKS_PER_THREAD: usize = 2;

/// Destination of the input's gradient.
pub(crate) struct InputGradient<'a, F> {
    /// `[batch, channels, bins, frames]`.
    pub values: &'a mut [f32],
    /// Called for each part of a channel as soon as it is computed, with `(sample, channel, first pixel, values)`.
    pub finish: F,
}

/// Operands of the backward pass of a batch.
#[derive(Clone, Copy)]
pub(crate) struct Pass<'a> {
    /// `[batch, channels, bins, frames]`.
    pub input: Channels<'a>,
    /// Gradient of the output, `[batch, channels, bins, frames]`.
    pub gradient: Channels<'a>,
    /// Weights of [`Convolution::weight_shape`].
    pub weight: &'a [f32],
}

/// Partial sums of the gradients of weights and biases.
struct WeightSums<'a> {
    /// Samples that are added to one sum of weights.
    chunk: usize,
    /// `[chunks, weights]`.
    parts: &'a mut [f32],
    /// `[batch, channels]`.
    bias: &'a mut [f64],
}

impl Convolution {
    fn input_len(&self) -> usize {
        let (channels, bins, frames) = self.input_shape();
        channels * bins * frames
    }

    fn output_len(&self) -> usize {
        let (channels, bins, frames) = self.output_shape();
        channels * bins * frames
    }

    /// Convolves a whole batch, without bias.
    ///
    /// `finish(sample, channel, first pixel, values)` is called for each part of an output channel while it is in the
    /// cache. Its results are summed over parts and samples, in their order: `[channels]`.
    pub(crate) fn forward(
        &self,
        input: Channels<'_>,
        weight: &[f32],
        output: &mut [f32],
        finish: impl Fn(usize, usize, usize, &mut [f32]) -> Sums + Sync,
    ) -> Vec<Sums> {
        let (channels, _, _) = self.output_shape();
        let batch = output.len() / self.output_len();
        let mut sums = vec![(0.0, 0.0); batch * channels];
        let split = Lowering::of(&self.geometry).split_of(self.direction);
        each_block(output, &mut sums, split, finish, |sample, target| {
            self.convolve(self.direction, input.sample(sample, self.input_len()), weight, target);
        });
        total(&sums, channels)
    }

    /// Convolves one sample, to some channels.
    fn convolve<F>(&self, direction: Direction, input: Channels<'_>, weight: &[f32], target: Target<'_, F>)
    where
        F: Fn(usize, usize, &mut [f32]) -> Sums,
    {
        let lowering = Lowering::of(&self.geometry);
        match direction {
            Direction::Down => lowering.map_from_image(input, weight, target),
            Direction::Up => lowering.image_from_map(input, weight, target),
        }
    }

    /// Gradients of the weights and biases over a batch and, if `input` is given, of the input.
    ///
    /// `weight` and `bias` are overwritten. The results of `finish` for the input's gradient are summed as in
    /// [`Self::forward`].
    pub(crate) fn gradients<F>(
        &self,
        pass: Pass<'_>,
        weight: &mut [f32],
        bias: &mut [f32],
        input: Option<InputGradient<'_, F>>,
        workspace: &Arc<Workspace>,
        batch: usize,
    ) -> Vec<Sums>
    where
        F: Fn(usize, usize, usize, &mut [f32]) -> Sums + Sync,
    {
        let (in_channels, _, _) = self.input_shape();
        let (out_channels, _, _) = self.output_shape();
        let chunk = batch.div_ceil(WEIGHT_GRADIENT_CHUNKS).max(1);
        let chunks = batch.div_ceil(chunk);
        // One partial weight gradient per chunk of samples: [chunks, weights]
        let mut parts = workspace.take(chunks * weight.len());
        let mut bias_sums = vec![0.0; batch * out_channels];
        let mut sums = vec![(0.0, 0.0); batch * in_channels];
        let sums_of_weights = WeightSums { chunk, parts: &mut parts, bias: &mut bias_sums };
        if threads() <= chunks {
            self.gradients_of_chunks(pass, sums_of_weights, input, &mut sums);
        } else {
            self.gradients_of_channels(pass, sums_of_weights);
            if let Some(InputGradient { values, finish }) = input {
                let split = Lowering::of(&self.geometry).split_of(self.direction.reversed());
                each_block(values, &mut sums, split, finish, |sample, target| {
                    let gradient = pass.gradient.sample(sample, self.output_len());
                    self.convolve(self.direction.reversed(), gradient, pass.weight, target);
                });
            }
        }
        // Add the partial sums in chunk order and return to the order of the weights.
        Lowering::of(&self.geometry).summed(&mut parts, weight);
        // Bias gradient: sums over [batch, channels] in sample order
        for (index, bias) in bias.iter_mut().enumerate() {
            *bias = bias_sums.iter().skip(index).step_by(out_channels).sum::<f64>() as f32;
        }
        total(&sums, in_channels)
    }

    /// All gradients, a task a chunk of samples: each reads the gradient of its output once.
    fn gradients_of_chunks<F>(
        &self,
        pass: Pass<'_>,
        WeightSums { chunk, parts, bias }: WeightSums<'_>,
        input: Option<InputGradient<'_, F>>,
        sums: &mut [Sums],
    ) where
        F: Fn(usize, usize, usize, &mut [f32]) -> Sums + Sync,
    {
        let ((in_channels, _, _), (out_channels, _, _)) = (self.input_shape(), self.output_shape());
        let weights = self.geometry.weight_len();
        // Without an input gradient there are as many chunks, but empty ones.
        let (values, finish) = input.map_or((None, None), |input| (Some(input.values), Some(input.finish)));
        let mut values: Vec<Option<&mut [f32]>> = match values {
            Some(values) => values.chunks_mut(chunk * self.input_len()).map(Some).collect(),
            None => parts.chunks(weights).map(|_| None).collect(),
        };
        let chunks = parts
            .par_chunks_mut(weights)
            .zip(values.par_iter_mut())
            .zip(bias.par_chunks_mut(chunk * out_channels))
            .zip(sums.par_chunks_mut(chunk * in_channels));
        // Within a chunk, samples are added in order.
        share(chunks.enumerate(), |(index, (((weight, values), bias), sums))| {
            let samples = bias.chunks_exact_mut(out_channels).zip(sums.chunks_exact_mut(in_channels));
            for (at, (bias, sums)) in samples.enumerate() {
                let sample = index * chunk + at;
                let finish = finish.as_ref().map(|finish| {
                    move |channel: usize, pixel: usize, values: &mut [f32]| {
                        finish(sample, channel, pixel, values)
                    }
                });
                // The slice of the input gradient for this sample
                let input = values.as_mut().zip(finish.as_ref()).map(|(values, finish)| {
                    let values = &mut values[at * self.input_len()..][..self.input_len()];
                    Target { first: 0, values, sums, finish }
                });
                let channels = 0..self.geometry.image_channels;
                self.sample_gradients(
                    pass,
                    sample,
                    Gradients { weight, channels, accumulate: at > 0, bias, input },
                );
            }
        });
    }

    /// The gradients of weights and biases, a task some image channels of a chunk of samples.
    fn gradients_of_channels(&self, pass: Pass<'_>, WeightSums { chunk, parts, bias }: WeightSums<'_>) {
        let (out_channels, _, _) = self.output_shape();
        let (image_channels, weights) = (self.geometry.image_channels, self.geometry.weight_len());
        let batch = bias.len() / out_channels;
        let split = Lowering::of(&self.geometry).split_of_weights();
        let count = split.channels_of_part(threads().div_ceil(batch.div_ceil(chunk)));
        let tasks: Vec<_> = parts
            .chunks_mut(weights)
            .zip(0..)
            .flat_map(|(weight, index)| {
                let parts = weight.chunks_mut(count * weights / image_channels).zip(0..);
                parts.map(move |(weight, part)| (index * chunk, part * count, weight))
            })
            .collect();
        let found = collect(tasks.into_par_iter(), |(sample, first, weight)| {
            let channels = first..image_channels.min(first + count);
            // Where the output is the image, each task has the biases of its channels, else the first task has them all.
            let own = match self.direction {
                Direction::Up => channels.clone(),
                Direction::Down if first == 0 => 0..out_channels,
                Direction::Down => 0..0,
            };
            let samples = sample..batch.min(sample + chunk);
            let mut biases = vec![0.0; samples.len() * own.len()];
            for (at, sample) in samples.enumerate() {
                let bias = &mut biases[at * own.len()..][..own.len()];
                let input = None::<Target<'_, fn(usize, usize, &mut [f32]) -> Sums>>;
                let channels = channels.clone();
                self.sample_gradients(
                    pass,
                    sample,
                    Gradients { weight: &mut *weight, channels, accumulate: at > 0, bias, input },
                );
            }
            (sample, own, biases)
        });
        for (sample, own, biases) in found {
            let rows = bias[sample * out_channels..].chunks_mut(out_channels);
            for (row, biases) in rows.zip(biases.chunks_exact(own.len().max(1))) {
                row[own.clone()].copy_from_slice(biases);
            }
        }
    }

    fn sample_gradients<F>(&self, pass: Pass<'_>, sample: usize, gradients: Gradients<'_, F>)
    where
        F: Fn(usize, usize, &mut [f32]) -> Sums,
    {
        let lowering = Lowering::of(&self.geometry);
        let input = pass.input.sample(sample, self.input_len());
        let gradient = pass.gradient.sample(sample, self.output_len());
        match self.direction {
            Direction::Down => lowering.map_gradients(input, gradient, pass.weight, gradients),
            Direction::Up => lowering.image_gradients(input, gradient, pass.weight, gradients),
        }
    }
}

/// Calls `work(sample, channels)` for all channels of all samples of `values`, `[batch, channels, pixels]`: a task a sample,
/// or a task some channels of one where there are more threads than samples.
fn each_block<F>(
    values: &mut [f32],
    sums: &mut [Sums],
    split: Split,
    finish: F,
    work: impl Fn(usize, Target<'_, &dyn Fn(usize, usize, &mut [f32]) -> Sums>) + Sync,
) where
    F: Fn(usize, usize, usize, &mut [f32]) -> Sums + Sync,
{
    let channels = split.channels;
    let batch = sums.len() / channels.max(1);
    let len = values.len() / batch.max(1);
    let parts = if batch == 1 { BLOCKS_PER_THREAD * threads() } else { threads().div_ceil(batch) };
    let count = split.channels_of_part(parts);
    let blocks = values.chunks_mut(len).zip(sums.chunks_mut(channels)).enumerate();
    let blocks: Vec<_> = blocks
        .flat_map(|(sample, (values, sums))| {
            let blocks = values.chunks_mut(count * len / channels).zip(sums.chunks_mut(count));
            blocks.enumerate().map(move |(index, block)| (sample, index * count, block))
        })
        .collect();
    share(blocks.into_par_iter(), |(sample, first, (values, sums))| {
        let finish: &dyn Fn(usize, usize, &mut [f32]) -> Sums =
            &|channel, pixel, values| finish(sample, channel, pixel, values);
        work(sample, Target { first, values, sums, finish: &finish });
    });
}

/// `[batch, channels]` to `[channels]`, added in sample order so that results are reproducible.
fn total(sums: &[Sums], channels: usize) -> Vec<Sums> {
    let mut total = vec![(0.0, 0.0); channels];
    for sample in sums.chunks_exact(channels.max(1)) {
        for (total, value) in total.iter_mut().zip(sample) {
            total.0 += value.0;
            total.1 += value.1;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::{super::geometry::Geometry, *};

    fn values(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|index| ((index * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0).collect()
    }

    /// Output, gradients and sums of a batch, as bits.
    fn run(convolution: &Convolution, batch: usize, threads: usize) -> Vec<u64> {
        let input = values(batch * convolution.input_len(), 1);
        let gradient = values(batch * convolution.output_len(), 2);
        let weight = values(convolution.geometry.weight_len(), 3);
        let factors: Vec<[f32; 3]> =
            (0..convolution.output_shape().0).map(|at| [1.0, 0.5, at as f32]).collect();
        let affine: Vec<(f32, f32)> = (0..convolution.input_shape().0).map(|at| (0.5, at as f32)).collect();
        let finish = |sample: usize, channel: usize, pixel: usize, values: &mut [f32]| {
            for value in &mut *values {
                *value += (sample + channel) as f32;
            }
            (f64::from(values[0]) + pixel as f64, values.iter().map(|value| f64::from(*value)).sum())
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let input = Channels::Affine { values: &input, affine: &affine };
            let mut output = vec![f32::NAN; gradient.len()];
            let mut sums = convolution.forward(input, &weight, &mut output, finish);
            let activation = output.clone();
            let gradient =
                Channels::ReluBackward { gradient: &gradient, activation: &activation, factors: &factors };
            let pass = Pass { input, gradient, weight: &weight };
            let (mut by_weight, mut by_bias) = (weight.clone(), vec![f32::NAN; factors.len()]);
            let mut by_input = vec![f32::NAN; batch * convolution.input_len()];
            let target = InputGradient { values: &mut by_input, finish };
            let workspace = Workspace::unlimited();
            sums.extend(convolution.gradients(
                pass,
                &mut by_weight,
                &mut by_bias,
                Some(target),
                &workspace,
                batch,
            ));
            let singles = [output, by_weight, by_bias, by_input].concat();
            let sums = sums.into_iter().flat_map(|sums| [sums.0.to_bits(), sums.1.to_bits()]);
            singles.into_iter().map(|value| u64::from(value.to_bits())).chain(sums).collect()
        })
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        for (image_channels, size, map_channels, strides) in [
            (1, (32, 16), 7, (2, 2)),
            (3, (16, 8), 5, (2, 2)),
            (33, (16, 8), 16, (2, 1)),
            (64, (8, 4), 32, (1, 1)),
            (40, (32, 32), 48, (2, 2)),
            // Sums that are added up in several parts.
            (64, (8, 8), 96, (2, 2)),
            (24, (64, 64), 16, (2, 2)),
            (16, (64, 64), 24, (1, 1)),
        ] {
            let geometry = Geometry::same(image_channels, size, map_channels, 3, strides);
            for direction in [Direction::Down, Direction::Up] {
                let convolution = Convolution { geometry: geometry.clone(), direction };
                for batch in [2, 3, 20] {
                    let one = run(&convolution, batch, 1);
                    for threads in [2, 11, 40] {
                        let same = run(&convolution, batch, threads) == one;
                        assert!(same, "{geometry:?}, {direction:?}, batch {batch}, {threads} threads");
                    }
                }
            }
        }
    }
}

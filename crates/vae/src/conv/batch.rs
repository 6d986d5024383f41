//! Convolution of a batch, forward and backward.
//!
//! Samples are distributed over the threads, each product on one thread; for a single sample all threads
//! share its product.

use std::sync::Arc;

use rayon::prelude::*;

use super::{
    Convolution, Direction,
    channels::{Channels, Target},
    gradients::Gradients,
    lowering::Lowering,
    matrix::Threads,
};
use crate::{elementwise::Sums, tasks::share, workspace::Workspace};

/// Most partial sums of a weight gradient. Constant, so that the order of additions does not depend on the
/// thread count.
const WEIGHT_GRADIENT_CHUNKS: usize = 16;

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
        let lowering = Lowering::of(&self.geometry);
        let (channels, _, _) = self.output_shape();
        let batch = output.len() / self.output_len();
        let mut sums = vec![(0.0, 0.0); batch * channels];
        // Convolves one sample and finishes its channels.
        let one = |threads, sample: usize, values: &mut [f32], sums: &mut [Sums]| {
            let finish =
                |channel: usize, pixel: usize, values: &mut [f32]| finish(sample, channel, pixel, values);
            let target = Target { first: 0, values, sums, finish: &finish };
            let input = input.sample(sample, self.input_len());
            match self.direction {
                Direction::Down => lowering.map_from_image(input, weight, target, threads),
                Direction::Up => lowering.image_from_map(input, weight, target, threads),
            }
        };
        if batch == 1 {
            one(Threads::Pool, 0, output, &mut sums);
        } else {
            // One sample per task: [batch, channels, pixels]
            let samples = output.par_chunks_mut(self.output_len()).zip(sums.par_chunks_mut(channels));
            share(samples.enumerate(), |(sample, (values, sums))| one(Threads::One, sample, values, sums));
        }
        total(&sums, channels)
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
        // One partial weight gradient per chunk of samples: [chunks, weights]
        let mut parts = workspace.take(batch.div_ceil(chunk) * weight.len());
        let mut bias_sums = vec![0.0; batch * out_channels];
        let mut sums = vec![(0.0, 0.0); batch * in_channels];
        // Without an input gradient there are as many chunks, but empty ones.
        let (values, finish) = input.map_or((None, None), |input| (Some(input.values), Some(input.finish)));
        let mut values: Vec<Option<&mut [f32]>> = match values {
            Some(values) => values.chunks_mut(chunk * self.input_len()).map(Some).collect(),
            None => (0..batch.div_ceil(chunk)).map(|_| None).collect(),
        };
        // A task per chunk of samples; within a chunk, samples are added in order.
        let chunks = parts
            .par_chunks_mut(weight.len())
            .zip(values.par_iter_mut())
            .zip(bias_sums.par_chunks_mut(chunk * out_channels))
            .zip(sums.par_chunks_mut(chunk * in_channels));
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
                self.sample_gradients(pass, sample, Gradients { weight, accumulate: at > 0, bias, input });
            }
        });
        // Add the partial sums in chunk order and return to the order of the weights.
        Lowering::of(&self.geometry).summed(&mut parts, weight);
        // Bias gradient: sums over [batch, channels] in sample order
        for (index, bias) in bias.iter_mut().enumerate() {
            *bias = bias_sums.iter().skip(index).step_by(out_channels).sum::<f64>() as f32;
        }
        total(&sums, in_channels)
    }

    fn sample_gradients<F>(&self, pass: Pass<'_>, sample: usize, gradients: Gradients<'_, F>)
    where
        F: Fn(usize, usize, &mut [f32]) -> Sums + Sync,
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

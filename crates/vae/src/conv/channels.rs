//! Inputs and outputs of a convolution, with elementwise operations fused into reading and writing.
//!
//! Normalisation, `ReLU` and their gradients are applied while a channel is in the cache, because a separate
//! pass over the model's largest tensors would cost as much as some of the matrix products.

use rayon::prelude::*;

use super::matrix::Threads;
use crate::elementwise::{Sums, affine, relu_backward};

/// Channels of a sample or a batch, either stored or computed on reading.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Channels<'a> {
    /// Stored values, read directly.
    Plain(&'a [f32]),
    /// `scale * value + offset`, with one pair per channel: the output of a batch norm.
    Affine { values: &'a [f32], affine: &'a [(f32, f32)] },
    /// Gradient before a `ReLU` and batch norm, computed from the gradient behind them, the `ReLU`'s output
    /// and the `[scale, slope, constant]` per channel of [`crate::batch_norm::Moments`].
    ReluBackward { gradient: &'a [f32], activation: &'a [f32], factors: &'a [[f32; 3]] },
}

impl<'a> Channels<'a> {
    /// Sample `index` of a batch whose samples have `len` elements each.
    pub fn sample(&self, index: usize, len: usize) -> Self {
        let own = |values: &'a [f32]| &values[index * len..][..len];
        match *self {
            Self::Plain(values) => Self::Plain(own(values)),
            Self::Affine { values, affine } => Self::Affine { values: own(values), affine },
            Self::ReluBackward { gradient, activation, factors } => {
                Self::ReluBackward { gradient: own(gradient), activation: own(activation), factors }
            }
        }
    }

    /// Channels `first..first + count` of one sample, `[count, pixels]`; computed into `buffer` unless they
    /// are stored.
    pub fn block<'b>(&self, first: usize, count: usize, pixels: usize, buffer: &'b mut [f32]) -> &'b [f32]
    where
        'a: 'b,
    {
        let own = |values: &'a [f32]| &values[first * pixels..][..count * pixels];
        let buffer = match *self {
            Self::Plain(values) => return own(values),
            _ => &mut buffer[..count * pixels],
        };
        let channels = buffer.chunks_exact_mut(pixels);
        match *self {
            Self::Plain(_) => {}
            Self::Affine { values, affine: pairs } => {
                for ((out, values), pair) in
                    channels.zip(own(values).chunks_exact(pixels)).zip(&pairs[first..])
                {
                    affine(values, *pair, out);
                }
            }
            Self::ReluBackward { gradient, activation, factors } => {
                let values = own(gradient).chunks_exact(pixels).zip(own(activation).chunks_exact(pixels));
                for ((out, (gradient, activation)), factors) in channels.zip(values).zip(&factors[first..]) {
                    relu_backward(gradient, activation, *factors, out);
                }
            }
        }
        buffer
    }
}

/// Output channels, with a function to call on each as soon as it is written.
#[derive(Debug)]
pub(crate) struct Target<'a, F> {
    /// Index of the first channel.
    pub first: usize,
    /// `[channels, pixels]`.
    pub values: &'a mut [f32],
    /// Results of `finish`, `[channels]`.
    pub sums: &'a mut [Sums],
    /// Post-processes one channel in place: `(channel index, values)`.
    pub finish: &'a F,
}

impl<'a, F: Fn(usize, &mut [f32]) -> Sums + Sync> Target<'a, F> {
    /// Splits the channels into blocks of at most `count`.
    pub fn blocks(self, pixels: usize, count: usize) -> impl Iterator<Item = Target<'a, F>> {
        let Self { first, values, sums, finish } = self;
        let blocks = values.chunks_mut(count * pixels).zip(sums.chunks_mut(count));
        blocks.enumerate().map(move |(index, (values, sums))| Self {
            first: first + index * count,
            values,
            sums,
            finish,
        })
    }

    /// Calls `finish` on every channel.
    pub fn finish(self, pixels: usize) {
        let channels = self.values.chunks_exact_mut(pixels).zip(self.sums);
        for (index, (channel, sums)) in channels.enumerate() {
            *sums = (self.finish)(self.first + index, channel);
        }
    }

    /// Calls `fill(first channel, values)` for each block of channels, then `finish` on its channels.
    pub fn fill(self, pixels: usize, most: usize, threads: Threads, fill: impl Fn(usize, &mut [f32]) + Sync) {
        let count = block(self.sums.len(), most, threads);
        let work = |block: Target<'_, F>| {
            fill(block.first, block.values);
            block.finish(pixels);
        };
        match threads {
            Threads::One => self.blocks(pixels, count).for_each(work),
            Threads::Pool => {
                self.blocks(pixels, count).collect::<Vec<_>>().into_par_iter().for_each(work);
            }
        }
    }
}

/// Blocks per thread when all threads share one sample: more than one evens out their finishing times.
const BLOCKS_PER_THREAD: usize = 2;

/// Channels per block: at most `most`, or an even share for the pool's threads.
pub(super) fn block(channels: usize, most: usize, threads: Threads) -> usize {
    let share = match threads {
        Threads::One => channels,
        Threads::Pool => channels.div_ceil(BLOCKS_PER_THREAD * rayon::current_num_threads()),
    };
    share.clamp(1, most)
}

//! Where a convolution's values come from and where they go: channels that are changed on the way.
//!
//! Normalisation, `ReLU` and their gradients happen to a channel while it is in the cache anyway, because a pass of their
//! own over the largest tensors of the model would cost as much as some of the products.

use rayon::prelude::*;

use super::matrix::Threads;
use crate::elementwise::{Sums, affine, through_relu};

/// The channels of one sample or of a whole batch: as they lie in memory, or as they become when they are read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Channels<'a> {
    /// As they are.
    Plain(&'a [f32]),
    /// `scale * value + offset`, a pair a channel.
    Affine { values: &'a [f32], affine: &'a [(f32, f32)] },
    /// The gradient before a `ReLU` and a batch norm, from the one behind them, what the `ReLU` gave, and
    /// `[scale, slope, constant]` a channel.
    ThroughRelu { gradient: &'a [f32], activation: &'a [f32], factors: &'a [[f32; 3]] },
}

impl<'a> Channels<'a> {
    /// One sample of a batch whose samples have `len` elements.
    pub fn sample(&self, index: usize, len: usize) -> Self {
        let own = |values: &'a [f32]| &values[index * len..][..len];
        match *self {
            Self::Plain(values) => Self::Plain(own(values)),
            Self::Affine { values, affine } => Self::Affine { values: own(values), affine },
            Self::ThroughRelu { gradient, activation, factors } => {
                Self::ThroughRelu { gradient: own(gradient), activation: own(activation), factors }
            }
        }
    }

    /// `count` channels of one sample from `first` on, each of `pixels` elements; worked out in `buffer` where they do not
    /// lie in memory as they are.
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
            Self::ThroughRelu { gradient, activation, factors } => {
                let values = own(gradient).chunks_exact(pixels).zip(own(activation).chunks_exact(pixels));
                for ((out, (gradient, activation)), factors) in channels.zip(values).zip(&factors[first..]) {
                    through_relu(gradient, activation, *factors, out);
                }
            }
        }
        buffer
    }
}

/// Channels that are written, and what happens to each as soon as it is.
#[derive(Debug)]
pub(crate) struct Target<'a, F> {
    /// Number of the first channel.
    pub first: usize,
    /// `[channels, pixels]`.
    pub values: &'a mut [f32],
    /// What `finish` returned, `[channels]`.
    pub sums: &'a mut [Sums],
    /// Changes one channel, whose number it is given, in place.
    pub finish: &'a F,
}

impl<'a, F: Fn(usize, &mut [f32]) -> Sums + Sync> Target<'a, F> {
    /// The same channels in blocks of at most `count`.
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

    /// Finishes all channels.
    pub fn finish(self, pixels: usize) {
        let channels = self.values.chunks_exact_mut(pixels).zip(self.sums);
        for (index, (channel, sums)) in channels.enumerate() {
            *sums = (self.finish)(self.first + index, channel);
        }
    }

    /// Has `fill` write blocks of channels, whose first number it is given, and finishes each block.
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

/// Blocks of channels for each thread, where the threads share one sample: enough to even out who comes late.
const BLOCKS_PER_THREAD: usize = 2;

/// Channels that are worked on together: at most `most`, or an even share of the pool's threads.
pub(super) fn block(channels: usize, most: usize, threads: Threads) -> usize {
    let share = match threads {
        Threads::One => channels,
        Threads::Pool => channels.div_ceil(BLOCKS_PER_THREAD * rayon::current_num_threads()),
    };
    share.clamp(1, most)
}

//! Inputs and outputs of a convolution, with elementwise operations fused into reading and writing.
//!
//! Normalisation, `ReLU` and their gradients are applied while a channel is in the cache, because a separate
//! pass over the model's largest tensors would cost as much as some of the matrix products.

use std::ops::Range;

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

    /// Elements `range` of one channel of `pixels` elements; computed into `buffer` unless they are stored.
    pub fn part<'b>(
        &self,
        channel: usize,
        pixels: usize,
        range: Range<usize>,
        buffer: &'b mut [f32],
    ) -> &'b [f32]
    where
        'a: 'b,
    {
        if let Self::Plain(values) = *self {
            return &values[channel * pixels..][range];
        }
        let buffer = &mut buffer[..range.len()];
        self.compute(channel, pixels, range, buffer);
        buffer
    }

    /// Copies elements `range` of one channel of `pixels` elements to `out`.
    pub fn compute(&self, channel: usize, pixels: usize, range: Range<usize>, out: &mut [f32]) {
        let own = |values: &'a [f32]| &values[channel * pixels..][range.clone()];
        match *self {
            Self::Plain(values) => out.copy_from_slice(own(values)),
            Self::Affine { values, affine: pairs } => affine(own(values), pairs[channel], out),
            Self::ReluBackward { gradient, activation, factors } => {
                relu_backward(own(gradient), own(activation), factors[channel], out);
            }
        }
    }
}

/// Output channels, with a function to call on each as soon as it is written.
#[derive(Debug)]
pub(crate) struct Target<'a, F> {
    /// Index of the first channel.
    pub first: usize,
    /// `[channels, pixels]`.
    pub values: &'a mut [f32],
    /// Sums of the results of `finish`, `[channels]`.
    pub sums: &'a mut [Sums],
    /// Post-processes some pixels of a channel in place: `(channel, first pixel, values)`.
    pub finish: &'a F,
}

impl<F: Fn(usize, usize, &mut [f32]) -> Sums> Target<'_, F> {
    /// Calls `finish` on some pixels of every channel.
    pub fn finish(&mut self, pixels: usize, range: Range<usize>) {
        let channels = self.values.chunks_exact_mut(pixels).zip(self.sums.iter_mut());
        for (index, (channel, sums)) in channels.enumerate() {
            let (first, second) = (self.finish)(self.first + index, range.start, &mut channel[range.clone()]);
            sums.0 += first;
            sums.1 += second;
        }
    }

    /// Calls `work` on blocks of at most `count` channels of `pixels` elements.
    pub fn for_each_block(self, pixels: usize, count: usize, mut work: impl FnMut(Target<'_, F>)) {
        let Self { first, values, sums, finish } = self;
        let blocks = values.chunks_mut(count * pixels).zip(sums.chunks_mut(count)).enumerate();
        for (index, (values, sums)) in blocks {
            work(Target { first: first + index * count, values, sums, finish });
        }
    }
}

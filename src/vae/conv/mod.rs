//! Same-padded strided convolution and transposed convolution, as candle operations of our own.
//!
//! candle's convolution has one stride for both axes, symmetric padding only, and a slow backward pass on the CPU.
//! Here both directions, forward and gradients, are the three matrix products of `products`.
//! Weights are `[map channels, image channels, kernel, kernel]`: `[out, in, ..]` for a convolution,
//! `[in, out, ..]` for a transposed one, as in PyTorch.

mod columns;
pub mod geometry;
pub(crate) mod matrix;
mod phases;
pub(crate) mod products;

use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Tensor, bail};

use rayon::prelude::*;

use self::{
    geometry::Geometry,
    products::{channel_sums, image_from_map, map_from_image, weight_gradient},
};

/// Buffers of this many elements (4 MiB) are zeroed by all threads.
const SHARED_ZEROS: usize = 1 << 20;

/// Which way a convolution goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From image to map: a convolution.
    Down,
    /// From map to image: a transposed convolution.
    Up,
}

/// One convolution of a model: sizes and direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// Its sizes.
    pub geometry: Geometry,
    /// Which way it goes.
    pub direction: Direction,
}

impl Convolution {
    /// `(channels, bins, frames)` of the input.
    pub fn input_shape(&self) -> (usize, usize, usize) {
        self.shape_of(self.direction == Direction::Down)
    }

    /// `(channels, bins, frames)` of the output.
    pub fn output_shape(&self) -> (usize, usize, usize) {
        self.shape_of(self.direction == Direction::Up)
    }

    fn shape_of(&self, image: bool) -> (usize, usize, usize) {
        let geometry = &self.geometry;
        if image {
            (geometry.image_channels, geometry.image_size.0, geometry.image_size.1)
        } else {
            (geometry.map_channels, geometry.map_size.0, geometry.map_size.1)
        }
    }

    /// Shape of the weights.
    pub fn weight_shape(&self) -> [usize; 4] {
        let geometry = &self.geometry;
        [geometry.map_channels, geometry.image_channels, geometry.kernel, geometry.kernel]
    }

    /// Multiplications and additions of one forward pass over one sample.
    pub fn flops(&self) -> f64 {
        2.0 * self.geometry.weight_len() as f64 * self.geometry.map_pixels() as f64
    }

    /// Samples in a batch of inputs.
    ///
    /// # Errors
    /// When the shape is not this convolution's.
    pub(crate) fn batch_of(&self, layout: &Layout) -> Result<usize> {
        let (channels, bins, frames) = self.input_shape();
        match *layout.dims() {
            [batch, c, b, f] if (c, b, f) == (channels, bins, frames) => Ok(batch),
            ref other => {
                bail!("a convolution of [batch, {channels}, {bins}, {frames}] was given {other:?}")
            }
        }
    }

    /// Output of a whole batch; `finish` sees every sample's output while it is in the cache, and what it returns
    /// comes back beside the output, in sample order.
    pub(crate) fn forward<T: Send>(
        &self,
        batch: usize,
        input: &[f32],
        weight: &[f32],
        finish: impl Fn(&mut [f32]) -> T + Sync,
    ) -> (Vec<f32>, Vec<T>) {
        let geometry = &self.geometry;
        let (channels, bins, frames) = self.output_shape();
        let mut output = zeros(batch * channels * bins * frames);
        let finished = match self.direction {
            Direction::Down => map_from_image(geometry, input, weight, &mut output, finish),
            Direction::Up => image_from_map(geometry, input, weight, &mut output, finish),
        };
        (output, finished)
    }

    /// Gradient of the input from that of the output.
    pub(crate) fn input_gradient(&self, output_gradient: &[f32], batch: usize, weight: &[f32]) -> Vec<f32> {
        let geometry = &self.geometry;
        let (channels, bins, frames) = self.input_shape();
        let mut gradient = zeros(batch * channels * bins * frames);
        match self.direction {
            Direction::Down => image_from_map(geometry, output_gradient, weight, &mut gradient, |_| ()),
            Direction::Up => map_from_image(geometry, output_gradient, weight, &mut gradient, |_| ()),
        };
        gradient
    }

    /// Gradient of the weights, summed over the batch.
    pub(crate) fn weight_gradient(&self, input: &[f32], output_gradient: &[f32]) -> Vec<f32> {
        match self.direction {
            Direction::Down => weight_gradient(&self.geometry, input, output_gradient),
            Direction::Up => weight_gradient(&self.geometry, output_gradient, input),
        }
    }

    /// Applies the convolution: input `[batch, channels, bins, frames]`, weights [`Self::weight_shape`], bias
    /// `[output channels]`.
    ///
    /// # Errors
    /// When a shape does not fit.
    pub fn apply(&self, input: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<Tensor> {
        input.contiguous()?.apply_op3(weight, bias, ConvolutionOp(self.clone()))
    }
}

/// The elements of a contiguous single-precision tensor, where an operation gets it.
pub(crate) fn elements<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let Some((start, end)) = layout.contiguous_offsets() else { bail!("the tensor is not contiguous") };
    let all = storage.as_slice::<f32>()?;
    Ok(&all[start..end])
}

/// Zeros; large buffers are written by all threads, because the system hands out their pages at the first touch.
pub(crate) fn zeros(len: usize) -> Vec<f32> {
    if len < SHARED_ZEROS {
        return vec![0.0; len];
    }
    let mut zeros = Vec::new();
    zeros.par_extend(rayon::iter::repeat_n(0.0, len));
    zeros
}

/// Adds a bias to every channel of one sample.
pub(crate) fn add_bias(sample: &mut [f32], bias: &[f32]) {
    let pixels = sample.len() / bias.len().max(1);
    for (channel, bias) in sample.chunks_exact_mut(pixels.max(1)).zip(bias) {
        for value in channel {
            *value += bias;
        }
    }
}

/// Runs `work` on the elements of a tensor in main memory.
pub(crate) fn with_elements<T>(tensor: &Tensor, work: impl FnOnce(&[f32]) -> Result<T>) -> Result<T> {
    let (storage, layout) = tensor.storage_and_layout();
    match &*storage {
        candle_core::Storage::Cpu(cpu) => work(elements(cpu, layout)?),
        _ => bail!("the model computes in main memory only"),
    }
}

struct ConvolutionOp(Convolution);

impl CustomOp3 for ConvolutionOp {
    fn name(&self) -> &'static str {
        "same-padded convolution"
    }

    fn cpu_fwd(
        &self,
        input: &CpuStorage,
        input_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
        bias: &CpuStorage,
        bias_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let batch = self.0.batch_of(input_layout)?;
        let bias = elements(bias, bias_layout)?;
        let (output, _) = self.0.forward(
            batch,
            elements(input, input_layout)?,
            elements(weight, weight_layout)?,
            |sample| {
                add_bias(sample, bias);
            },
        );
        let (channels, bins, frames) = self.0.output_shape();
        Ok((CpuStorage::F32(output), Shape::from((batch, channels, bins, frames))))
    }

    fn bwd(
        &self,
        input: &Tensor,
        weight: &Tensor,
        bias: &Tensor,
        _output: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (channels, bins, frames) = self.0.output_shape();
        let device = input.device();
        with_elements(&gradient.contiguous()?, |gradient| {
            let input_gradient = if input.track_op() {
                let values = with_elements(weight, |weight| {
                    Ok(self.0.input_gradient(gradient, input.dim(0)?, weight))
                })?;
                Some(Tensor::from_vec(values, input.shape(), device)?)
            } else {
                None
            };
            let weights = with_elements(input, |input| Ok(self.0.weight_gradient(input, gradient)))?;
            let biases = channel_sums(gradient, channels, bins * frames);
            Ok((
                input_gradient,
                Some(Tensor::from_vec(weights, weight.shape(), device)?),
                Some(Tensor::from_vec(biases, bias.shape(), device)?),
            ))
        })
    }
}

#[cfg(test)]
mod tests;

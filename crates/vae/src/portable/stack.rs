//! Convolution, bias, `ReLU` and batch norm by candle's own operations.
//!
//! candle's convolutions have one stride for both axes and symmetric padding. So padding is applied before a
//! convolution or cropped after a transposed one. Unequal strides become stride 1, with rows and columns
//! skipped afterwards or zeros inserted before.

use candle_core::{DType, Result, Tensor, bail};

use crate::{
    batch_norm::{EPSILON, Moments},
    conv::{Convolution, Direction},
    error::ModelError,
    stack::layer::Layer,
    tensors::{Tensors, tensor},
};

/// Axes of `[batch, channels, bins, frames]`.
const BINS: usize = 2;
const FRAMES: usize = 3;

/// Source of the batch-norm moments.
#[derive(Debug)]
pub(crate) enum Normalisation<'a> {
    /// The batch itself (training); each layer's moments are appended.
    Batch(&'a mut Vec<Moments>),
    /// Stored moments, one per batch norm.
    Fixed(&'a [Moments]),
}

/// Layers with their parameters.
#[derive(Clone, Debug)]
pub(crate) struct Stack {
    layers: Vec<Layer>,
    /// Weight and bias of each layer, followed by gamma and beta if it has a batch norm.
    parameters: Vec<Tensor>,
}

impl Stack {
    /// Builds the stack of `part` from the tensors `<part>.conv_1`, `<part>.norm_1` and so on.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn from_tensors(
        tensors: &Tensors,
        part: &str,
        layers: Vec<Layer>,
    ) -> std::result::Result<Self, ModelError> {
        let mut parameters = Vec::new();
        for (index, layer) in layers.iter().enumerate() {
            let number = index + 1;
            for name in ["weight", "bias"] {
                parameters.push(tensor(tensors, &format!("{part}.conv_{number}.{name}"))?);
            }
            if layer.normalised {
                for name in ["weight", "bias"] {
                    parameters.push(tensor(tensors, &format!("{part}.norm_{number}.{name}"))?);
                }
            }
        }
        Ok(Self::new(layers, parameters))
    }

    /// Builds a stack from layers and their tensors: weight, bias, gamma and beta of each in turn.
    pub(crate) fn new(layers: Vec<Layer>, parameters: Vec<Tensor>) -> Self {
        Self { layers, parameters }
    }

    /// `[batch, channels, bins, frames]` of the first layer's input to the same axes of the last layer's
    /// output.
    ///
    /// # Errors
    /// When a candle operation fails.
    pub fn forward(&self, input: &Tensor, mut normalisation: Normalisation<'_>) -> Result<Tensor> {
        let (mut parameters, mut output, mut norms) = (self.parameters.iter(), input.clone(), 0);
        for layer in &self.layers {
            let (Some(weight), Some(bias)) = (parameters.next(), parameters.next()) else {
                bail!("a layer lacks its weights");
            };
            output = convolve(&layer.convolution, &output, weight)?;
            output = output.broadcast_add(&by_channel(bias)?)?;
            if !layer.normalised {
                continue;
            }
            let (Some(gamma), Some(beta)) = (parameters.next(), parameters.next()) else {
                bail!("a layer lacks its batch norm");
            };
            output = output.relu()?;
            let (mean, variance) = match &mut normalisation {
                Normalisation::Batch(all) => {
                    let mean = output.mean_keepdim((0, BINS, FRAMES))?;
                    let variance = output.broadcast_sub(&mean)?.sqr()?.mean_keepdim((0, BINS, FRAMES))?;
                    let values = |tensor: &Tensor| tensor.flatten_all()?.to_dtype(DType::F32)?.to_vec1();
                    all.push(Moments { mean: values(&mean)?, variance: values(&variance)? });
                    (mean, variance)
                }
                Normalisation::Fixed(moments) => {
                    let Some(Moments { mean, variance }) = moments.get(norms) else {
                        bail!("a batch norm lacks its moments");
                    };
                    let values = |values: &[f32]| by_channel(&Tensor::new(values, input.device())?);
                    (values(mean)?, values(variance)?)
                }
            };
            norms += 1;
            let deviation = (variance + EPSILON)?.sqrt()?;
            output = output.broadcast_sub(&mean)?.broadcast_div(&deviation)?;
            output = output.broadcast_mul(&by_channel(gamma)?)?.broadcast_add(&by_channel(beta)?)?;
        }
        Ok(output)
    }
}

/// `[channels]` as `[1, channels, 1, 1]`, for broadcasting.
fn by_channel(values: &Tensor) -> Result<Tensor> {
    values.reshape((1, (), 1, 1))
}

fn convolve(convolution: &Convolution, input: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let geometry = &convolution.geometry;
    let (kernel, (vertical, horizontal)) = (geometry.kernel, geometry.strides);
    let stride = if vertical == horizontal { vertical } else { 1 };
    let axes = [
        (BINS, geometry.padding().0, geometry.image_size.0, geometry.map_size.0, vertical),
        (FRAMES, geometry.padding().1, geometry.image_size.1, geometry.map_size.1, horizontal),
    ];
    let mut tensor = input.clone();
    match convolution.direction {
        Direction::Down => {
            for (axis, before, image, map, stride) in axes {
                let seen = (map - 1) * stride + kernel;
                tensor = tensor.pad_with_zeros(axis, before, seen.saturating_sub(image + before))?;
                // A kernel smaller than the stride does not read the last elements.
                tensor = tensor.narrow(axis, 0, seen)?;
            }
            tensor = tensor.contiguous()?.conv2d(weight, 0, stride, 1, 1)?;
            for (axis, _, _, _, step) in axes.into_iter().filter(|_| vertical != horizontal) {
                tensor = take_every(&tensor, axis, step)?;
            }
        }
        Direction::Up => {
            for (axis, _, _, _, step) in axes.into_iter().filter(|_| vertical != horizontal) {
                tensor = insert_zeros(&tensor, axis, step)?;
            }
            tensor = tensor.contiguous()?.conv_transpose2d(weight, 0, 0, stride, 1)?;
            for (axis, before, image, _, _) in axes {
                let made = tensor.dim(axis)?;
                tensor = tensor.pad_with_zeros(axis, 0, (before + image).saturating_sub(made))?;
                tensor = tensor.narrow(axis, before, image)?;
            }
        }
    }
    Ok(tensor)
}

/// Every `step`-th element along an axis.
fn take_every(tensor: &Tensor, axis: usize, step: usize) -> Result<Tensor> {
    if step == 1 {
        return Ok(tensor.clone());
    }
    let indices: Vec<u32> = (0..tensor.dim(axis)?).step_by(step).map(|index| index as u32).collect();
    tensor.contiguous()?.index_select(&Tensor::new(indices, tensor.device())?, axis)
}

/// Inserts `step - 1` zeros between the elements along an axis.
fn insert_zeros(tensor: &Tensor, axis: usize, step: usize) -> Result<Tensor> {
    if step == 1 {
        return Ok(tensor.clone());
    }
    let size = tensor.dim(axis)?;
    let mut dims = tensor.dims().to_vec();
    dims[axis] = size * step;
    let apart = tensor.unsqueeze(axis + 1)?.pad_with_zeros(axis + 1, 0, step - 1)?;
    apart.reshape(dims)?.narrow(axis, 0, (size - 1) * step + 1)
}

//! A stack as a custom operation of candle's automatic differentiation.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Storage, Tensor, bail};

use super::{
    layer::Layer,
    pass::{Tape, backward, forward},
};
use crate::{batch_norm::Moments, workspace::Workspace};

/// Custom operation from input and packed parameters to output; runs once.
pub(super) struct StackOp {
    pub layers: Arc<[Layer]>,
    pub workspace: Arc<Workspace>,
    /// The batch's moments, set by the forward pass.
    pub moments: Arc<OnceLock<Vec<Moments>>>,
    /// Intermediate results for the backward pass; `None` if no gradient is needed.
    pub tape: Option<Mutex<Option<Tape>>>,
}

/// The elements of a contiguous single-precision tensor in an operation.
fn elements<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let Some((start, end)) = layout.contiguous_offsets() else { bail!("the tensor is not contiguous") };
    Ok(&storage.as_slice::<f32>()?[start..end])
}

/// Runs `work` on the elements of a contiguous tensor in main memory.
pub(super) fn with_elements<T>(tensor: &Tensor, work: impl FnOnce(&[f32]) -> Result<T>) -> Result<T> {
    let (storage, layout) = tensor.storage_and_layout();
    match &*storage {
        Storage::Cpu(cpu) => work(elements(cpu, layout)?),
        _ => bail!("this operation computes in main memory only"),
    }
}

/// Batch size of an input `[batch, channels, bins, frames]`.
///
/// # Errors
/// When the shape is not the first layer's input shape; both are named.
pub(super) fn batch_of(layers: &[Layer], dims: &[usize]) -> Result<usize> {
    let Some(first) = layers.first() else { bail!("a stack has at least one layer") };
    let (channels, bins, frames) = first.convolution.input_shape();
    match *dims {
        [batch, c, b, f] if (c, b, f) == (channels, bins, frames) => Ok(batch),
        _ => bail!("a convolution of [batch, {channels}, {bins}, {frames}] was given {dims:?}"),
    }
}

/// Shape of the last layer's output for a batch.
pub(super) fn output_shape(layers: &[Layer], batch: usize) -> Shape {
    let (channels, bins, frames) = layers.last().map_or((0, 0, 0), |last| last.convolution.output_shape());
    Shape::from((batch, channels, bins, frames))
}

impl CustomOp2 for StackOp {
    fn name(&self) -> &'static str {
        "convolutions, ReLU and batch norm"
    }

    fn cpu_fwd(
        &self,
        input: &CpuStorage,
        input_layout: &Layout,
        packed: &CpuStorage,
        packed_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let batch = batch_of(&self.layers, input_layout.dims())?;
        let packed = elements(packed, packed_layout)?;
        let expected: usize = self.layers.iter().map(Layer::parameters_len).sum();
        if packed.len() != expected {
            bail!("a stack of {expected} parameters was given {}", packed.len());
        }
        let input = elements(input, input_layout)?;
        let pass = forward(&self.layers, packed, input, &self.workspace, self.tape.is_some());
        if self.moments.set(pass.moments).is_err() {
            bail!("an operation of a stack runs once");
        }
        if let Some(tape) = &self.tape {
            *tape.lock().unwrap_or_else(PoisonError::into_inner) = pass.tape;
        }
        Ok((CpuStorage::F32(pass.output), output_shape(&self.layers, batch)))
    }

    fn bwd(
        &self,
        input: &Tensor,
        packed: &Tensor,
        _output: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let tape =
            self.tape.as_ref().and_then(|tape| tape.lock().unwrap_or_else(PoisonError::into_inner).take());
        let Some(tape) = tape else { bail!("the gradient of a stack can be taken once only") };
        let wanted = input.track_op();
        let gradients = with_elements(&gradient.contiguous()?, |gradient| {
            with_elements(packed, |parameters| {
                with_elements(input, |input| {
                    Ok(backward(&self.layers, parameters, tape, input, wanted, gradient, &self.workspace))
                })
            })
        })?;
        let device = input.device();
        let tensor = |values: Vec<f32>, like: &Tensor| Tensor::from_vec(values, like.shape(), device);
        Ok((
            gradients.input.filter(|_| wanted).map(|values| tensor(values, input)).transpose()?,
            Some(tensor(gradients.packed, packed)?),
        ))
    }
}

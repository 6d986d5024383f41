//! Stacks of convolution, bias, `ReLU` and batch norm: the convolutional parts of encoder and decoder.
//!
//! A whole stack is one operation, because its tensors are the largest of the model and each avoided pass
//! over them saves time. `pass` computes, `operation` connects it to candle's automatic differentiation;
//! `portable` computes on other devices than the CPU.

mod layer;
mod operation;
mod pass;
mod portable;

use std::sync::{Arc, Mutex, OnceLock};

use candle_core::{Result, Tensor, bail};

pub(crate) use self::layer::Layer;
use self::{
    layer::{Parameters, split},
    operation::{StackOp, batch_of, output_shape, with_elements},
};
use super::{
    batch_norm::Moments,
    error::ModelError,
    tensors::{Tensors, tensor},
    workspace::Workspace,
};

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
    layers: Arc<[Layer]>,
    /// Weight and bias of each layer, followed by gamma and beta if it has a batch norm.
    parameters: Vec<Tensor>,
    workspace: Arc<Workspace>,
    /// Whether to use this crate's operations or candle's.
    fused: bool,
    /// Packed parameters and prepared weights, cached where parameters are constant.
    finished: Arc<OnceLock<Finished>>,
}

#[derive(Debug)]
struct Finished {
    packed: Vec<f32>,
    prepared: Vec<Vec<f32>>,
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
        workspace: &Arc<Workspace>,
        fused: bool,
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
        Ok(Self::new(layers, parameters, workspace, fused))
    }

    /// Builds a stack from layers and their tensors: weight, bias, gamma and beta of each in turn.
    pub(crate) fn new(
        layers: Vec<Layer>,
        parameters: Vec<Tensor>,
        workspace: &Arc<Workspace>,
        fused: bool,
    ) -> Self {
        Self {
            layers: layers.into(),
            parameters,
            workspace: Arc::clone(workspace),
            fused,
            finished: Arc::default(),
        }
    }

    /// `[batch, channels, bins, frames]` of the first layer's input to the same axes of the last layer's
    /// output.
    ///
    /// # Errors
    /// When the shape of the input or the number of moments is wrong.
    pub fn forward(&self, input: &Tensor, normalisation: Normalisation<'_>) -> Result<Tensor> {
        if let Normalisation::Fixed(moments) = &normalisation {
            let channels: Vec<usize> = self.norm_channels().collect();
            let given: Vec<usize> = moments.iter().map(|moments| moments.mean.len()).collect();
            if channels != given {
                bail!("batch norms of {channels:?} channels were given moments of {given:?}");
            }
        }
        if !self.fused {
            batch_of(&self.layers, input.dims())?;
            return portable::forward(&self.layers, &self.parameters, input, normalisation);
        }
        match normalisation {
            Normalisation::Batch(all) => self.forward_batch(input, all),
            Normalisation::Fixed(moments) => self.forward_fixed(input, moments),
        }
    }

    fn packed(&self) -> Result<Tensor> {
        let flat = self.parameters.iter().map(Tensor::flatten_all).collect::<Result<Vec<_>>>()?;
        Tensor::cat(&flat, 0)
    }

    /// Forward pass normalised by the batch's own moments, which are appended to `all`.
    fn forward_batch(&self, input: &Tensor, all: &mut Vec<Moments>) -> Result<Tensor> {
        let packed = self.packed()?;
        let moments = Arc::new(OnceLock::new());
        let operation = StackOp {
            layers: Arc::clone(&self.layers),
            workspace: Arc::clone(&self.workspace),
            moments: Arc::clone(&moments),
            tape: (input.track_op() || packed.track_op()).then(|| Mutex::new(None)),
        };
        let output = input.contiguous()?.apply_op2(&packed, operation)?;
        let Some(moments) = moments.get() else { bail!("the stack did not run") };
        all.extend_from_slice(moments);
        Ok(output)
    }

    /// Forward pass normalised by the given moments; not differentiable.
    fn forward_fixed(&self, input: &Tensor, moments: &[Moments]) -> Result<Tensor> {
        let batch = batch_of(&self.layers, input.dims())?;
        let made;
        let finished = if self.parameters.iter().any(Tensor::is_variable) {
            made = self.finish()?;
            &made
        } else if let Some(finished) = self.finished.get() {
            finished
        } else {
            let new = self.finish()?;
            self.finished.get_or_init(|| new)
        };
        let parameters: Vec<Parameters<'_>> = split(&self.layers, &finished.packed);
        let output = with_elements(&input.contiguous()?, |input| {
            Ok(pass::forward_fixed(
                &self.layers,
                &parameters,
                &finished.prepared,
                input,
                moments,
                &self.workspace,
            ))
        })?;
        Tensor::from_vec(output, output_shape(&self.layers, batch), input.device())
    }

    fn norm_channels(&self) -> impl Iterator<Item = usize> {
        let normalised = self.layers.iter().filter(|layer| layer.normalised);
        normalised.map(|layer| layer.convolution.output_shape().0)
    }

    fn finish(&self) -> Result<Finished> {
        let packed = self.packed()?.to_vec1::<f32>()?;
        let parameters = split(&self.layers, &packed);
        let pairs = parameters.iter().zip(&*self.layers);
        let prepared = pairs.map(|(Parameters { weight, .. }, layer)| {
            let mut prepared = vec![0.0; weight.len()];
            layer.convolution.prepare(weight, &mut prepared);
            prepared
        });
        Ok(Finished { prepared: prepared.collect(), packed })
    }
}

#[cfg(test)]
mod tests;

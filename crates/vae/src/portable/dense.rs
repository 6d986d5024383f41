//! Fully connected layers.

use candle_core::{Result, Tensor};

use crate::{
    error::ModelError,
    tensors::{Tensors, tensor},
};

/// A dense layer: weight `[outputs, inputs]`, bias `[outputs]`.
#[derive(Clone, Debug)]
pub(crate) struct Dense {
    weight: Tensor,
    bias: Tensor,
}

impl Dense {
    pub fn from_tensors(tensors: &Tensors, name: &str) -> std::result::Result<Self, ModelError> {
        Ok(Self {
            weight: tensor(tensors, &format!("{name}.weight"))?,
            bias: tensor(tensors, &format!("{name}.bias"))?,
        })
    }

    pub fn forward(&self, input: &Tensor) -> Result<Tensor> {
        input.matmul(&self.weight.t()?)?.broadcast_add(&self.bias)
    }
}

/// Dense layers with a `ReLU` between them.
#[derive(Clone, Debug)]
pub(crate) struct DenseStack(Vec<Dense>);

impl DenseStack {
    /// The layers `<part>.dense_1` to `<part>.dense_<count>`.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn from_tensors(
        tensors: &Tensors,
        part: &str,
        count: usize,
    ) -> std::result::Result<Self, ModelError> {
        let layers =
            (1..=count).map(|number| Dense::from_tensors(tensors, &format!("{part}.dense_{number}")));
        Ok(Self(layers.collect::<std::result::Result<_, _>>()?))
    }

    /// `[batch, inputs]` to `[batch, outputs]`; there is no `ReLU` after the last layer.
    pub fn forward(&self, input: &Tensor) -> Result<Tensor> {
        let mut output = input.clone();
        for (index, layer) in self.0.iter().enumerate() {
            if index > 0 {
                output = output.relu()?;
            }
            output = layer.forward(&output)?;
        }
        Ok(output)
    }
}

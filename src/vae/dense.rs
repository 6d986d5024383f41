//! A fully connected layer.

use candle_core::{Result, Tensor};

use super::{
    error::ModelError,
    weights::{Tensors, tensor},
};

/// A dense layer, `[outputs, inputs]` and `[outputs]`.
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

//! Tensors of a model by name.

use std::collections::BTreeMap;

use candle_core::Tensor;

use super::error::ModelError;

/// Tensors by name.
pub(crate) type Tensors = BTreeMap<String, Tensor>;

/// Looks up a tensor.
pub(crate) fn tensor(tensors: &Tensors, name: &str) -> Result<Tensor, ModelError> {
    tensors.get(name).cloned().ok_or_else(|| ModelError::Other(format!("the model has no tensor {name}")))
}

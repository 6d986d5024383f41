//! Tensors of a model by name, and their elements in main memory.

use std::{cell::RefCell, collections::BTreeMap};

use candle_core::{CpuStorage, InplaceOp1, Layout, Result, Storage, Tensor, Var, bail};

use super::error::ModelError;

/// Tensors by name.
pub(crate) type Tensors = BTreeMap<String, Tensor>;

/// Looks up a tensor.
pub(crate) fn tensor(tensors: &Tensors, name: &str) -> std::result::Result<Tensor, ModelError> {
    tensors.get(name).cloned().ok_or_else(|| ModelError::Other(format!("the model has no tensor {name}")))
}

/// Runs `work` on the elements of contiguous single-precision tensors in main memory.
///
/// # Errors
/// When a tensor is not of this kind.
pub(crate) fn with_elements<T>(tensors: &[Tensor], work: impl FnOnce(&[&[f32]]) -> T) -> Result<T> {
    let storages: Vec<_> = tensors.iter().map(Tensor::storage_and_layout).collect();
    let elements = storages.iter().map(|(storage, layout)| match &**storage {
        Storage::Cpu(storage) => {
            let (start, end) = range(layout)?;
            Ok(&storage.as_slice::<f32>()?[start..end])
        }
        _ => bail!("this operation computes in main memory only"),
    });
    Ok(work(&elements.collect::<Result<Vec<_>>>()?))
}

/// Runs `work` on the elements of a variable, which it may change.
///
/// # Errors
/// When the variable is not of one piece, or candle fails.
pub(crate) fn change_elements(variable: &Var, mut work: impl FnMut(&mut [f32])) -> Result<()> {
    if variable.device().is_cpu() {
        return variable.inplace_op1(&InPlace(RefCell::new(work)));
    }
    // On other devices tensors cannot be changed: copy, change, and set the variable.
    let mut values = variable.flatten_all()?.to_vec1::<f32>()?;
    work(&mut values);
    variable.set(&Tensor::from_vec(values, variable.shape(), variable.device())?)
}

struct InPlace<F>(RefCell<F>);

impl<F: FnMut(&mut [f32])> InplaceOp1 for InPlace<F> {
    fn name(&self) -> &'static str {
        "change of elements"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let (start, end) = range(layout)?;
        match storage {
            CpuStorage::F32(values) => {
                (self.0.borrow_mut())(&mut values[start..end]);
                Ok(())
            }
            _ => bail!("the tensor is not of single precision"),
        }
    }
}

fn range(layout: &Layout) -> Result<(usize, usize)> {
    let Some(range) = layout.contiguous_offsets() else { bail!("the tensor is not contiguous") };
    Ok(range)
}

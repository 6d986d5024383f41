//! Convolution, bias, `ReLU` and batch norm as one operation: the repeated block of the model.
//!
//! Fused because each step alone would read and write the largest tensors of the model once more, forward and backward.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Tensor, bail};

use super::{
    batch_norm::{Moments, backward, normalise, normalised, relu_and_affine, relu_and_sums},
    conv::{Convolution, elements, with_elements},
    error::ModelError,
    weights::{Tensors, tensor},
};

/// Where batch norm takes its moments from.
#[derive(Debug)]
pub(crate) enum Normalisation<'a> {
    /// The batch itself; every layer's moments are appended.
    Batch(&'a mut Vec<Moments>),
    /// Kept moments, one a layer.
    Fixed(&'a [Moments]),
}

/// Sends `input` through `blocks`.
pub(crate) fn through(blocks: &[Block], input: &Tensor, normalisation: Normalisation<'_>) -> Result<Tensor> {
    let mut output = input.clone();
    match normalisation {
        Normalisation::Batch(all) => {
            for block in blocks {
                let moments;
                (output, moments) = block.forward_batch(&output)?;
                all.push(moments);
            }
        }
        Normalisation::Fixed(all) => {
            for (block, moments) in blocks.iter().zip(all) {
                output = block.forward_fixed(&output, moments)?;
            }
        }
    }
    Ok(output)
}

/// A convolution -> `ReLU` -> batch norm block with its weights.
#[derive(Clone, Debug)]
pub struct Block {
    /// The convolution.
    pub convolution: Convolution,
    /// Its weights.
    pub weight: Tensor,
    /// Its bias, `[channels]`.
    pub bias: Tensor,
    /// Scale after normalisation, `[channels]`.
    pub gamma: Tensor,
    /// Offset after normalisation, `[channels]`.
    pub beta: Tensor,
}

impl Block {
    /// The block of one part of the model by its number, from 1.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub(crate) fn from_tensors(
        tensors: &Tensors,
        part: &str,
        number: usize,
        convolution: &Convolution,
    ) -> std::result::Result<Self, ModelError> {
        Ok(Self {
            convolution: convolution.clone(),
            weight: tensor(tensors, &format!("{part}.conv_{number}.weight"))?,
            bias: tensor(tensors, &format!("{part}.conv_{number}.bias"))?,
            gamma: tensor(tensors, &format!("{part}.norm_{number}.weight"))?,
            beta: tensor(tensors, &format!("{part}.norm_{number}.bias"))?,
        })
    }

    /// Output normalised by the batch's own moments, which are returned as well.
    ///
    /// # Errors
    /// When the input does not fit.
    pub fn forward_batch(&self, input: &Tensor) -> Result<(Tensor, Moments)> {
        let vectors = Tensor::cat(&[&self.bias, &self.gamma, &self.beta], 0)?;
        let moments = Arc::new(OnceLock::new());
        let keeps = input.track_op() || self.weight.track_op() || vectors.track_op();
        let operation = BatchBlockOp {
            convolution: self.convolution.clone(),
            moments: Arc::clone(&moments),
            activation: keeps.then(|| Mutex::new(None)),
        };
        let output = input.contiguous()?.apply_op3(&self.weight, &vectors, operation)?;
        let Some(moments) = moments.get() else { bail!("the block did not run") };
        Ok((output, moments.clone()))
    }

    /// Output normalised by given moments; no gradient flows through it.
    ///
    /// # Errors
    /// When the input does not fit.
    pub fn forward_fixed(&self, input: &Tensor, moments: &Moments) -> Result<Tensor> {
        let gamma = self.gamma.to_vec1()?;
        let affine = moments.affine(&gamma, &self.beta.to_vec1()?);
        if affine.len() != gamma.len() {
            bail!("{} channels were given moments of {}", gamma.len(), moments.mean.len());
        }
        let operation = FixedBlockOp { convolution: self.convolution.clone(), affine };
        input.contiguous()?.apply_op3_no_bwd(&self.weight, &self.bias, &operation)
    }
}

struct BatchBlockOp {
    convolution: Convolution,
    moments: Arc<OnceLock<Moments>>,
    /// What the `ReLU` gave, for the backward pass; `None` where there will be none.
    activation: Option<Mutex<Option<Vec<f32>>>>,
}

/// Splits `[bias, gamma, beta]`, each `[channels]`.
fn split_vectors(vectors: &[f32], channels: usize) -> Result<[&[f32]; 3]> {
    match vectors.chunks_exact(channels).collect::<Vec<_>>()[..] {
        [bias, gamma, beta] => Ok([bias, gamma, beta]),
        _ => bail!("bias, gamma and beta of {channels} channels were given {} values", vectors.len()),
    }
}

impl CustomOp3 for BatchBlockOp {
    fn name(&self) -> &'static str {
        "convolution, ReLU and batch norm"
    }

    fn cpu_fwd(
        &self,
        input: &CpuStorage,
        input_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
        vectors: &CpuStorage,
        vectors_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let batch = self.convolution.batch_of(input_layout)?;
        let (channels, bins, frames) = self.convolution.output_shape();
        let [bias, gamma, beta] = split_vectors(elements(vectors, vectors_layout)?, channels)?;
        let input = elements(input, input_layout)?;
        let (mut activation, sums) =
            self.convolution.forward(batch, input, elements(weight, weight_layout)?, |sample| {
                relu_and_sums(sample, bias)
            });
        let moments = Moments::from_sums(&sums, channels, bins * frames);
        let affine = moments.affine(gamma, beta);
        if self.moments.set(moments).is_err() {
            bail!("a block operation runs once");
        }
        let output = if let Some(slot) = &self.activation {
            let output = normalised(&activation, &affine, bins * frames);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(activation);
            output
        } else {
            normalise(&mut activation, &affine, bins * frames);
            activation
        };
        Ok((CpuStorage::F32(output), Shape::from((batch, channels, bins, frames))))
    }

    fn bwd(
        &self,
        input: &Tensor,
        weight: &Tensor,
        vectors: &Tensor,
        _output: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (channels, bins, frames) = self.convolution.output_shape();
        let taken = self
            .activation
            .as_ref()
            .and_then(|slot| slot.lock().unwrap_or_else(PoisonError::into_inner).take());
        // The activation is overwritten by its gradient, which saves the largest buffer of a step.
        let (Some(mut activation), Some(moments)) = (taken, self.moments.get()) else {
            bail!("a block's gradient can be taken once only")
        };
        let gradients = with_elements(&gradient.contiguous()?, |gradient| {
            with_elements(vectors, |vectors| {
                let [_, gamma, _] = split_vectors(vectors, channels)?;
                Ok(backward(gradient, &mut activation, moments, gamma, bins * frames))
            })
        })?;
        let device = input.device();
        let weights = with_elements(input, |input| Ok(self.convolution.weight_gradient(input, &activation)))?;
        let input_gradient = if input.track_op() {
            let batch = input.dim(0)?;
            let values = with_elements(weight, |weight| {
                Ok(self.convolution.input_gradient(&activation, batch, weight))
            })?;
            Some(Tensor::from_vec(values, input.shape(), device)?)
        } else {
            None
        };
        let vector_gradient = [gradients.bias, gradients.gamma, gradients.beta].concat();
        Ok((
            input_gradient,
            Some(Tensor::from_vec(weights, weight.shape(), device)?),
            Some(Tensor::from_vec(vector_gradient, vectors.shape(), device)?),
        ))
    }
}

struct FixedBlockOp {
    convolution: Convolution,
    affine: Vec<(f32, f32)>,
}

impl CustomOp3 for FixedBlockOp {
    fn name(&self) -> &'static str {
        "convolution, ReLU and fixed batch norm"
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
        let batch = self.convolution.batch_of(input_layout)?;
        let (channels, bins, frames) = self.convolution.output_shape();
        let bias = elements(bias, bias_layout)?;
        let input = elements(input, input_layout)?;
        let (output, _) =
            self.convolution.forward(batch, input, elements(weight, weight_layout)?, |sample| {
                relu_and_affine(sample, bias, &self.affine);
            });
        Ok((CpuStorage::F32(output), Shape::from((batch, channels, bins, frames))))
    }
}

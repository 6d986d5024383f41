//! Fully connected layers.

use super::{
    dots::{FEWEST_INPUTS, add_products},
    network::DensePlace,
};
use crate::{
    conv::matrix::{Matrix, MatrixMut, Threads, multiply_on},
    workspace::Buffer,
};

/// A dense layer: weight `[outputs, inputs]`, bias `[outputs]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dense<'a> {
    pub weight: &'a [f32],
    pub bias: &'a [f32],
    inputs: usize,
    outputs: usize,
}

/// Where the gradient of a dense layer's input goes.
pub(super) struct InputGradient<'a> {
    /// `[batch, inputs]`.
    pub values: &'a mut [f32],
    /// Whether to add to the values or to overwrite them.
    pub accumulate: bool,
}

impl DensePlace {
    /// The layer with its values.
    pub fn of<'a>(&self, values: &[&'a [f32]]) -> Dense<'a> {
        let (inputs, outputs) = (self.inputs, self.outputs);
        Dense { weight: values[self.at], bias: values[self.at + 1], inputs, outputs }
    }

    /// Weight and bias of the layer among the gradients of all parameters.
    pub fn gradients<'a>(&self, all: &'a mut [Buffer]) -> (&'a mut [f32], &'a mut [f32]) {
        let (weight, bias) = all[self.at..].split_at_mut(1);
        (&mut weight[0], &mut bias[0])
    }
}

impl Dense<'_> {
    /// `[batch, inputs]` to `[batch, outputs]`.
    pub fn forward(&self, input: &[f32], out: &mut [f32]) {
        out.chunks_exact_mut(self.outputs).for_each(|row| row.copy_from_slice(self.bias));
        self.add_product(input, out);
    }

    /// Adds the layer's output to `out`.
    pub fn add(&self, input: &[f32], out: &mut [f32]) {
        for row in out.chunks_exact_mut(self.outputs) {
            row.iter_mut().zip(self.bias).for_each(|(out, bias)| *out += bias);
        }
        self.add_product(input, out);
    }

    /// `out += input · weightᵀ`.
    fn add_product(&self, input: &[f32], out: &mut [f32]) {
        if self.inputs >= FEWEST_INPUTS {
            return add_products(input, self.weight, self.inputs, out);
        }
        let batch = out.len() / self.outputs;
        let weight = Matrix::new(self.weight, self.outputs, self.inputs).transposed();
        let out = &mut MatrixMut::new(out, batch, self.outputs);
        multiply_on(Matrix::new(input, batch, self.inputs), weight, out, true, Threads::Pool);
    }

    /// Gradients of weight and bias, which are overwritten, and of the input, from the gradient of the output,
    /// `[batch, outputs]`.
    pub fn backward(
        &self,
        input: &[f32],
        gradient: &[f32],
        (weight, bias): (&mut [f32], &mut [f32]),
        input_gradient: Option<InputGradient<'_>>,
    ) {
        let batch = gradient.len() / self.outputs;
        let gradient = Matrix::new(gradient, batch, self.outputs);
        // [outputs, batch] x [batch, inputs]
        multiply_on(
            gradient.transposed(),
            Matrix::new(input, batch, self.inputs),
            &mut MatrixMut::new(weight, self.outputs, self.inputs),
            false,
            Threads::Pool,
        );
        gradient.sum_rows(bias);
        if let Some(InputGradient { values, accumulate }) = input_gradient {
            // [batch, outputs] x [outputs, inputs]
            let weight = Matrix::new(self.weight, self.outputs, self.inputs);
            let out = &mut MatrixMut::new(values, batch, self.inputs);
            multiply_on(gradient, weight, out, accumulate, Threads::Pool);
        }
    }
}

//! Translates a model's layers to ONNX operators.

use super::graph::{
    Attribute::{Float, Int, Ints},
    Graph,
};
use crate::{
    batch_norm::{EPSILON, Moments},
    conv::{Convolution, Direction},
    error::ModelError,
    tensors::{Tensors, tensor},
};

/// The graph of one half of a model under construction.
pub(super) struct Layers<'a> {
    pub graph: Graph,
    /// `encoder` or `decoder`, the prefix of tensor names.
    pub part: &'static str,
    pub tensors: &'a Tensors,
    /// Moments of this half's batch norms, in order.
    pub moments: &'a [Moments],
}

impl Layers<'_> {
    /// Adds a tensor of the model as a constant and returns its name.
    fn constant(&mut self, name: &str) -> Result<String, ModelError> {
        let name = format!("{}.{name}", self.part);
        let values = tensor(self.tensors, &name)?;
        self.graph.floats(&name, values.dims(), &values.flatten_all()?.to_vec1::<f32>()?);
        Ok(name)
    }

    /// Adds the dense layer `layer`, `[batch, inputs]` to `[batch, outputs]`.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn dense(&mut self, input: &str, layer: &str, output: &str) -> Result<(), ModelError> {
        let (weight, bias) =
            (self.constant(&format!("{layer}.weight"))?, self.constant(&format!("{layer}.bias"))?);
        // Weights are [outputs, inputs].
        self.graph.node("Gemm", &[input, &weight, &bias], output, &[("transB", Int(1))]);
        Ok(())
    }

    /// Adds the layers `dense_1` to `dense_<count>` with a `ReLU` between them, and after the last one if
    /// `relu_last`. Returns the name of their output.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn dense_stack(&mut self, input: &str, count: usize, relu_last: bool) -> Result<String, ModelError> {
        let mut value = input.to_owned();
        for number in 1..=count {
            let layer = format!("dense_{number}");
            self.dense(&value, &layer, &layer)?;
            value = layer;
            if number < count || relu_last {
                let relu = format!("relu_{number}");
                self.graph.node("Relu", &[&value], &relu, &[]);
                value = relu;
            }
        }
        Ok(value)
    }

    /// Adds `layers` in sequence, the first `normalised` of them with `ReLU` and batch norm; returns the name
    /// of their output.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn convolutions(
        &mut self,
        input: &str,
        layers: &[Convolution],
        normalised: usize,
    ) -> Result<String, ModelError> {
        let mut value = input.to_owned();
        for (index, layer) in layers.iter().enumerate() {
            let number = index + 1;
            value = self.convolution(&value, number, layer)?;
            if index < normalised {
                value = self.relu_and_norm(&value, number)?;
            }
        }
        Ok(value)
    }

    fn convolution(&mut self, input: &str, number: usize, layer: &Convolution) -> Result<String, ModelError> {
        let name = format!("conv_{number}");
        // [out, in, ..] for a convolution, [in, out, ..] for a transposed one, as ONNX expects.
        let (weight, bias) =
            (self.constant(&format!("{name}.weight"))?, self.constant(&format!("{name}.bias"))?);
        let geometry = &layer.geometry;
        let (kernel, strides, before) = (geometry.kernel, geometry.strides, geometry.padding());
        // Padding behind the image: extent of all kernels along the axis, less the image and the padding
        // before it.
        let behind = |map: usize, stride: usize, image: usize, before: usize| {
            ((map - 1) * stride + kernel).saturating_sub(image + before)
        };
        let after = (
            behind(geometry.map_size.0, strides.0, geometry.image_size.0, before.0),
            behind(geometry.map_size.1, strides.1, geometry.image_size.1, before.1),
        );
        let attributes = [
            ("kernel_shape", Ints(&[kernel, kernel])),
            ("strides", Ints(&[strides.0, strides.1])),
            // A convolution adds this padding, a transposed one crops it.
            ("pads", Ints(&[before.0, before.1, after.0, after.1])),
        ];
        let operator = match layer.direction {
            Direction::Down => "Conv",
            Direction::Up => "ConvTranspose",
        };
        self.graph.node(operator, &[input, &weight, &bias], &name, &attributes);
        Ok(name)
    }

    fn relu_and_norm(&mut self, input: &str, number: usize) -> Result<String, ModelError> {
        let (relu, name) = (format!("relu_{number}"), format!("norm_{number}"));
        let (scale, offset) =
            (self.constant(&format!("{name}.weight"))?, self.constant(&format!("{name}.bias"))?);
        let Some(Moments { mean, variance }) = self.moments.get(number - 1) else {
            return Err(ModelError::Other(format!("the model has no statistics of {}.{name}", self.part)));
        };
        let statistics = [("mean", mean), ("variance", variance)].map(|(what, values)| {
            let name = format!("{}.{name}.{what}", self.part);
            self.graph.floats(&name, &[values.len()], values);
            name
        });
        self.graph.node("Relu", &[input], &relu, &[]);
        let inputs = [relu.as_str(), &scale, &offset, &statistics[0], &statistics[1]];
        self.graph.node("BatchNormalization", &inputs, &name, &[("epsilon", Float(EPSILON as f32))]);
        Ok(name)
    }

    /// `[batch, ..]` to `[batch, values]`.
    pub fn flatten(&mut self, input: &str, output: &str) {
        self.graph.node("Flatten", &[input], output, &[("axis", Int(1))]);
    }

    /// `[batch, values]` to `[batch, ..axes]`.
    pub fn reshape(&mut self, input: &str, output: &str, axes: [usize; 3]) {
        let shape = format!("{output}.shape");
        // 0 keeps the batch size.
        self.graph.integers(&shape, &[0, axes[0], axes[1], axes[2]]);
        self.graph.node("Reshape", &[input, &shape], output, &[]);
    }

    /// Crops `[batch, 1, .., ..]` to the first `bins` and `frames`.
    pub fn crop(&mut self, input: &str, output: &str, (bins, frames): (usize, usize)) {
        let names = ["starts", "ends", "axes"].map(|what| format!("{output}.{what}"));
        for (name, values) in names.iter().zip([[0, 0], [bins, frames], [2, 3]]) {
            self.graph.integers(name, &values);
        }
        self.graph.node("Slice", &[input, &names[0], &names[1], &names[2]], output, &[]);
    }
}

//! One layer of a stack and its parameters among those of a model.

use crate::{conv::Convolution, workspace::Buffer};

/// A convolution with bias and, except for the model's last one, `ReLU` and batch norm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layer {
    pub convolution: Convolution,
    /// Whether `ReLU` and batch norm follow.
    pub normalised: bool,
}

/// Views of one layer's parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameters<'a> {
    pub weight: &'a [f32],
    pub bias: &'a [f32],
    /// Scale of the batch norm; empty without one.
    pub gamma: &'a [f32],
    /// Offset of the batch norm; empty without one.
    pub beta: &'a [f32],
}

/// Mutable views of the gradients of one layer's parameters.
pub(crate) struct ParametersMut<'a> {
    pub weight: &'a mut [f32],
    pub bias: &'a mut [f32],
    pub gamma: &'a mut [f32],
    pub beta: &'a mut [f32],
}

impl Layer {
    /// Elements of one input sample.
    pub fn input_len(&self) -> usize {
        let (channels, bins, frames) = self.convolution.input_shape();
        channels * bins * frames
    }

    /// Elements of one output sample.
    pub fn output_len(&self) -> usize {
        self.convolution.output_shape().0 * self.pixels()
    }

    /// Elements of one output channel.
    pub fn pixels(&self) -> usize {
        let (_, bins, frames) = self.convolution.output_shape();
        bins * frames
    }

    /// Number of the layer's parameters: weight and bias, and gamma and beta if a batch norm follows.
    fn places(&self) -> usize {
        if self.normalised { 4 } else { 2 }
    }
}

/// Number of the layers' parameters.
pub(crate) fn places(layers: &[Layer]) -> usize {
    layers.iter().map(Layer::places).sum()
}

/// The first of `values` as the layers' parameters: weight, bias, gamma and beta of each in turn.
///
/// # Panics
/// When there are fewer values than the layers have parameters.
pub(crate) fn parameters<'a>(layers: &[Layer], mut values: &[&'a [f32]]) -> Vec<Parameters<'a>> {
    let of = |layer: &Layer| {
        let (own, rest) = values.split_at(layer.places());
        values = rest;
        let norm = |index: usize| own.get(index).copied().unwrap_or_default();
        Parameters { weight: own[0], bias: own[1], gamma: norm(2), beta: norm(3) }
    };
    layers.iter().map(of).collect()
}

/// [`parameters`] of gradients, to be written.
///
/// # Panics
/// As [`parameters`].
pub(crate) fn parameters_mut<'a>(layers: &[Layer], gradients: &'a mut [Buffer]) -> Vec<ParametersMut<'a>> {
    let mut gradients = gradients.iter_mut().map(|buffer| &mut **buffer);
    let mut next = || gradients.next().unwrap_or_default();
    let of = |layer: &Layer| {
        let (weight, bias) = (next(), next());
        let (gamma, beta) = if layer.normalised { (next(), next()) } else { Default::default() };
        ParametersMut { weight, bias, gamma, beta }
    };
    layers.iter().map(of).collect()
}

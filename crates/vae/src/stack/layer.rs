//! One layer of a stack and the packing of all parameters into one vector.

use crate::conv::Convolution;

/// A convolution with bias and, except for the model's last one, `ReLU` and batch norm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layer {
    pub convolution: Convolution,
    /// Whether `ReLU` and batch norm follow.
    pub normalised: bool,
}

/// Views of one layer's parameters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameters<'a> {
    pub weight: &'a [f32],
    pub bias: &'a [f32],
    /// Scale of the batch norm; empty without one.
    pub gamma: &'a [f32],
    /// Offset of the batch norm; empty without one.
    pub beta: &'a [f32],
}

/// Mutable views of the gradients of one layer's parameters.
pub(super) struct ParametersMut<'a> {
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

    /// Lengths of weight, bias, gamma and beta.
    fn lens(&self) -> [usize; 4] {
        let (channels, _, _) = self.convolution.output_shape();
        let norm = if self.normalised { channels } else { 0 };
        [self.convolution.geometry.weight_len(), channels, norm, norm]
    }

    /// Elements of all parameters of the layer.
    pub(super) fn parameters_len(&self) -> usize {
        self.lens().iter().sum()
    }
}

/// Splits packed parameters into views per layer: weight, bias, gamma, beta of each in turn.
pub(super) fn split<'a>(layers: &[Layer], packed: &'a [f32]) -> Vec<Parameters<'a>> {
    let mut rest = packed;
    let mut next = |len: usize| {
        let (part, others) = rest.split_at(len);
        rest = others;
        part
    };
    layers
        .iter()
        .map(|layer| {
            let [weight, bias, gamma, beta] = layer.lens().map(&mut next);
            Parameters { weight, bias, gamma, beta }
        })
        .collect()
}

/// Mutable [`split`].
pub(super) fn split_mut<'a>(layers: &[Layer], packed: &'a mut [f32]) -> Vec<ParametersMut<'a>> {
    let mut rest = packed;
    let mut next = |len: usize| {
        let (part, others) = std::mem::take(&mut rest).split_at_mut(len);
        rest = others;
        part
    };
    layers
        .iter()
        .map(|layer| {
            let [weight, bias, gamma, beta] = layer.lens().map(&mut next);
            ParametersMut { weight, bias, gamma, beta }
        })
        .collect()
}

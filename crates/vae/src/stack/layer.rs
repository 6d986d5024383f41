//! One layer of a stack, and where its parameters lie among those of all.

use crate::conv::Convolution;

/// A convolution with its bias and, but for the model's last one, a `ReLU` and a batch norm behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layer {
    pub convolution: Convolution,
    /// Whether `ReLU` and batch norm follow.
    pub normalised: bool,
}

/// The parameters of one layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameters<'a> {
    pub weight: &'a [f32],
    pub bias: &'a [f32],
    /// Scale after normalisation; empty without one.
    pub gamma: &'a [f32],
    /// Offset after normalisation; empty without one.
    pub beta: &'a [f32],
}

/// Gradients of the parameters of one layer.
pub(super) struct ParametersMut<'a> {
    pub weight: &'a mut [f32],
    pub bias: &'a mut [f32],
    pub gamma: &'a mut [f32],
    pub beta: &'a mut [f32],
}

impl Layer {
    /// Elements of one sample of the input.
    pub fn input_len(&self) -> usize {
        let (channels, bins, frames) = self.convolution.input_shape();
        channels * bins * frames
    }

    /// Elements of one sample of the output.
    pub fn output_len(&self) -> usize {
        self.convolution.output_shape().0 * self.pixels()
    }

    /// Elements of one channel of the output.
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

    /// Elements of all its parameters.
    pub(super) fn parameters_len(&self) -> usize {
        self.lens().iter().sum()
    }
}

/// The parameters of `layers` among all of them, packed one after the other.
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

/// [`split`], to be written.
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

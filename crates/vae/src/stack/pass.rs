//! Forward and backward pass of a stack of layers, on slices.
//!
//! Only the output of each `ReLU` is stored, not the batch norm's: the next layer applies scale and offset
//! while reading. Likewise the gradient before a `ReLU` is never stored but computed where the layer's
//! products read it.

use std::sync::Arc;

use super::layer::{Layer, Parameters, split, split_mut};
use crate::{
    batch_norm::Moments,
    conv::{
        batch::{InputGradient, Pass},
        channels::Channels,
    },
    elementwise::{add_bias, affine, relu_and_affine, relu_and_sums, sums_with},
    workspace::{Buffer, Workspace},
};

/// Intermediate results of one layer for the backward pass.
struct Step {
    prepared: Buffer,
    /// Output of the `ReLU`, or of the convolution if there is none; `[batch, channels, bins, frames]`.
    values: Buffer,
    norm: Option<Norm>,
}

struct Norm {
    moments: Moments,
    /// Scale and offset per channel.
    affine: Vec<(f32, f32)>,
}

impl Step {
    fn output(&self) -> Channels<'_> {
        match &self.norm {
            Some(norm) => Channels::Affine { values: &self.values, affine: &norm.affine },
            None => Channels::Plain(&self.values),
        }
    }
}

/// Intermediate results of all layers for the backward pass.
pub(super) struct Tape(Vec<Step>);

/// Results of the forward pass.
pub(super) struct Forward {
    /// Output of the last layer, `[batch, channels, bins, frames]`.
    pub output: Vec<f32>,
    /// Moments of every batch norm.
    pub moments: Vec<Moments>,
    /// Intermediate results, if requested.
    pub tape: Option<Tape>,
}

/// Forward pass of `input`, `[batch, channels, bins, frames]`, normalised by the batch's own moments.
pub(super) fn forward(
    layers: &[Layer],
    packed: &[f32],
    input: &[f32],
    workspace: &Arc<Workspace>,
    keep: bool,
) -> Forward {
    let (mut steps, mut moments): (Vec<Step>, Vec<Moments>) = (Vec::new(), Vec::new());
    for (layer, Parameters { weight, bias, gamma, beta }) in layers.iter().zip(split(layers, packed)) {
        let source = steps.last().map_or(Channels::Plain(input), Step::output);
        // Weights in the order of the products, kept for the backward pass.
        let mut prepared = workspace.take(weight.len());
        layer.convolution.prepare(weight, &mut prepared);
        let batch = layers.first().map_or(0, |first| input.len() / first.input_len());
        let mut values = workspace.take(batch * layer.output_len());
        let norm = if layer.normalised {
            // Bias and ReLU are fused into the convolution, which also returns Σx and Σx² per channel:
            // [channels].
            let sums = layer.convolution.forward(source, &prepared, &mut values, |_, channel, values| {
                relu_and_sums(values, bias[channel])
            });
            let own = Moments::from_sums(&sums, batch * layer.pixels());
            moments.push(own.clone());
            // The normalisation itself is deferred: the next layer reads scale * values + offset.
            Some(Norm { affine: own.affine(gamma, beta), moments: own })
        } else {
            layer.convolution.forward(source, &prepared, &mut values, |_, channel, values| {
                add_bias(values, bias[channel]);
                (0.0, 0.0)
            });
            None
        };
        // Without a backward pass only this layer's output is needed from here on.
        if !keep {
            steps.clear();
        }
        steps.push(Step { prepared, values, norm });
    }
    let output = match (layers.last(), steps.last()) {
        (Some(layer), Some(step)) => finished(layer, step),
        _ => input.to_vec(),
    };
    Forward { output, moments, tape: keep.then_some(Tape(steps)) }
}

/// Output of the last layer with its batch norm applied.
fn finished(layer: &Layer, step: &Step) -> Vec<f32> {
    let Some(norm) = &step.norm else { return step.values.to_vec() };
    let mut out = vec![0.0; step.values.len()];
    let channels = out.chunks_exact_mut(layer.pixels()).zip(step.values.chunks_exact(layer.pixels()));
    for ((out, values), pair) in channels.zip(norm.affine.iter().cycle()) {
        affine(values, *pair, out);
    }
    out
}

/// Forward pass normalised by stored moments, one per batch norm.
pub(super) fn forward_fixed(
    layers: &[Layer],
    parameters: &[Parameters<'_>],
    prepared: &[Vec<f32>],
    input: &[f32],
    moments: &[Moments],
    workspace: &Arc<Workspace>,
) -> Vec<f32> {
    let batch = layers.first().map_or(0, |first| input.len() / first.input_len());
    let mut moments = moments.iter();
    let mut last: Option<Buffer> = None;
    for ((layer, Parameters { bias, gamma, beta, .. }), prepared) in
        layers.iter().zip(parameters).zip(prepared)
    {
        let source = Channels::Plain(last.as_deref().unwrap_or(input));
        let mut values = workspace.take(batch * layer.output_len());
        let norm = if layer.normalised { moments.next() } else { None };
        let pairs = norm.map(|moments| moments.affine(gamma, beta));
        // Scale and offset are known in advance, so bias, ReLU and normalisation are one pass per channel.
        layer.convolution.forward(source, prepared, &mut values, |_, channel, values| {
            match &pairs {
                Some(pairs) => relu_and_affine(values, bias[channel], pairs[channel]),
                None => add_bias(values, bias[channel]),
            }
            (0.0, 0.0)
        });
        last = Some(values);
    }
    last.map_or_else(|| input.to_vec(), |values| values.to_vec())
}

/// Results of the backward pass.
pub(super) struct Backward {
    /// Gradients of the parameters, packed like the parameters.
    pub packed: Vec<f32>,
    /// Gradient of the input, if requested.
    pub input: Option<Vec<f32>>,
}

/// Backward pass of [`forward`].
pub(super) fn backward(
    layers: &[Layer],
    packed: &[f32],
    Tape(mut steps): Tape,
    input: &[f32],
    input_wanted: bool,
    gradient: &[f32],
    workspace: &Arc<Workspace>,
) -> Backward {
    let batch = layers.first().map_or(0, |first| input.len() / first.input_len());
    let mut packed_gradient = vec![0.0; packed.len()];
    let mut output_gradient = workspace.take(gradient.len());
    output_gradient.copy_from_slice(gradient);
    // Σdy and Σ(dy · r) per channel, with r the ReLU's output: all that the batch norm's backward pass needs.
    let mut sums = match (layers.last(), steps.last()) {
        (Some(layer), Some(step)) => channel_sums(layer, gradient, &step.values),
        _ => Vec::new(),
    };
    let parameters = split(layers, packed).into_iter().zip(split_mut(layers, &mut packed_gradient));
    for (index, (layer, (parameters, gradients))) in layers.iter().zip(parameters).enumerate().rev() {
        let Some(step) = steps.pop() else { break };
        // beta's gradient is Σdy; gamma's is written by the call, which returns dr = scale · dy + slope · r +
        // constant.
        let factors = step.norm.as_ref().map(|norm| {
            gradients.beta.iter_mut().zip(&sums).for_each(|(beta, sums)| *beta = sums.0 as f32);
            norm.moments.backward(&sums, parameters.gamma, batch * layer.pixels(), gradients.gamma)
        });
        // The convolution reads its input and its output gradient through these views, without storing
        // either.
        let pass = Pass {
            input: steps.last().map_or(Channels::Plain(input), Step::output),
            gradient: match &factors {
                Some(factors) => {
                    Channels::ReluBackward { gradient: &output_gradient, activation: &step.values, factors }
                }
                None => Channels::Plain(&output_gradient),
            },
            prepared: &step.prepared,
        };
        // While an input gradient's channel is in the cache, take the sums that the layer before needs.
        let before = steps.last().filter(|before| before.norm.is_some()).map(|before| &*before.values);
        let (channels, bins, frames) = layer.convolution.input_shape();
        let finish = |sample: usize, channel: usize, values: &mut [f32]| match before {
            Some(before) => {
                let start = (sample * channels + channel) * bins * frames;
                sums_with(values, &before[start..][..bins * frames])
            }
            None => (0.0, 0.0),
        };
        let mut input_gradient =
            (index > 0 || input_wanted).then(|| workspace.take(batch * layer.input_len()));
        let target = input_gradient.as_deref_mut().map(|values| InputGradient { values, finish });
        sums = layer.convolution.gradients(pass, gradients.weight, gradients.bias, target, workspace, batch);
        // The gradient of this layer's input is that of the previous layer's output.
        match input_gradient {
            Some(gradient) => output_gradient = gradient,
            None => return Backward { packed: packed_gradient, input: None },
        }
    }
    Backward { packed: packed_gradient, input: Some(output_gradient.to_vec()) }
}

/// Σ `gradient` and Σ (`gradient` · `values`) per channel, over the batch.
fn channel_sums(layer: &Layer, gradient: &[f32], values: &[f32]) -> Vec<(f64, f64)> {
    let (channels, _, _) = layer.convolution.output_shape();
    let mut total = vec![(0.0, 0.0); channels];
    let all = gradient.chunks_exact(layer.pixels()).zip(values.chunks_exact(layer.pixels()));
    for (index, (gradient, values)) in all.enumerate() {
        let sums = sums_with(gradient, values);
        let total = &mut total[index % channels];
        total.0 += sums.0;
        total.1 += sums.1;
    }
    total
}

//! Forward and backward pass of a stack of layers, on slices.
//!
//! Only the output of each `ReLU` is stored, not the batch norm's: the next layer applies scale and offset
//! while reading. Likewise the gradient before a `ReLU` is never stored but computed where the layer's
//! products read it.

use std::{mem, sync::Arc};

use rayon::prelude::*;

use super::layer::{Layer, Parameters, ParametersMut};
use crate::{
    batch_norm::Moments,
    conv::{
        batch::{InputGradient, Pass},
        channels::Channels,
    },
    elementwise::{add_bias, affine, relu_and_affine, relu_and_sums, sums_with},
    tasks::share,
    workspace::{Buffer, Workspace},
};

/// Intermediate results of one layer for the backward pass.
struct Step {
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
pub(crate) struct Tape(Vec<Step>);

/// Results of the forward pass.
pub(crate) struct Forward {
    /// Output of the last layer, `[batch, channels, bins, frames]`.
    pub output: Buffer,
    /// Moments of every batch norm.
    pub moments: Vec<Moments>,
    /// Intermediate results for the backward pass.
    pub tape: Tape,
}

/// Forward pass of `input`, `[batch, channels, bins, frames]`, normalised by the batch's own moments.
pub(crate) fn forward(
    layers: &[Layer],
    parameters: &[Parameters<'_>],
    input: &[f32],
    workspace: &Arc<Workspace>,
) -> Forward {
    let mut steps: Vec<Step> = Vec::new();
    for (layer, parameters) in layers.iter().zip(parameters) {
        let source = steps.last().map_or(Channels::Plain(input), Step::output);
        let step = layer_forward(layer, *parameters, source, batch_of(layers, input), workspace);
        steps.push(step);
    }
    let moments = steps.iter().filter_map(|step| Some(step.norm.as_ref()?.moments.clone())).collect();
    let output = match steps.last_mut() {
        // The backward pass needs what a layer gives only for the layer behind it and for its own batch norm.
        Some(last) if last.norm.is_none() => mem::replace(&mut last.values, workspace.take(0)),
        last => finished(layers, last.as_deref(), input, workspace),
    };
    Forward { output, moments, tape: Tape(steps) }
}

/// Moments of every batch norm and the output of the last layer, as in [`forward`], without anything for a backward
/// pass.
pub(crate) fn moments(
    layers: &[Layer],
    parameters: &[Parameters<'_>],
    input: &[f32],
    workspace: &Arc<Workspace>,
) -> (Vec<Moments>, Buffer) {
    let (mut last, mut moments): (Option<Step>, Vec<Moments>) = (None, Vec::new());
    for (layer, parameters) in layers.iter().zip(parameters) {
        let source = last.as_ref().map_or(Channels::Plain(input), Step::output);
        let step = layer_forward(layer, *parameters, source, batch_of(layers, input), workspace);
        moments.extend(step.norm.as_ref().map(|norm| norm.moments.clone()));
        last = Some(step);
    }
    (moments, finished(layers, last.as_ref(), input, workspace))
}

/// Samples in an input of the first layer.
fn batch_of(layers: &[Layer], input: &[f32]) -> usize {
    layers.first().map_or(0, |first| input.len() / first.input_len())
}

fn layer_forward(
    layer: &Layer,
    Parameters { weight, bias, gamma, beta }: Parameters<'_>,
    source: Channels<'_>,
    batch: usize,
    workspace: &Arc<Workspace>,
) -> Step {
    let mut values = workspace.take(batch * layer.output_len());
    let norm = if layer.normalised {
        // Bias and ReLU are fused into the convolution, which also returns Σx and Σx² per channel: [channels].
        let sums = layer.convolution.forward(source, weight, &mut values, |_, channel, _, values| {
            relu_and_sums(values, bias[channel])
        });
        let own = Moments::from_sums(&sums, batch * layer.pixels());
        // The normalisation itself is deferred: the next layer reads scale * values + offset.
        Some(Norm { affine: own.affine(gamma, beta), moments: own })
    } else {
        layer.convolution.forward(source, weight, &mut values, |_, channel, _, values| {
            add_bias(values, bias[channel]);
            (0.0, 0.0)
        });
        None
    };
    Step { values, norm }
}

/// Output of the last layer with its batch norm applied; `input` where there is no layer.
fn finished(layers: &[Layer], last: Option<&Step>, input: &[f32], workspace: &Arc<Workspace>) -> Buffer {
    let values = last.map_or(input, |step| &step.values);
    let mut out = workspace.take(values.len());
    match layers.last().zip(last.and_then(|step| step.norm.as_ref())) {
        Some((layer, norm)) => {
            let channels =
                out.par_chunks_exact_mut(layer.pixels()).zip(values.par_chunks_exact(layer.pixels()));
            share(channels.enumerate(), |(index, (out, values))| {
                affine(values, norm.affine[index % norm.affine.len()], out);
            });
        }
        None => out.copy_from_slice(values),
    }
    out
}

/// Forward pass normalised by stored moments, one per batch norm.
pub(crate) fn forward_fixed(
    layers: &[Layer],
    parameters: &[Parameters<'_>],
    input: &[f32],
    moments: &[Moments],
    workspace: &Arc<Workspace>,
) -> Buffer {
    let batch = batch_of(layers, input);
    let mut moments = moments.iter();
    let mut last: Option<Buffer> = None;
    for (layer, Parameters { weight, bias, gamma, beta }) in layers.iter().zip(parameters) {
        let source = Channels::Plain(last.as_deref().unwrap_or(input));
        let mut values = workspace.take(batch * layer.output_len());
        let norm = if layer.normalised { moments.next() } else { None };
        let pairs = norm.map(|moments| moments.affine(gamma, beta));
        // Scale and offset are known in advance, so bias, ReLU and normalisation are one pass per channel.
        layer.convolution.forward(source, weight, &mut values, |_, channel, _, values| {
            match &pairs {
                Some(pairs) => relu_and_affine(values, bias[channel], pairs[channel]),
                None => add_bias(values, bias[channel]),
            }
            (0.0, 0.0)
        });
        last = Some(values);
    }
    last.unwrap_or_else(|| finished(layers, None, input, workspace))
}

/// Operands of the backward pass.
pub(crate) struct Backward<'a> {
    pub layers: &'a [Layer],
    pub parameters: &'a [Parameters<'a>],
    /// Input of the forward pass.
    pub input: &'a [f32],
    /// Whether the gradient of the input is needed.
    pub input_wanted: bool,
    pub workspace: &'a Arc<Workspace>,
}

/// Backward pass of [`forward`] from the `gradient` of its output: writes `gradients` and returns that of the input,
/// if it is wanted.
pub(crate) fn backward(
    operands: &Backward<'_>,
    Tape(mut steps): Tape,
    gradient: Buffer,
    gradients: Vec<ParametersMut<'_>>,
) -> Option<Buffer> {
    let Backward { layers, parameters, input, input_wanted, workspace } = *operands;
    let batch = batch_of(layers, input);
    // Σdy and Σ(dy · r) per channel, with r the ReLU's output: all that the batch norm's backward pass needs.
    let mut sums = match (layers.last(), steps.last()) {
        (Some(layer), Some(step)) if layer.normalised => channel_sums(layer, &gradient, &step.values),
        _ => Vec::new(),
    };
    let mut output_gradient = gradient;
    let parameters = parameters.iter().zip(gradients);
    for (index, (layer, (parameters, gradients))) in layers.iter().zip(parameters).enumerate().rev() {
        let step = steps.pop()?;
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
            weight: parameters.weight,
        };
        // While an input gradient's channel is in the cache, take the sums that the layer before needs.
        let before = steps.last().filter(|before| before.norm.is_some()).map(|before| &*before.values);
        let (channels, bins, frames) = layer.convolution.input_shape();
        let finish = |sample: usize, channel: usize, pixel: usize, values: &mut [f32]| match before {
            Some(before) => {
                let start = (sample * channels + channel) * bins * frames + pixel;
                sums_with(values, &before[start..][..values.len()])
            }
            None => (0.0, 0.0),
        };
        let mut input_gradient =
            (index > 0 || input_wanted).then(|| workspace.take(batch * layer.input_len()));
        let target = input_gradient.as_deref_mut().map(|values| InputGradient { values, finish });
        sums = layer.convolution.gradients(pass, gradients.weight, gradients.bias, target, workspace, batch);
        // The gradient of this layer's input is that of the previous layer's output.
        output_gradient = input_gradient?;
    }
    Some(output_gradient)
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

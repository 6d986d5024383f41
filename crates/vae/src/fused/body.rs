//! The layers of one half of a model, forward and backward.

use std::sync::Arc;

use super::{
    dense::InputGradient,
    network::{DensePlace, Layers},
};
use crate::{
    batch_norm::Moments,
    stack::{
        layer::{parameters, parameters_mut, places},
        pass,
    },
    workspace::{Buffer, Workspace},
};

/// What the backward pass needs of the forward pass.
pub(super) enum Tape {
    Convolutions(pass::Tape),
    /// Output of each dense layer, after its `ReLU`.
    Dense(Vec<Buffer>),
}

/// Results of a forward pass.
pub(super) struct Forward {
    /// Output of the last layer.
    pub output: Buffer,
    /// Moments of every batch norm.
    pub moments: Vec<Moments>,
    pub tape: Tape,
}

/// Operands of a backward pass.
pub(super) struct Backward<'a> {
    /// Values of all of the model's parameters.
    pub values: &'a [&'a [f32]],
    pub batch: usize,
    pub input: &'a [f32],
    pub gradient: Buffer,
    /// Whether the gradient of the input is needed.
    pub input_wanted: bool,
    pub workspace: &'a Arc<Workspace>,
}

impl Layers {
    /// Forward pass normalised by the batch's own moments.
    ///
    /// `relu` says whether a `ReLU` follows the last of several dense layers.
    pub fn forward(
        &self,
        values: &[&[f32]],
        input: &[f32],
        batch: usize,
        relu: bool,
        workspace: &Arc<Workspace>,
    ) -> Forward {
        match self {
            Self::Convolutions { layers, at } => {
                let parameters = parameters(layers, &values[*at..]);
                let pass::Forward { output, moments, tape } =
                    pass::forward(layers, &parameters, input, workspace);
                Forward { output, moments, tape: Tape::Convolutions(tape) }
            }
            Self::Dense(layers) => {
                let mut outputs: Vec<Buffer> = Vec::new();
                for (index, layer) in layers.iter().enumerate() {
                    let rectified = relu || index + 1 < layers.len();
                    let source = outputs.last().map_or(input, |last| last);
                    let out = dense(layer, values, source, batch, rectified, workspace);
                    outputs.push(out);
                }
                let output = copied(outputs.last().map_or(input, |last| last), workspace);
                Forward { output, moments: Vec::new(), tape: Tape::Dense(outputs) }
            }
        }
    }

    /// Moments of every batch norm for a batch, and the output of the last layer if `output` asks for it.
    pub fn moments(
        &self,
        values: &[&[f32]],
        input: &[f32],
        batch: usize,
        workspace: &Arc<Workspace>,
    ) -> (Vec<Moments>, Buffer) {
        match self {
            Self::Convolutions { layers, at } => {
                // What follows the last batch norm has no part in the moments.
                let normalised = layers.iter().take_while(|layer| layer.normalised).count();
                let layers = &layers[..normalised];
                pass::moments(layers, &parameters(layers, &values[*at..]), input, workspace)
            }
            Self::Dense(_) => {
                let Forward { output, moments, .. } = self.forward(values, input, batch, true, workspace);
                (moments, output)
            }
        }
    }

    /// Backward pass of [`Self::forward`]: writes the layers' own among `gradients` and returns that of the
    /// input, if it is wanted.
    pub fn backward(
        &self,
        tape: Tape,
        pass: Backward<'_>,
        relu: bool,
        gradients: &mut [Buffer],
    ) -> Option<Buffer> {
        let Backward { values, batch, input, gradient, input_wanted, workspace } = pass;
        match (self, tape) {
            (Self::Convolutions { layers, at }, Tape::Convolutions(tape)) => {
                let parameters = parameters(layers, &values[*at..]);
                let own = &mut gradients[*at..][..places(layers)];
                let operands =
                    pass::Backward { layers, parameters: &parameters, input, input_wanted, workspace };
                pass::backward(&operands, tape, gradient, parameters_mut(layers, own))
            }
            (Self::Dense(layers), Tape::Dense(outputs)) => {
                let mut gradient = Some(gradient);
                for (index, layer) in layers.iter().enumerate().rev() {
                    let mut own = gradient.take()?;
                    if relu || index + 1 < layers.len() {
                        // No gradient passes where the ReLU gave nothing.
                        let pairs = own.iter_mut().zip(outputs[index].iter());
                        pairs.filter(|(_, output)| **output <= 0.0).for_each(|(value, _)| *value = 0.0);
                    }
                    let source = if index == 0 { input } else { &outputs[index - 1] };
                    let mut before =
                        (index > 0 || input_wanted).then(|| workspace.take(batch * layer.inputs));
                    let target = before.as_deref_mut();
                    let target = target.map(|values| InputGradient { values, accumulate: false });
                    layer.of(values).backward(source, &own, layer.gradients(gradients), target);
                    gradient = before;
                }
                gradient
            }
            // A tape belongs to the layers that made it.
            _ => None,
        }
    }
}

/// The output of one dense layer, with a `ReLU` if `rectified`.
pub(super) fn dense(
    layer: &DensePlace,
    values: &[&[f32]],
    input: &[f32],
    batch: usize,
    rectified: bool,
    workspace: &Arc<Workspace>,
) -> Buffer {
    let mut out = workspace.take(batch * layer.outputs);
    layer.of(values).forward(input, &mut out);
    if rectified {
        out.iter_mut().for_each(|value| *value = value.max(0.0));
    }
    out
}

fn copied(values: &[f32], workspace: &Arc<Workspace>) -> Buffer {
    let mut copy = workspace.take(values.len());
    copy.copy_from_slice(values);
    copy
}

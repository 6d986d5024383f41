//! One training step: loss and gradients of a batch.

use std::sync::Arc;

use super::{
    body::{Backward, dense},
    dense::InputGradient,
    latent::Latent,
    network::{LinearPlaces, Network},
    output::{Comparison, Output},
};
use crate::{
    batch_norm::Moments,
    loss::Losses,
    passes::{Batch, StepResult},
    schedule::Rates,
    workspace::{Buffer, Workspace},
};

/// The operands of a step.
struct Pass<'a> {
    network: &'a Network,
    /// Values of all parameters, in model order.
    values: &'a [&'a [f32]],
    batch: &'a Batch<'a>,
    /// Images in the batch.
    count: usize,
    workspace: &'a Arc<Workspace>,
}

/// Mean and logarithm of the variance of a batch's Gaussians, `[batch, latent]` each.
struct Encoded {
    mu: Buffer,
    log_variance: Buffer,
}

impl Encoded {
    fn latent<'a>(&'a self, noise: &'a [f32]) -> Latent<'a> {
        Latent { mu: &self.mu, log_variance: &self.log_variance, noise }
    }
}

/// Loss and gradients of a batch. `values` are those of all parameters.
pub(super) fn step(
    network: &Network,
    values: &[&[f32]],
    batch: &Batch<'_>,
    rates: &Rates,
    workspace: &Arc<Workspace>,
) -> StepResult {
    let pass = Pass::new(network, values, batch, workspace);
    let mut gradients: Vec<Buffer> = values.iter().map(|values| workspace.take(values.len())).collect();
    // Forward
    let images = pass.padded_inputs();
    let features = network.encoder.forward(values, &images, pass.count, true, workspace);
    let encoded = pass.gaussians(&features.output);
    let latent = encoded.latent(batch.noise);
    let vectors = latent.draw();
    let expanded = pass.expanded(&vectors);
    let source = expanded.as_deref().unwrap_or(&vectors);
    let decoded = network.decoder.forward(values, source, pass.count, false, workspace);
    // The reconstruction error, and its gradients back to the decoder's last layer
    let comparison = Comparison {
        decoded: &decoded.output,
        vectors: &vectors,
        targets: batch.targets,
        weight: rates.reconstruction_weight,
    };
    let compared = Output::new(network, values).compare(comparison, &mut gradients, workspace);
    let losses = Losses::new(compared.error, latent.kl_divergence(pass.count), rates);
    let moments = [features.moments, decoded.moments].concat();
    // Backward
    let mut by_vectors = compared.vectors;
    let backward = pass.backward(source, compared.decoded, true);
    let by_source = network.decoder.backward(decoded.tape, backward, false, &mut gradients);
    pass.expansion_backward(&vectors, by_source, &mut by_vectors, &mut gradients);
    let by_latent = latent.backward(&by_vectors, rates.beta, pass.count);
    let mut by_features = workspace.take(features.output.len());
    let heads = [(&network.mu, &by_latent.mu), (&network.log_variance, &by_latent.log_variance)];
    for (index, (head, gradient)) in heads.into_iter().enumerate() {
        let target = InputGradient { values: &mut by_features, accumulate: index > 0 };
        let own = head.gradients(&mut gradients);
        head.of(values).backward(&features.output, gradient, own, Some(target));
    }
    if let Some(LinearPlaces { encoder, .. }) = &network.linear {
        let own = encoder.gradients(&mut gradients);
        encoder.of(values).backward(batch.inputs, &by_latent.mu, own, None);
    }
    network.encoder.backward(features.tape, pass.backward(&images, by_features, false), true, &mut gradients);
    StepResult { losses, moments, gradients }
}

/// Moments of every batch norm for a batch, encoder first.
pub(super) fn moments(
    network: &Network,
    values: &[&[f32]],
    batch: &Batch<'_>,
    workspace: &Arc<Workspace>,
) -> Vec<Moments> {
    let pass = Pass::new(network, values, batch, workspace);
    let (mut moments, features) =
        network.encoder.moments(values, &pass.padded_inputs(), pass.count, workspace);
    let encoded = pass.gaussians(&features);
    let vectors = encoded.latent(batch.noise).draw();
    let expanded = pass.expanded(&vectors);
    let source = expanded.as_deref().unwrap_or(&vectors);
    moments.extend(network.decoder.moments(values, source, pass.count, workspace).0);
    moments
}

impl<'a> Pass<'a> {
    fn new(
        network: &'a Network,
        values: &'a [&'a [f32]],
        batch: &'a Batch<'a>,
        workspace: &'a Arc<Workspace>,
    ) -> Self {
        let count = batch.inputs.len() / network.pixels();
        Self { network, values, batch, count, workspace }
    }

    /// The encoder's input at the model's inner size.
    fn padded_inputs(&self) -> Buffer {
        let mut padded = self.workspace.take(self.count * self.network.padded_pixels());
        self.network.pad(self.batch.inputs, &mut padded);
        padded
    }

    fn gaussians(&self, features: &[f32]) -> Encoded {
        let Network { mu, log_variance, linear, .. } = self.network;
        let mut means = dense(mu, self.values, features, self.count, false, self.workspace);
        if let Some(LinearPlaces { encoder, .. }) = linear {
            encoder.of(self.values).add(self.batch.inputs, &mut means);
        }
        let log_variance = dense(log_variance, self.values, features, self.count, false, self.workspace);
        Encoded { mu: means, log_variance }
    }

    /// Input of the decoder's first convolution.
    fn expanded(&self, vectors: &[f32]) -> Option<Buffer> {
        let layer = self.network.expansion.as_ref()?;
        Some(dense(layer, self.values, vectors, self.count, false, self.workspace))
    }

    /// Adds to `by_vectors` what comes through the decoder, from the gradient of its first layer's input.
    fn expansion_backward(
        &self,
        vectors: &[f32],
        by_source: Option<Buffer>,
        by_vectors: &mut [f32],
        gradients: &mut [Buffer],
    ) {
        let Some(by_source) = by_source else { return };
        if let Some(layer) = &self.network.expansion {
            let target = InputGradient { values: by_vectors, accumulate: true };
            let own = layer.gradients(gradients);
            layer.of(self.values).backward(vectors, &by_source, own, Some(target));
        } else {
            by_vectors.iter_mut().zip(by_source.iter()).for_each(|(sum, value)| *sum += value);
        }
    }

    fn backward(&self, input: &'a [f32], gradient: Buffer, input_wanted: bool) -> Backward<'a> {
        let Self { values, count: batch, workspace, .. } = *self;
        Backward { values, batch, input, gradient, input_wanted, workspace }
    }
}

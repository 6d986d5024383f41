//! Encoding and decoding with stored batch-norm statistics.

use std::sync::Arc;

use super::{
    body::dense,
    network::{Layers, LinearPlaces, Network},
    output::Output,
};
use crate::{
    batch_norm::Moments,
    passes::Gaussians,
    stack::{layer::parameters, pass},
    workspace::{Buffer, Workspace},
};

/// Everything but images and vectors.
struct Half<'a> {
    layers: &'a Layers,
    values: &'a [&'a [f32]],
    moments: &'a [Moments],
    workspace: &'a Arc<Workspace>,
}

impl Half<'_> {
    /// Output of the last layer, after a `ReLU` if `relu` and the layers are dense.
    fn forward(&self, input: &[f32], batch: usize, relu: bool) -> Buffer {
        let Self { layers, values, moments, workspace } = *self;
        match layers {
            Layers::Convolutions { layers, at } => {
                let parameters = parameters(layers, &values[*at..]);
                pass::forward_fixed(layers, &parameters, input, moments, workspace)
            }
            Layers::Dense(_) => layers.forward(values, input, batch, relu, workspace).output,
        }
    }
}

/// Encodes images `[images, bins, frames]`.
pub(super) fn encode(
    network: &Network,
    values: &[&[f32]],
    images: &[f32],
    moments: &[Moments],
    workspace: &Arc<Workspace>,
) -> Gaussians {
    let batch = images.len() / network.pixels();
    let (moments, _) = moments.split_at(network.encoder.norms().min(moments.len()));
    let mut padded = workspace.take(batch * network.padded_pixels());
    network.pad(images, &mut padded);
    let half = Half { layers: &network.encoder, values, moments, workspace };
    let features = half.forward(&padded, batch, true);
    let mut mu = vec![0.0; batch * network.latent];
    network.mu.of(values).forward(&features, &mut mu);
    if let Some(LinearPlaces { encoder, .. }) = &network.linear {
        encoder.of(values).add(images, &mut mu);
    }
    let mut log_variance = vec![0.0; batch * network.latent];
    network.log_variance.of(values).forward(&features, &mut log_variance);
    Gaussians { mu, log_variance }
}

/// Decodes vectors `[count, latent]` to images `[count, bins, frames]` in 0..1.
pub(super) fn decode(
    network: &Network,
    values: &[&[f32]],
    vectors: &[f32],
    moments: &[Moments],
    workspace: &Arc<Workspace>,
) -> Vec<f32> {
    let batch = vectors.len() / network.latent;
    let (_, moments) = moments.split_at(network.encoder.norms().min(moments.len()));
    let expanded =
        network.expansion.as_ref().map(|layer| dense(layer, values, vectors, batch, false, workspace));
    let half = Half { layers: &network.decoder, values, moments, workspace };
    let decoded = half.forward(expanded.as_deref().unwrap_or(vectors), batch, false);
    Output::new(network, values).images(&decoded, vectors, workspace)
}

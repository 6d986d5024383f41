//! Export of encoder and decoder as ONNX models, for programs in any language.
//!
//! | file | input | outputs |
//! |---|---|---|
//! | encoder | `image` `[batch, 1, bins, frames]` | `mu`, `log_variance` `[batch, latent]` |
//! | decoder | `z` `[batch, latent]` | `image` `[batch, 1, bins, frames]` |
//!
//! Both compute the same as [`Snapshot::encode`] and [`Snapshot::decode`], in f32, for any batch size,
//! including the linear path. Constants have the names of the bundle's `model.safetensors`.
//!
//! TensorFlow's "same" padding is asymmetric, and runtimes disagree on ONNX's `SAME_UPPER` for transposed
//! convolutions, so all padding is written as explicit numbers.

mod graph;
mod layers;
#[cfg(test)]
mod tests;

use self::{graph::Graph, layers::Layers};
use super::{architecture::Architecture, batch_norm::Moments, error::ModelError, snapshot::Snapshot};

/// Size limit of a Protocol Buffers message.
const MOST_BYTES: usize = i32::MAX as usize;
/// Generous allowance for everything but constants: names, operators, metadata.
const OTHER_BYTES: usize = 1 << 20;

/// Which batch-norm statistics to export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Statistics {
    /// Re-estimated from training batches, as this program uses them.
    #[default]
    Precise,
    /// Moving averages from training, as Keras would use them.
    Running,
}

/// The encoder as an ONNX file. `metadata` are pairs of key and text to embed.
///
/// # Errors
/// When the model exceeds the format's size limit.
pub fn encoder(
    snapshot: &Snapshot,
    statistics: Statistics,
    metadata: &[(String, String)],
) -> Result<Vec<u8>, ModelError> {
    let (config, architecture) = (snapshot.config(), checked(snapshot)?);
    let mut layers = layers(snapshot, statistics, "encoder", 0);
    let image = [1, config.bins, config.frames];
    layers.graph.input("image", &image);
    let padding = (architecture.padded.0 - config.bins, architecture.padded.1 - config.frames);
    let features = if config.is_flat() {
        layers.flatten("image", "pixels");
        layers.dense_stack("pixels", architecture.encoder_dense().len(), true)?
    } else {
        let padded = if padding == (0, 0) {
            "image"
        } else {
            // [before, after] for all axes: zeros behind the last bin and the last frame.
            layers.graph.integers("padding", &[0, 0, 0, 0, 0, 0, padding.0, padding.1]);
            layers.graph.node("Pad", &["image", "padding"], "padded", &[]);
            "padded"
        };
        let map = layers.convolutions(padded, &architecture.encoder, architecture.encoder.len())?;
        layers.flatten(&map, "features");
        "features".to_owned()
    };
    layers.dense(&features, "log_variance", "log_variance")?;
    if config.linear_path {
        layers.dense(&features, "mu", "convolved_mu")?;
        layers.flatten("image", "image_pixels");
        layers.dense("image_pixels", "linear", "linear_mu")?;
        layers.graph.node("Add", &["linear_mu", "convolved_mu"], "mu", &[]);
    } else {
        layers.dense(&features, "mu", "mu")?;
    }
    layers.graph.output("mu", &[config.latent_size]);
    layers.graph.output("log_variance", &[config.latent_size]);
    Ok(layers.graph.finish(metadata))
}

/// The decoder as an ONNX file. `metadata` are pairs of key and text to embed.
///
/// # Errors
/// When the model exceeds the format's size limit.
pub fn decoder(
    snapshot: &Snapshot,
    statistics: Statistics,
    metadata: &[(String, String)],
) -> Result<Vec<u8>, ModelError> {
    let (config, architecture) = (snapshot.config(), checked(snapshot)?);
    let mut layers = layers(snapshot, statistics, "decoder", architecture.encoder.len());
    layers.graph.input("z", &[config.latent_size]);
    let image = [1, config.bins, config.frames];
    let decoded = if config.is_flat() {
        let pixels = layers.dense_stack("z", architecture.decoder_dense().len(), false)?;
        layers.reshape(&pixels, "decoded", [1, architecture.padded.0, architecture.padded.1]);
        "decoded".to_owned()
    } else {
        layers.dense("z", "dense", "features")?;
        let (channels, bins, frames) = architecture.bottleneck;
        layers.reshape("features", "map", [channels, bins, frames]);
        layers.convolutions("map", &architecture.decoder, architecture.decoder.len() - 1)?
    };
    let cropped = if architecture.padded == (config.bins, config.frames) {
        decoded
    } else {
        layers.crop(&decoded, "cropped", (config.bins, config.frames));
        "cropped".to_owned()
    };
    if config.linear_path {
        layers.dense("z", "linear", "linear_pixels")?;
        layers.reshape("linear_pixels", "linear_image", image);
        layers.graph.node("Add", &["linear_image", &cropped], "sum", &[]);
        layers.graph.floats("least", &[], &[0.0]);
        layers.graph.floats("most", &[], &[1.0]);
        layers.graph.node("Clip", &["sum", "least", "most"], "image", &[]);
    } else {
        layers.graph.node("Sigmoid", &[&cropped], "image", &[]);
    }
    layers.graph.output("image", &image);
    Ok(layers.graph.finish(metadata))
}

/// An empty graph for one half; `norms_before` batch norms of the model precede this half's.
fn layers<'a>(
    snapshot: &'a Snapshot,
    statistics: Statistics,
    part: &'static str,
    norms_before: usize,
) -> Layers<'a> {
    let moments: &[Moments] = match statistics {
        Statistics::Precise => snapshot.precise(),
        Statistics::Running => snapshot.running(),
    };
    let moments = moments.get(norms_before.min(moments.len())..).unwrap_or_default();
    Layers { graph: Graph::new(part), part, tensors: snapshot.tensors(), moments }
}

/// The architecture, after checking that the model fits into one message.
fn checked(snapshot: &Snapshot) -> Result<Architecture, ModelError> {
    let bytes = snapshot.config().parameter_count().saturating_mul(size_of::<f32>());
    if bytes > MOST_BYTES - OTHER_BYTES {
        return Err(ModelError::Other(format!(
            "the model's weights take {bytes} bytes, but an ONNX file holds at most {MOST_BYTES}"
        )));
    }
    Ok(Architecture::new(snapshot.config()))
}

//! Conversion from and to the tutorial's Keras model: the same tensors under other names and with other axes.
//!
//! The layers and their names are those of Valerio Velardo's *Generating Sound with Neural Networks*: in the encoder
//! `encoder_conv_layer_1`, `encoder_bn_1` and so on, `mu` and `log_variance`; in the decoder `decoder_dense`,
//! `decoder_conv_transpose_layer_1`, `decoder_bn_1` and so on, the last without a batch norm.

use std::collections::BTreeMap;

use ndarray::{ArrayD, Axis, IxDyn};
use timbrespace_base::sentence;

use super::{
    architecture::Architecture,
    config::VaeConfig,
    error::ModelError,
    snapshot::Snapshot,
    weights::{Reader, Writer},
};

/// Variables by layer and name, for example `encoder_bn_1/moving_mean`.
pub type Variables = BTreeMap<String, ArrayD<f32>>;

/// Kind of a layer, which determines its variables and their axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `kernel`, `[height, width, in, out]` (`[height, width, out, in]` if transposed), and `bias`.
    Convolution,
    /// `gamma`, `beta`, `moving_mean` and `moving_variance`, `[channels]`.
    Norm,
    /// `kernel`, `[in, out]`, and `bias`; the inputs are the flattened last feature map.
    DenseOfMap,
    /// `kernel`, `[in, out]`, and `bias`; the outputs are the flattened first feature map.
    DenseToMap,
}

/// A layer with variables of the Keras model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Name in Keras.
    pub name: String,
    /// Kind, which determines the variables.
    pub kind: Kind,
    /// Name in this crate.
    ours: String,
}

impl Layer {
    fn new(name: String, kind: Kind, ours: String) -> Self {
        Self { name, kind, ours }
    }

    /// Names of the variables in Keras's order: trainable ones first.
    pub fn variables(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Norm => &["gamma", "beta", "moving_mean", "moving_variance"],
            Kind::Convolution | Kind::DenseOfMap | Kind::DenseToMap => &["kernel", "bias"],
        }
    }
}

/// Layers with variables of a model with this many convolutions: encoder and decoder, each in Keras's order.
pub fn layers(convolutions: usize) -> [Vec<Layer>; 2] {
    let norm = |part: &str, number: usize| {
        Layer::new(format!("{part}_bn_{number}"), Kind::Norm, format!("{part}.norm_{number}"))
    };
    let convolution = |part: &str, word: &str, number: usize| {
        let name = format!("{part}_{word}_layer_{number}");
        Layer::new(name, Kind::Convolution, format!("{part}.conv_{number}"))
    };
    let mut encoder = Vec::new();
    for number in 1..=convolutions {
        encoder.push(convolution("encoder", "conv", number));
        encoder.push(norm("encoder", number));
    }
    for name in ["mu", "log_variance"] {
        encoder.push(Layer::new(name.to_owned(), Kind::DenseOfMap, format!("encoder.{name}")));
    }
    let mut decoder =
        vec![Layer::new("decoder_dense".to_owned(), Kind::DenseToMap, "decoder.dense".to_owned())];
    for number in 1..=convolutions {
        decoder.push(convolution("decoder", "conv_transpose", number));
        if number < convolutions {
            decoder.push(norm("decoder", number));
        }
    }
    [encoder, decoder]
}

/// Builds a model from these variables. Keras's moving statistics become both the running and the precise
/// ones.
///
/// # Errors
/// Names the first variable that is missing or has another shape than `config` requires.
pub fn snapshot(config: &VaeConfig, variables: &Variables) -> Result<Snapshot, ModelError> {
    check(config)?;
    let architecture = Architecture::new(config);
    let order = feature_order(architecture.bottleneck);
    let mut writer = Writer::default();
    for layer in layers(config.filters.len()).concat() {
        for variable in layer.variables() {
            let key = format!("{}/{variable}", layer.name);
            let values = variables.get(&key).ok_or_else(|| ModelError::Tensor {
                name: key.clone(),
                expected: sentence!("tensor-of-keras", "a variable of the Keras model"),
                actual: sentence!("tensor-nothing", "nothing"),
            })?;
            let dimensions = if *variable == "kernel" { kernel_dimensions(layer.kind) } else { 1 };
            if values.ndim() != dimensions {
                return Err(ModelError::Tensor {
                    name: key,
                    expected: sentence!("tensor-dimensions", "{count} dimensions", count = dimensions),
                    actual: format!("{:?}", values.shape()).into(),
                });
            }
            let ours = to_ours(layer.kind, variable, values, &order).ok_or_else(|| ModelError::Tensor {
                name: key.clone(),
                expected: sentence!("tensor-features", "{count} features", count = order.len()),
                actual: format!("{:?}", values.shape()).into(),
            })?;
            let flat: Vec<f32> = ours.iter().copied().collect();
            for name in our_names(variable) {
                writer.values(format!("{}.{name}", layer.ours), ours.shape().to_vec(), &flat);
            }
        }
    }
    Snapshot::from_safetensors(config, &writer.finish()?)
}

/// Exports a model's variables. The precise statistics become Keras's moving ones, so that Keras's `predict`
/// gives the same results.
///
/// # Errors
/// Names the first part of the model for which the tutorial's class has no layer.
pub fn variables(snapshot: &Snapshot) -> Result<Variables, ModelError> {
    let config = snapshot.config();
    check(config)?;
    let architecture = Architecture::new(config);
    let order = feature_order(architecture.bottleneck);
    let bytes = snapshot.to_safetensors()?;
    let reader = Reader::new(&bytes)?;
    let mut shapes: BTreeMap<String, Vec<usize>> =
        architecture.parameters().into_iter().map(|parameter| (parameter.name, parameter.shape)).collect();
    for (layer, channels) in architecture.norms() {
        for name in ["precise_mean", "precise_variance"] {
            shapes.insert(format!("{layer}.{name}"), vec![channels]);
        }
    }
    let mut all = Variables::new();
    for layer in layers(config.filters.len()).concat() {
        for variable in layer.variables() {
            let name = our_names(variable).last().copied().unwrap_or_default();
            let name = format!("{}.{name}", layer.ours);
            let shape = shapes.get(&name).map(Vec::as_slice).unwrap_or_default();
            let values = ArrayD::from_shape_vec(IxDyn(shape), reader.values(&name, shape)?)
                .map_err(|error| ModelError::Other(format!("{name}: {error}")))?;
            all.insert(format!("{}/{variable}", layer.name), to_keras(layer.kind, variable, &values, &order));
        }
    }
    Ok(all)
}

/// Rejects models that the tutorial's class cannot represent.
fn check(config: &VaeConfig) -> Result<(), ModelError> {
    let refuse = |what: &str, key: &str| {
        let refused = sentence!(
            "error-no-keras-layer",
            "{what}; the tutorial's class has no such layer. Models of the presets `reference` and `explore` can be saved for it",
            what = what
        );
        Err(refused.naming("what", key).into())
    };
    if config.linear_path {
        return refuse("the model has a linear path beside its convolutions", "what-linear-path");
    }
    if config.is_flat() {
        return refuse("the model is of dense layers", "what-model-of-dense-layers");
    }
    let padded = Architecture::new(config).padded;
    if padded != (config.bins, config.frames) {
        let what = format!(
            "its images of {} × {} are padded to {} × {} inside the model",
            config.bins, config.frames, padded.0, padded.1
        );
        return refuse(&what, "what-padded-images");
    }
    Ok(())
}

const fn kernel_dimensions(kind: Kind) -> usize {
    match kind {
        Kind::Convolution => 4,
        Kind::Norm | Kind::DenseOfMap | Kind::DenseToMap => 2,
    }
}

/// Names in this crate of a Keras variable; a moving statistic has two.
fn our_names(variable: &str) -> &'static [&'static str] {
    match variable {
        "kernel" | "gamma" => &["weight"],
        "moving_mean" => &["running_mean", "precise_mean"],
        "moving_variance" => &["running_variance", "precise_variance"],
        _ => &["bias"],
    }
}

/// For each feature in this crate's order `(channels, bins, frames)`, its index in Keras's order `(bins,
/// frames, channels)`.
fn feature_order((channels, bins, frames): (usize, usize, usize)) -> Vec<usize> {
    let of = |channel: usize, place: usize| place * channels + channel;
    (0..channels).flat_map(|channel| (0..bins * frames).map(move |place| of(channel, place))).collect()
}

/// Converts one variable from Keras; `None` if the number of features differs.
fn to_ours(kind: Kind, variable: &str, values: &ArrayD<f32>, order: &[usize]) -> Option<ArrayD<f32>> {
    let has_features = |axis: usize| values.shape().get(axis) == Some(&order.len());
    Some(match (kind, variable) {
        // [height, width, in, out] to [out, in, height, width]; [height, width, out, in] to [in, out, height,
        // width]
        (Kind::Convolution, "kernel") => values.view().permuted_axes(IxDyn(&[3, 2, 0, 1])).to_owned(),
        (Kind::DenseOfMap, "kernel") if has_features(0) => {
            values.select(Axis(0), order).reversed_axes().as_standard_layout().into_owned()
        }
        (Kind::DenseToMap, "kernel") if has_features(1) => {
            values.select(Axis(1), order).reversed_axes().as_standard_layout().into_owned()
        }
        (Kind::DenseToMap, "bias") if has_features(0) => values.select(Axis(0), order),
        (Kind::DenseOfMap | Kind::DenseToMap, "kernel") | (Kind::DenseToMap, "bias") => return None,
        _ => values.clone(),
    })
}

fn to_keras(kind: Kind, variable: &str, values: &ArrayD<f32>, order: &[usize]) -> ArrayD<f32> {
    // Inverse permutation: for each Keras feature, its index in this crate's order.
    let mut places = vec![0; order.len()];
    for (ours, keras) in order.iter().enumerate() {
        if let Some(place) = places.get_mut(*keras) {
            *place = ours;
        }
    }
    match (kind, variable) {
        (Kind::Convolution, "kernel") => {
            values.view().permuted_axes(IxDyn(&[2, 3, 1, 0])).as_standard_layout().into_owned()
        }
        (Kind::DenseOfMap, "kernel") => {
            values.view().reversed_axes().select(Axis(0), &places).as_standard_layout().into_owned()
        }
        (Kind::DenseToMap, "kernel") => {
            values.view().reversed_axes().select(Axis(1), &places).as_standard_layout().into_owned()
        }
        (Kind::DenseToMap, "bias") => values.select(Axis(0), &places),
        _ => values.clone(),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::{config::Preset, initial::Start, weights};

    /// A small model of random weights and statistics.
    fn model() -> Snapshot {
        let mut config = VaeConfig::preset(Preset::Reference, 32, 16);
        config.filters = vec![8, 6, 4];
        config.strides = vec![(2, 2), (2, 2), (2, 1)];
        config.latent_size = 5;
        let architecture = Architecture::new(&config);
        let start = Start::Keras;
        let fresh = weights::fresh(&architecture, 3, start, &candle_core::Device::Cpu).unwrap();
        let mut writer = Writer::default();
        for (name, tensor) in &fresh {
            writer.tensor(name, tensor).unwrap();
        }
        for (layer, channels) in architecture.norms() {
            for kind in ["running", "precise"] {
                let values: Vec<f32> = (1..=channels).map(|n| n as f32 / 10.0).collect();
                writer.values(format!("{layer}.{kind}_mean"), vec![channels], &values);
                writer.values(format!("{layer}.{kind}_variance"), vec![channels], &values);
            }
        }
        Snapshot::from_safetensors(&config, &writer.finish().unwrap()).unwrap()
    }

    #[test]
    fn a_model_comes_back_from_keras_to_the_bit() {
        let model = model();
        let theirs = variables(&model).unwrap();
        assert_eq!(theirs["encoder_conv_layer_1/kernel"].shape(), [3, 3, 1, 8]);
        assert_eq!(theirs["decoder_conv_transpose_layer_2/kernel"].shape(), [3, 3, 6, 4]);
        assert_eq!(theirs["mu/kernel"].shape(), [4 * 4 * 4, 5]);
        assert_eq!(theirs["decoder_dense/kernel"].shape(), [5, 4 * 4 * 4]);
        let back = snapshot(model.config(), &theirs).unwrap();
        assert_eq!(back.to_safetensors().unwrap(), model.to_safetensors().unwrap());
        let vector = Array2::from_elem((1, 5), 0.5);
        assert_eq!(back.decode(&vector.view()).unwrap(), model.decode(&vector.view()).unwrap());
    }

    #[test]
    fn what_is_missing_or_of_another_shape_is_named() {
        let model = model();
        let mut theirs = variables(&model).unwrap();
        let gamma = theirs.remove("encoder_bn_2/gamma").unwrap();
        let error = |theirs: &Variables| snapshot(model.config(), theirs).unwrap_err().to_string();
        assert!(error(&theirs).contains("encoder_bn_2/gamma"), "{}", error(&theirs));
        theirs.insert("encoder_bn_2/gamma".to_owned(), gamma);
        theirs.insert("mu/kernel".to_owned(), ArrayD::zeros(IxDyn(&[10, 5])));
        assert!(error(&theirs).contains("mu/kernel") && error(&theirs).contains("64 features"));
    }

    #[test]
    fn a_model_that_the_tutorials_class_cannot_be_is_refused_with_the_reason() {
        let refusal = |config: &VaeConfig| check(config).unwrap_err().to_string();
        assert!(refusal(&VaeConfig::preset(Preset::Clear, 256, 64)).contains("linear path"));
        assert!(refusal(&VaeConfig::preset(Preset::Flat, 256, 64)).contains("dense layers"));
        assert!(refusal(&VaeConfig::preset(Preset::Reference, 80, 127)).contains("padded"));
        assert!(check(&VaeConfig::preset(Preset::Explore, 256, 64)).is_ok());
    }
}

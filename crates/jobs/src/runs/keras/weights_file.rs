//! The weights that Keras saves: HDF5 files in the layouts of Keras 2 and 3, and `.keras` archives.
//!
//! Keras 2 (and 3, where a name ends in `.h5` alone) names a group after each layer and its variables `kernel:0` and so on. Keras 3
//! numbers both; the layer's name is an attribute.

use std::io::{Cursor, Read as _};

use hdf5_pure::{AttrValue, File, FileBuilder, Group};
use ndarray::{ArrayD, IxDyn};
use serde_json::Value;

use super::parameters;
use timbrespace_base::{
    panics,
    regular_file::{ARRAY_LIMIT, TABLE_LIMIT},
};
use timbrespace_vae::{
    config::VaeConfig,
    keras::{self, Layer, Variables},
};

/// Groups in one another that are looked into.
const MOST_NESTED: usize = 16;
/// Layers that are looked for.
const MOST_LAYERS: usize = 64;
/// Values of one variable.
const MOST_VALUES: u64 = 1 << 28;

/// The variables in the HDF5 file of these bytes.
pub(super) fn variables(bytes: Vec<u8>) -> Result<Variables, String> {
    let read = panics::caught(|| {
        let file =
            File::from_bytes(bytes).map_err(|error| format!("is no HDF5 file that can be read ({error})"))?;
        let mut all = Variables::new();
        look_into(&file.root(), None, 0, &mut all).map_err(|error| format!("is damaged ({error})"))?;
        Ok::<_, String>(all)
    });
    let all = read.unwrap_or_else(|_| Err("is damaged: its reader cannot make sense of it".to_owned()))?;
    if all.is_empty() {
        return Err("holds no variables of layers; was it saved by `save_weights`?".to_owned());
    }
    Ok(all)
}

/// Gathers the variables below `group`, which is called `name`.
fn look_into(
    group: &Group,
    name: Option<&str>,
    depth: usize,
    all: &mut Variables,
) -> Result<(), hdf5_pure::Error> {
    let attributes = group.attrs()?;
    let layer = attributes.get("name").filter(|_| name == Some("vars")).and_then(AttrValue::as_str);
    for dataset in group.datasets()? {
        let known = layer.or(name).and_then(|layer| variable(layer, &dataset));
        let Some(key) = known else { continue };
        let data = group.dataset(&dataset)?;
        let shape: Vec<usize> = data.shape()?.iter().map(|size| *size as usize).collect();
        let is_small = shape.iter().try_fold(1_u64, |all, size| all.checked_mul(*size as u64));
        if is_small.is_some_and(|values| values <= MOST_VALUES)
            && let Ok(values) = ArrayD::from_shape_vec(IxDyn(&shape), data.read_f32()?)
        {
            all.insert(key, values);
        }
    }
    if depth < MOST_NESTED {
        for below in group.groups()? {
            look_into(&group.group(&below)?, Some(&below), depth + 1, all)?;
        }
    }
    Ok(())
}

/// The layer's variable that the file calls `name`: by its own name, or by its number in the layer.
fn variable(layer: &str, name: &str) -> Option<String> {
    let layers = keras::layers(MOST_LAYERS).concat();
    let known: &Layer = layers.iter().find(|known| known.name == layer)?;
    let name = name.split(':').next().unwrap_or(name);
    let of_number = name.parse::<usize>().ok().and_then(|number| known.variables().get(number));
    let of_name = known.variables().iter().find(|variable| **variable == name);
    of_number.or(of_name).map(|variable| format!("{layer}/{variable}"))
}

/// Model and variables of a `.keras` archive.
pub(super) fn from_archive(bytes: &[u8]) -> Result<(VaeConfig, Variables), String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| format!("is no archive of Keras ({error})"))?;
    let mut read = |name: &str, limit: u64| {
        let file = archive.by_name(name).map_err(|error| format!("lacks {name} ({error})"))?;
        let mut bytes = Vec::new();
        let read = file.take(limit + 1).read_to_end(&mut bytes);
        read.map_err(|error| format!("{name} cannot be read ({error})"))?;
        if bytes.len() as u64 > limit {
            return Err(format!("{name} is larger than {limit} bytes"));
        }
        Ok(bytes)
    };
    let layers: Value = serde_json::from_slice(&read("config.json", TABLE_LIMIT)?)
        .map_err(|error| format!("config.json is damaged ({error})"))?;
    let variables = variables(read("model.weights.h5", ARRAY_LIMIT)?)?;
    Ok((of_layers(&layers)?, variables))
}

/// The model that the layers of a `config.json` make.
fn of_layers(layers: &Value) -> Result<VaeConfig, String> {
    let missing = |name: &str| format!("has no layer {name}; only the tutorial's models can be opened");
    let pair = |value: &Value| {
        let numbers: Option<Vec<usize>> =
            value.as_array()?.iter().map(|number| number.as_u64().map(|number| number as usize)).collect();
        match numbers?.as_slice() {
            [bins, frames] => Some((*bins, *frames)),
            _ => None,
        }
    };
    let (mut filters, mut kernels, mut strides) = (Vec::new(), Vec::new(), Vec::new());
    for number in 1..=MOST_LAYERS {
        let Some(layer) = settings(layers, &format!("encoder_conv_layer_{number}"), 0) else { break };
        let found = (layer["filters"].as_u64(), pair(&layer["kernel_size"]), pair(&layer["strides"]));
        let (Some(filter), Some(kernel), Some(stride)) = found else {
            return Err(format!("encoder_conv_layer_{number} has no filters, kernel or strides"));
        };
        filters.push(filter as usize);
        kernels.push(kernel);
        strides.push(stride);
    }
    let input = settings(layers, "encoder_input", 0).ok_or_else(|| missing("encoder_input"))?;
    // With the batch before it.
    let shape = input.get("batch_shape").or_else(|| input.get("batch_input_shape")).and_then(Value::as_array);
    let shape: Vec<usize> = shape
        .into_iter()
        .flatten()
        .skip(1)
        .filter_map(|size| size.as_u64().map(|size| size as usize))
        .collect();
    let latent =
        settings(layers, "mu", 0).and_then(|layer| layer["units"].as_u64()).ok_or_else(|| missing("mu"))?;
    parameters::config(&shape, filters, &kernels, strides, latent as usize)
}

/// The settings of the layer called `name`, wherever it is.
fn settings<'a>(value: &'a Value, name: &str, depth: usize) -> Option<&'a Value> {
    if depth > MOST_NESTED {
        return None;
    }
    match value {
        Value::Object(entries) => {
            let config = entries.get("config").filter(|config| config["name"] == name);
            config.or_else(|| entries.values().find_map(|value| settings(value, name, depth + 1)))
        }
        Value::Array(values) => values.iter().find_map(|value| settings(value, name, depth + 1)),
        _ => None,
    }
}

/// The bytes of a `weights.h5` as Keras 2 writes it, which Keras 3 reads, too: a group for each part, with the names of its
/// variables in the order in which Keras assigns them.
pub(super) fn to_bytes(convolutions: usize, variables: &Variables) -> Result<Vec<u8>, String> {
    let mut file = FileBuilder::new();
    let parts = ["encoder", "decoder"];
    file.set_attr(
        "layer_names",
        names(["encoder_input"].into_iter().chain(parts).map(str::to_owned).collect()),
    );
    file.set_attr("backend", AttrValue::String("tensorflow".to_owned()));
    file.set_attr("keras_version", AttrValue::String("2.15.0".to_owned()));
    let mut input = file.create_group("encoder_input");
    input.set_attr("weight_names", AttrValue::F64Array(Vec::new()));
    file.add_group(input.finish());
    for (part, layers) in parts.into_iter().zip(keras::layers(convolutions)) {
        let mut group = file.create_group(part);
        let is_moving = |name: &str| name.starts_with("moving_");
        let all = || layers.iter().flat_map(|layer| layer.variables().iter().map(move |name| (layer, *name)));
        // Keras lists what trains first.
        let ordered =
            all().filter(|(_, name)| !is_moving(name)).chain(all().filter(|(_, name)| is_moving(name)));
        group.set_attr(
            "weight_names",
            names(ordered.map(|(layer, name)| format!("{}/{name}:0", layer.name)).collect()),
        );
        for layer in &layers {
            let mut below = group.create_group(&layer.name);
            for name in layer.variables() {
                let key = format!("{}/{name}", layer.name);
                let values = variables.get(&key).ok_or_else(|| format!("the model has no {key}"))?;
                let shape: Vec<u64> = values.shape().iter().map(|size| *size as u64).collect();
                let flat: Vec<f32> = values.iter().copied().collect();
                below.create_dataset(&format!("{name}:0")).with_f32_data(&flat).with_shape(&shape);
            }
            group.add_group(below.finish());
        }
        file.add_group(group.finish());
    }
    file.finish().map_err(|error| format!("the weights cannot be written as HDF5: {error}"))
}

fn names(names: Vec<String>) -> AttrValue {
    AttrValue::StringArray(names)
}

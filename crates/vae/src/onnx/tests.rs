//! Exported files are parsed field by field and run operator by operator; `scripts/check-onnx.py` runs them
//! with onnxruntime.

mod interpreter;

use ndarray::{Array2, Array3};

use self::interpreter::Array;
use super::*;
use crate::{
    config::{Preset, VaeConfig},
    initial::Start,
    tensors::Tensors,
    weights,
};
use timbrespace_base::protobuf::reader::{Fields, Value};

fn snapshot(config: &VaeConfig) -> Snapshot {
    let architecture = Architecture::new(config);
    let fresh = weights::fresh(&architecture, 0, Start::Keras, &candle_core::Device::Cpu).unwrap();
    let tensors: Tensors =
        fresh.into_iter().map(|(name, variable)| (name, variable.as_detached_tensor())).collect();
    let moments = |mean: f32| -> Vec<Moments> {
        let norms = architecture.norms().into_iter();
        norms.map(|(_, count)| Moments { mean: vec![mean; count], variance: vec![2.0; count] }).collect()
    };
    Snapshot::new(config, tensors, moments(0.25), moments(0.5)).unwrap()
}

fn graph(bytes: &[u8]) -> Fields {
    Fields::read(bytes).messages(7).remove(0)
}

/// `(operator, inputs, output)` of every node.
fn nodes(graph: &Fields) -> Vec<(String, Vec<String>, String)> {
    let nodes = graph.messages(1).into_iter();
    nodes.map(|node| (node.texts(4).remove(0), node.texts(1), node.texts(2).remove(0))).collect()
}

/// Names of inputs (field 11) or outputs (12) with their fixed axes; the first axis is checked to be the batch.
fn values(graph: &Fields, field: u32) -> Vec<(String, Vec<i64>)> {
    let of = |value: Fields| {
        let tensor = value.messages(2).remove(0).messages(1).remove(0);
        assert_eq!(tensor.ints(1), [1], "floats");
        let axes = tensor.messages(2).remove(0).messages(1);
        assert_eq!(axes[0].texts(2), ["batch"]);
        (value.texts(1).remove(0), axes[1..].iter().flat_map(|axis| axis.ints(1)).collect())
    };
    graph.messages(field).into_iter().map(of).collect()
}

fn constant(graph: &Fields, name: &str) -> (Vec<i64>, Vec<f32>) {
    let tensors = graph.messages(5).into_iter();
    let tensor = tensors.into_iter().find(|tensor| tensor.texts(8) == [name]).unwrap();
    let (words, _) = tensor.bytes(9)[0].as_chunks::<4>();
    (tensor.ints(1), words.iter().map(|word| f32::from_le_bytes(*word)).collect())
}

/// Checks that each value is a constant, an input or computed before its use, and that names are unique.
#[track_caller]
fn check_order(graph: &Fields) {
    let mut known: Vec<String> = graph.messages(5).iter().map(|tensor| tensor.texts(8).remove(0)).collect();
    known.extend(values(graph, 11).into_iter().map(|(name, _)| name));
    for (operator, inputs, output) in nodes(graph) {
        for input in inputs {
            assert!(known.contains(&input), "{operator} uses {input} before it is there");
        }
        assert!(!known.contains(&output), "{output} is made twice");
        known.push(output);
    }
    assert!(values(graph, 12).iter().all(|(name, _)| known.contains(name)));
}

fn operators(graph: &Fields) -> Vec<String> {
    nodes(graph).into_iter().map(|(operator, _, _)| operator).collect()
}

#[test]
fn every_kind_of_model_is_a_graph_from_its_input_to_its_outputs() {
    for preset in [Preset::Clear, Preset::Small, Preset::Reference, Preset::Explore, Preset::Flat] {
        // Sizes that strides divide, and sizes that they do not.
        for (bins, frames) in [(64, 16), (30, 21)] {
            let filters = VaeConfig::preset(preset, bins, frames).filters;
            let filters = filters.into_iter().map(|count| count.min(8)).collect();
            let config = VaeConfig { filters, ..VaeConfig::preset(preset, bins, frames) };
            let snapshot = snapshot(&config);
            let (latent, image) = (vec![config.latent_size as i64], vec![1, bins as i64, frames as i64]);
            let encoder = graph(&encoder(&snapshot, Statistics::Precise, &[]).unwrap());
            check_order(&encoder);
            assert_eq!(values(&encoder, 11), [("image".to_owned(), image.clone())]);
            let both = ["mu", "log_variance"].map(|name| (name.to_owned(), latent.clone()));
            assert_eq!(values(&encoder, 12), both);
            let decoder = graph(&decoder(&snapshot, Statistics::Precise, &[]).unwrap());
            check_order(&decoder);
            assert_eq!(values(&decoder, 11), [("z".to_owned(), latent)]);
            assert_eq!(values(&decoder, 12), [("image".to_owned(), image)]);
            let is_padded = !config.is_flat() && frames == 21;
            assert_eq!(operators(&encoder).contains(&"Pad".to_owned()), is_padded, "{preset:?}");
            assert_eq!(operators(&decoder).contains(&"Slice".to_owned()), is_padded, "{preset:?}");
            let limit = if config.linear_path { "Clip" } else { "Sigmoid" };
            assert_eq!(operators(&decoder).last().unwrap(), limit);
        }
    }
}

/// Numbers between -1 and 1 without a pattern.
fn numbers(count: usize) -> impl Iterator<Item = f32> {
    (0..count).map(|n| ((n * 7919 + 13) % 2003) as f32 / 1001.5 - 1.0)
}

#[test]
fn what_the_graphs_compute_is_what_the_model_computes() {
    for preset in [Preset::Clear, Preset::Reference, Preset::Explore, Preset::Flat] {
        for (bins, frames) in [(32, 8), (30, 21)] {
            let filters = VaeConfig::preset(preset, bins, frames).filters;
            let filters = filters.into_iter().map(|count| count.min(6)).collect();
            let config = VaeConfig { filters, latent_size: 5, ..VaeConfig::preset(preset, bins, frames) };
            let snapshot = snapshot(&config);
            let pixels: Vec<f32> = numbers(3 * bins * frames).map(f32::abs).collect();
            let images = Array3::from_shape_vec((3, bins, frames), pixels.clone()).unwrap();
            let latent: Vec<f32> = numbers(3 * 5).map(|value| 2.0 * value).collect();
            let vectors = Array2::from_shape_vec((3, 5), latent.clone()).unwrap();
            for statistics in [Statistics::Precise, Statistics::Running] {
                let (posterior, decoded) = match statistics {
                    Statistics::Precise => (snapshot.encode(&images), snapshot.decode(&vectors)),
                    Statistics::Running => {
                        (snapshot.encode_running(&images), snapshot.decode_running(&vectors))
                    }
                };
                let posterior = posterior.unwrap();
                let file = encoder(&snapshot, statistics, &[]).unwrap();
                let values =
                    interpreter::run(&file, "image", Array::new(&[3, 1, bins, frames], pixels.clone()));
                let what = format!("{preset:?} {bins} x {frames} {statistics:?}");
                check_equal(&values["mu"], &[3, 5], posterior.mu.iter(), &what);
                check_equal(&values["log_variance"], &[3, 5], posterior.log_variance.iter(), &what);
                let file = decoder(&snapshot, statistics, &[]).unwrap();
                let values = interpreter::run(&file, "z", Array::new(&[3, 5], latent.clone()));
                check_equal(&values["image"], &[3, 1, bins, frames], decoded.unwrap().iter(), &what);
            }
        }
    }
}

/// Checks that the largest difference is at most 1e-5 and that the values vary.
#[track_caller]
fn check_equal<'a>(computed: &Array, shape: &[usize], expected: impl Iterator<Item = &'a f32>, what: &str) {
    assert_eq!(computed.shape, shape, "{what}");
    let expected: Vec<f64> = expected.map(|value| f64::from(*value)).collect();
    assert_eq!(computed.values.len(), expected.len(), "{what}");
    for (ours, graphs) in expected.iter().zip(&computed.values) {
        assert!((ours - graphs).abs() <= 1e-5, "{what}: {ours} {graphs}");
    }
    assert!(expected.iter().any(|value| (value - expected[0]).abs() > 1e-4), "{what}");
}

#[test]
fn paddings_are_those_of_tensorflow_in_numbers() {
    let config = VaeConfig {
        filters: vec![4, 4],
        strides: vec![(2, 2), (2, 1)],
        ..VaeConfig::preset(Preset::Explore, 8, 6)
    };
    let snapshot = snapshot(&config);
    let attribute = |graph: &Fields, operator: &str, name: &str| -> Vec<Vec<i64>> {
        let nodes = graph.messages(1).into_iter().filter(|node| node.texts(4) == [operator]);
        let attributes =
            nodes.flat_map(|node| node.messages(5)).filter(|attribute| attribute.texts(1) == [name]);
        attributes.map(|attribute| attribute.ints(8)).collect()
    };
    let encoder = graph(&encoder(&snapshot, Statistics::Precise, &[]).unwrap());
    // Kernel 3: stride 2 puts one zero behind an even axis, stride 1 one on both sides.
    assert_eq!(attribute(&encoder, "Conv", "pads"), [[0, 0, 1, 1], [0, 1, 1, 1]]);
    assert_eq!(attribute(&encoder, "Conv", "strides"), [[2, 2], [2, 1]]);
    let decoder = graph(&decoder(&snapshot, Statistics::Precise, &[]).unwrap());
    assert_eq!(attribute(&decoder, "ConvTranspose", "pads"), [[0, 1, 1, 1], [0, 0, 1, 1]]);
    assert_eq!(attribute(&decoder, "ConvTranspose", "kernel_shape"), [[3, 3], [3, 3]]);
}

#[test]
fn weights_and_the_chosen_statistics_are_the_model_s() {
    let config = VaeConfig {
        filters: vec![4, 4],
        strides: vec![(2, 2), (2, 1)],
        ..VaeConfig::preset(Preset::Explore, 8, 6)
    };
    let snapshot = snapshot(&config);
    for (statistics, mean) in [(Statistics::Precise, 0.5), (Statistics::Running, 0.25)] {
        let encoder = graph(&encoder(&snapshot, statistics, &[]).unwrap());
        assert_eq!(constant(&encoder, "encoder.norm_2.mean"), (vec![4], vec![mean; 4]));
        let decoder = graph(&decoder(&snapshot, statistics, &[]).unwrap());
        assert_eq!(constant(&decoder, "decoder.norm_1.variance"), (vec![4], vec![2.0; 4]));
        let expected = snapshot.tensors()["decoder.conv_2.weight"].flatten_all().unwrap().to_vec1().unwrap();
        assert_eq!(constant(&decoder, "decoder.conv_2.weight"), (vec![4, 1, 3, 3], expected));
    }
}

#[test]
fn a_file_names_its_program_its_versions_and_its_metadata() {
    let snapshot = snapshot(&VaeConfig::preset(Preset::Flat, 8, 6));
    let metadata = [("feature".to_owned(), "log-mel".to_owned()), ("bins".to_owned(), "8".to_owned())];
    let model = Fields::read(&decoder(&snapshot, Statistics::Precise, &metadata).unwrap());
    assert_eq!(model.ints(1), [8]);
    assert_eq!(model.texts(2), ["timbrespace"]);
    assert_eq!(model.messages(8)[0].0, [(1, Value::Bytes(Vec::new())), (2, Value::Int(17))]);
    let pairs = model.messages(14).into_iter().map(|pair| (pair.texts(1).remove(0), pair.texts(2).remove(0)));
    assert_eq!(pairs.collect::<Vec<_>>(), metadata);
}

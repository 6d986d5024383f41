//! The model against Keras: weights, inputs and outputs written by Keras 3, layer by layer the same numbers.
//!
//! Twice over: through the operations that the program computes with on the processor, and through those of other devices.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]
#![expect(clippy::print_stdout, reason = "figures are read in the output of tests")]

#[path = "common/differences.rs"]
mod differences;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use ndarray::{Array1, Array2, Array4, ArrayD, ArrayRef2, Axis, Ix1, Ix2, Ix4, s};
use safetensors::{Dtype, tensor::TensorView};
use timbrespace::vae::{
    config::{Preset, VaeConfig},
    device::Compute,
    loss::{kl_divergences, reconstruction_errors},
    snapshot::Snapshot,
};

use differences::largest_difference;

/// Largest difference of an output.
const TOLERANCE: f32 = 1e-4;
/// Largest relative difference of a loss.
const LOSS_TOLERANCE: f64 = 1e-5;

fn read(path: &Path) -> ArrayD<f32> {
    ndarray_npy::read_npy(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Weights of a Keras model by their names there, such as `encoder_conv_layer_1.kernel`.
struct Keras {
    folder: PathBuf,
}

impl Keras {
    fn tensor(&self, name: &str) -> ArrayD<f32> {
        read(&self.folder.join(format!("{name}.npy")))
    }

    fn vector(&self, name: &str) -> Array1<f32> {
        self.tensor(name).into_dimensionality::<Ix1>().unwrap()
    }

    fn matrix(&self, name: &str) -> Array2<f32> {
        self.tensor(name).into_dimensionality::<Ix2>().unwrap()
    }

    /// `[kernel, kernel, in, out]` of a convolution, or `[kernel, kernel, out, in]` of a transposed one, to
    /// `[out, in, kernel, kernel]` or `[in, out, kernel, kernel]`: the last axis comes first in both.
    fn kernel(&self, name: &str) -> Array4<f32> {
        self.tensor(name).into_dimensionality::<Ix4>().unwrap().permuted_axes([3, 2, 0, 1])
    }
}

/// Keras flattens `(bins, frames, channels)`, this model `(channels, bins, frames)`: gives for each of our features the
/// index of Keras's.
fn feature_order(channels: usize, bins: usize, frames: usize) -> Vec<usize> {
    let of = |channel: usize, bin: usize, frame: usize| (bin * frames + frame) * channels + channel;
    (0..channels * bins * frames)
        .map(|index| of(index / (bins * frames), index / frames % bins, index % frames))
        .collect()
}

#[derive(Default)]
struct Tensors(BTreeMap<String, (Vec<usize>, Vec<u8>)>);

impl Tensors {
    fn insert<D: ndarray::Dimension>(&mut self, name: String, array: &ndarray::Array<f32, D>) {
        let bytes = array.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.0.insert(name, (array.shape().to_vec(), bytes));
    }

    fn block(&mut self, keras: &Keras, part: &str, keras_conv: &str, number: usize, norm: bool) {
        self.insert(format!("{part}.conv_{number}.weight"), &keras.kernel(&format!("{keras_conv}.kernel")));
        self.insert(format!("{part}.conv_{number}.bias"), &keras.vector(&format!("{keras_conv}.bias")));
        if !norm {
            return;
        }
        let theirs = |name: &str| keras.vector(&format!("{part}_bn_{number}.{name}"));
        let ours = |name: &str| format!("{part}.norm_{number}.{name}");
        self.insert(ours("weight"), &theirs("gamma"));
        self.insert(ours("bias"), &theirs("beta"));
        for kind in ["running", "precise"] {
            self.insert(ours(&format!("{kind}_mean")), &theirs("moving_mean"));
            self.insert(ours(&format!("{kind}_variance")), &theirs("moving_variance"));
        }
    }

    fn dense(&mut self, name: &str, kernel: &ArrayRef2<f32>, bias: &Array1<f32>) {
        self.insert(format!("{name}.weight"), &kernel.t().to_owned());
        self.insert(format!("{name}.bias"), bias);
    }

    fn to_bytes(&self) -> Vec<u8> {
        let views = self.0.iter().map(|(name, (shape, bytes))| {
            (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap())
        });
        safetensors::serialize(views, None).unwrap()
    }
}

/// The Keras model of a folder of vectors, as a snapshot.
fn import(folder: &Path, bins: usize, frames: usize) -> Snapshot {
    let keras = Keras { folder: folder.join("weights") };
    let mut config = VaeConfig::preset(Preset::Reference, bins, frames);
    let layers = config.filters.len();
    config.filters =
        (1..=layers).map(|number| keras.vector(&format!("encoder_conv_layer_{number}.bias")).len()).collect();
    config.latent_size = keras.vector("mu.bias").len();
    let mut tensors = Tensors::default();
    for number in 1..=layers {
        tensors.block(&keras, "encoder", &format!("encoder_conv_layer_{number}"), number, true);
        let name = format!("decoder_conv_transpose_layer_{number}");
        tensors.block(&keras, "decoder", &name, number, number < layers);
    }
    let divisor = config.strides.iter().fold((1, 1), |all, stride| (all.0 * stride.0, all.1 * stride.1));
    let order =
        feature_order(config.filters[layers - 1], bins.div_ceil(divisor.0), frames.div_ceil(divisor.1));
    for name in ["mu", "log_variance"] {
        let kernel = keras.matrix(&format!("{name}.kernel")).select(Axis(0), &order);
        tensors.dense(&format!("encoder.{name}"), &kernel, &keras.vector(&format!("{name}.bias")));
    }
    let kernel = keras.matrix("decoder_dense.kernel").select(Axis(1), &order);
    let bias = keras.vector("decoder_dense.bias").select(Axis(0), &order);
    tensors.dense("decoder.dense", &kernel, &bias);
    Snapshot::from_safetensors(&config, &tensors.to_bytes()).unwrap()
}

fn compare(folder: &Path, compute: &Compute) {
    let file = |name: &str| read(&folder.join(format!("{name}.npy")));
    let images = file("input").into_dimensionality::<Ix4>().unwrap();
    let images = images.slice(s![.., .., .., 0]);
    let (_, bins, frames) = images.dim();
    let snapshot = import(folder, bins, frames).on(compute).unwrap();

    let posterior = snapshot.encode_running(&images).unwrap();
    let z = file("z").into_dimensionality::<Ix2>().unwrap();
    let decoded = snapshot.decode_running(&z.view()).unwrap();
    let divergences = kl_divergences(&posterior);
    let decoded_mu = snapshot.decode_running(&posterior.mu.view()).unwrap();
    for (name, actual) in [
        ("mu", posterior.mu.into_dyn()),
        ("log_variance", posterior.log_variance.into_dyn()),
        ("decoded", decoded.into_dyn()),
        ("decoded_mu", decoded_mu.clone().into_dyn()),
    ] {
        let expected = file(name);
        assert_eq!(actual.shape()[0], expected.shape()[0], "{name}");
        let difference = largest_difference(&actual, &expected);
        println!("{}, {}: {name} differs by at most {difference:.2e}", folder.display(), compute.label());
        assert!(difference <= TOLERANCE, "{name}: {difference}");
    }

    let errors = reconstruction_errors(&images, &decoded_mu);
    let divergences: Vec<f64> = divergences.iter().map(|dimensions| dimensions.iter().sum()).collect();
    for (name, actual) in [("reconstruction_loss", errors), ("kl_loss", divergences)] {
        let expected = file(name);
        assert_eq!(actual.len(), expected.len(), "{name}");
        for (actual, expected) in actual.iter().zip(&expected) {
            let relative = (actual / f64::from(*expected) - 1.0).abs();
            println!("{}: {name} differs by {relative:.2e} of itself", folder.display());
            assert!(relative <= LOSS_TOLERANCE, "{name}: {actual}, not {expected}");
        }
    }
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs ../shared/reference")]
fn the_model_gives_what_keras_gives_for_the_shared_vectors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/vae");
    compare(&folder, &Compute::cpu());
    compare(&folder, &Compute::portable());
}

#[test]
fn the_model_gives_what_keras_gives_for_the_vectors_of_the_project() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/vae");
    compare(&folder, &Compute::cpu());
    compare(&folder, &Compute::portable());
}

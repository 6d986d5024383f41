//! The model against Keras: weights, inputs and outputs written by Keras 3, layer by layer the same numbers.
//!
//! Twice over: through the operations that the program computes with on the CPU, and through those of other devices; in a
//! build for a GPU (`--features cuda` or `metal`) on that GPU as well.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]
#![expect(clippy::print_stdout, reason = "figures are read in the output of tests")]

use std::path::Path;

use ndarray::{ArrayD, Ix2, Ix4, s};
use timbrespace::vae::{
    config::{Preset, VaeConfig},
    device::{Compute, DeviceChoice},
    keras::{self, Variables},
    loss::{kl_divergences, reconstruction_errors},
    snapshot::Snapshot,
};

use timbrespace_base::differences::largest_difference;

/// Largest difference of an output.
const TOLERANCE: f32 = 1e-4;
/// Largest relative difference of a loss.
const LOSS_TOLERANCE: f64 = 1e-5;

fn read(path: &Path) -> ArrayD<f32> {
    ndarray_npy::read_npy(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The Keras model of a folder of vectors, as a snapshot. Its variables lie in files such as
/// `encoder_conv_layer_1.kernel.npy`.
fn import(folder: &Path, bins: usize, frames: usize) -> Snapshot {
    let mut variables = Variables::new();
    for entry in std::fs::read_dir(folder.join("weights")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let name = name.strip_suffix(".npy").unwrap();
        variables.insert(name.replacen('.', "/", 1), read(&entry.path()));
    }
    let len = |name: &str| variables[name].len();
    let mut config = VaeConfig::preset(Preset::Reference, bins, frames);
    let layers = 1..=config.filters.len();
    config.filters = layers.map(|number| len(&format!("encoder_conv_layer_{number}/bias"))).collect();
    config.latent_size = len("mu/bias");
    keras::snapshot(&config, &variables).unwrap()
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
    let divergences = kl_divergences(&posterior.mu, &posterior.log_variance);
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

#[test]
#[cfg_attr(
    not(any(feature = "cuda", feature = "metal")),
    ignore = "needs a build with --features cuda or metal"
)]
fn the_model_gives_what_keras_gives_on_the_gpu() {
    // Relative, as cargo starts tests in the root of the package: scripts/try-gpu.sh runs this one in another checkout.
    let folder = Path::new("tests/vectors/vae");
    let gpus: Vec<DeviceChoice> = DeviceChoice::built()
        .filter(|choice| matches!(choice, DeviceChoice::Cuda | DeviceChoice::Metal))
        .collect();
    assert!(!gpus.is_empty(), "this build computes on no GPU");
    for gpu in gpus {
        let compute = gpu.open().unwrap_or_else(|error| panic!("{error}"));
        compare(folder, &compute);
    }
}

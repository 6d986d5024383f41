//! The model against Keras: weights, inputs and outputs written by Keras 3, layer by layer the same numbers.
//!
//! `cargo test --release --test vae_reference -- --ignored --nocapture` measures the time of a step, a snapshot and a
//! decoded vector of both presets.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]
#![expect(clippy::print_stdout, reason = "figures and skipped checks are read in the output of tests")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use ndarray::{Array1, Array2, Array4, ArrayD, ArrayRef2, Axis, Ix1, Ix2, Ix4, s};
use safetensors::{Dtype, tensor::TensorView};
use timbrespace::{
    interrupt::Interrupt,
    vae::{
        config::{Preset, TrainingConfig, VaeConfig},
        loss::{kl_divergences, reconstruction_errors},
        snapshot::Snapshot,
        trainer::{BatchSource, TrainEvent, Trainer},
    },
};

/// The program's allocator, so that measured times are the program's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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

fn largest_difference<'a>(
    actual: impl IntoIterator<Item = &'a f32>,
    expected: impl IntoIterator<Item = &'a f32>,
) -> f32 {
    actual.into_iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn compare(folder: &Path) {
    if !folder.exists() {
        println!("skipped: {} is absent", folder.display());
        return;
    }
    let file = |name: &str| read(&folder.join(format!("{name}.npy")));
    let images = file("input").into_dimensionality::<Ix4>().unwrap();
    let images = images.slice(s![.., .., .., 0]);
    let (_, bins, frames) = images.dim();
    let snapshot = import(folder, bins, frames);

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
        assert_eq!(actual.len(), expected.len(), "{name}");
        let difference = largest_difference(&actual, &expected);
        println!("{}: {name} differs by at most {difference:.2e}", folder.display());
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
fn the_model_gives_what_keras_gives_for_the_shared_vectors() {
    compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/vae"));
}

#[test]
fn the_model_gives_what_keras_gives_for_the_vectors_of_the_project() {
    compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/vae"));
}

/// Images that cost nothing to make.
struct Stripes;

impl BatchSource for Stripes {
    fn len(&self) -> usize {
        320
    }

    fn image_shape(&self) -> (usize, usize) {
        (256, 64)
    }

    fn fill(&self, index: usize, out: &mut [f32]) {
        for (position, value) in out.iter_mut().enumerate() {
            *value = (position * (index + 3) % 97) as f32 / 97.0;
        }
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn measure(preset: Preset, steps: usize) {
    let config = VaeConfig::preset(preset, 256, 64);
    let latent = Array2::zeros((1, config.latent_size));
    let training = TrainingConfig { validation_fraction: 0.0, ..TrainingConfig::default() };
    let batch_size = training.batch_size;
    let gigaflops = config.flops_per_sample() * batch_size as f64 / 1e9;
    let mut trainer = Trainer::new(config, training, Arc::new(Stripes)).unwrap();
    let interrupt = Interrupt::new();
    let (mut times, mut last) = (Vec::new(), Instant::now());
    let mut sink = |event| {
        if let TrainEvent::Step { step, .. } = event {
            times.push(last.elapsed().as_secs_f64());
            if step == steps {
                interrupt.stop();
            }
        }
        last = Instant::now();
    };
    trainer.run(&mut sink, &interrupt).unwrap();
    let step = median(times.split_off(2));
    let start = Instant::now();
    let snapshot = trainer.snapshot().unwrap();
    let snapshot_secs = start.elapsed().as_secs_f64();
    let decode = median(
        (0..30)
            .map(|_| {
                let start = Instant::now();
                snapshot.decode(&latent.view()).unwrap();
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect(),
    );
    println!(
        "{preset:?}: {step:.3} s a step of {batch_size} ({:.0} GFLOP/s), {snapshot_secs:.2} s a snapshot, \
         {decode:.2} ms a decoded vector",
        gigaflops / step
    );
}

#[test]
#[ignore = "a measurement, not a check"]
fn times_of_a_step_a_snapshot_and_a_decoded_vector() {
    measure(Preset::Small, 30);
    measure(Preset::Reference, 8);
}

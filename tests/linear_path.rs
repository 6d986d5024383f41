//! The linear path of the presets `clear` and `small` against the principal components that it starts as.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

use std::sync::Arc;

use ndarray::{Array2, Array3, Axis};
use timbrespace::{
    explore::projection::Pca,
    interrupt::Interrupt,
    vae::{
        config::{Preset, TrainingConfig, VaeConfig},
        device::{Compute, DeviceChoice},
        error::ModelError,
        linear_path::LinearStart,
        snapshot::Snapshot,
        trainer::{BatchSource, Trainer},
    },
};

use timbrespace_base::differences::{largest, largest_difference};

const SIZE: (usize, usize) = (16, 12);
const COUNT: usize = 40;

/// Bands of many places and heights: more than a few components tell.
struct Bands;

impl BatchSource for Bands {
    fn len(&self) -> usize {
        COUNT
    }

    fn image_shape(&self) -> (usize, usize) {
        SIZE
    }

    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError> {
        for (place, pixel) in out.iter_mut().enumerate() {
            let (row, column) = (place / SIZE.1, place % SIZE.1);
            let distance = row as f32 - (index * 7 % SIZE.0) as f32 - 0.2 * column as f32;
            *pixel = (0.3 + (index * 5 % 11) as f32 / 16.0) * (-distance * distance / 4.0).exp();
        }
        Ok(())
    }
}

fn images(indices: &[usize]) -> Array2<f32> {
    let mut rows = Array2::zeros((indices.len(), SIZE.0 * SIZE.1));
    for (mut row, index) in rows.axis_iter_mut(Axis(0)).zip(indices) {
        Bands.fill(*index, row.as_slice_mut().unwrap()).unwrap();
    }
    rows
}

fn square(rows: &Array2<f32>) -> Array3<f32> {
    rows.to_shape((rows.nrows(), SIZE.0, SIZE.1)).unwrap().to_owned()
}

/// A trainer whose path starts as `components` principal components of its training images.
fn trainer(settings: TrainingConfig, components: usize) -> (Trainer, Pca) {
    let config = VaeConfig {
        filters: vec![6, 4],
        strides: vec![(2, 2), (2, 1)],
        latent_size: 5,
        ..VaeConfig::preset(Preset::Small, SIZE.0, SIZE.1)
    };
    assert!(config.linear_path);
    let settings = TrainingConfig {
        batch_size: 8,
        threads: Some(1),
        device: DeviceChoice::Cpu,
        precise_batches: 2,
        ..settings
    };
    let probe = Trainer::new(config.clone(), settings.clone(), Arc::new(Bands)).unwrap();
    let pca = Pca::fit(&images(&probe.split().0), components);
    let Pca { mean, components, variances } = pca.clone();
    let start = LinearStart { mean, components, variances };
    (Trainer::starting_from(Some(&start), config, settings, Arc::new(Bands)).unwrap(), pca)
}

fn decoded_from_mu(snapshot: &Snapshot, rows: &Array2<f32>) -> Array3<f32> {
    snapshot.decode(&snapshot.encode(&square(rows)).unwrap().mu).unwrap()
}

#[test]
fn before_the_first_step_a_model_is_its_principal_components() {
    let (mut trainer, pca) = trainer(TrainingConfig::default(), 5);
    let snapshot = trainer.snapshot().unwrap();
    let (training, validation) = trainer.split();
    for indices in [&training, &validation] {
        let rows = images(indices);
        let rebuilt = pca.unproject(&pca.project(&rows)).mapv(|value| value.clamp(0.0, 1.0));
        let largest = largest_difference(&decoded_from_mu(&snapshot, &rows), &square(&rebuilt));
        assert!(largest < 1e-5, "{largest}");
    }
    // The mu of the training images have mean 0 and covariance 1, as the prior.
    let mu = snapshot.encode(&square(&images(&training))).unwrap().mu;
    let mean = mu.mean_axis(Axis(0)).unwrap();
    assert!(largest(mean.iter().map(|value| value.abs())) < 1e-4, "{mean}");
    let covariance = mu.t().dot(&mu) / (mu.nrows() - 1) as f32;
    let largest = largest_difference(&covariance, &Array2::<f32>::eye(5));
    assert!(largest < 1e-3, "{covariance}");
}

#[test]
fn dimensions_without_a_component_begin_as_the_prior_and_change_nothing() {
    let (mut trainer, _) = trainer(TrainingConfig::default(), 3);
    let snapshot = trainer.snapshot().unwrap();
    let posterior = snapshot.encode(&square(&images(&[0, 1, 2]))).unwrap();
    let unused = posterior.mu.slice(ndarray::s![.., 3..]);
    assert!(unused.iter().all(|value| *value == 0.0), "{unused}");
    let place =
        |value: f32| Array2::from_shape_fn((1, 5), |(_, column)| if column < 3 { 0.5 } else { value });
    assert_eq!(snapshot.decode(&place(0.0)).unwrap(), snapshot.decode(&place(2.0)).unwrap());
}

#[test]
fn training_goes_below_the_components_and_a_rate_of_zero_leaves_the_path() {
    let error = |trainer: &mut Trainer| {
        let rows = images(&trainer.split().0);
        let rebuilt = decoded_from_mu(&trainer.snapshot().unwrap(), &rows);
        let squares = rebuilt.iter().zip(&rows).map(|(a, b)| f64::from(a - b).powi(2));
        squares.sum::<f64>() / rows.len() as f64
    };
    let path_of = |trainer: &mut Trainer| {
        let bytes = trainer.snapshot().unwrap().to_safetensors().unwrap();
        let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        ["encoder.linear.weight", "decoder.linear.bias"]
            .map(|name| tensors.tensor(name).unwrap().data().to_vec())
    };
    for (linear_rate, moves) in [(0.01, true), (0.0, false)] {
        let settings = TrainingConfig {
            epochs: 30,
            learning_rate: 1e-3,
            linear_rate,
            ..TrainingConfig::preset(Preset::Small)
        };
        let (mut trainer, _) = trainer(settings, 5);
        let (before, start) = (error(&mut trainer), path_of(&mut trainer));
        trainer.run(&mut |_| (), &Interrupt::new()).unwrap();
        let after = error(&mut trainer);
        assert!(after < 0.9 * before, "{before} {after}");
        assert_eq!(path_of(&mut trainer) != start, moves, "{linear_rate}");
    }
}

#[test]
fn portable_operations_give_the_same_and_files_keep_the_path() {
    let settings = TrainingConfig { epochs: 2, ..TrainingConfig::preset(Preset::Small) };
    let (mut trainer, _) = trainer(settings, 5);
    trainer.run(&mut |_| (), &Interrupt::new()).unwrap();
    let snapshot = trainer.snapshot().unwrap();
    let rows = images(&[3, 4, 5]);
    let ours = decoded_from_mu(&snapshot, &rows);
    let portable = decoded_from_mu(&snapshot.on(&Compute::portable()).unwrap(), &rows);
    assert!(largest_difference(&ours, &portable) < 1e-5);
    let opened = Snapshot::from_safetensors(snapshot.config(), &snapshot.to_safetensors().unwrap()).unwrap();
    assert_eq!(decoded_from_mu(&opened, &rows), ours);
    let without = VaeConfig { linear_path: false, ..snapshot.config().clone() };
    // A model without a path reads the others' tensors, but its image is another: sigmoid and limits differ.
    let other = Snapshot::from_safetensors(&without, &snapshot.to_safetensors().unwrap()).unwrap();
    assert!(largest_difference(&decoded_from_mu(&other, &rows), &ours) > 0.1);
}

#[test]
fn components_of_images_of_another_size_are_refused_with_both_sizes() {
    let start = LinearStart {
        mean: ndarray::Array1::zeros(7),
        components: Array2::zeros((0, 7)),
        variances: ndarray::Array1::zeros(0),
    };
    let config = VaeConfig::preset(Preset::Clear, SIZE.0, SIZE.1);
    let error = Trainer::starting_from(Some(&start), config, TrainingConfig::default(), Arc::new(Bands));
    let message = error.err().unwrap().to_string();
    assert!(message.contains('7') && message.contains("192"), "{message}");
}

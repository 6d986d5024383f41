//! The decoder in plain NumPy (`scripts/decode_with_python.py`) against the program's own, run where NumPy is installed.

use std::{path::Path, process::Command, sync::Arc};

use ndarray::{Array2, Array3};
use ndarray_npy::{ReadNpyExt as _, write_npy};
use timbrespace::{
    jobs::runs::{bundle::Bundle, demo_model},
    pipeline::config::{ClipDuration, PreprocessingConfig},
    vae::{
        config::{Preset, TrainingConfig, VaeConfig},
        error::ModelError,
        trainer::{BatchSource, Trainer},
    },
};

use super::interpreter::python;
use timbrespace_base::differences::largest_difference;

/// Largest difference of a pixel: sums of f32 here, of double precision there.
const TOLERANCE: f32 = 2e-5;

/// Sixteen images of stripes.
struct Stripes {
    shape: (usize, usize),
}

impl BatchSource for Stripes {
    fn len(&self) -> usize {
        16
    }

    fn image_shape(&self) -> (usize, usize) {
        self.shape
    }

    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError> {
        for (place, pixel) in out.iter_mut().enumerate() {
            *pixel = 0.5 + 0.5 * ((place % (index + 3)) as f32).sin();
        }
        Ok(())
    }
}

/// A fresh model of a preset for log-mel images of 80 bands, whose width no stride divides.
fn fresh(preset: Preset) -> Bundle {
    let preprocessing = PreprocessingConfig {
        duration: ClipDuration::Frames(37),
        mel_bands: 77,
        ..PreprocessingConfig::log_mel()
    };
    let (bins, frames) = preprocessing.image_shape().unwrap();
    let model = VaeConfig::preset(preset, bins, frames);
    let training = TrainingConfig {
        batch_size: 4,
        precise_batches: 2,
        threads: Some(1),
        ..TrainingConfig::preset(preset)
    };
    let source = Arc::new(Stripes { shape: (bins, frames) });
    let snapshot = Trainer::new(model.clone(), training.clone(), source).unwrap().snapshot().unwrap();
    let mut config = demo_model::open().unwrap().config;
    (config.model, config.training, config.preprocessing) = (model, training, preprocessing);
    Bundle { config, snapshot, density: None }
}

#[test]
#[cfg_attr(not(has_numpy), ignore = "needs a Python with NumPy (TIMBRESPACE_PYTHON names one) at build time")]
fn a_page_of_numpy_decodes_what_the_program_decodes() {
    let python = python();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/decode_with_python.py");
    let folder = tempfile::tempdir().unwrap();
    let [vectors, images] = ["vectors.npy", "images.npy"].map(|name| folder.path().join(name));
    for (name, bundle) in [
        ("embedded model", demo_model::open().unwrap()),
        ("clear, odd size", fresh(Preset::Clear)),
        ("small, odd size", fresh(Preset::Small)),
        ("explore, odd size", fresh(Preset::Explore)),
        ("reference, odd size", fresh(Preset::Reference)),
        ("flat, odd size", fresh(Preset::Flat)),
    ] {
        let size = bundle.config.model.latent_size;
        let latent =
            Array2::from_shape_fn((2, size), |(row, column)| ((row * 7 + column * 3) as f32).sin() * 1.5);
        let path = folder.path().join(name);
        bundle.save(&path).unwrap();
        write_npy(&vectors, &latent).unwrap();
        let run = Command::new(&python).arg(&script).arg(&path).args([&vectors, &images]).output().unwrap();
        assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
        let theirs = Array3::<f32>::read_npy(std::fs::File::open(&images).unwrap()).unwrap();
        let ours = bundle.snapshot.decode(&latent).unwrap();
        assert_eq!(theirs.dim(), ours.dim(), "{name}");
        let largest = largest_difference(&theirs, &ours);
        println!("{name}: largest difference {largest:.1e}");
        assert!(largest < TOLERANCE, "{name}: {largest}");
    }
}

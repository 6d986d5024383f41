use std::path::PathBuf;

use ndarray::{Array2, Array3, Axis, Ix2, Ix3, Ix4};

use super::{model_path::is_model, *};
use timbrespace_base::differences::largest_difference;

/// Written by `scripts/keras-vectors.py`: a small model of the tutorial's class, and what Keras computes with it.
fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/keras")
}

fn array(name: &str) -> ndarray::ArrayD<f32> {
    ndarray_npy::read_npy(vectors().join(name)).unwrap()
}

fn images(name: &str) -> Array3<f32> {
    array(name)
        .into_dimensionality::<Ix4>()
        .unwrap()
        .remove_axis(Axis(3))
        .into_dimensionality::<Ix3>()
        .unwrap()
}

fn matrix(name: &str) -> Array2<f32> {
    array(name).into_dimensionality::<Ix2>().unwrap()
}

#[test]
fn models_of_keras_2_and_3_give_what_they_give_there() {
    for (name, place) in [("keras2", "keras2"), ("keras3", "keras3"), ("keras3", "keras3/archive/vae.keras")]
    {
        let place = vectors().join(place);
        assert!(is_model(&place), "{place:?}");
        let snapshot = read(&place).unwrap();
        let posterior = snapshot.encode(&images("images.npy").view()).unwrap();
        let decoded = snapshot.decode(&matrix("z.npy").view()).unwrap();
        for (what, difference) in [
            ("mu", largest_difference(&posterior.mu, &matrix(&format!("{name}/mu.npy")))),
            (
                "log_variance",
                largest_difference(&posterior.log_variance, &matrix(&format!("{name}/log_variance.npy"))),
            ),
            ("decoded", largest_difference(&decoded, &images(&format!("{name}/decoded.npy")))),
        ] {
            assert!(difference <= 1e-5, "{place:?}: {what} {difference}");
        }
    }
}

#[test]
fn what_is_no_model_of_the_tutorial_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path();
    assert!(!is_model(place));
    assert!(read(place).unwrap_err().to_string().contains("VAE.save"));
    std::fs::copy(vectors().join("keras2/parameters.pkl"), place.join(PARAMETERS_FILE)).unwrap();
    std::fs::write(place.join(WEIGHTS_FILE), b"no HDF5").unwrap();
    let error = read(place).unwrap_err().to_string();
    assert!(error.contains("weights.h5") && error.contains("HDF5"), "{error}");
    std::fs::copy(vectors().join("keras2/weights.h5"), place.join(WEIGHTS_FILE)).unwrap();
    assert!(read(place).is_ok());
    // ([8, 8, 1], [4], [3, 5], [2, 2], 2), protocol 0.
    std::fs::write(place.join(PARAMETERS_FILE), b"((I8\nI8\nI1\ntI4\nI4\nt(I3\nI5\nt(I2\nI2\ntI2\nt.")
        .unwrap();
    assert!(read(place).unwrap_err().to_string().contains("parameters.pkl"));
}

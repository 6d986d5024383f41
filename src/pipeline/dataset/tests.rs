use ndarray::{Array, ShapeBuilder as _};
use ndarray_npy::WriteNpyExt as _;

use super::*;

fn write<D: ndarray::Dimension, A: ndarray_npy::WritableElement>(
    folder: &Path,
    name: &str,
    array: &Array<A, D>,
) {
    let path = folder.join(FEATURES).join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    array.write_npy(File::create(path).unwrap()).unwrap();
}

#[test]
fn fortran_order_double_precision_and_a_channel_axis_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let image = Array2::from_shape_fn((4, 3), |(bin, frame)| bin as f32 / 4.0 + frame as f32 / 16.0);
    let mut fortran = Array2::zeros((4, 3).f());
    fortran.assign(&image);
    write(folder.path(), "a.wav.npy", &fortran);
    write(folder.path(), "b.wav.npy", &image.mapv(f64::from));
    write(folder.path(), "c/d.wav.npy", &image.clone().insert_axis(Axis(2)));
    let dataset = Dataset::open(folder.path()).unwrap();
    assert_eq!(dataset.image_shape(), (4, 3));
    for index in 0..3 {
        assert_eq!(dataset.image(index), image);
    }
    let names: Vec<&str> = dataset.items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["a.wav", "b.wav", "c/d.wav"]);
    assert_eq!(dataset.items[2].class, "c");
}

#[test]
fn what_is_missing_is_said_and_assumed() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "x.wav.npy", &Array2::<f32>::zeros((256, 64)));
    let dataset = Dataset::open(folder.path()).unwrap();
    assert_eq!(dataset.config, PreprocessingConfig::default());
    assert_eq!(dataset.median_min_max(), ASSUMED_MIN_MAX);
    let notes = dataset.notes.join("\n");
    assert!(notes.contains("min_max_values.pkl is missing"), "{notes}");
    assert!(notes.contains("no preprocessing.json"), "{notes}");
}

#[test]
fn the_slip_of_a_widespread_version_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "x.wav.npy", &Array2::<f32>::zeros((256, 64)));
    let pickle = b"(dp0\nN(dp1\nVmin\np2\nF-50.0\nsVmax\np3\nF20.0\nss.";
    std::fs::write(folder.path().join("min_max_values.pkl"), pickle).unwrap();
    let dataset = Dataset::open(folder.path()).unwrap();
    assert_eq!(dataset.items[0].min_max, MinMax { min: -50.0, max: 20.0 });
    assert!(dataset.notes[0].contains("key None"), "{:?}", dataset.notes);
}

#[test]
fn images_that_do_not_fit_together_are_refused_with_both_sizes() {
    let folder = tempfile::tempdir().unwrap();
    let error = |folder: &Path| Dataset::open(folder).unwrap_err().to_string();
    assert!(error(folder.path()).contains("spectrograms"));
    std::fs::create_dir(folder.path().join(FEATURES)).unwrap();
    assert!(error(folder.path()).contains("no .npy file"));
    write(folder.path(), "a.npy", &Array2::<f32>::zeros((4, 3)));
    write(folder.path(), "b.npy", &Array2::<f32>::zeros((4, 5)));
    let message = error(folder.path());
    assert!(message.contains("4 x 5") && message.contains("4 x 3") && message.contains("b.npy"), "{message}");
    write(folder.path(), "b.npy", &Array2::from_elem((4, 3), f32::NAN));
    assert!(error(folder.path()).contains("NaN"));
    std::fs::write(folder.path().join("spectrograms/b.npy"), b"no array").unwrap();
    assert!(error(folder.path()).contains("b.npy"));
}

#[test]
fn the_median_stands_for_a_sound_that_came_from_no_file() {
    let item = |min: f32, max: f32| Item {
        name: String::new(),
        source: None,
        class: String::new(),
        min_max: MinMax { min, max },
        flags: Vec::new(),
    };
    let items = vec![item(-60.0, 20.0), item(-50.0, 40.0), item(-90.0, 10.0)];
    let mut dataset = Dataset { items, ..Dataset::default() };
    assert_eq!(dataset.median_min_max(), MinMax { min: -60.0, max: 20.0 });
    dataset.items.pop();
    assert_eq!(dataset.median_min_max(), MinMax { min: -55.0, max: 30.0 });
}

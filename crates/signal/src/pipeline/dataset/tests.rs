use ndarray::{Array, Array2, ShapeBuilder as _};
use ndarray_npy::WriteNpyExt as _;

use super::*;

fn write<D: ndarray::Dimension, A: ndarray_npy::WritableElement>(
    folder: &Path,
    name: &str,
    array: &Array<A, D>,
) {
    let path = folder.join(FEATURES).join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    array.write_npy(std::fs::File::create(path).unwrap()).unwrap();
}

/// The notes of `dataset` in English.
fn english(dataset: &Dataset) -> Vec<String> {
    dataset.notes.iter().map(ToString::to_string).collect()
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
    let notes = english(&dataset).join("\n");
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
    assert!(english(&dataset).iter().any(|note| note.contains("key None")), "{:?}", dataset.notes);
}

/// The causes of images that were left out.
fn causes(dataset: &Dataset) -> Vec<String> {
    dataset.unreadable.iter().map(|skipped| skipped.cause.to_string()).collect()
}

/// Six images that tell each other apart, the third one in place of `bad`.
fn six(folder: &Path, bad: impl Fn(&Path)) {
    for (index, letter) in ["a", "b", "c", "d", "e", "f"].iter().enumerate() {
        write(folder, &format!("{letter}.wav.npy"), &Array2::from_elem((4, 3), index as f32 / 8.0));
    }
    bad(&folder.join("spectrograms/c.wav.npy"));
}

/// What is done to an image, the cause that names it, and whether only its values show it.
type Fault<'a> = (&'a dyn Fn(&Path), &'a str, bool);

#[test]
fn a_bad_image_costs_itself_and_the_others_keep_their_names_and_files() {
    let array =
        |path: &Path, array: Array2<f32>| array.write_npy(std::fs::File::create(path).unwrap()).unwrap();
    let nan = |path: &Path| array(path, Array2::from_elem((4, 3), f32::NAN));
    let other_size = |path: &Path| array(path, Array2::zeros((4, 5)));
    let outside = |path: &Path| array(path, Array2::from_elem((4, 3), 1.5));
    let cut = |path: &Path| std::fs::write(path, &std::fs::read(path).unwrap()[..130]).unwrap();
    let pointer = |path: &Path| std::fs::write(path, "version https://git-lfs.github.com/spec/v1\n").unwrap();
    let faults: [Fault<'_>; 5] = [
        (&nan, "NaN", true),
        (&outside, "between 1.5 and 1.5, not between 0 and 1", true),
        (&other_size, "4 x 5, but others are 4 x 3", false),
        (&cut, "but 2 follow", false),
        (&pointer, "git lfs pull", false),
    ];
    for (fault, cause, is_in_values) in faults {
        let folder = tempfile::tempdir().unwrap();
        six(folder.path(), fault);
        let dataset = Dataset::open(folder.path()).unwrap();
        assert!(
            causes(&dataset).len() == 1 && causes(&dataset)[0].contains(cause),
            "{:?}",
            dataset.unreadable
        );
        assert!(dataset.unreadable[0].path.ends_with("spectrograms/c.wav.npy"));
        assert!(
            english(&dataset).iter().any(|note| note.contains("1 of 6 images cannot be used")),
            "{:?}",
            english(&dataset)
        );
        let names: Vec<&str> = dataset.items.iter().map(|item| item.name.as_str()).collect();
        assert_eq!(names, ["a.wav", "b.wav", "d.wav", "e.wav", "f.wav"]);
        let values: Vec<f32> = (0..dataset.len()).map(|index| dataset.image(index)[[3, 2]]).collect();
        assert_eq!(values, [0.0, 0.125, 0.375, 0.5, 0.625]);
        let (checked, files) =
            Dataset::open_checked(folder.path(), &PreprocessingConfig::default(), &LeftOut::default())
                .unwrap();
        assert_eq!((&checked.items, checked.images.dim()), (&dataset.items, (0, 4, 3)));
        for (file, value) in files.iter().zip(values) {
            assert_eq!(read_image(file).unwrap()[[0, 0]], value);
        }
        let (index, _) =
            Dataset::open_index(folder.path(), &PreprocessingConfig::default(), &LeftOut::default()).unwrap();
        assert_eq!(index.len(), if is_in_values { 6 } else { 5 }, "the index looks at sizes alone: {cause}");
    }
}

#[test]
fn a_folder_without_a_good_image_names_the_first_cause() {
    let folder = tempfile::tempdir().unwrap();
    let error = |folder: &Path| Dataset::open(folder).unwrap_err().to_string();
    assert!(error(folder.path()).contains("spectrograms"));
    std::fs::create_dir(folder.path().join(FEATURES)).unwrap();
    assert!(error(folder.path()).contains("no .npy file"));
    std::fs::write(folder.path().join("spectrograms/b.npy"), b"no array").unwrap();
    assert!(error(folder.path()).contains("b.npy"));
}

#[test]
fn images_that_were_never_normalised_are_refused_with_their_range() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.npy", &ndarray::array![[-45.5_f32, 0.0], [1.0, 12.0]]);
    write(folder.path(), "b.npy", &ndarray::array![[-20.0_f32, 0.0], [1.0, 34.25]]);
    let message = Dataset::open(folder.path()).unwrap_err().to_string();
    for part in ["2 of 2", "outside 0 to 1", "from -45.5 to 34.25", "--min", "(x - min) / (max - min)"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    let assumed =
        PreprocessingConfig { range_min: -50.0, range_max: 40.0, frame_size: 16, ..Default::default() };
    assert!(Dataset::open_assuming(folder.path(), &assumed, &LeftOut::default()).is_ok());
    // Rounding beyond the range by less than a thousandth of it is none.
    write(folder.path(), "a.npy", &ndarray::array![[-0.0009_f32, 1.0009]]);
    write(folder.path(), "b.npy", &ndarray::array![[0.0_f32, 1.0011]]);
    assert_eq!(Dataset::open(folder.path()).unwrap().len(), 1);
}

#[test]
fn an_unknown_minimum_is_the_median_of_the_known_ones() {
    let folder = tempfile::tempdir().unwrap();
    six(folder.path(), |_| ());
    let entry =
        |name: &str, min: f32| format!("Vspectrograms/{name}.wav.npy\n}}Vmin\nF{min}\nsVmax\nF20\nss");
    let entries =
        [("a", -50.0), ("b", -60.0), ("c", f32::NAN), ("d", -70.0)].map(|(name, min)| entry(name, min));
    std::fs::write(folder.path().join("min_max_values.pkl"), format!("}}{}.", entries.join(""))).unwrap();
    let dataset = Dataset::open(folder.path()).unwrap();
    let minima: Vec<f32> = dataset.items.iter().map(|item| item.min_max.min).collect();
    assert_eq!(minima, [-50.0, -60.0, -60.0, -70.0, -60.0, -60.0]);
    let notes = english(&dataset).join("\n");
    assert!(notes.contains("c.wav.npy: its minimum and maximum (NaN, 20) are not finite"), "{notes}");
    assert!(notes.contains("3 of 6 images have no known minimum and maximum: the median"), "{notes}");
}

#[test]
fn a_damaged_pickle_is_told_and_the_images_are_still_there() {
    let folder = tempfile::tempdir().unwrap();
    six(folder.path(), |_| ());
    std::fs::write(folder.path().join("min_max_values.pkl"), b"(".repeat(20_000)).unwrap();
    let dataset = Dataset::open(folder.path()).unwrap();
    assert_eq!(dataset.len(), 6);
    assert!(
        english(&dataset).iter().any(|note| note.contains("lists inside each other")),
        "{:?}",
        dataset.notes
    );
}

#[test]
fn settings_that_nobody_recorded_are_assumed_aloud_and_given_ones_are_used() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "x.wav.npy", &Array2::<f32>::zeros((512, 64)));
    let guessed = Dataset::open(folder.path()).unwrap();
    assert!(!guessed.settings_recorded);
    let note = guessed.notes[0].to_string();
    for part in ["22050 Hz", "frame 1024", "hop 512", "assumed", "--hop-length"] {
        assert!(note.contains(part), "{part}: {note}");
    }
    let given = PreprocessingConfig {
        sample_rate_hz: 16_000,
        frame_size: 1024,
        hop_length: 256,
        ..Default::default()
    };
    let dataset = Dataset::open_assuming(folder.path(), &given, &LeftOut::default()).unwrap();
    let config = &dataset.config;
    assert_eq!((config.sample_rate_hz, config.frame_size, config.hop_length), (16_000, 1024, 256));
    assert_eq!(config.image_shape(), Some((512, 64)));
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

#[test]
fn the_cause_of_a_folder_without_one_good_image_keeps_its_parts() {
    let folder = tempfile::tempdir().unwrap();
    let features = folder.path().join(FEATURES);
    std::fs::create_dir_all(&features).unwrap();
    std::fs::write(features.join("a.wav.npy"), "no array").unwrap();
    match Dataset::open(folder.path()).unwrap_err() {
        PipelineError::Read { cause, .. } => assert_eq!(cause.key(), "npy-no-array"),
        other => panic!("{other}"),
    }
}

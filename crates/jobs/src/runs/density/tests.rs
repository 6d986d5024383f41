use ndarray::{Array3, array};

use super::{
    fit::{Recordings, training_density},
    *,
};
use crate::data::source::DatasetSource;
use timbrespace_signal::pipeline::{
    config::PreprocessingConfig,
    dataset::{Dataset, Item},
    stages::MinMax,
};
use timbrespace_vae::{
    config::{Preset, TrainingConfig, VaeConfig},
    trainer::Trainer,
};

fn kept() -> TrainingDensity {
    let mu = array![[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [5.0, 5.0]];
    TrainingDensity {
        density: Arc::new(Density::new(mu, vec![0, 0, 1, 1], 0.5).unwrap()),
        names: ["a/1.wav", "a/2.wav", "b/1.wav", "b/2.wav"].map(str::to_owned).to_vec(),
        classes: ["a", "b"].map(str::to_owned).to_vec(),
    }
}

#[test]
fn the_nearest_recording_is_named_with_its_distance() {
    let near = kept().nearest(&array![0.0, 1.5]).unwrap();
    assert_eq!((near.name.as_str(), near.class.as_str(), near.distance), ("b/1.wav", "b", 0.5));
    // Nearest other ones: 1, 1, 2 and the square root of 34; the upper one of the two in the middle.
    assert_eq!(near.relative_distance, Some(0.25));
    assert!(kept().nearest(&array![0.0]).is_none());
    assert_eq!(kept().class("b").unwrap(), 1);
    let message = kept().class("c").unwrap_err().to_string();
    assert!(message.contains("class c") && message.contains("a, b"), "{message}");
}

#[test]
fn what_is_written_is_read_again_for_the_same_weights_alone() {
    let bytes = kept().to_bytes(b"weights").unwrap();
    let read = TrainingDensity::from_bytes(&bytes, 2, b"weights").unwrap().unwrap();
    assert_eq!((&read.names, &read.classes), (&kept().names, &kept().classes));
    assert_eq!(read.density.data().vectors(), kept().density.data().vectors());
    assert_eq!((read.density.classes(), read.density.bandwidth()), (&[0, 0, 1, 1][..], 0.5));
    assert!(TrainingDensity::from_bytes(&bytes, 2, b"other weights").unwrap().is_none());
    let message = TrainingDensity::from_bytes(&bytes, 3, b"weights").unwrap_err();
    assert!(message.contains("[4, 2]") && message.contains("[4, 3]"), "{message}");
}

#[test]
fn damaged_files_are_refused_by_name_and_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let open = || TrainingDensity::open(folder.path(), 2, b"w");
    assert!(open().unwrap().is_none());
    kept().save(folder.path(), b"w").unwrap();
    assert!(open().unwrap().is_some() && is_own(&folder.path().join(FILE)));
    let whole = kept().to_bytes(b"w").unwrap();
    for length in [0, 7, 60, whole.len() - 1] {
        std::fs::write(folder.path().join(FILE), &whole[..length]).unwrap();
        let message = open().unwrap_err().to_string();
        assert!(message.contains(FILE) && message.contains("move it away"), "{length}: {message}");
    }
    let mut infinite = whole;
    let at = infinite.windows(4).rposition(|word| word == 5.0_f32.to_le_bytes()).unwrap();
    infinite[at..at + 4].copy_from_slice(&f32::INFINITY.to_le_bytes());
    std::fs::write(folder.path().join(FILE), &infinite).unwrap();
    assert!(open().unwrap_err().to_string().contains("NaN"));
}

/// Images of two kinds, noisy each in its own way.
fn dataset() -> Dataset {
    let images = Array3::from_shape_fn((12, 16, 8), |(image, bin, frame)| {
        let kind = if (image < 6) == (bin < 8) { 0.8 } else { 0.2 };
        kind + 0.1 * ((image * 31 + bin * 7 + frame * 13) as f32).sin()
    });
    let item = |image: usize| Item {
        name: format!("{image}.wav"),
        source: None,
        class: if image < 6 { "low" } else { "high" }.to_owned(),
        min_max: MinMax { min: -60.0, max: 0.0 },
        flags: Vec::new(),
    };
    Dataset {
        config: PreprocessingConfig::default(),
        items: (0..12).map(item).collect(),
        images,
        ..Dataset::default()
    }
}

#[test]
fn a_density_is_fitted_to_the_training_recordings_alone() {
    let dataset = dataset();
    let model = VaeConfig { latent_size: 3, ..VaeConfig::preset(Preset::Small, 16, 8) };
    let source = Arc::new(DatasetSource(Arc::new(dataset.clone())));
    let training = TrainingConfig { epochs: 1, batch_size: 4, ..TrainingConfig::default() };
    let snapshot = Trainer::new(model, training, source.clone()).unwrap().snapshot().unwrap();
    let indices = [0, 2, 4, 6, 8, 10];
    let recordings = Recordings { source: &*source, items: &dataset.items, indices: &indices };
    let kept = training_density(&snapshot, &recordings, 256).unwrap().unwrap();
    assert_eq!(kept.names, ["0.wav", "2.wav", "4.wav", "6.wav", "8.wav", "10.wav"]);
    assert_eq!(
        (kept.classes.as_slice(), kept.density.classes()),
        (&["high".to_owned(), "low".to_owned()][..], &[1, 1, 1, 0, 0, 0][..])
    );
    let few = training_density(&snapshot, &recordings, 2).unwrap().unwrap();
    assert_eq!(few.names, ["0.wav", "6.wav"], "evenly spread");
    let none = Recordings { indices: &[], ..recordings };
    assert!(training_density(&snapshot, &none, 256).unwrap().is_none());
    let one = Recordings { indices: &indices[..1], ..recordings };
    assert_eq!(training_density(&snapshot, &one, 256).unwrap().unwrap().names, ["0.wav"]);
}

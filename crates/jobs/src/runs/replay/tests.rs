use super::*;
use timbrespace_vae::{
    config::{Preset, VaeConfig},
    error::ModelError,
    trainer::Trainer,
    training_config::TrainingConfig,
};

/// Twelve images of 16 × 8, each of one value.
struct Flat;

impl BatchSource for Flat {
    fn len(&self) -> usize {
        12
    }

    fn image_shape(&self) -> (usize, usize) {
        (16, 8)
    }

    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError> {
        out.fill(index as f32 / 12.0);
        Ok(())
    }
}

fn about(index: usize) -> Followed {
    let min_max = MinMax { min: -(index as f32), max: 0.0 };
    Followed { name: format!("sound {index}"), source: None, min_max }
}

fn candidates(latent_size: usize) -> Candidates<'static> {
    Candidates {
        source: &Flat,
        about: &about,
        training: (0..4).collect(),
        validation: (4..12).collect(),
        median: MinMax { min: -50.0, max: 10.0 },
        seed: 3,
        latent_size,
    }
}

fn snapshot() -> Snapshot {
    let model = VaeConfig { latent_size: 2, ..VaeConfig::preset(Preset::Flat, 16, 8) };
    let training = TrainingConfig { threads: Some(1), ..TrainingConfig::default() };
    Trainer::new(model, training, std::sync::Arc::new(Flat)).unwrap().snapshot().unwrap()
}

#[test]
fn epochs_come_back_as_the_model_made_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::begin(&dir.path().into(), &candidates(2), 0).unwrap();
    let snapshot = snapshot();
    recorder.add(1, &snapshot).unwrap();
    let replay = Replay::load(dir.path()).unwrap();
    let names: Vec<_> = replay.recordings.iter().map(|recording| recording.name.as_str()).collect();
    assert_eq!(names, ["sound 4", "sound 5", "sound 6", "sound 8", "sound 9", "sound 10"]);
    assert!(replay.validation);
    assert_eq!((replay.min_max(0).min, replay.min_max(9).min), (-4.0, -50.0));
    let originals = replay.originals(dir.path()).unwrap();
    assert!((originals[[3, 0, 0]] - 8.0 / 12.0).abs() < 1e-4);
    let images = replay.images(dir.path(), 1).unwrap();
    assert_eq!(images.dim(), (10, 16, 8));
    let mu = snapshot.encode(&originals).unwrap().mu;
    let decoded = snapshot.decode(&mu).unwrap();
    assert!(
        timbrespace_base::differences::largest_difference(&decoded, images.slice(ndarray::s![..6, .., ..]))
            < 1e-3
    );
    let error: f32 =
        (&decoded.index_axis(Axis(0), 2) - &originals.index_axis(Axis(0), 2)).mapv(|d| d * d).mean().unwrap();
    assert!((replay.epochs[0].errors[2] - f64::from(error)).abs() < 1e-4);
    let error = replay.images(dir.path(), 2).unwrap_err().to_string();
    assert!(error.contains("epoch-2.npy"), "{error}");
}

#[test]
fn a_resumed_run_keeps_its_replay_up_to_the_checkpoint_and_another_run_begins_anew() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::begin(&dir.path().into(), &candidates(2), 0).unwrap();
    let snapshot = snapshot();
    for epoch in 1..=4 {
        recorder.add(epoch, &snapshot).unwrap();
    }
    let epochs = |recorder: &Recorder| recorder.replay.epochs.iter().map(|e| e.epoch).collect::<Vec<_>>();
    let resumed = Recorder::begin(&dir.path().into(), &candidates(2), 3).unwrap();
    assert_eq!(epochs(&resumed), [1, 2, 3]);
    assert!(!dir.path().join("replay/epoch-4.npy").exists());
    assert!(dir.path().join("replay/epoch-3.npy").exists());
    let other = Recorder::begin(&dir.path().into(), &Candidates { seed: 4, ..candidates(2) }, 3).unwrap();
    assert!(epochs(&other).is_empty());
    assert!(!dir.path().join("replay/epoch-1.npy").exists());
}

#[test]
fn the_first_the_last_and_an_even_choice_of_many_epochs_stay() {
    let mut kept = Vec::new();
    for epoch in 1..=1000 {
        kept.push(epoch);
        kept = thinned(&kept, 64);
        assert!(kept.len() <= 64);
        assert_eq!((kept[0], kept[kept.len() - 1]), (1, epoch));
    }
    let gaps: Vec<_> = kept.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(kept.len() > 32 && gaps[..gaps.len() - 1].iter().all(|gap| *gap == gaps[0]), "{gaps:?}");
    assert!(thinned(&[], 4).is_empty());
    assert_eq!(thinned(&[7], 4), [7]);
}

#[test]
fn silence_among_the_recordings_gives_silence() {
    let config = PreprocessingConfig::default();
    let mut generator = SoundGenerator::new(&config).unwrap();
    let silent = MinMax { min: -100.0, max: -100.0 };
    let replay = Replay {
        seed: None,
        recordings: vec![Followed { name: String::new(), source: None, min_max: silent }],
        validation: false,
        vectors: Vec::new(),
        vector_min_max: silent,
        shape: (256, 64),
        epochs: Vec::new(),
    };
    let sound = replay.sound(&mut generator, &config, 0, Array2::from_elem((256, 64), 0.5), 2);
    assert!(sound.clip.channels()[0].iter().all(|sample| *sample == 0.0));
}

#[test]
fn vectors_of_a_density_are_followed_from_the_first_epoch_on_and_after_a_resume() {
    let dir = tempfile::tempdir().unwrap();
    let mu = Array2::from_shape_fn((12, 2), |(row, column)| 5.0 + (row * 3 + column * 7) as f32 % 5.0);
    let density = Density::new(mu, vec![0; 12], 0.5).unwrap();
    let mut recorder = Recorder::begin(&dir.path().into(), &candidates(2), 0).unwrap();
    let of_the_prior = Replay::load(dir.path()).unwrap().vectors;
    recorder.draw_vectors(&density, 3);
    recorder.add(1, &snapshot()).unwrap();
    let drawn = Replay::load(dir.path()).unwrap().vectors;
    assert_ne!(drawn, of_the_prior);
    assert!(drawn.iter().flatten().all(|value| *value > 2.0), "{drawn:?}");
    let mut resumed = Recorder::begin(&dir.path().into(), &candidates(2), 1).unwrap();
    let other = density.with_bandwidth(1.0).unwrap();
    resumed.draw_vectors(&other, 3);
    resumed.add(2, &snapshot()).unwrap();
    let replay = Replay::load(dir.path()).unwrap();
    assert_eq!((replay.vectors, replay.epochs.len()), (drawn, 2));
}

mod advice;
mod steering;

use std::time::Duration;

use super::*;
use crate::{config::Preset, device::DeviceChoice};

/// Images with two factors of variation: position and brightness of a band.
struct Bands {
    count: usize,
    size: (usize, usize),
    broken: Option<usize>,
}

impl BatchSource for Bands {
    fn len(&self) -> usize {
        self.count
    }

    fn image_shape(&self) -> (usize, usize) {
        self.size
    }

    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError> {
        let place = index * 7 % self.size.0;
        let level = 0.3 + (index * 5 % 11) as f32 / 16.0;
        for (row, line) in out.chunks_exact_mut(self.size.1).enumerate() {
            line.fill(if row.abs_diff(place) < 3 { level } else { 0.1 });
        }
        if self.broken == Some(index) {
            out[0] = f32::NAN;
        }
        Ok(())
    }
}

fn source(count: usize, size: (usize, usize)) -> Arc<dyn BatchSource> {
    Arc::new(Bands { count, size, broken: None })
}

fn tiny(size: (usize, usize)) -> VaeConfig {
    VaeConfig {
        filters: vec![6, 4],
        strides: vec![(2, 2), (2, 1)],
        latent_size: 3,
        linear_path: false,
        ..VaeConfig::preset(Preset::Small, size.0, size.1)
    }
}

fn settings(epochs: usize) -> TrainingConfig {
    TrainingConfig {
        epochs,
        batch_size: 4,
        learning_rate: 2e-3,
        threads: Some(2),
        device: DeviceChoice::Cpu,
        precise_batches: 3,
        ..TrainingConfig::default()
    }
}

fn trainer(epochs: usize) -> Trainer {
    Trainer::new(tiny((16, 12)), settings(epochs), source(30, (16, 12))).unwrap()
}

fn weights(trainer: &mut Trainer) -> Vec<u8> {
    trainer.snapshot().unwrap().to_safetensors().unwrap()
}

/// Runs to the end, or to a stop after `stop_at` steps; returns the events.
fn run(trainer: &mut Trainer, stop_at: Option<usize>) -> (Outcome, Vec<TrainEvent>) {
    let interrupt = Interrupt::new();
    let mut events = Vec::new();
    let outcome = trainer
        .run(
            &mut |event| {
                if let TrainEvent::Step { step, .. } = &event
                    && Some(*step) == stop_at
                {
                    interrupt.stop();
                }
                events.push(event);
            },
            &interrupt,
        )
        .unwrap();
    (outcome, events)
}

fn reports(events: &[TrainEvent]) -> Vec<&EpochReport> {
    events
        .iter()
        .filter_map(|event| if let TrainEvent::Epoch(report) = event { Some(report) } else { None })
        .collect()
}

/// Mean squared error of the training images' mean on the validation images.
fn mean_image_error(trainer: &Trainer) -> f64 {
    let (training, validation) = trainer.split();
    let (bins, frames) = trainer.source.image_shape();
    let pixels = |index: &usize| {
        let mut image = vec![0.0_f32; bins * frames];
        trainer.source.fill(*index, &mut image).unwrap();
        image.into_iter().map(f64::from)
    };
    let mut mean = vec![0.0; bins * frames];
    for image in training.iter().map(pixels) {
        mean.iter_mut().zip(image).for_each(|(sum, value)| *sum += value / training.len() as f64);
    }
    let squares = validation.iter().flat_map(|index| pixels(index).zip(&mean).map(|(a, b)| (a - b).powi(2)));
    squares.collect::<Vec<_>>().iter().sum::<f64>() / (validation.len() * bins * frames) as f64
}

#[test]
fn training_reports_every_step_and_epoch_and_learns() {
    let settings = TrainingConfig { learning_rate: 5e-3, ..settings(20) };
    let mut trainer = Trainer::new(tiny((16, 12)), settings, source(30, (16, 12))).unwrap();
    let (outcome, events) = run(&mut trainer, None);
    assert_eq!(outcome, Outcome::Finished);
    assert!(matches!(
        events[0],
        TrainEvent::Started {
            training_images: 27,
            validation_images: 3,
            steps_per_epoch: 7,
            first_step: 0,
            threads: 2,
            device: "CPU",
            ..
        }
    ));
    let steps = events.iter().filter(|event| matches!(event, TrainEvent::Step { .. })).count();
    let previews = events.iter().filter(|event| matches!(event, TrainEvent::Preview(_))).count();
    assert_eq!((steps, previews, trainer.step()), (140, 20, 140));
    let reports = reports(&events);
    assert_eq!(reports.len(), 20);
    let (first, last) = (reports[0], reports[19]);
    assert_eq!((last.epoch, last.step), (20, 140));
    assert!(last.training.reconstruction < 0.6 * first.training.reconstruction, "{first:?} {last:?}");
    // A decoder that ignores its input stays at the mean image.
    let (of_mean, learnt) = (mean_image_error(&trainer), last.validation.unwrap().reconstruction);
    assert!(learnt < 0.5 * of_mean, "{learnt}, the mean image {of_mean}");
    let total = 1e6 * last.training.reconstruction + last.training.kl;
    assert!((last.training.total - total).abs() < 1e-3 * total);
}

#[test]
fn one_seed_gives_the_same_bits_and_another_does_not() {
    let train = |seed: u64, threads: usize| {
        let settings = TrainingConfig { seed, threads: Some(threads), ..settings(2) };
        let mut trainer = Trainer::new(tiny((16, 12)), settings, source(30, (16, 12))).unwrap();
        run(&mut trainer, None);
        weights(&mut trainer)
    };
    let first = train(5, 2);
    assert!(first == train(5, 2), "the same seed gave other weights");
    assert!(first == train(5, 1), "another number of threads gave other weights");
    assert!(first != train(6, 2), "another seed gave the same weights");
}

/// Two hidden dense layers.
fn flat(size: (usize, usize)) -> VaeConfig {
    VaeConfig { hidden: vec![48, 24], latent_size: 3, ..VaeConfig::preset(Preset::Flat, size.0, size.1) }
}

fn flat_trainer(epochs: usize) -> Trainer {
    Trainer::new(flat((16, 12)), settings(epochs), source(30, (16, 12))).unwrap()
}

#[test]
fn a_flat_model_learns_more_than_the_mean_image() {
    let settings = TrainingConfig { learning_rate: 5e-3, ..settings(30) };
    let mut trainer = Trainer::new(flat((16, 12)), settings, source(60, (16, 12))).unwrap();
    let (_, events) = run(&mut trainer, None);
    let last = *reports(&events).last().unwrap();
    let (of_mean, learnt) = (mean_image_error(&trainer), last.validation.unwrap().reconstruction);
    println!("flat: {learnt}, the mean image {of_mean}");
    assert!(learnt < 0.5 * of_mean, "{learnt}, the mean image {of_mean}");
}

#[test]
fn a_flat_model_is_repeatable_and_resumes_bit_for_bit() {
    let mut whole = flat_trainer(3);
    run(&mut whole, None);
    let expected = weights(&mut whole);
    let one_thread = TrainingConfig { threads: Some(1), ..settings(3) };
    let mut alone = Trainer::new(flat((16, 12)), one_thread, source(30, (16, 12))).unwrap();
    run(&mut alone, None);
    assert!(weights(&mut alone) == expected, "another number of threads gave other weights");
    for stop_at in [4, 7, 9] {
        let dir = tempfile::tempdir().unwrap();
        let mut first = flat_trainer(3).with_checkpoints(dir.path().to_owned());
        run(&mut first, Some(stop_at));
        let mut second = flat_trainer(3);
        assert!(second.resume(dir.path()).unwrap());
        assert_eq!(second.step(), stop_at);
        run(&mut second, None);
        assert!(weights(&mut second) == expected, "stopped at {stop_at}");
        let error = trainer(3).resume(dir.path()).unwrap_err().to_string();
        assert!(error.contains("filters [6, 4]") && error.contains("dense layers [48, 24]"), "{error}");
    }
}

#[test]
fn a_flat_snapshot_survives_its_file_for_any_image_size() {
    for size in [(13, 9), (1, 1), (33, 2)] {
        let mut trainer = Trainer::new(flat(size), settings(1), source(9, size)).unwrap();
        run(&mut trainer, None);
        let snapshot = trainer.snapshot().unwrap();
        let bytes = snapshot.to_safetensors().unwrap();
        let read = Snapshot::from_safetensors(snapshot.config(), &bytes).unwrap();
        let images = ndarray::Array3::from_elem((11, size.0, size.1), 0.4);
        let posterior = read.encode(&images).unwrap();
        assert_eq!(posterior, snapshot.encode(&images).unwrap());
        assert_eq!(read.decode(&posterior.mu).unwrap(), snapshot.decode_running(&posterior.mu).unwrap());
        assert_eq!(read.decode(&posterior.mu).unwrap().dim(), (11, size.0, size.1));
        let mut other = snapshot.config().clone();
        other.hidden[0] = 40;
        let error = Snapshot::from_safetensors(&other, &bytes).unwrap_err().to_string();
        assert!(error.starts_with("tensor encoder.dense_1.weight: the model needs f32 [40,"), "{error}");
    }
}

#[test]
fn convolutions_learn_log_mel_images_of_any_width() {
    for frames in [50, 127] {
        let size = (80, frames);
        let config = VaeConfig { latent_size: 3, ..VaeConfig::preset(Preset::Small, size.0, size.1) };
        let mut trainer = Trainer::new(config, settings(1), source(9, size)).unwrap();
        let (outcome, _) = run(&mut trainer, None);
        assert_eq!(outcome, Outcome::Finished);
        let latent = ndarray::Array2::zeros((1, 3));
        assert_eq!(trainer.snapshot().unwrap().decode(&latent).unwrap().dim(), (1, size.0, size.1));
    }
}

#[test]
fn a_snapshot_leaves_the_training_undisturbed() {
    let mut plain = trainer(2);
    run(&mut plain, None);
    let mut disturbed = trainer(2);
    run(&mut disturbed, Some(3));
    let early = weights(&mut disturbed);
    run(&mut disturbed, None);
    let end = weights(&mut disturbed);
    assert!(end == weights(&mut plain), "a snapshot changed the training");
    assert!(end != early);
}

#[test]
fn a_resumed_run_gives_bit_for_bit_the_weights_of_an_uninterrupted_one() {
    let mut whole = trainer(3);
    let (_, events) = run(&mut whole, None);
    let expected = weights(&mut whole);
    // In the middle of an epoch, at its last step (its report is still due), and right after a report.
    for stop_at in [4, 7, 9] {
        let dir = tempfile::tempdir().unwrap();
        let mut first = trainer(3).with_checkpoints(dir.path().to_owned());
        let (outcome, before) = run(&mut first, Some(stop_at));
        assert_eq!((outcome, first.step()), (Outcome::Stopped, stop_at));
        assert!(matches!(before.last(), Some(TrainEvent::Checkpoint(_))));
        drop(first);
        let mut second = trainer(3).with_checkpoints(dir.path().to_owned());
        assert!(second.resume(dir.path()).unwrap());
        assert_eq!(second.step(), stop_at);
        let (outcome, after) = run(&mut second, None);
        assert_eq!(outcome, Outcome::Finished);
        assert!(weights(&mut second) == expected, "other weights after a stop at step {stop_at}");
        let (whole, parts) = (reports(&events), [reports(&before), reports(&after)].concat());
        assert_eq!(whole.len(), parts.len());
        for (whole, part) in whole.iter().zip(parts) {
            assert_eq!((whole.epoch, whole.step), (part.epoch, part.step));
            assert_eq!(whole.validation, part.validation);
            let (whole, part) = (whole.training.total, part.training.total);
            assert!((whole - part).abs() < 1e-9 * whole, "{whole} {part}");
        }
    }
}

#[test]
fn a_damaged_checkpoint_falls_back_to_the_older_one() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = trainer(2).with_checkpoints(dir.path().to_owned());
    run(&mut first, None);
    let newest = dir.path().join("step-14/optimiser.safetensors");
    let mut bytes = std::fs::read(&newest).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&newest, bytes).unwrap();
    let mut second = trainer(2);
    assert!(second.resume(dir.path()).unwrap());
    assert_eq!(second.step(), 7);
    run(&mut second, None);
    assert!(weights(&mut second) == weights(&mut first));
    assert!(!trainer(1).resume(&dir.path().join("absent")).unwrap());
}

#[test]
fn a_checkpoint_of_another_run_is_refused_with_both_sides() {
    let dir = tempfile::tempdir().unwrap();
    run(&mut trainer(1).with_checkpoints(dir.path().to_owned()), None);
    let refuse = |config: VaeConfig, settings: TrainingConfig, count: usize| {
        let mut other = Trainer::new(config, settings, source(count, (16, 12))).unwrap();
        other.resume(dir.path()).unwrap_err().to_string()
    };
    let mut config = tiny((16, 12));
    config.latent_size = 5;
    let error = refuse(config, settings(1), 30);
    assert!(error.contains("latent 5") && error.contains("latent 3"), "{error}");
    let seeded = TrainingConfig { seed: 9, ..settings(1) };
    assert_eq!(refuse(tiny((16, 12)), seeded, 30), "seed: expected 9, got 0");
    let error = refuse(tiny((16, 12)), settings(1), 31);
    assert!(error.contains("expected 31, got 30"), "{error}");
}

#[test]
fn a_run_may_ask_for_the_mean_of_its_weights_when_it_is_resumed() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = trainer(1).with_checkpoints(dir.path().to_owned());
    run(&mut first, None);
    let settings = TrainingConfig { weight_average: 0.9, ..settings(2) };
    let mut second = Trainer::new(tiny((16, 12)), settings, source(30, (16, 12))).unwrap();
    assert!(second.resume(dir.path()).unwrap());
    assert!(weights(&mut second) == weights(&mut first), "the mean begins at the weights");
    run(&mut second, None);
    assert!(weights(&mut second) != weights(&mut first));
}

#[test]
fn a_pause_waits_and_a_stop_ends_at_the_next_batch() {
    let mut trainer = trainer(100_000);
    let interrupt = Interrupt::new();
    let remote = interrupt.clone();
    let (sender, steps) = crossbeam_channel::bounded(1_000_000);
    let worker = std::thread::Builder::new()
        .name("trainer under test".to_owned())
        .spawn(move || {
            let mut sink = |event| {
                if let TrainEvent::Step { step, .. } = event {
                    sender.send(step).unwrap();
                }
            };
            let outcome = trainer.run(&mut sink, &interrupt).unwrap();
            (outcome, trainer.step())
        })
        .unwrap();
    steps.recv_timeout(Duration::from_mins(1)).unwrap();
    remote.pause();
    // The current step, or an epoch's report and the step after it, may finish; then nothing more arrives.
    while steps.recv_timeout(Duration::from_millis(500)).is_ok() {}
    assert!(steps.recv_timeout(Duration::from_millis(500)).is_err());
    remote.resume();
    let last = steps.recv_timeout(Duration::from_mins(1)).unwrap();
    remote.stop();
    let (outcome, step) = worker.join().unwrap();
    assert_eq!(outcome, Outcome::Stopped);
    assert!(step >= last && step < 100_000);
}

#[test]
fn a_loss_that_is_no_number_stops_with_its_epoch_and_step() {
    let source = Arc::new(Bands { count: 30, size: (16, 12), broken: Some(11) });
    let settings = TrainingConfig { validation_fraction: 0.0, ..settings(1) };
    let mut trainer = Trainer::new(tiny((16, 12)), settings, source).unwrap();
    let error = trainer.run(&mut |_| (), &Interrupt::new()).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("the loss is NaN at epoch 1, step {}", trainer.step() + 1)),
        "{error}"
    );
}

#[test]
fn any_image_size_trains_and_comes_back_in_that_size() {
    for size in [(13, 9), (1, 1), (5, 64), (33, 2)] {
        let mut trainer = Trainer::new(tiny(size), settings(1), source(9, size)).unwrap();
        let (outcome, events) = run(&mut trainer, None);
        assert_eq!(outcome, Outcome::Finished);
        assert!(reports(&events)[0].training.is_finite());
        let snapshot = trainer.snapshot().unwrap();
        let images = ndarray::Array3::from_elem((2, size.0, size.1), 0.5);
        let posterior = snapshot.encode(&images).unwrap();
        assert_eq!(posterior.mu.dim(), (2, 3));
        assert_eq!(snapshot.decode(&posterior.mu).unwrap().dim(), (2, size.0, size.1));
    }
}

#[test]
fn a_snapshot_survives_its_file_and_names_what_does_not_fit() {
    let mut trainer = trainer(1);
    run(&mut trainer, None);
    let snapshot = trainer.snapshot().unwrap();
    let bytes = snapshot.to_safetensors().unwrap();
    let read = Snapshot::from_safetensors(snapshot.config(), &bytes).unwrap();
    let latent = ndarray::arr2(&[[0.1, -0.5, 1.5]]);
    assert_eq!(read.decode(&latent).unwrap(), snapshot.decode(&latent).unwrap());
    assert_eq!(read.decode_running(&latent).unwrap(), snapshot.decode_running(&latent).unwrap());
    assert_ne!(read.decode_running(&latent).unwrap(), snapshot.decode(&latent).unwrap());
    assert_eq!(read.to_safetensors().unwrap(), bytes);
    let mut other = snapshot.config().clone();
    other.filters[0] = 8;
    let error = Snapshot::from_safetensors(&other, &bytes).unwrap_err().to_string();
    let expected =
        "tensor encoder.conv_1.weight: the model needs f32 [8, 1, 3, 3], the file has f32 [6, 1, 3, 3]";
    assert_eq!(error, expected);
    other.filters[0] = 6;
    other.filters.push(4);
    other.strides.push((1, 1));
    let error = Snapshot::from_safetensors(&other, &bytes).unwrap_err().to_string();
    assert!(error.starts_with("tensor encoder.conv_3.weight: the model needs"), "{error}");
    assert!(Snapshot::from_safetensors(snapshot.config(), &bytes[..bytes.len() / 2]).is_err());
    let wrong = ndarray::Array2::zeros((1, 4));
    let error = snapshot.decode(&wrong).unwrap_err().to_string();
    assert_eq!(error, "length of a latent vector: expected 3, got 4");
}

#[test]
fn settings_that_do_not_fit_the_images_are_refused() {
    let error = Trainer::new(tiny((16, 12)), settings(1), source(4, (16, 13))).err().unwrap();
    assert_eq!(error.to_string(), "image size (bins × frames): expected 16 × 12, got 16 × 13");
    let error = Trainer::new(tiny((16, 12)), settings(1), source(0, (16, 12))).err().unwrap();
    assert!(error.to_string().contains("no image"));
    let wrong = TrainingConfig { batch_size: 0, ..settings(1) };
    let error = Trainer::new(tiny((16, 12)), wrong, source(4, (16, 12))).err().unwrap();
    assert_eq!(error.to_string(), "--batch-size is 0, but must be from 1 to 4096");
}

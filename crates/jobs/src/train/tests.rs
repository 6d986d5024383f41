//! Runs that meet a full disk, a folder that goes away, and a loss that is no number: nothing is lost.

mod events;
mod folders;
mod records;

use std::{
    fs,
    io::ErrorKind,
    path::Path,
    sync::Mutex,
    sync::atomic::{AtomicUsize, Ordering},
};

use ndarray::Array3;

use super::*;
use crate::{
    JobContext,
    data::source::{self, DatasetSource},
    demo, preprocess,
    runs::bundle::Bundle,
};
use timbrespace_base::{atomic_file::full_disk, interrupt::Interrupt, outputs::Replace, setting};
use timbrespace_signal::pipeline::{config::ClipDuration, dataset::Item, stages::MinMax};
use timbrespace_vae::{
    augmentation::Augmentation,
    checkpoint,
    config::{ModelChoices, Preset},
    schedule::LearningRateSchedule,
    trainer::TrainEvent,
    training_config::{Keep, SplitBy, TrainingChoices},
};

const IMAGES: usize = 24;

/// Bands of different places and levels, as a data set of 8 × 8 images.
fn images() -> Images {
    let config = PreprocessingConfig {
        frame_size: 16,
        hop_length: 8,
        duration: ClipDuration::Seconds(56.0 / 22_050.0),
        ..PreprocessingConfig::default()
    };
    let images = Array3::from_shape_fn((IMAGES, 8, 8), |(index, row, _)| {
        if row.abs_diff(index % 8) < 2 { 0.3 + index as f32 / 48.0 } else { 0.1 }
    });
    let items = (0..IMAGES).map(|index| Item {
        name: format!("{index}.wav"),
        source: None,
        class: (index % 2).to_string(),
        min_max: MinMax { min: -60.0, max: 20.0 },
        flags: Vec::new(),
    });
    Images::Memory(Arc::new(Dataset { config, items: items.collect(), images, ..Dataset::default() }))
}

fn request(out: &Path, epochs: usize, existing: Existing) -> Request {
    let fresh = existing != Existing::Resume;
    let training = TrainingChoices {
        epochs: Some(epochs),
        threads: Some(Some(1)),
        batch_size: fresh.then_some(6),
        // A cosine reaches its end at the last epoch, so a run that was first to be shorter is another one.
        learning_rate_schedule: fresh.then_some(LearningRateSchedule::Constant),
        learning_rate_warm_up_steps: fresh.then_some(0),
        ..TrainingChoices::default()
    };
    let model = ModelChoices {
        preset: fresh.then_some(Preset::Small),
        latent_size: fresh.then_some(2),
        ..ModelChoices::default()
    };
    let choices = Choices { model, training };
    Request {
        left_out: LeftOut::default(),
        images: images(),
        out: out.to_owned(),
        choices,
        existing,
        steering: Steering::new(),
        streaming: Streaming::Auto,
        tensorboard: None,
    }
}

fn train(request: &Request) -> Result<Report, JobError> {
    run(request, &JobContext::silent(&Interrupt::new()))
}

/// The model that a run which nothing disturbs ends with.
fn undisturbed(epochs: usize) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    train(&request(dir.path(), epochs, Existing::Refuse)).unwrap();
    fs::read(dir.path().join("model.safetensors")).unwrap()
}

fn model(dir: &Path) -> Vec<u8> {
    fs::read(dir.join("model.safetensors")).unwrap()
}

#[test]
fn a_full_disk_ends_no_run_before_its_end_and_the_last_good_checkpoint_opens() {
    let expected = undisturbed(3);
    let dir = tempfile::tempdir().unwrap();
    train(&request(dir.path(), 1, Existing::Refuse)).unwrap();
    let first = checkpoint::newest_valid(&dir.path().join(CHECKPOINTS)).unwrap().0;
    for room in [0, 1_000, 20_000, 200_000, 700_000, 900_000, 1_200_000] {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("B");
        copy(dir.path(), &out);
        let notes = Mutex::new(Vec::new());
        let steps = AtomicUsize::new(0);
        let sink = |event: JobEvent| match event {
            JobEvent::Note(note) => notes.lock().unwrap().push(note.to_string()),
            JobEvent::Train(TrainEvent::Step { .. }) => {
                steps.fetch_add(1, Ordering::Relaxed);
            }
            _ => {}
        };
        let again = request(&out, 3, Existing::Resume);
        let result = full_disk::with_room(room, || run(&again, &JobContext::new(&sink, &Interrupt::new())));
        let Err(error) = result else { panic!("{room} bytes were enough for two epochs") };
        assert!(error.to_string().contains(out.to_str().unwrap()), "{room}: {error}");
        let bundle = Bundle::open(&out).unwrap_or_else(|error| panic!("{room} bytes: {error}"));
        assert_eq!(bundle.config.model.latent_size, 2);
        let (newest, _) = checkpoint::newest_valid(&out.join(CHECKPOINTS)).unwrap();
        assert!(newest.file_name() >= first.file_name());
        if steps.load(Ordering::Relaxed) > 0 {
            let notes = notes.lock().unwrap();
            assert!(notes.iter().any(|note| note.contains("could not be written")), "{room}: {notes:?}");
        }
        // With room again, the run goes on to the very same model.
        train(&request(&out, 3, Existing::Resume)).unwrap();
        assert!(model(&out) == expected, "{room} bytes: another model");
    }
}

/// Copies a folder. A file that vanishes meanwhile (the baselines' thread renames its temporary files) is not copied.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if let Err(error) = fs::copy(entry.path(), target) {
            assert_eq!(error.kind(), ErrorKind::NotFound, "{}", entry.path().display());
        }
    }
}

/// A few demo sounds of each class, and settings that make small images of them.
fn sounds(dir: &Path) -> (PathBuf, PreprocessingConfig) {
    let sounds = dir.join("sounds");
    demo::ensure(&sounds, &JobContext::silent(&Interrupt::new())).unwrap();
    for class in fs::read_dir(&sounds).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        let mut files: Vec<PathBuf> =
            fs::read_dir(class.path()).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        for file in files.iter().skip(4) {
            fs::remove_file(file).unwrap();
        }
    }
    let config = PreprocessingConfig {
        duration: ClipDuration::Seconds(0.05),
        frame_size: 32,
        hop_length: 32,
        ..PreprocessingConfig::default()
    };
    (sounds, config)
}

#[test]
fn a_streamed_run_ends_with_the_very_same_model() {
    let dir = tempfile::tempdir().unwrap();
    let (sounds, config) = sounds(dir.path());
    let folder = dir.path().join("P");
    let of_folder = preprocess::Request {
        left_out: LeftOut::default(),
        folder: sounds.clone(),
        out: folder.clone(),
        config: config.clone(),
        shard: None,
        threads: Some(1),
        replace: Replace::Own,
    };
    preprocess::run(&of_folder, &JobContext::silent(&Interrupt::new())).unwrap();
    let model_of = |name: &str, images: &Path, streaming: Streaming| {
        let out = dir.path().join(name);
        let images = Images::Folder(images.to_owned(), Box::new(config.clone()));
        train(&Request { images, streaming, ..request(&out, 2, Existing::Refuse) }).unwrap();
        model(&out)
    };
    let expected = model_of("memory", &folder, Streaming::Auto);
    assert!(model_of("streamed", &folder, Streaming::Always) == expected);
    assert!(model_of("recordings", &sounds, Streaming::Always) == expected);
    // A resumed run finds what was preprocessed, also when the recordings are gone.
    let out = dir.path().join("recordings");
    let manifest = out.join("features/preprocessing.json");
    let written = fs::metadata(&manifest).unwrap().modified().unwrap();
    let again = Request {
        images: Images::Folder(sounds, Box::new(config.clone())),
        streaming: Streaming::Always,
        ..request(&out, 3, Existing::Resume)
    };
    train(&again).unwrap();
    assert_eq!(fs::metadata(&manifest).unwrap().modified().unwrap(), written);
}

#[test]
fn a_streamed_image_that_is_gone_is_named_and_the_run_can_go_on_once_it_is_back() {
    let dir = tempfile::tempdir().unwrap();
    let (sounds, config) = sounds(dir.path());
    let out = dir.path().join("B");
    let request = Request {
        images: Images::Folder(sounds, Box::new(config)),
        streaming: Streaming::Always,
        ..request(&out, 2, Existing::Refuse)
    };
    let (features, aside) = (out.join("features/spectrograms"), dir.path().join("aside"));
    let sink = |event: JobEvent| {
        if let JobEvent::Train(TrainEvent::Checkpoint(_)) = event {
            // What is kept ahead goes with the run, so the next one must read.
            fs::rename(&features, &aside).unwrap_or_default();
        }
    };
    train(&Request { existing: Existing::Refuse, ..request.clone() }).unwrap();
    let expected = model(&out);
    fs::remove_dir_all(&out).unwrap();
    let first = Request {
        choices: Choices {
            training: TrainingChoices { epochs: Some(1), ..request.choices.training.clone() },
            ..request.choices.clone()
        },
        ..request.clone()
    };
    run(&first, &JobContext::new(&sink, &Interrupt::new())).unwrap_or_else(|error| panic!("{error}"));
    assert!(!features.exists());
    let resumed = Request { choices: Choices::default(), existing: Existing::Resume, ..request };
    let resumed = Request {
        choices: Choices {
            training: TrainingChoices { epochs: Some(2), ..TrainingChoices::default() },
            ..Choices::default()
        },
        ..resumed
    };
    // Half of the files are back, so that the folder opens.
    fs::rename(&aside, &features).unwrap();
    let gone = fs::read_dir(features.join("bell")).unwrap().map(|file| file.unwrap().path()).max().unwrap();
    let kept = fs::read(&gone).unwrap();
    fs::write(&gone, b"no array").unwrap();
    let left_out = Mutex::new(Vec::new());
    let sink = |event: JobEvent| {
        if let JobEvent::Skipped { path, .. } = event {
            left_out.lock().unwrap().push(path);
        }
    };
    let error = run(&resumed, &JobContext::new(&sink, &Interrupt::new())).unwrap_err().to_string();
    assert_eq!(
        left_out.into_inner().unwrap(),
        std::slice::from_ref(&gone),
        "a damaged image is named when the folder is opened"
    );
    assert!(error.contains("number of images of the saved run is 24, but 23"), "{error}");
    Bundle::open(&out).unwrap();
    fs::write(&gone, kept).unwrap();
    train(&resumed).unwrap();
    assert!(model(&out) == expected);
}

#[test]
fn a_folder_that_is_removed_under_way_is_made_anew() {
    let expected = undisturbed(3);
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("B");
    let sink = |event: JobEvent| {
        if let JobEvent::Train(TrainEvent::Epoch(report)) = &event
            && report.epoch == 2
        {
            fs::remove_dir_all(&out).unwrap();
        }
    };
    let report =
        run(&request(&out, 3, Existing::Refuse), &JobContext::new(&sink, &Interrupt::new())).unwrap();
    assert!(report.finished);
    assert!(model(&out) == expected);
    Bundle::open(&out).unwrap();
    assert_eq!(History::open(&out, usize::MAX).unwrap().epochs().len(), 3);
    assert!(checkpoint::newest_valid(&out.join(CHECKPOINTS)).is_some());
}

#[test]
fn a_loss_that_is_no_number_ends_the_run_and_names_the_way_back() {
    let dir = tempfile::tempdir().unwrap();
    let request = request(dir.path(), 6, Existing::Refuse);
    let notes = Mutex::new(Vec::new());
    let sink = |event: JobEvent| match event {
        // A weight no float can carry makes the loss infinite.
        JobEvent::Train(TrainEvent::Epoch(report)) if report.epoch == 2 => {
            request.steering.set(Setting::ReconstructionWeight, 1e300);
        }
        JobEvent::Note(note) => notes.lock().unwrap().push(note.to_string()),
        _ => {}
    };
    let error = run(&request, &JobContext::new(&sink, &Interrupt::new())).unwrap_err().to_string();
    assert!(error.contains("at epoch 3, step 9"), "{error}");
    let notes = notes.into_inner().unwrap();
    assert!(notes.iter().any(|note| note.contains("step-8") && note.contains("--resume")), "{notes:?}");
    let bundle = Bundle::open(dir.path()).unwrap();
    let zeros = ndarray::Array2::zeros((1, 2));
    assert!(bundle.snapshot.decode(&zeros).unwrap().iter().all(|value| value.is_finite()));
    let report = train(&self::request(dir.path(), 3, Existing::Resume)).unwrap();
    assert_eq!(report.last_epoch.unwrap().epoch, 3);
    assert!(model(dir.path()) == undisturbed(3), "the run went on from other weights");
}

#[test]
fn a_model_that_gives_no_numbers_is_not_written_over_a_good_one() {
    let dir = tempfile::tempdir().unwrap();
    train(&request(dir.path(), 1, Existing::Refuse)).unwrap();
    let good = model(dir.path());
    // Steps of this length make variances that no float can hold, here or later.
    let mut wild = request(dir.path(), 60, Existing::Resume);
    wild.choices.training.learning_rate = Some(1.0);
    wild.steering.set(Setting::ReconstructionWeight, 1e12);
    let error = train(&wild).unwrap_err().to_string();
    assert!(error.starts_with("the loss is"), "{error}");
    let kept = Bundle::open(dir.path()).unwrap();
    let decoded = kept.snapshot.decode(&ndarray::Array2::zeros((1, 2))).unwrap();
    assert!(decoded.iter().all(|value| value.is_finite()));
    assert!(checkpoint::newest_valid(&dir.path().join(CHECKPOINTS)).is_some());
    assert!(!good.is_empty());
}

#[test]
fn a_run_with_variations_and_balance_resumes_bit_for_bit() {
    let place = tempfile::tempdir().unwrap();
    let varied = |out: &Path, epochs: usize, existing: Existing| {
        let mut request = request(out, epochs, existing);
        if existing == Existing::Refuse {
            let augmentation =
                Augmentation { gain_db: 6.0, shift_frames: 2, noise: 0.02, mask_bins: 2, mask_frames: 2 };
            request.choices.training.augmentation = setting::Choices::all(&augmentation);
            request.choices.training.balance_classes = Some(true);
        }
        request
    };
    let (whole, parts) = (place.path().join("whole"), place.path().join("parts"));
    train(&varied(&whole, 3, Existing::Refuse)).unwrap();
    assert!(model(&whole) != undisturbed(3), "the images were not varied");
    let interrupt = Interrupt::new();
    let sink = |event: JobEvent| {
        if let JobEvent::Train(TrainEvent::Step { step: 6, .. }) = event {
            interrupt.stop();
        }
    };
    run(&varied(&parts, 3, Existing::Refuse), &JobContext::new(&sink, &interrupt)).unwrap();
    train(&varied(&parts, 3, Existing::Resume)).unwrap();
    assert!(model(&parts) == model(&whole));
}

#[test]
fn a_split_that_cannot_be_made_costs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    train(&request(dir.path(), 1, Existing::Refuse)).unwrap();
    let good = model(dir.path());
    let mut impossible = request(dir.path(), 1, Existing::Overwrite);
    impossible.choices.training.split_by = Some(SplitBy::Group);
    let error = train(&impossible).unwrap_err().to_string();
    assert!(error.contains("cannot split by group"), "{error}");
    assert!(model(dir.path()) == good, "the model was overwritten by a run that never began");
    impossible.choices.training.split_by = Some(SplitBy::Class);
    train(&impossible).unwrap();
}

#[test]
fn the_best_epochs_weights_are_left_where_that_was_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let mut wild = request(dir.path(), 30, Existing::Refuse);
    wild.choices.training.learning_rate = Some(0.02);
    wild.choices.training.keep = Some(Keep::Best);
    wild.choices.training.early_stopping = Some(Some(2));
    let report = train(&wild).unwrap();
    let last = report.last_epoch.as_ref().unwrap();
    assert!(report.finished && report.stopped_early);
    assert_eq!(report.kept_epoch + 2, last.epoch);
    let kept = Bundle::open(dir.path()).unwrap();
    let (source, error) = (DatasetSource(dataset(&wild)), |report: &EpochReport| report.validation.unwrap());
    let history = History::open(dir.path(), usize::MAX).unwrap();
    let best = &history.epochs()[report.kept_epoch - 1];
    let held_out = kept.config.training.split(&source::labels_of_dataset(&dataset(&wild))).unwrap().1;
    let images = source::batch(&source, &held_out).unwrap();
    let decoded = kept.snapshot.decode(&kept.snapshot.encode(&images).unwrap().mu).unwrap();
    let errors = timbrespace_vae::loss::reconstruction_errors(&images, &decoded);
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    assert!((mean - error(best).reconstruction).abs() < 1e-9, "{mean} {best:?}");
    assert!(error(best).total < error(last).total);
}

fn dataset(request: &Request) -> Arc<Dataset> {
    match &request.images {
        Images::Memory(dataset) => Arc::clone(dataset),
        Images::Folder(..) => panic!("the images are in memory"),
    }
}

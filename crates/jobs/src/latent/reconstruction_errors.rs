//! How far the image of each recording is from what a model makes of it.

use std::sync::Arc;

use ndarray::{Array3, Axis, concatenate};

use super::encoded_set::{EncodedSet, nothing_usable, open_all, pipeline_of};
use crate::{JobContext, JobError, JobEvent, data::source::ENCODE_BATCH, in_pool, runs::bundle::Bundle};

use timbrespace_signal::audio::folder::{Cause, Skipped};
use timbrespace_vae::loss;

/// The name of the work in progress news.
pub const RECONSTRUCTING: &str = "reconstructing";

/// What to measure.
pub struct Request {
    /// The model.
    pub bundle: Arc<Bundle>,
    /// The recordings; they are read again, since a set keeps no images.
    pub set: Arc<EncodedSet>,
    /// Whether they may have another rate than the model's, also where its training did not allow that.
    pub resample: bool,
    /// Threads, or `None` for the program's own pool.
    pub threads: Option<usize>,
}

/// Reconstruction error of each recording of the set, in its order: mean squared error per pixel between the normalised image,
/// in 0..1, and the image decoded from its mu. This is the training's error; its mean over the validation images is the
/// validation error. `None` for recordings that can no longer be used.
///
/// # Errors
/// When no recording can be used, or on [`Interrupt`](timbrespace_base::interrupt::Interrupt).
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Vec<Option<f32>>, JobError> {
    in_pool(request.threads, || measure(request, context))?
}

fn measure(request: &Request, context: &JobContext<'_>) -> Result<Vec<Option<f32>>, JobError> {
    let Request { bundle, set, resample, .. } = request;
    let pipeline = pipeline_of(bundle, *resample)?;
    let total = set.recordings.len();
    let (mut errors, mut skipped) = (Vec::with_capacity(total), Vec::new());
    for recordings in set.recordings.chunks(ENCODE_BATCH) {
        context.wait_while_paused()?;
        let (mut units, mut is_open) = (Vec::new(), Vec::new());
        for (listed, image) in recordings.iter().zip(open_all(recordings, &pipeline, bundle)) {
            is_open.push(image.is_ok());
            match image {
                Ok(image) => units.push(image.unit),
                Err(error) => {
                    let (path, cause) = (listed.path.clone(), Cause::from(error));
                    context.event(JobEvent::Skipped { path: path.clone(), cause: cause.clone() });
                    skipped.push(Skipped { path, cause });
                }
            }
        }
        let mut measured = errors_of(&units, bundle)?.into_iter();
        errors.extend(is_open.into_iter().map(|is_open| is_open.then(|| measured.next()).flatten()));
        context.progress(RECONSTRUCTING, errors.len(), total);
    }
    if skipped.len() == total {
        return Err(nothing_usable(&skipped));
    }
    Ok(errors)
}

/// Errors of images `[1, bins, frames]` each.
fn errors_of(units: &[Array3<f32>], bundle: &Bundle) -> Result<Vec<f32>, JobError> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let views: Vec<_> = units.iter().map(|unit| unit.view()).collect();
    let images = concatenate(Axis(0), &views).map_err(|error| JobError::Other(error.to_string()))?;
    let decoded = bundle.snapshot.decode(&bundle.snapshot.encode(&images)?.mu)?;
    Ok(loss::reconstruction_errors(&images, &decoded).into_iter().map(|error| error as f32).collect())
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path, sync::Mutex};

    use super::*;
    use crate::{
        evaluate,
        latent::{
            encoded_set::{self, Listed, tests::demo_request},
            recording_image::RecordingImage,
        },
        runs::{choices::Choices, plan::Existing},
        train::{self, Images, Streaming},
    };
    use timbrespace_base::interrupt::Interrupt;
    use timbrespace_signal::{
        audio::{
            demo,
            encode::{BitDepth, write_wav},
            left_out::LeftOut,
        },
        pipeline::config::{ClipDuration, PreprocessingConfig},
    };
    use timbrespace_vae::{
        config::{ModelChoices, Preset},
        steering::Steering,
        trainer::TrainEvent,
        training_config::TrainingChoices,
    };

    fn request(encoding: &encoded_set::Request) -> Request {
        let set = encoded_set::run(encoding, &JobContext::silent(&Interrupt::new())).unwrap();
        let bundle = Arc::clone(&encoding.bundle);
        Request { bundle, set: Arc::new(set), resample: false, threads: None }
    }

    fn measured(request: &Request) -> Vec<Option<f32>> {
        run(request, &JobContext::silent(&Interrupt::new())).unwrap()
    }

    fn mean(errors: &[Option<f32>]) -> f64 {
        errors.iter().map(|error| f64::from(error.unwrap())).sum::<f64>() / errors.len() as f64
    }

    fn is_near(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-4, "{found} instead of {expected}");
    }

    #[test]
    fn each_error_is_that_of_its_recording_alone_and_a_file_that_is_gone_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let request = request(&demo_request(folder.path()));
        let (bundle, recordings) = (&request.bundle, &request.set.recordings);
        let gone = 3;
        fs::remove_file(&recordings[gone].path).unwrap();
        let skipped = Mutex::new(Vec::new());
        let sink = |event: JobEvent| match event {
            JobEvent::Skipped { path, .. } => skipped.lock().unwrap().push(path),
            JobEvent::Progress { stage, done, total } => {
                assert_eq!((stage, total), (RECONSTRUCTING, recordings.len()));
                assert!(done <= total);
            }
            _ => {}
        };
        let errors = run(&request, &JobContext::new(&sink, &Interrupt::new())).unwrap();
        assert_eq!(errors.len(), recordings.len());
        assert_eq!(skipped.into_inner().unwrap(), [recordings[gone].path.clone()]);
        assert_eq!(errors[gone], None);
        let pipeline = pipeline_of(bundle, false).unwrap();
        for row in [0, 2, 4, recordings.len() - 1] {
            let image = RecordingImage::open(&recordings[row].path, &pipeline, bundle, &|_: JobEvent| {});
            let unit = image.unwrap().unit;
            let decoded = bundle.snapshot.decode(&bundle.snapshot.encode(&unit).unwrap().mu).unwrap();
            let squares = unit.iter().zip(&decoded).map(|(a, b)| f64::from(a - b).powi(2));
            is_near(f64::from(errors[row].unwrap()), squares.sum::<f64>() / unit.len() as f64);
        }
    }

    #[test]
    fn the_mean_is_the_error_that_an_evaluation_of_the_recordings_gives() {
        let folder = tempfile::tempdir().unwrap();
        let encoding = demo_request(&folder.path().join("all"));
        let (model, sounds) = (folder.path().join("model"), folder.path().join("sounds"));
        encoding.bundle.save(&model).unwrap();
        fs::create_dir(&sounds).unwrap();
        for (place, listed) in encoding.recordings.iter().enumerate() {
            fs::copy(&listed.path, sounds.join(format!("{place}.wav"))).unwrap();
        }
        let evaluation = evaluate::Request {
            bundle: model,
            resample: false,
            folder: sounds,
            left_out: LeftOut::default(),
            prior_samples: None,
            random_samples: None,
        };
        let report = evaluate::run(&evaluation, &JobContext::silent(&Interrupt::new())).unwrap();
        assert_eq!(report.images, encoding.recordings.len());
        is_near(mean(&measured(&request(&encoding))), report.reconstruction);
    }

    /// Four demo sounds of each class below `folder`.
    fn sounds(folder: &Path) -> Vec<Listed> {
        let mut recordings: Vec<Listed> = Vec::new();
        for sound in demo::sounds() {
            if recordings.iter().filter(|listed| listed.class == sound.class).count() < 4 {
                let path = folder.join(sound.class).join(&sound.file_name);
                write_wav(&path, &sound.clip, BitDepth::Float32).unwrap();
                let (index, name) = (recordings.len(), sound.file_name.clone());
                recordings.push(Listed { index, path, name, class: sound.class.to_owned() });
            }
        }
        recordings
    }

    #[test]
    fn the_mean_of_the_validation_recordings_is_the_error_that_the_training_shows() {
        let folder = tempfile::tempdir().unwrap();
        let (of_sounds, out) = (folder.path().join("sounds"), folder.path().join("model"));
        let recordings = sounds(&of_sounds);
        let config = PreprocessingConfig {
            duration: ClipDuration::Seconds(0.05),
            frame_size: 32,
            hop_length: 32,
            ..PreprocessingConfig::default()
        };
        let model =
            ModelChoices { preset: Some(Preset::Small), latent_size: Some(2), ..ModelChoices::default() };
        let training = TrainingChoices {
            epochs: Some(1),
            batch_size: Some(6),
            validate_names: Some(Some("bell/*".to_owned())),
            ..TrainingChoices::default()
        };
        let training = train::Request {
            images: Images::Folder(of_sounds, Box::new(config)),
            left_out: LeftOut::default(),
            out: out.clone(),
            choices: Choices { model, training },
            existing: Existing::Refuse,
            steering: Steering::new(),
            streaming: Streaming::Auto,
            tensorboard: None,
        };
        let shown = Mutex::new(None);
        let sink = |event: JobEvent| {
            if let JobEvent::Train(TrainEvent::Epoch(report)) = event {
                *shown.lock().unwrap() = report.validation;
            }
        };
        train::run(&training, &JobContext::new(&sink, &Interrupt::new())).unwrap();
        let encoding = encoded_set::Request {
            bundle: Arc::new(Bundle::open(&out).unwrap()),
            recordings: recordings.into_iter().filter(|listed| listed.class == "bell").collect(),
            resample: false,
            threads: Some(1),
        };
        is_near(mean(&measured(&request(&encoding))), shown.into_inner().unwrap().unwrap().reconstruction);
    }

    #[test]
    fn a_stop_is_a_stop_and_without_any_recording_the_cause_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let request = request(&demo_request(folder.path()));
        let interrupt = Interrupt::new();
        interrupt.stop();
        assert!(run(&request, &JobContext::silent(&interrupt)).unwrap_err().is_stopped());
        for listed in &request.set.recordings {
            fs::remove_file(&listed.path).unwrap();
        }
        let error = run(&request, &JobContext::silent(&Interrupt::new())).unwrap_err().to_string();
        assert!(error.contains("the first one: "), "{error}");
    }
}

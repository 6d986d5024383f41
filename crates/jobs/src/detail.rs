//! The detail of a model made anew: every training image minus the model's own reconstruction of it.

use std::{path::PathBuf, sync::Arc};

use serde::Serialize;

use crate::{
    JobContext, JobError, JobEvent, Note, Sink,
    data::{chosen::Chosen, source, streamed_source::StreamedSource},
    runs::{
        bundle::Bundle,
        bundle_config::BundleConfig,
        detail::{Detail, FILE, is_foreign, measure},
    },
};
use timbrespace_base::{folder_lock::FolderLock, names, sentence};
use timbrespace_signal::pipeline::dataset::Dataset;

/// Detail of which model, from which recordings.
#[derive(Clone, Debug)]
pub struct Request {
    /// The model.
    pub bundle: Arc<Bundle>,
    /// Its folder; `None` for a model that has none, whose detail stays in memory.
    pub folder: Option<PathBuf>,
    /// Recordings, or a preprocessed folder: what the model was trained on.
    pub recordings: PathBuf,
    /// Recordings to keep at most, evenly spread; `None` for as many as the file may hold.
    pub most: Option<usize>,
}

/// Detail that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The detail.
    pub detail: Arc<Detail>,
    /// What is said about it.
    pub report: Report,
}

/// What is said about detail that was made.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The file, where one was written.
    #[serde(serialize_with = "names::serialize")]
    pub file: Option<PathBuf>,
    /// Recordings with residuals.
    pub recordings: usize,
    /// Training recordings that they were chosen from.
    pub of: usize,
    /// Recordings that validated the run, and are left out.
    pub validation: usize,
    /// Size of the file in bytes.
    pub bytes: usize,
    /// Root mean square of the residuals; the images are 0..1.
    pub rms: f64,
}

/// Makes the detail of a model and writes it into its bundle.
///
/// # Errors
/// When no recording can be used, they do not fit the model, something else than detail stands in the file's place, somebody
/// writes to the bundle, the disk refuses, or on [`Interrupt`](timbrespace_base::interrupt::Interrupt).
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Made, JobError> {
    let Request { bundle, folder, recordings, most } = request;
    if let Some(folder) = folder.as_ref().filter(|folder| !Bundle::is_bundle(folder)) {
        return Err(JobError::file(
            folder,
            sentence!(
                "error-no-bundle",
                "is no bundle of this program, so nothing is written into it; make one of it with `timbrespace import`, then try \
                 again"
            ),
        ));
    }
    let _one_writer = folder.as_ref().map(|folder| FolderLock::whole(folder, "detail")).transpose()?;
    if let Some(folder) = folder.as_ref().filter(|folder| is_foreign(folder)) {
        let path = folder.join(FILE);
        return Err(JobError::file(
            &path,
            sentence!("error-foreign-detail", "Timbrespace did not write this; move it, then try again"),
        ));
    }
    let left_out = bundle.config.dataset.left_out.iter().collect();
    let chosen = Chosen::new(recordings, &left_out);
    let opened = StreamedSource::of(chosen, &bundle.config.preprocessing, context);
    // A scan that was stopped finds nothing, which is no fault of the folder.
    let source =
        opened.map_err(|error| if context.interrupt.is_stopped() { JobError::Stopped } else { error })?;
    source::check_fits(&source.dataset().config, &bundle.config.preprocessing)?;
    let (training, validation) = parts(source.dataset(), &bundle.config, context.sink)?;
    let (detail, rms) = measure::residuals(&bundle.snapshot, &source, &training, *most, context)?;
    if let Some(folder) = folder {
        detail.write(folder)?;
    }
    let report = Report {
        file: folder.as_ref().map(|folder| folder.join(FILE)),
        recordings: detail.recordings(),
        of: detail.of(),
        validation: validation.len(),
        bytes: detail.bytes(),
        rms,
    };
    Ok(Made { detail: Arc::new(detail), report })
}

/// The training images of `dataset`, and those that validated the run.
fn parts(
    dataset: &Dataset,
    config: &BundleConfig,
    sink: &dyn Sink,
) -> Result<(Vec<usize>, Vec<usize>), JobError> {
    if config.dataset.is_of(dataset) {
        return Ok(config.training.split(&source::labels_of_dataset(dataset))?);
    }
    sink.event(JobEvent::Note(Note::Words(format!(
        "these are not the recordings of the run, which had {}: detail is made of all {} here",
        config.dataset.images,
        dataset.len()
    ))));
    Ok(((0..dataset.len()).collect(), Vec::new()))
}

#[cfg(test)]
mod tests {
    use ndarray::Array1;

    use super::*;
    use crate::{
        data::source::{DatasetSource, batch},
        demo,
        runs::demo_model,
    };
    use timbrespace_analysis::explore::detail::{ExactMatch, Mix};
    use timbrespace_base::{interrupt::Interrupt, outputs::Replace};
    use timbrespace_signal::audio::left_out::LeftOut;
    use timbrespace_vae::{loss::reconstruction_errors, snapshot::Snapshot};

    /// The demo model as a bundle, and every sixth demo sound.
    fn request(folder: &std::path::Path) -> Request {
        let recordings = folder.join("sounds");
        demo::run(
            &demo::Request { out: recordings.clone(), replace: Replace::Own },
            &JobContext::silent(&Interrupt::new()),
        )
        .unwrap();
        let mut files: Vec<PathBuf> = walkdir::WalkDir::new(&recordings)
            .into_iter()
            .filter_map(|entry| Some(entry.ok()?.into_path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "wav"))
            .collect();
        files.sort();
        for (_, file) in files.iter().enumerate().filter(|(index, _)| index % 12 != 0) {
            std::fs::remove_file(file).unwrap();
        }
        let bundle = Arc::new(demo_model::open().unwrap());
        let b = folder.join("b");
        std::fs::create_dir(&b).unwrap();
        bundle.save(&b).unwrap();
        Request { bundle, folder: Some(b), recordings, most: None }
    }

    #[test]
    fn detail_brings_a_training_image_back_and_opens_with_its_model_only() {
        let folder = tempfile::tempdir().unwrap();
        let request = request(folder.path());
        let notes = std::sync::Mutex::new(Vec::new());
        let sink = |event: JobEvent| {
            if let JobEvent::Note(text) = event {
                notes.lock().unwrap().push(text.to_string());
            }
        };
        let made = run(&request, &JobContext::new(&sink, &Interrupt::new())).unwrap();
        assert!(notes.lock().unwrap()[0].contains("not the recordings of the run"), "{notes:?}");
        let b = request.folder.as_ref().unwrap();
        let detail = Detail::open(b, &request.bundle).unwrap();
        assert_eq!((detail.recordings(), detail.of()), (made.report.recordings, made.report.of));
        assert_eq!(made.report.bytes as u64, std::fs::metadata(b.join(FILE)).unwrap().len());
        assert!((0.01..0.2).contains(&made.report.rms), "{}", made.report.rms);

        let config = &request.bundle.config.preprocessing;
        let dataset = source::open(
            Chosen::new(&request.recordings, &LeftOut::default()),
            config,
            &JobContext::silent(&Interrupt::new()),
        )
        .unwrap();
        let images = batch(&DatasetSource(Arc::new(dataset)), &[3]).unwrap();
        let mu = request.bundle.snapshot.encode(&images).unwrap().mu;
        let alone = request.bundle.snapshot.decode(&mu).unwrap();
        let error = |exact_match: ExactMatch| {
            let mut image = alone.clone();
            let place = Array1::from(mu.row(0).to_vec());
            let mix = Mix { amount: 1.0, recordings: 4 };
            let added =
                detail.add_to(&mut image.index_axis_mut(ndarray::Axis(0), 0), &place, mix, exact_match);
            assert_eq!((added.recordings, added.is_itself), (4, exact_match == ExactMatch::Included));
            reconstruction_errors(&images, &image)[0]
        };
        assert!(error(ExactMatch::Included) < 1e-6, "{}", error(ExactMatch::Included));
        assert!(error(ExactMatch::Excluded) > 1e-4, "{}", error(ExactMatch::Excluded));

        let mut other = (*request.bundle).clone();
        let mut weights = other.snapshot.to_safetensors().unwrap();
        let last = weights.len() - 4;
        weights[last] ^= 1;
        other.snapshot = Snapshot::from_safetensors(&other.config.model, &weights).unwrap();
        let message = Detail::open(b, &other).unwrap_err().to_string();
        assert!(message.contains("other weights") && message.contains("timbrespace detail B"), "{message}");
    }

    #[test]
    fn fewer_recordings_are_evenly_spread_and_a_persons_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mut request = Request { most: Some(3), ..request(folder.path()) };
        let made = run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
        assert_eq!((made.report.recordings, made.detail.names().len()), (3, 3));
        assert!(made.report.of > 20, "{}", made.report.of);
        let b = request.folder.clone().unwrap();
        std::fs::write(b.join(FILE), "mine").unwrap();
        let message = run(&request, &JobContext::silent(&Interrupt::new())).unwrap_err().to_string();
        assert!(message.contains("did not write this"), "{message}");
        assert!(Detail::open(&b, &request.bundle).unwrap_err().to_string().contains("damaged"));
        std::fs::remove_file(b.join(FILE)).unwrap();
        let message = Detail::open(&b, &request.bundle).unwrap_err().to_string();
        assert!(message.contains("no detail yet") && message.contains("timbrespace detail B"), "{message}");
        request.folder = None;
        let interrupt = Interrupt::new();
        assert!(run(&request, &JobContext::silent(&interrupt)).unwrap().report.file.is_none());
        interrupt.stop();
        assert!(run(&request, &JobContext::silent(&interrupt)).unwrap_err().is_stopped());
    }
}

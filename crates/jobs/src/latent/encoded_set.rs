//! Recordings as a model sees them all: their latent vectors, and how these lie.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Instant,
};
use timbrespace_base::sentence;

use ndarray::{Array2, Array3, Axis, s};
use rayon::prelude::*;

use crate::{
    JobContext, JobError, JobEvent,
    data::source::ENCODE_BATCH,
    in_pool,
    latent::{measures::Measures, recording_image::RecordingImage},
    runs::{bundle::Bundle, density::MOST_VECTORS},
};
use timbrespace_analysis::explore::{
    density::Density, manifold::Manifold, neighbours::Neighbours, projection::Pca,
};
use timbrespace_signal::{
    audio::folder::{Cause, Skipped},
    pipeline::{config::PreprocessingConfig, preprocessing::PreprocessingPipeline, stages::MinMax},
};

/// The name of the work in progress news.
pub const ENCODING: &str = "encoding";

/// A recording to encode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its place in the list that it comes from.
    pub index: usize,
    /// The file.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// Its class, or empty.
    pub class: String,
}

/// What to encode.
pub struct Request {
    /// The model.
    pub bundle: Arc<Bundle>,
    /// The recordings.
    pub recordings: Vec<Listed>,
    /// Whether they may have another rate than the model's, also where its training did not allow that.
    pub resample: bool,
    /// Threads, or `None` for the program's own pool.
    pub threads: Option<usize>,
}

/// Encoded recordings; row `i` of every part belongs to the same one.
#[derive(Clone, Debug)]
pub struct EncodedSet {
    /// The recordings.
    pub recordings: Vec<Listed>,
    /// The range of each image before normalisation.
    pub min_max: Vec<MinMax>,
    /// How loud and bright each is.
    pub measures: Vec<Measures>,
    /// Principal directions of the vectors, as many as they have dimensions at most.
    pub principal: Pca,
    /// The vectors (mu), and how far they are from each other.
    pub manifold: Manifold,
    /// The density of the vectors, fitted when it is first asked for.
    density: Arc<OnceLock<Option<Arc<Density>>>>,
    /// Files left out, with causes.
    pub skipped: Vec<Skipped>,
    /// Seconds it took.
    pub seconds: f64,
}

impl EncodedSet {
    /// What is known of these vectors, `[recordings, dimensions]`.
    pub fn of(recordings: Vec<Listed>, vectors: &Array2<f32>, min_max: Vec<MinMax>) -> Self {
        Self {
            measures: vec![Measures::default(); recordings.len()],
            recordings,
            min_max,
            principal: Pca::fit(vectors, vectors.ncols()),
            manifold: Manifold::new(Neighbours::new(vectors)),
            density: Arc::default(),
            skipped: Vec::new(),
            seconds: 0.0,
        }
    }

    /// The density of the vectors, each of its recording's class, for models that were kept without one of their training
    /// recordings; fitted on the first call. Of more vectors than a model keeps, evenly spread ones are taken.
    pub fn density(&self) -> Option<Arc<Density>> {
        let fit = || {
            let all = self.vectors().vectors();
            let count = all.nrows().min(MOST_VECTORS);
            let rows: Vec<usize> = (0..count).map(|index| index * all.nrows() / count).collect();
            let names: Vec<&str> = self.classes().into_keys().collect();
            let class = |row: &usize| names.binary_search(&self.recordings.get(*row)?.class.as_str()).ok();
            let classes = rows.iter().map(|row| class(row).unwrap_or(0)).collect();
            Density::fit_to_vectors(all.select(Axis(0), &rows), classes).map(Arc::new)
        };
        self.density.get_or_init(fit).clone()
    }

    /// The vectors.
    pub fn vectors(&self) -> &Neighbours {
        self.manifold.data()
    }

    /// The row of the recording `index` of the list, if it was encoded.
    pub fn row_of(&self, index: usize) -> Option<usize> {
        // Rows keep the order of the list.
        self.recordings.binary_search_by_key(&index, |listed| listed.index).ok()
    }

    /// Names of all classes, sorted, with their rows.
    pub fn classes(&self) -> std::collections::BTreeMap<&str, Vec<usize>> {
        let mut classes = std::collections::BTreeMap::<&str, Vec<usize>>::new();
        for (row, listed) in self.recordings.iter().enumerate() {
            classes.entry(&listed.class).or_default().push(row);
        }
        classes
    }
}

/// Encodes; recordings that cannot be used are left out and told.
///
/// # Errors
/// When no recording can be used, or on [`Interrupt`](timbrespace_base::interrupt::Interrupt).
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<EncodedSet, JobError> {
    in_pool(request.threads, || encode(request, context))?
}

fn encode(request: &Request, context: &JobContext<'_>) -> Result<EncodedSet, JobError> {
    let start = Instant::now();
    let bundle = &request.bundle;
    let pipeline = pipeline_of(bundle, request.resample)?;
    let (total, size) = (request.recordings.len(), bundle.config.model.latent_size);
    let (mut recordings, mut min_max, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    let mut measures = Vec::new();
    let mut vectors = Array2::<f32>::zeros((0, size));
    for (chunk, listed) in request.recordings.chunks(ENCODE_BATCH).enumerate() {
        context.wait_while_paused()?;
        let opened = open_all(listed, &pipeline, bundle);
        let mut images = Array3::<f32>::zeros((0, bundle.config.model.bins, bundle.config.model.frames));
        for (listed, image) in listed.iter().zip(opened) {
            match image {
                Ok(image) => {
                    recordings.push(listed.clone());
                    min_max.push(image.min_max);
                    measures.push(image.measures);
                    images
                        .append(Axis(0), image.unit.view())
                        .map_err(|error| JobError::Other(error.to_string()))?;
                }
                Err(error) => {
                    let cause = Cause::from(error);
                    context.event(JobEvent::Skipped { path: listed.path.clone(), cause: cause.clone() });
                    skipped.push(Skipped { path: listed.path.clone(), cause });
                }
            }
        }
        if !images.is_empty() {
            let mu = bundle.snapshot.encode(&images)?.mu;
            vectors.append(Axis(0), mu.view()).map_err(|error| JobError::Other(error.to_string()))?;
        }
        let done = (chunk * ENCODE_BATCH + listed.len()).min(total);
        context.progress(ENCODING, done, total);
    }
    if recordings.is_empty() {
        return Err(nothing_usable(&skipped));
    }
    let set = EncodedSet::of(recordings, &vectors.slice(s![.., ..]).to_owned(), min_max);
    if bundle.density.is_none() {
        // Here, where nobody waits for it.
        set.density();
    }
    Ok(EncodedSet { measures, skipped, seconds: start.elapsed().as_secs_f64(), ..set })
}

/// The preprocessing of `bundle`'s images, for recordings of other rates too where `resample` is set.
pub(super) fn pipeline_of(bundle: &Bundle, resample: bool) -> Result<PreprocessingPipeline, JobError> {
    let preprocessing = &bundle.config.preprocessing;
    let resample = preprocessing.resample || resample;
    Ok(PreprocessingPipeline::from_config(&PreprocessingConfig { resample, ..preprocessing.clone() })?)
}

/// The images of recordings, in their order, computed on all threads.
pub(super) fn open_all(
    recordings: &[Listed],
    pipeline: &PreprocessingPipeline,
    bundle: &Bundle,
) -> Vec<Result<RecordingImage, JobError>> {
    let open = |listed: &Listed| RecordingImage::open(&listed.path, pipeline, bundle, &|_: JobEvent| {});
    recordings.par_iter().map(open).collect()
}

/// The error where none of the recordings can be used.
pub(super) fn nothing_usable(skipped: &[Skipped]) -> JobError {
    match skipped {
        [] => sentence!("error-none-to-encode", "there are no recordings to encode").into(),
        skipped => JobError::NoneEncoded(skipped.to_vec()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::path::Path;

    use super::*;
    use crate::{demo, runs::demo_model};
    use timbrespace_base::interrupt::Interrupt;

    /// Every ninth demo sound, and the demo model.
    pub(in crate::latent) fn demo_request(folder: &Path) -> Request {
        demo::run(
            &demo::Request { out: folder.to_path_buf(), replace: timbrespace_base::outputs::Replace::Own },
            &JobContext::silent(&Interrupt::new()),
        )
        .unwrap();
        let mut files: Vec<PathBuf> = walkdir::WalkDir::new(folder)
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .map(walkdir::DirEntry::into_path)
            .filter(|path| path.extension().is_some_and(|extension| extension == "wav"))
            .collect();
        files.sort();
        let recordings = files
            .into_iter()
            .step_by(9)
            .enumerate()
            .map(|(index, path)| {
                let class = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
                Listed { index: 2 * index, name: path.display().to_string(), class, path }
            })
            .collect();
        let bundle = Arc::new(demo_model::open().unwrap());
        Request { bundle, recordings, resample: false, threads: None }
    }

    #[test]
    fn recordings_become_vectors_in_their_order_and_broken_ones_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let mut request = demo_request(folder.path());
        let broken = folder.path().join("broken.wav");
        std::fs::write(&broken, "no sound").unwrap();
        request
            .recordings
            .insert(1, Listed { index: 1, path: broken.clone(), name: String::new(), class: String::new() });
        let set = run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
        assert_eq!(set.recordings.len(), request.recordings.len() - 1);
        assert_eq!(set.skipped.len(), 1);
        assert_eq!(set.skipped[0].path, broken);
        assert_eq!((set.row_of(0), set.row_of(1), set.row_of(2)), (Some(0), None, Some(1)));
        assert_eq!(set.classes().len(), 6);
        // Each row is what the model says of its recording alone.
        let config = request.bundle.config.preprocessing.clone();
        let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
        let sink = |_: JobEvent| {};
        let image = RecordingImage::open(&set.recordings[5].path, &pipeline, &request.bundle, &sink).unwrap();
        let mu = request.bundle.snapshot.encode(&image.unit).unwrap().mu;
        let row = set.vectors().vectors().row(5);
        assert!(timbrespace_base::differences::largest_difference(mu.row(0), row) < 1e-4);
        assert_eq!(set.min_max[5], image.min_max);
        assert_eq!(set.measures[5], image.measures);
        assert!(image.measures.brightness_hz.is_some_and(|hz| hz > 100.0 && hz < 11_025.0));
    }

    #[test]
    fn a_stop_is_a_stop_and_nothing_usable_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let mut request = demo_request(folder.path());
        let interrupt = Interrupt::new();
        interrupt.stop();
        assert!(run(&request, &JobContext::silent(&interrupt)).unwrap_err().is_stopped());
        request.recordings.clear();
        let error = run(&request, &JobContext::silent(&Interrupt::new())).unwrap_err().to_string();
        assert!(error.contains("no recordings"), "{error}");
    }
}

//! Images that are read from disk when they are wanted, for data sets that do not fit in memory.
//!
//! The trainer names the images of its next batches ([`BatchSource::prefetch`]); a thread reads them ahead into a bounded
//! store. An image that is not there yet is read on the spot, so that the numbers never depend on how fast the disk is.
//! Jobs that go through a folder a few times use the same source ([`StreamedSource::of`]); images of a folder of recordings are
//! computed anew each time that they are no longer in the store.

use std::{
    collections::{HashMap, VecDeque},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
};
use timbrespace_base::sentence;

use crossbeam_channel::{Sender, bounded};
use ndarray::Array2;

use super::{
    chosen::{self, Chosen},
    in_parts::{BYTES_AT_ONCE, images_at_once, recordings_in_parts},
    source::{DatasetSource, report_remarks},
};
use crate::{JobContext, JobError};
use timbrespace_signal::{
    audio::left_out::LeftOut,
    pipeline::{
        config::PreprocessingConfig,
        dataset::{Dataset, read_image_of},
        preprocessing::{PipelineError, PreprocessingPipeline},
    },
};
use timbrespace_vae::{error::ModelError, trainer::BatchSource};

/// Bytes of images that are kept ahead of a run.
const STORE_BYTES: usize = 256 << 20;
/// Bytes of images that are kept of a folder that is gone through once or a few times.
const FEW_BYTES: usize = 64 << 20;

/// Images read ahead, the oldest first.
#[derive(Default)]
struct Store {
    images: HashMap<usize, Arc<Vec<f32>>>,
    order: VecDeque<usize>,
}

impl Store {
    fn insert(&mut self, index: usize, image: Arc<Vec<f32>>, capacity: usize) {
        if self.images.insert(index, image).is_none() {
            self.order.push_back(index);
        }
        while self.order.len() > capacity {
            if let Some(oldest) = self.order.pop_front() {
                self.images.remove(&oldest);
            }
        }
    }
}

/// Where images come from.
enum Images {
    /// One file an image, read while a run goes on.
    Training(Vec<PathBuf>),
    /// One file an image.
    Files(Vec<PathBuf>),
    /// One recording an image, and how it becomes one.
    Recordings(Vec<PathBuf>, Box<PreprocessingPipeline>),
}

impl Images {
    /// Image `index`, in the configuration's normalised range.
    fn read(&self, index: usize, shape: (usize, usize)) -> Result<Array2<f32>, ModelError> {
        match self {
            Self::Training(files) => read_image_of(shape, &files[index]).map_err(|error| {
                ModelError::from(sentence!(
                    "error-streamed-image",
                    "{cause} (it is read while training goes on; put it back and resume)",
                    cause = error
                ))
            }),
            Self::Files(files) => read_image_of(shape, &files[index]).map_err(|error| unreadable(&error)),
            Self::Recordings(files, pipeline) => {
                let image = pipeline.image(&files[index]).map_err(|error| unreadable(&error))?;
                if image.dim() == shape {
                    return Ok(image);
                }
                let (path, cause) =
                    (files[index].clone(), sentence!("error-changed-meanwhile", "it was changed meanwhile"));
                Err(unreadable(&PipelineError::Read { path, cause }))
            }
        }
    }
}

/// An image that could be used before and cannot be read again.
fn unreadable(error: &PipelineError) -> ModelError {
    sentence!(
        "error-image-again",
        "{cause} (it could be used a moment ago; look at it and start again)",
        cause = error
    )
    .into()
}

/// Where the images are and what was read of them.
struct Shared {
    images: Images,
    shape: (usize, usize),
    capacity: usize,
    store: Mutex<Store>,
}

impl Shared {
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has(&self, index: usize) -> bool {
        self.store().images.contains_key(&index)
    }

    /// Reads an image and keeps it.
    fn read(&self, index: usize) -> Result<Arc<Vec<f32>>, ModelError> {
        let image = self.images.read(index, self.shape)?;
        let image = Arc::new(image.iter().copied().collect::<Vec<f32>>());
        self.store().insert(index, Arc::clone(&image), self.capacity);
        Ok(image)
    }
}

/// The images of a folder, on disk.
pub struct StreamedSource {
    /// What is known of the images, without them.
    known: DatasetSource,
    shared: Arc<Shared>,
    wishes: Option<Sender<Vec<usize>>>,
    reader: Option<JoinHandle<()>>,
}

impl StreamedSource {
    /// Opens the preprocessed folder `folder` without the images of `left_out`, for training. Every image is read once, so that
    /// a damaged one is left out at once and does not end the run that meets it; `assumed` is as in
    /// [`Dataset::open_assuming`].
    ///
    /// # Errors
    /// When the folder holds no images, or the system refuses a thread.
    pub fn open(folder: &Path, assumed: &PreprocessingConfig, left_out: &LeftOut) -> Result<Self, JobError> {
        Self::with_store(folder, assumed, left_out, STORE_BYTES)
    }

    fn with_store(
        folder: &Path,
        assumed: &PreprocessingConfig,
        left_out: &LeftOut,
        bytes: usize,
    ) -> Result<Self, JobError> {
        let (dataset, files) = Dataset::open_checked(folder, assumed, left_out)?;
        Self::new(dataset, Images::Training(files), Store::default(), bytes)
    }

    /// The `chosen` images, as [`source::open`](super::source::open) has them in memory: of a preprocessed folder or of
    /// recordings, preprocessed with `config`.
    ///
    /// # Errors
    /// When nothing in the folder can be used, the system refuses a thread, or on
    /// [`Interrupt`](timbrespace_base::interrupt::Interrupt).
    pub fn of(
        chosen: Chosen<'_>,
        config: &PreprocessingConfig,
        context: &JobContext<'_>,
    ) -> Result<Self, JobError> {
        Self::of_with_store(chosen, config, context, FEW_BYTES)
    }

    fn of_with_store(
        chosen: Chosen<'_>,
        config: &PreprocessingConfig,
        context: &JobContext<'_>,
        bytes: usize,
    ) -> Result<Self, JobError> {
        let Chosen { folder, left_out } = chosen;
        if Dataset::is_preprocessed(folder) {
            let (dataset, files) = Dataset::open_checked(folder, config, left_out)?;
            chosen::report_dataset(chosen, &dataset, context.sink);
            report_remarks(&dataset, context.sink);
            return Self::new(dataset, Images::Files(files), Store::default(), bytes);
        }
        let (mut store, mut next) = (Store::default(), 0);
        let dataset = recordings_in_parts(BYTES_AT_ONCE, chosen, config, context, "preprocessing", |part| {
            let capacity = images_at_once(bytes, (part.dim().1, part.dim().2));
            for image in part.outer_iter() {
                store.insert(next, Arc::new(image.iter().copied().collect()), capacity);
                next += 1;
            }
            Ok(())
        })?;
        let files = dataset.items.iter().filter_map(|item| item.source.clone()).collect();
        // The settings of the data set have the common length of all recordings.
        let pipeline = PreprocessingPipeline::from_config(&dataset.config)?;
        Self::new(dataset, Images::Recordings(files, Box::new(pipeline)), store, bytes)
    }

    fn new(dataset: Dataset, images: Images, store: Store, bytes: usize) -> Result<Self, JobError> {
        let shape = dataset.image_shape();
        let capacity = images_at_once(bytes, shape);
        let shared = Arc::new(Shared { images, shape, capacity, store: Mutex::new(store) });
        let (sender, wishes) = bounded::<Vec<usize>>(2);
        let reading = Arc::clone(&shared);
        let reader = thread::Builder::new()
            .name("images ahead".to_owned())
            .spawn(move || {
                for indices in wishes {
                    for index in indices.into_iter().filter(|index| !reading.has(*index)).collect::<Vec<_>>()
                    {
                        if let Err(error) = reading.read(index) {
                            // The trainer meets the same error when it wants the image.
                            log::warn!("{error}");
                        }
                    }
                }
            })
            .map_err(|error| {
                sentence!("error-job-thread", "cannot start a thread: {cause}", cause = error)
            })?;
        let known = DatasetSource(Arc::new(dataset));
        Ok(Self { known, shared, wishes: Some(sender), reader: Some(reader) })
    }

    /// What is known of the images: settings and items, with no image in memory.
    pub fn dataset(&self) -> &Arc<Dataset> {
        &self.known.0
    }
}

impl Drop for StreamedSource {
    fn drop(&mut self) {
        self.wishes = None;
        if let Some(reader) = self.reader.take()
            && reader.join().is_err()
        {
            log::error!("the thread that reads images ahead ended by a panic");
        }
    }
}

impl BatchSource for StreamedSource {
    fn len(&self) -> usize {
        self.known.len()
    }

    fn image_shape(&self) -> (usize, usize) {
        self.known.image_shape()
    }

    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError> {
        let kept = self.shared.store().images.get(&index).cloned();
        let image = match kept {
            Some(image) => image,
            None => self.shared.read(index)?,
        };
        out.copy_from_slice(&image);
        self.known.map_to_unit_range(out);
        Ok(())
    }

    fn prefetch(&self, indices: &[usize]) {
        let missing: Vec<usize> = indices.iter().copied().filter(|index| !self.shared.has(*index)).collect();
        // Where the reader is still busy with older wishes, it is behind anyway.
        if let Some(wishes) = &self.wishes
            && !missing.is_empty()
            && let Err(error) = wishes.try_send(missing)
        {
            log::trace!("images are not read ahead: {error}");
        }
    }

    fn name(&self, index: usize) -> Option<&str> {
        self.known.name(index)
    }

    fn class(&self, index: usize) -> Option<&str> {
        self.known.class(index)
    }

    fn group(&self, index: usize) -> Option<String> {
        self.known.group(index)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, time::Duration};

    use super::*;
    use crate::{
        data::source::{self, batch},
        demo, preprocess,
    };
    use timbrespace_base::{interrupt::Interrupt, outputs::Replace};
    use timbrespace_signal::pipeline::config::ClipDuration;

    /// A few demo sounds, preprocessed to small images.
    fn folder(dir: &Path) -> PathBuf {
        let sounds = dir.join("sounds");
        demo::ensure(&sounds, &JobContext::silent(&Interrupt::new())).unwrap();
        for class in fs::read_dir(&sounds).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
            for sound in fs::read_dir(class.path()).unwrap().flatten().skip(3) {
                fs::remove_file(sound.path()).unwrap();
            }
        }
        let config = PreprocessingConfig {
            duration: ClipDuration::Seconds(0.1),
            frame_size: 64,
            hop_length: 64,
            range_max: 2.0,
            ..PreprocessingConfig::default()
        };
        let out = dir.join("P");
        let request = preprocess::Request {
            left_out: LeftOut::default(),
            folder: sounds,
            out: out.clone(),
            config,
            shard: None,
            threads: Some(1),
            replace: Replace::Own,
        };
        preprocess::run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
        out
    }

    #[test]
    fn images_from_disk_are_those_from_memory_whatever_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let folder = folder(dir.path());
        let memory = DatasetSource(Arc::new(Dataset::open(&folder).unwrap()));
        let (bins, frames) = memory.image_shape();
        let pixels = bins * frames;
        for bytes in [0, 3 * pixels * 4, 1 << 20] {
            let streamed = StreamedSource::with_store(
                &folder,
                &PreprocessingConfig::default(),
                &LeftOut::default(),
                bytes,
            )
            .unwrap();
            assert_eq!((streamed.len(), streamed.image_shape()), (memory.len(), memory.image_shape()));
            assert!(streamed.dataset().images.is_empty());
            assert_eq!(streamed.dataset().items, memory.0.items);
            streamed.prefetch(&[5, 1, 4, 1]);
            let (mut expected, mut actual) = (vec![0.0; pixels], vec![0.0; pixels]);
            for index in (0..memory.len()).chain([0, memory.len() - 1]) {
                memory.fill(index, &mut expected).unwrap();
                streamed.fill(index, &mut actual).unwrap();
                assert_eq!(actual, expected, "image {index} with room for {bytes} bytes");
                assert_eq!(streamed.class(index), memory.class(index));
            }
            assert!(streamed.shared.store().images.len() <= streamed.shared.capacity);
        }
    }

    #[test]
    fn recordings_and_images_of_a_folder_are_those_from_memory_and_few_are_held() {
        let dir = tempfile::tempdir().unwrap();
        let (images, sounds) = (folder(dir.path()), dir.path().join("sounds"));
        fs::write(sounds.join("a_broken.wav"), b"RIFF\x04\0\0\0WAVE").unwrap();
        let (nothing, interrupt) = (LeftOut::default(), Interrupt::new());
        let context = JobContext::silent(&interrupt);
        let config = Dataset::open(&images).unwrap().config;
        let whole = PreprocessingConfig { duration: ClipDuration::Full, ..config.clone() };
        for (folder, config) in [(&images, &config), (&sounds, &config), (&sounds, &whole)] {
            let chosen = Chosen::new(folder, &nothing);
            let memory = source::open(chosen, config, &context).unwrap();
            let (bins, frames) = memory.image_shape();
            let all: Vec<usize> = (0..memory.len()).rev().collect();
            let expected = batch(&DatasetSource(Arc::new(memory.clone())), &all).unwrap();
            for held in [1, 4, memory.len()] {
                let bytes = held * bins * frames * size_of::<f32>();
                let streamed = StreamedSource::of_with_store(chosen, config, &context, bytes).unwrap();
                let dataset = streamed.dataset();
                assert_eq!((&dataset.items, &dataset.skipped), (&memory.items, &memory.skipped));
                assert_eq!(dataset.images.dim(), (0, bins, frames));
                for _ in 0..2 {
                    assert_eq!(batch(&streamed, &all).unwrap(), expected);
                    assert!(streamed.shared.store().images.len() <= held);
                }
            }
        }
    }

    #[test]
    fn a_recording_that_is_gone_later_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let (images, sounds) = (folder(dir.path()), dir.path().join("sounds"));
        let (nothing, interrupt) = (LeftOut::default(), Interrupt::new());
        let config = Dataset::open(&images).unwrap().config;
        let chosen = Chosen::new(&sounds, &nothing);
        let source =
            StreamedSource::of_with_store(chosen, &config, &JobContext::silent(&interrupt), 0).unwrap();
        let file = source.dataset().items[2].source.clone().unwrap();
        fs::remove_file(&file).unwrap();
        let error = batch(&source, &[0, 2]).unwrap_err().to_string();
        assert!(error.contains(file.to_str().unwrap()) && !error.contains("training"), "{error}");
    }

    #[test]
    fn a_damaged_image_is_left_out_before_the_run_and_the_others_keep_their_places() {
        let dir = tempfile::tempdir().unwrap();
        let folder = folder(dir.path());
        let whole = Dataset::open(&folder).unwrap();
        let path = folder.join("spectrograms").join(format!("{}.npy", whole.items[3].name));
        let mut bytes = fs::read(&path).unwrap();
        let end = bytes.len();
        bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
        fs::write(&path, bytes).unwrap();
        let streamed =
            StreamedSource::open(&folder, &PreprocessingConfig::default(), &LeftOut::default()).unwrap();
        assert_eq!(streamed.len(), whole.len() - 1);
        assert!(streamed.dataset().unreadable[0].cause.to_string().contains("NaN"));
        let whole = DatasetSource(Arc::new(whole));
        let (bins, frames) = whole.image_shape();
        let (mut expected, mut actual) = (vec![0.0; bins * frames], vec![0.0; bins * frames]);
        for index in 0..streamed.len() {
            let of_whole = if index < 3 { index } else { index + 1 };
            whole.fill(of_whole, &mut expected).unwrap();
            streamed.fill(index, &mut actual).unwrap();
            assert_eq!((&actual, streamed.name(index)), (&expected, whole.name(of_whole)));
        }
    }

    #[test]
    fn expected_images_are_read_ahead() {
        let dir = tempfile::tempdir().unwrap();
        let streamed =
            StreamedSource::open(&folder(dir.path()), &PreprocessingConfig::default(), &LeftOut::default())
                .unwrap();
        streamed.prefetch(&[2, 0, 7]);
        while ![0, 2, 7].iter().all(|index| streamed.shared.has(*index)) {
            thread::sleep(Duration::from_millis(1));
        }
        assert!(!streamed.shared.has(1));
        // What was read ahead is there even when its file is gone; another is named.
        let Images::Training(files) = &streamed.shared.images else { panic!("not for training") };
        for file in files {
            fs::remove_file(file).unwrap();
        }
        let (bins, frames) = streamed.image_shape();
        let mut image = vec![0.0; bins * frames];
        streamed.fill(7, &mut image).unwrap();
        let error = streamed.fill(1, &mut image).unwrap_err().to_string();
        assert!(error.contains(files[1].to_str().unwrap()), "{error}");
        assert!(error.contains("resume"), "{error}");
    }
}

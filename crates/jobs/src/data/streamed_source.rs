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
mod tests;

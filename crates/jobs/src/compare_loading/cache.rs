//! Saved images of a folder, written once, as a person would before training.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use rayon::prelude::*;
use tempfile::TempDir;

use crate::{
    JobContext, JobError, JobEvent, Sink,
    files::{named, write_array},
    in_pool,
};

use timbrespace_signal::{
    audio::folder::FolderScan,
    pipeline::{image_worker::ImageWorker, preprocessing::PreprocessingPipeline},
};

/// The stage that goes through the recordings; all others go through batches.
pub const WRITING: &str = "writing the cache";

/// One image a usable recording, in a temporary folder that goes with it.
pub(super) struct Cache {
    /// The recordings that could be used, relative to their folder.
    pub recordings: Vec<PathBuf>,
    /// Their images, in the same order.
    pub images: Vec<PathBuf>,
    /// Seconds it took to make and write them.
    pub seconds: f64,
    _folder: TempDir,
}

impl Cache {
    /// Makes and writes the images on `threads` threads; recordings that cannot be used are told and left out.
    pub(super) fn write(
        scan: &FolderScan,
        pipeline: &PreprocessingPipeline,
        threads: usize,
        context: &JobContext<'_>,
    ) -> Result<Self, JobError> {
        let folder = named(&std::env::temp_dir(), tempfile::tempdir())?;
        let (start, total, written) = (Instant::now(), scan.files.len(), AtomicUsize::new(0));
        let write = |worker: &mut ImageWorker<'_>, (index, file): (usize, &PathBuf)| {
            context.wait_while_paused()?;
            let image = folder.path().join(format!("{index}.npy"));
            let made = write_image(worker, &scan.root.join(file), &image, context.sink)?;
            let done = written.fetch_add(1, Ordering::Relaxed) + 1;
            context.progress(WRITING, done, total);
            Ok(made.then(|| (file.clone(), image)))
        };
        let pairs: Result<Vec<_>, JobError> = in_pool(Some(threads), || {
            scan.files.par_iter().enumerate().map_init(|| ImageWorker::new(pipeline), write).collect()
        })?;
        let (recordings, images) = pairs?.into_iter().flatten().unzip();
        Ok(Self { recordings, images, seconds: start.elapsed().as_secs_f64(), _folder: folder })
    }
}

/// Whether the recording could be used.
fn write_image(
    worker: &mut ImageWorker<'_>,
    recording: &Path,
    image: &Path,
    sink: &dyn Sink,
) -> Result<bool, JobError> {
    match worker.image(recording) {
        Ok(array) => write_array(image, &array).map(|()| true),
        Err(error) => {
            sink.event(JobEvent::Skipped { path: recording.to_owned(), cause: error.into() });
            Ok(false)
        }
    }
}

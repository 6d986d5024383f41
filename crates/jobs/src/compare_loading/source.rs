//! The ways to come by the images of a batch.

use std::{ops::Range, path::PathBuf};

use ndarray::Array2;
use rayon::prelude::*;

use crate::JobError;
use timbrespace_signal::pipeline::{
    audio_to_mel::AudioToMel,
    dataset,
    image_worker::ImageWorker,
    preprocessing::{PipelineError, PreprocessingPipeline},
};

/// Hears of every image of a batch, with its place in the epoch, while the batch is held.
pub(super) type Visit<'v> = &'v mut (dyn FnMut(usize, &Array2<f32>) + Send);

/// A way to load a batch.
pub(super) trait Source: Sync {
    /// Loads the images `range` on the current pool's threads.
    fn load(&self, range: Range<usize>, visit: Visit<'_>) -> Result<(), JobError>;

    /// Images that are held at a time in batches of `batch_size`.
    fn held(&self, batch_size: usize) -> usize {
        batch_size
    }
}

/// Reads saved images.
pub(super) struct Cached<'a> {
    pub images: &'a [PathBuf],
}

impl Source for Cached<'_> {
    fn load(&self, range: Range<usize>, visit: Visit<'_>) -> Result<(), JobError> {
        let images = self.images.get(range.clone()).unwrap_or_default();
        let batch: Result<Vec<_>, PipelineError> =
            images.par_iter().map(|path| dataset::read_image(path)).collect();
        visit_all(range, &batch?, visit);
        Ok(())
    }
}

/// Decodes recordings and makes their images.
pub(super) struct OnTheFly<'a> {
    pub pipeline: &'a PreprocessingPipeline,
    pub recordings: &'a [PathBuf],
}

impl Source for OnTheFly<'_> {
    fn load(&self, range: Range<usize>, visit: Visit<'_>) -> Result<(), JobError> {
        let recordings = self.recordings.get(range.clone()).unwrap_or_default();
        let batch: Result<Vec<_>, PipelineError> = recordings
            .par_iter()
            .map_init(|| ImageWorker::new(self.pipeline), |worker, path| worker.image(path))
            .collect();
        visit_all(range, &batch?, visit);
        Ok(())
    }
}

/// Log-mel, one recording after the other.
pub(super) struct MelItems<'a>(pub &'a AudioToMel);

impl Source for MelItems<'_> {
    fn load(&self, range: Range<usize>, visit: Visit<'_>) -> Result<(), JobError> {
        for index in range {
            visit(index, &self.0.item(index)?.mel);
        }
        Ok(())
    }

    fn held(&self, _batch_size: usize) -> usize {
        1
    }
}

/// Log-mel, a batch at a time.
pub(super) struct MelBatches<'a>(pub &'a AudioToMel);

impl Source for MelBatches<'_> {
    fn load(&self, range: Range<usize>, visit: Visit<'_>) -> Result<(), JobError> {
        let indices: Vec<usize> = range.clone().collect();
        let batch = self.0.batch(&indices)?;
        for (index, item) in range.zip(&batch) {
            visit(index, &item.mel);
        }
        Ok(())
    }
}

fn visit_all(range: Range<usize>, batch: &[Array2<f32>], visit: Visit<'_>) {
    for (index, image) in range.zip(batch) {
        visit(index, image);
    }
}

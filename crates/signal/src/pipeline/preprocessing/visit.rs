//! One recording after the other through the pipeline, without keeping the images: for statistics of folders whose images
//! would not fit into memory.

use std::path::Path;

use ndarray::Array2;

use super::{PipelineError, PipelineEvent, PreprocessingPipeline};
use crate::{
    audio::folder::{FolderScan, Skipped},
    pipeline::{
        memory::{Held, check_size},
        stages::{Flag, MinMax},
    },
};
use timbrespace_base::interrupt::Interrupt;

/// One recording and its image.
#[derive(Clone, Debug)]
pub struct Visited {
    /// The loaded signal: cut, mixed and resampled, not padded yet.
    pub signal: Vec<f32>,
    /// Length of the whole file in seconds.
    pub native_duration_secs: f64,
    /// Its image, `[bins, frames]`, in the configuration's normalised range.
    pub image: Array2<f32>,
    /// Values before normalisation.
    pub min_max: MinMax,
    /// Remarks.
    pub flags: Vec<Flag>,
}

impl PreprocessingPipeline {
    /// Shows every recording of `scan` with its image to `each`, in parallel, and returns what it made of them in the order
    /// of `scan.files`. Every thread holds one image at a time.
    ///
    /// Whole files are padded to the longest one, as in [`Self::dataset`].
    ///
    /// # Errors
    /// When no recording could be used, a single image would not fit into memory, or on [`Interrupt`].
    pub fn visit<R: Send>(
        &self,
        scan: &FolderScan,
        sink: &(dyn Fn(PipelineEvent) + Sync),
        interrupt: &Interrupt,
        each: impl Fn(&Path, Visited) -> R + Sync,
    ) -> Result<Vec<Result<R, Skipped>>, PipelineError> {
        self.check(scan, interrupt)?;
        let len = self.common_len(scan, interrupt)?;
        let (bins, frames) = self.image_shape(len);
        check_size(rayon::current_num_threads(), bins, frames)?;
        let targets = scan.files.iter().map(|file| (file.as_path(), ())).collect();
        let results = self.run(&scan.root, targets, sink, interrupt, |extractor, path, relative, ()| {
            let loaded = self.load_for(path, Held::Image)?;
            let padded = self.padder.pad(loaded.signal.clone(), len).samples;
            let mut image = extractor.extract(&padded);
            let min_max = self.normaliser.normalise(&mut image);
            let mut flags = loaded.flags;
            if min_max.is_constant() {
                flags.push(Flag::Silent);
            }
            let visited = Visited {
                signal: loaded.signal,
                native_duration_secs: loaded.native_duration_secs,
                image,
                min_max,
                flags: flags.clone(),
            };
            Ok((each(relative, visited), flags))
        })?;
        if results.iter().all(Result::is_err) {
            let skipped: Vec<Skipped> =
                scan.skipped.iter().cloned().chain(results.into_iter().filter_map(Result::err)).collect();
            return Err(PipelineError::nothing_usable(scan, &skipped));
        }
        Ok(results)
    }
}

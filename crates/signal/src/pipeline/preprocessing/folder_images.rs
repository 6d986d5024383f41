//! The images of a folder in memory: all at once, or a few at a time.

use std::path::{Path, PathBuf};

use ndarray::{Array2, Array3};

use super::{PipelineError, PipelineEvent, PreprocessingPipeline, refuse_vanished};
use crate::{
    audio::folder::{FolderScan, Skipped},
    pipeline::{
        dataset::{Dataset, Item},
        labels, manifest,
        memory::check_size,
    },
};
use timbrespace_base::interrupt::Interrupt;

impl PreprocessingPipeline {
    /// Images of a whole folder in parallel, kept in memory, in the order of `scan.files`.
    ///
    /// Whole files are padded to the longest one.
    ///
    /// # Errors
    /// When no recording could be used, the images would not fit into memory, or on [`Interrupt`].
    pub fn dataset(
        &self,
        scan: &FolderScan,
        sink: &(dyn Fn(PipelineEvent) + Sync),
        interrupt: &Interrupt,
    ) -> Result<Dataset, PipelineError> {
        self.check(scan, interrupt)?;
        let len = self.common_len(scan, interrupt)?;
        let (bins, frames) = self.image_shape(len);
        check_size(scan.files.len(), bins, frames)?;
        let mut all = AllImages::new(scan);
        let values = all.add(self, &scan.files, len, sink, interrupt)?;
        let mut dataset = all.finish(self, len)?;
        dataset.images = Array3::from_shape_vec((dataset.items.len(), bins, frames), values)
            .map_err(|error| PipelineError::Other(error.to_string()))?;
        Ok(dataset)
    }

    /// As [`Self::dataset`], for folders of any size: `each` gets the images of at most `at_once` recordings at a time,
    /// `[images, bins, frames]`, in the order of `scan.files`, and the result has none ([`Dataset::images`] is `[0, bins, frames]`).
    ///
    /// # Errors
    /// As [`Self::dataset`], and those of `each`.
    pub fn dataset_in_parts<E: From<PipelineError>>(
        &self,
        scan: &FolderScan,
        at_once: usize,
        sink: &(dyn Fn(PipelineEvent) + Sync),
        interrupt: &Interrupt,
        mut each: impl FnMut(Array3<f32>) -> Result<(), E>,
    ) -> Result<Dataset, E> {
        self.check(scan, interrupt)?;
        let len = self.common_len(scan, interrupt)?;
        let (bins, frames) = self.image_shape(len);
        check_size(at_once.min(scan.files.len()), bins, frames)?;
        let (mut all, total) = (AllImages::new(scan), scan.files.len());
        for (part, files) in scan.files.chunks(at_once.max(1)).enumerate() {
            let before = part * at_once.max(1);
            let of_all = |event| {
                sink(match event {
                    PipelineEvent::Done { done, .. } => PipelineEvent::Done { done: before + done, total },
                    other => other,
                });
            };
            let values = all.add(self, files, len, &of_all, interrupt)?;
            let count = values.len() / (bins * frames).max(1);
            let images = Array3::from_shape_vec((count, bins, frames), values)
                .map_err(|error| PipelineError::Other(error.to_string()))?;
            each(images)?;
        }
        let mut dataset = all.finish(self, len)?;
        dataset.images = Array3::zeros((0, bins, frames));
        Ok(dataset)
    }

    /// The image of one recording, `[bins, frames]` in the normalised range, with the very values that [`Self::dataset`] gives with
    /// the settings of its result.
    ///
    /// # Errors
    /// When the file cannot be decoded.
    pub fn image(&self, path: &Path) -> Result<Array2<f32>, PipelineError> {
        let len = self.padded_len_of(0);
        Ok(self.process(&mut *self.extractor(), path, len, false)?.image)
    }
}

/// What is known of the images of a folder while they are made.
struct AllImages<'a> {
    scan: &'a FolderScan,
    items: Vec<Item>,
    skipped: Vec<Skipped>,
}

impl<'a> AllImages<'a> {
    fn new(scan: &'a FolderScan) -> Self {
        Self { scan, items: Vec::with_capacity(scan.files.len()), skipped: scan.skipped.clone() }
    }

    /// The images of `files`, padded to `len` samples, one after the other; those of files that cannot be used are left out.
    fn add(
        &mut self,
        pipeline: &PreprocessingPipeline,
        files: &[PathBuf],
        len: usize,
        sink: &(dyn Fn(PipelineEvent) + Sync),
        interrupt: &Interrupt,
    ) -> Result<Vec<f32>, PipelineError> {
        let (bins, frames) = pipeline.image_shape(len);
        let pixels = (bins * frames).max(1);
        let mut values = vec![0.0_f32; files.len() * pixels];
        let targets = files.iter().map(PathBuf::as_path).zip(values.chunks_exact_mut(pixels)).collect();
        let results = pipeline.run(
            &self.scan.root,
            targets,
            sink,
            interrupt,
            |extractor, path, relative, target| {
                let processed = pipeline.process(extractor, path, len, false)?;
                for (pixel, &value) in target.iter_mut().zip(&processed.image) {
                    *pixel = value;
                }
                let item = Item {
                    name: manifest::display_name(relative),
                    source: Some(path.to_path_buf()),
                    class: labels::class_of(relative, &pipeline.config.labels),
                    min_max: processed.min_max,
                    flags: processed.flags.clone(),
                };
                Ok((item, processed.flags))
            },
        )?;
        let mut made = 0;
        for (index, result) in results.into_iter().enumerate() {
            match result {
                Ok(item) => {
                    values.copy_within(index * pixels..(index + 1) * pixels, made * pixels);
                    made += 1;
                    self.items.push(item);
                }
                Err(skip) => self.skipped.push(skip),
            }
        }
        values.truncate(made * pixels);
        Ok(values)
    }

    /// The data set without its images.
    fn finish(self, pipeline: &PreprocessingPipeline, len: usize) -> Result<Dataset, PipelineError> {
        let Self { scan, items, skipped } = self;
        refuse_vanished(scan, &skipped)?;
        if items.is_empty() {
            return Err(PipelineError::nothing_usable(scan, &skipped));
        }
        let mut config = pipeline.config.clone();
        config.duration = pipeline.config.duration_of(len);
        let left_out = scan.left_out.clone();
        Ok(Dataset { config, items, skipped, left_out, settings_recorded: true, ..Dataset::default() })
    }
}

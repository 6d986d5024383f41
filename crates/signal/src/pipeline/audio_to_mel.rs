//! Recordings as log-mel spectrograms with class ids: what models of sound classes are trained on.
//!
//! One item at a time, or in batches that use all threads; both give the same bits, because every recording goes through
//! the same [`PreprocessingPipeline`], whose stages keep no state between recordings.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use ndarray::Array2;
use rayon::prelude::*;

use timbrespace_base::{sentence, setting::Misfit};

use super::{
    config::{PREPROCESSING, PreprocessingConfig},
    extractor::Extractor,
    feature::LOG_MEL,
    labels,
    manifest::display_name,
    preprocessing::{PipelineError, PreprocessingPipeline},
    stages::Flag,
};
use crate::audio::folder::FolderScan;

/// Every recording counts alike.
const SALIENCE: f32 = 1.0;

/// One recording.
#[derive(Clone, Debug, PartialEq)]
pub struct MelItem {
    /// Natural logarithm of the mel bands, `[mels, frames]`, not normalised.
    pub mel: Array2<f32>,
    /// Index into [`AudioToMel::classes`].
    pub class_id: usize,
    /// How much the class stands out in the recording: 1, because a recording here is of its class alone.
    pub salience: f32,
    /// Path below the folder, with `/` between parts.
    pub file_name: String,
    /// Remarks on the file, such as samples beyond full scale.
    pub flags: Vec<Flag>,
}

/// The recordings of a folder as log-mel spectrograms, computed when they are asked for.
pub struct AudioToMel {
    root: PathBuf,
    files: Vec<PathBuf>,
    classes: Vec<String>,
    class_ids: Vec<usize>,
    pipeline: PreprocessingPipeline,
}

impl AudioToMel {
    /// The recordings of `scan`, with the settings of `config`.
    ///
    /// [`PreprocessingConfig::duration`] is the largest length, in seconds, samples or frames: longer recordings are cut,
    /// shorter ones padded, so that all spectrograms have one size. With whole files each has its own.
    ///
    /// ```
    /// use timbrespace_base::interrupt::Interrupt;
    /// use timbrespace_signal::{
    ///     audio::{clip::Clip, encode::{BitDepth, write_wav}, folder},
    ///     pipeline::{audio_to_mel::AudioToMel, config::{ClipDuration, PreprocessingConfig}},
    /// };
    ///
    /// let dir = tempfile::tempdir()?;
    /// for name in ["bell_1.wav", "bell_2.wav", "drum_1.wav", "drum_2.wav"] {
    ///     write_wav(&dir.path().join(name), &Clip::mono(vec![0.1; 9000], 44_100), BitDepth::Int16)?;
    /// }
    /// let scan = folder::scan(dir.path(), &Interrupt::new(), &mut |_| {})?;
    /// let config = PreprocessingConfig {
    ///     duration: ClipDuration::Frames(32),
    ///     labels: "{class}_{index}".to_owned(),
    ///     ..PreprocessingConfig::log_mel()
    /// };
    /// let sounds = AudioToMel::new(&scan, &config)?;
    /// let item = sounds.item(2)?;
    /// assert_eq!(item.mel.dim(), (80, 32));
    /// assert_eq!((sounds.classes()[item.class_id].as_str(), item.salience), ("drum", 1.0));
    /// assert_eq!(sounds.batch(&[2, 0])?[0], item);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When a setting is outside its limits, or asks for another feature.
    pub fn new(scan: &FolderScan, config: &PreprocessingConfig) -> Result<Self, Misfit> {
        let pipeline = PreprocessingPipeline::from_config(config)?;
        if config.feature != LOG_MEL {
            return Err(PREPROCESSING
                .feature
                .misfit(config.feature.name(), sentence!("misfit-log-mel", "log-mel")));
        }
        let of_files: Vec<String> =
            scan.files.iter().map(|file| labels::class_of(file, &config.labels)).collect();
        let classes: Vec<String> = of_files.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        // Sorted and complete, so that the search always finds.
        let id = |class: &String| classes.binary_search(class).unwrap_or_else(|place| place);
        Ok(Self {
            class_ids: of_files.iter().map(id).collect(),
            root: scan.root.clone(),
            files: scan.files.clone(),
            classes,
            pipeline,
        })
    }

    /// Number of recordings.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no recording.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The classes, sorted; a class id is an index into them.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// One recording.
    ///
    /// # Errors
    /// When the file cannot be decoded, when its sample rate is not the settings' and resampling is not allowed (both
    /// rates are named), or when there is no recording of that index.
    pub fn item(&self, index: usize) -> Result<MelItem, PipelineError> {
        self.item_by(self.pipeline.extractor().as_mut(), index)
    }

    /// Several recordings, computed in parallel, in the order of `indices`; every thread reuses its buffers.
    ///
    /// # Errors
    /// As [`Self::item`], for the first recording in order that fails.
    pub fn batch(&self, indices: &[usize]) -> Result<Vec<MelItem>, PipelineError> {
        let items: Vec<Result<MelItem, PipelineError>> = indices
            .par_iter()
            .map_init(
                || self.pipeline.extractor(),
                |extractor, &index| self.item_by(extractor.as_mut(), index),
            )
            .collect();
        items.into_iter().collect()
    }

    fn item_by(&self, extractor: &mut dyn Extractor, index: usize) -> Result<MelItem, PipelineError> {
        let (Some(file), Some(&class_id)) = (self.files.get(index), self.class_ids.get(index)) else {
            let count = self.files.len();
            return Err(PipelineError::Other(format!(
                "recording {index} was asked for, but there are {count}"
            )));
        };
        let loaded = self.pipeline.load(&self.path(file))?;
        let len = self.pipeline.padded_len_of(loaded.signal.len());
        let padded = self.pipeline.pad(loaded.signal, len);
        Ok(MelItem {
            mel: extractor.extract(&padded.samples),
            class_id,
            salience: SALIENCE,
            file_name: display_name(file),
            flags: loaded.flags,
        })
    }

    fn path(&self, file: &Path) -> PathBuf {
        self.root.join(file)
    }
}

#[cfg(test)]
mod tests;

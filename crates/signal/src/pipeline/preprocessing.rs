//! Assembles the five stages and runs them over a folder.

mod folder_images;
mod lengths;
pub mod visit;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use ndarray::Array2;
use rayon::prelude::*;

use super::{
    config::PreprocessingConfig,
    extractor::Extractor,
    loader::{Loaded, Loader, StandardLoader},
    memory::{Held, Sizes},
    normaliser::{MinMaxNormaliser, Normaliser},
    padder::{Padded, Padder, StandardPadder},
    saver::{NpySaver, Saver},
    stages::{Flag, MinMax, Stages},
};
use crate::audio::{
    clip::Clip,
    decode::DecodeError,
    folder::{Cause, FolderScan, Skipped},
    piece,
};
use timbrespace_base::{
    interrupt::{Interrupt, Signal},
    names, panics,
    setting::Misfit,
};

pub use super::{
    error::{PipelineError, Unusable},
    memory::MOST_BYTES,
    ownership::Target,
    shards::{SHARDS, merge_shards},
};

/// What a run over a folder reports while it goes on.
#[derive(Clone, Debug)]
pub enum PipelineEvent {
    /// One recording is done.
    Done {
        /// Recordings finished so far, skipped ones included.
        done: usize,
        /// Recordings in all.
        total: usize,
    },
    /// A recording was left out.
    Skipped {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: Cause,
    },
    /// A recording was used, with a remark.
    Flagged {
        /// The file.
        path: PathBuf,
        /// The remark.
        flag: Flag,
    },
}

/// What [`PreprocessingPipeline::save`] wrote.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct SaveReport {
    /// Images written.
    pub saved: usize,
    /// Recordings left out, with their causes.
    #[serde(serialize_with = "names::serialize")]
    pub skipped: Vec<(PathBuf, String)>,
    /// Recordings with a remark.
    #[serde(serialize_with = "names::serialize")]
    pub flagged: Vec<(PathBuf, Flag)>,
}

/// The five stages, for a preprocessing of one's own.
pub struct PipelineStages {
    /// File to signal.
    pub loader: Box<dyn Loader>,
    /// Signal to full length.
    pub padder: Box<dyn Padder>,
    /// Signal to image.
    pub extractor: Box<dyn Extractor>,
    /// Image to its range.
    pub normaliser: Box<dyn Normaliser>,
    /// Image to file.
    pub saver: Box<dyn Saver>,
}

impl PipelineStages {
    /// The standard stages with the settings of `config`.
    pub fn standard(config: &PreprocessingConfig) -> Self {
        Self {
            loader: Box::new(StandardLoader::new(config)),
            padder: Box::new(StandardPadder::new(config)),
            extractor: config.feature.extractor(config),
            normaliser: Box::new(MinMaxNormaliser::new(config)),
            saver: Box::new(NpySaver::new(config)),
        }
    }
}

/// Loader, padder, extractor, normaliser and saver in a row.
pub struct PreprocessingPipeline {
    config: PreprocessingConfig,
    loader: Box<dyn Loader>,
    padder: Box<dyn Padder>,
    extractor: Box<dyn Extractor>,
    /// Long sounds share it.
    normaliser: Arc<dyn Normaliser>,
    saver: Box<dyn Saver>,
}

/// One recording's way through the pipeline, without what only a view of it needs.
pub(super) struct Processed {
    pub image: Array2<f32>,
    pub min_max: MinMax,
    pub flags: Vec<Flag>,
    pub padded: Option<Vec<f32>>,
    pub magnitude: Option<Array2<f32>>,
}

impl PreprocessingPipeline {
    /// The pipeline that `config` describes.
    ///
    /// # Errors
    /// When a setting is outside its limits.
    pub fn from_config(config: &PreprocessingConfig) -> Result<Self, Misfit> {
        // Before the stages are built: their sizes follow from the settings.
        config.validate()?;
        Self::with_stages(config, PipelineStages::standard(config))
    }

    /// A pipeline with stages of one's own; `config` is saved with what they make.
    ///
    /// ```
    /// use timbrespace_signal::pipeline::{
    ///     config::PreprocessingConfig,
    ///     padder::{Padded, Padder},
    ///     preprocessing::{PipelineStages, PreprocessingPipeline},
    /// };
    /// use timbrespace_signal::audio::clip::Clip;
    ///
    /// /// Repeats a short sound, each time at half the level.
    /// struct Echo;
    /// impl Padder for Echo {
    ///     fn pad(&self, signal: Vec<f32>, len: usize) -> Padded {
    ///         let level = |n: usize| 0.5_f32.powi((n / signal.len()) as i32);
    ///         let samples = (0..len).map(|n| level(n) * signal[n % signal.len()]).collect();
    ///         Padded { samples, signal_start: 0 }
    ///     }
    /// }
    ///
    /// let config = PreprocessingConfig::default();
    /// let stages = PipelineStages { padder: Box::new(Echo), ..PipelineStages::standard(&config) };
    /// let pipeline = PreprocessingPipeline::with_stages(&config, stages)?;
    /// let stages = pipeline.stages_of_clip(&Clip::mono(vec![1.0; 1000], 22_050))?;
    /// assert_eq!(stages.padded[1500], 0.5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When a setting is outside its limits.
    pub fn with_stages(config: &PreprocessingConfig, stages: PipelineStages) -> Result<Self, Misfit> {
        config.validate()?;
        let PipelineStages { loader, padder, extractor, normaliser, saver } = stages;
        let normaliser = Arc::from(normaliser);
        Ok(Self { config: config.clone(), loader, padder, extractor, normaliser, saver })
    }

    /// The settings in use.
    pub fn config(&self) -> &PreprocessingConfig {
        &self.config
    }

    /// The fifth stage.
    pub(super) fn saver(&self) -> &dyn Saver {
        self.saver.as_ref()
    }

    /// The third stage with buffers of its own, for one thread.
    pub(super) fn extractor(&self) -> Box<dyn Extractor> {
        self.extractor.worker()
    }

    /// `(bins, frames)` of the image of a padded signal of `padded_len` samples.
    pub(super) fn image_shape(&self, padded_len: usize) -> (usize, usize) {
        self.extractor.image_shape(padded_len)
    }

    /// Every stage of one file.
    ///
    /// # Errors
    /// When the file cannot be decoded.
    pub fn stages(&self, path: &Path) -> Result<Stages, PipelineError> {
        let loaded = self.loader.load(path)?;
        self.sizes().check_held(path, loaded.signal.len(), Held::Stages)?;
        Ok(self.stages_of(loaded))
    }

    /// Every stage of a clip in memory.
    ///
    /// # Errors
    /// When the clip has no samples or lacks the channel that was asked for.
    pub fn stages_of_clip(&self, clip: &Clip) -> Result<Stages, PipelineError> {
        let name = Path::new("the clip");
        let loaded = self.loader.load_clip(clip, name)?;
        self.sizes().check_held(name, loaded.signal.len(), Held::Stages)?;
        Ok(self.stages_of(loaded))
    }

    /// One file's signal.
    pub(super) fn load(&self, path: &Path) -> Result<Loaded, PipelineError> {
        Ok(self.loader.load(path)?)
    }

    /// One file's signal; `None` once `goes_on` is false, which is told the part that is done.
    pub(super) fn load_watched(
        &self,
        path: &Path,
        goes_on: &dyn Fn(f32) -> bool,
    ) -> Result<Option<Loaded>, PipelineError> {
        Ok(self.loader.load_watched(path, goes_on)?)
    }

    /// A signal of its full length.
    pub(super) fn pad(&self, signal: Vec<f32>, len: usize) -> Padded {
        self.padder.pad(signal, len)
    }

    /// The padded length of a signal of `len` samples: the setting's, or its own.
    pub(super) fn padded_len_of(&self, len: usize) -> usize {
        self.sizes().padded_len(len)
    }

    /// Sizes of what the pipeline makes.
    pub(super) fn sizes(&self) -> Sizes<'_> {
        Sizes { config: &self.config, extractor: self.extractor.as_ref() }
    }

    /// The fourth stage.
    pub(super) fn normaliser(&self) -> Arc<dyn Normaliser> {
        Arc::clone(&self.normaliser)
    }

    pub(super) fn stages_of(&self, loaded: Loaded) -> Stages {
        let len = self.padded_len_of(loaded.signal.len());
        let padded = self.padder.pad(loaded.signal.clone(), len);
        let extracted = self.extractor.worker().extract_stages(&padded.samples);
        let mut normalised = extracted.feature.clone();
        let min_max = self.normaliser.normalise(&mut normalised);
        let mut flags = loaded.flags;
        if min_max.is_constant() {
            flags.push(Flag::Silent);
        }
        Stages {
            native_rate_hz: loaded.native_rate_hz,
            native_channels: loaded.native_channels,
            native_duration_secs: loaded.native_duration_secs,
            sample_rate_hz: self.config.sample_rate_hz,
            signal: loaded.signal,
            padded: padded.samples,
            signal_start: padded.signal_start,
            stft: extracted.stft,
            magnitude: extracted.magnitude,
            feature: extracted.feature,
            normalised,
            min_max,
            flags,
        }
    }

    /// One recording, for a data set or a file.
    pub(super) fn process(
        &self,
        extractor: &mut dyn Extractor,
        path: &Path,
        len: usize,
        with_stages: bool,
    ) -> Result<Processed, DecodeError> {
        let loaded = self.load_for(path, if with_stages { Held::Stages } else { Held::Image })?;
        let padded = self.padder.pad(loaded.signal, len).samples;
        let (mut image, magnitude) = if with_stages {
            let extracted = extractor.extract_stages(&padded);
            (extracted.feature, Some(extracted.magnitude))
        } else {
            (extractor.extract(&padded), None)
        };
        let min_max = self.normaliser.normalise(&mut image);
        let mut flags = loaded.flags;
        if min_max.is_constant() {
            flags.push(Flag::Silent);
        }
        Ok(Processed { image, min_max, flags, padded: with_stages.then_some(padded), magnitude })
    }

    /// Runs `each` over `targets` in parallel; every thread has an extractor of its own.
    ///
    /// The results are in the order of the targets; causes of failures go to `sink` and are kept.
    pub(super) fn run<T: Send, R: Send>(
        &self,
        root: &Path,
        targets: Vec<(&Path, T)>,
        sink: &(dyn Fn(PipelineEvent) + Sync),
        interrupt: &Interrupt,
        each: impl Fn(&mut dyn Extractor, &Path, &Path, T) -> Result<(R, Vec<Flag>), PipelineError> + Sync,
    ) -> Result<Vec<Result<R, Skipped>>, PipelineError> {
        let total = targets.len();
        let finished = AtomicUsize::new(0);
        targets
            .into_par_iter()
            .map_init(
                || self.extractor.worker(),
                |extractor, (relative, target)| {
                    if interrupt.wait_while_paused() == Signal::Stop {
                        return Err(PipelineError::Stopped);
                    }
                    let path = root.join(relative);
                    let done_one = panics::caught(|| each(extractor.as_mut(), &path, relative, target));
                    let done_one = done_one.unwrap_or_else(|caught| {
                        // Its buffers may be half filled.
                        *extractor = self.extractor.worker();
                        let fault = DecodeError::Fault { path: path.clone(), cause: caught.to_string() };
                        Err(fault.into())
                    });
                    let result = match done_one {
                        Ok((value, flags)) => {
                            for flag in flags {
                                sink(PipelineEvent::Flagged { path: path.clone(), flag });
                            }
                            Ok(value)
                        }
                        Err(error @ (PipelineError::Decode(_) | PipelineError::NameTooLong { .. })) => {
                            let cause = Cause::from(error);
                            sink(PipelineEvent::Skipped { path: path.clone(), cause: cause.clone() });
                            Err(Skipped { path, cause })
                        }
                        Err(error) => return Err(error),
                    };
                    let done = finished.fetch_add(1, Ordering::Relaxed) + 1;
                    sink(PipelineEvent::Done { done, total });
                    Ok(result)
                },
            )
            .collect()
    }
}

/// Refuses a result without recordings that were there when the folder was scanned: that is no bad recording but a folder
/// or a disk that went away.
pub(super) fn refuse_vanished(scan: &FolderScan, skipped: &[Skipped]) -> Result<(), PipelineError> {
    let is_gone = |path: &&Path| {
        let file = piece::found_at(path).map_or_else(|| path.to_path_buf(), |(file, _)| file);
        let looked = std::fs::symlink_metadata(file);
        looked.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
    };
    let listed: HashSet<PathBuf> = scan.files.iter().map(|file| scan.root.join(file)).collect();
    let missing = skipped.iter().map(|skip| skip.path.as_path()).filter(|path| listed.contains(*path));
    let gone: Vec<&Path> = missing.filter(is_gone).collect();
    match gone.first() {
        None => Ok(()),
        Some(first) => Err(PipelineError::Vanished {
            folder: scan.root.clone(),
            count: gone.len(),
            total: scan.files.len(),
            first: first.to_path_buf(),
        }),
    }
}

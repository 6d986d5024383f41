//! What a run learns from: images in memory, or on disk where they do not fit.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    JobContext, JobError, Note,
    data::{
        chosen::{self, Chosen},
        source::{self, DatasetSource},
        streamed_source::StreamedSource,
    },
    preprocess,
    runs::contents,
    train::Images,
};
use timbrespace_base::{interrupt::Interrupt, outputs::Replace, processes, setting::Setting};
use timbrespace_signal::{
    audio::left_out::LeftOut,
    pipeline::{config::PreprocessingConfig, dataset::Dataset},
};
use timbrespace_vae::trainer::BatchSource;

/// Part of the free memory that images may take before they are streamed.
const MEMORY_SHARE: f64 = 0.5;

/// Whether images are always read from disk while training goes on.
pub static STREAM: Setting = Setting::new::<bool>(
    "stream",
    "Read the images from disk while training goes on; by itself where they would take more than half of the free memory. \
     Recordings are preprocessed into the run's folder first",
)
.label("Stream")
.flag("stream");

/// Whether images are read from disk while training goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Streaming {
    /// Where they would take more than half of the free memory, if the system tells how much that is.
    #[default]
    Auto,
    /// Always.
    Always,
}

/// The images of a run.
pub(crate) struct TrainingImages {
    /// What is known of them; without the images where they are streamed.
    pub dataset: Arc<Dataset>,
    /// Where the trainer gets them.
    pub source: Arc<dyn BatchSource>,
}

impl TrainingImages {
    /// Opens `images` without those of `left_out`; those that are streamed and not preprocessed yet are written below `out`
    /// first, or found there.
    ///
    /// # Errors
    /// When nothing can be used.
    pub(crate) fn open(
        images: &Images,
        left_out: &LeftOut,
        streaming: Streaming,
        out: &Path,
        context: &JobContext<'_>,
    ) -> Result<Self, JobError> {
        let (folder, config) = match images {
            Images::Memory(dataset) => return Ok(Self::in_memory(Arc::clone(dataset))),
            Images::Folder(folder, config) => (folder, config),
        };
        let chosen = Chosen::new(folder, left_out);
        if !too_large(chosen, config, streaming, context.interrupt)? {
            return Ok(Self::in_memory(Arc::new(source::open(chosen, config, context)?)));
        }
        let preprocessed = if Dataset::is_preprocessed(folder) {
            folder.clone()
        } else {
            preprocessed_into(out, chosen, config, context)?
        };
        let streamed = StreamedSource::open(&preprocessed, config, left_out)?;
        chosen::report_dataset(Chosen::new(&preprocessed, left_out), streamed.dataset(), context.sink);
        source::report_remarks(streamed.dataset(), context.sink);
        context.note(Note::Streamed(preprocessed));
        Ok(Self { dataset: Arc::clone(streamed.dataset()), source: Arc::new(streamed) })
    }

    fn in_memory(dataset: Arc<Dataset>) -> Self {
        Self { source: Arc::new(DatasetSource(Arc::clone(&dataset))), dataset }
    }
}

/// Whether the `chosen` images are to be streamed.
fn too_large(
    chosen: Chosen<'_>,
    config: &PreprocessingConfig,
    streaming: Streaming,
    interrupt: &Interrupt,
) -> Result<bool, JobError> {
    let Some(free) = processes::available_bytes().filter(|_| streaming == Streaming::Auto) else {
        return Ok(streaming == Streaming::Always);
    };
    let Chosen { folder, left_out } = chosen;
    let (images, shape) = if Dataset::is_preprocessed(folder) {
        let (dataset, _) = Dataset::open_index(folder, config, left_out)?;
        (dataset.len(), Some(dataset.image_shape()))
    } else {
        let scan = chosen::scan(chosen, config, &JobContext::silent(interrupt))?;
        (scan.files.len(), config.image_shape())
    };
    let bytes = shape.map_or(0, |(bins, frames)| images * bins * frames * size_of::<f32>());
    Ok(bytes as f64 > MEMORY_SHARE * free as f64)
}

/// The preprocessed folder of the recordings below `out`, made unless it is there already.
fn preprocessed_into(
    out: &Path,
    chosen: Chosen<'_>,
    config: &PreprocessingConfig,
    context: &JobContext<'_>,
) -> Result<PathBuf, JobError> {
    let Chosen { folder, left_out } = chosen;
    let features = out.join(contents::FEATURES);
    let is_of_list = |dataset: &Dataset| {
        dataset.items.iter().all(|item| !left_out.contains(&item.name))
            && dataset.left_out.iter().all(|name| left_out.contains(name))
    };
    if let Ok((dataset, _)) = Dataset::open_index(&features, config, &LeftOut::default())
        && is_of_list(&dataset)
        && source::check_fits(&dataset.config, config).is_ok()
        && dataset.items.iter().all(|item| item.source.as_ref().is_some_and(|file| file.starts_with(folder)))
    {
        return Ok(features);
    }
    // What lies there already is replaced only where it is ours: preprocessing sees to that.
    let request = preprocess::Request {
        folder: folder.to_owned(),
        left_out: left_out.clone(),
        out: features.clone(),
        config: config.clone(),
        shard: None,
        threads: None,
        replace: Replace::Own,
    };
    preprocess::run(&request, context)?;
    Ok(features)
}

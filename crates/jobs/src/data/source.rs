//! Opens what a person names, recordings or a preprocessed folder, as a data set.

use std::{path::Path, sync::Arc};

use ndarray::{Array3, ArrayRef2, Axis, s};
use rayon::prelude::*;

use crate::{
    JobContext, JobError, JobEvent, Note, Sink,
    data::chosen::{self, Chosen},
    forward,
};

use timbrespace_base::{sentence, setting::Difference};
use timbrespace_signal::{
    audio::piece,
    pipeline::{config::PreprocessingConfig, dataset::Dataset, labels, preprocessing::PreprocessingPipeline},
};
use timbrespace_vae::{error::ModelError, split::Labels, trainer::BatchSource};

/// The field of a pattern of labels that names a recording's group.
const GROUP: &str = "group";

/// Images encoded at a time.
pub(crate) const ENCODE_BATCH: usize = 32;

/// At most `limit` of `indices`, evenly spread over them; all where there are no more.
pub(crate) fn evenly_spread(indices: &[usize], limit: usize) -> Vec<usize> {
    let count = indices.len().min(limit);
    (0..count).map(|place| indices[place * indices.len() / count]).collect()
}

/// The data set of the `chosen` recordings: read when the folder is preprocessed, else computed with `config`,
/// which is also assumed of images whose settings are not recorded.
///
/// # Errors
/// When nothing in the folder can be used.
pub fn open(
    chosen: Chosen<'_>,
    config: &PreprocessingConfig,
    context: &JobContext<'_>,
) -> Result<Dataset, JobError> {
    let Chosen { folder, left_out } = chosen;
    if Dataset::is_preprocessed(folder) {
        let dataset = Dataset::open_assuming(folder, config, left_out)?;
        chosen::report_dataset(chosen, &dataset, context.sink);
        report_remarks(&dataset, context.sink);
        return Ok(dataset);
    }
    let pipeline = PreprocessingPipeline::from_config(config)?;
    let scan = chosen::scan(chosen, config, context)?;
    for skipped in &scan.skipped {
        context.event(JobEvent::Skipped { path: skipped.path.clone(), cause: skipped.cause.clone() });
    }
    Ok(pipeline.dataset(&scan, &forward(context.sink, "preprocessing"), context.interrupt)?)
}

/// Reports what is amiss with a preprocessed folder: images left out, and what is missing or assumed.
pub(crate) fn report_remarks(dataset: &Dataset, sink: &dyn Sink) {
    for skipped in &dataset.unreadable {
        sink.event(JobEvent::Skipped { path: skipped.path.clone(), cause: skipped.cause.clone() });
    }
    for note in &dataset.notes {
        sink.event(JobEvent::Note(Note::Images(note.clone())));
    }
}

/// Refuses images that were made with other settings than the model's; both values are named.
///
/// # Errors
/// Names the first setting that differs.
pub fn check_fits(images: &PreprocessingConfig, model: &PreprocessingConfig) -> Result<(), JobError> {
    let Some(Difference { setting, ours, theirs }) = images.image_difference(model) else {
        return Ok(());
    };
    let name = setting.flag.unwrap_or(setting.name).replace(['-', '_'], " ");
    let refused = sentence!(
        "error-other-settings",
        "the images do not fit the model: {setting} of the images is {images}, of the model {model}; \
         preprocess the recordings with the model's settings, or give the folder of recordings itself",
        setting = name,
        images = ours.words,
        model = theirs.words
    );
    Err(refused.naming("setting", format!("setting-{}", setting.name.replace('_', "-"))).into())
}

/// A data set as the trainer reads it, images mapped to 0..1.
pub struct DatasetSource(pub Arc<Dataset>);

/// Images `indices` of `source` as one array `[indices, bins, frames]` in 0..1.
///
/// # Errors
/// When an image cannot be read.
pub fn batch(source: &dyn BatchSource, indices: &[usize]) -> Result<Array3<f32>, ModelError> {
    let (bins, frames) = source.image_shape();
    let mut batch = Array3::zeros((indices.len(), bins, frames));
    fill_all(source, indices, batch.as_slice_mut().unwrap_or_default())?;
    Ok(batch)
}

/// Copies the images `indices` of `source` to `values`, one after the other. All threads read, for sources that compute images.
///
/// # Errors
/// When an image cannot be read.
pub(crate) fn fill_all(
    source: &dyn BatchSource,
    indices: &[usize],
    values: &mut [f32],
) -> Result<(), ModelError> {
    let (bins, frames) = source.image_shape();
    let images = values.par_chunks_exact_mut((bins * frames).max(1)).zip(indices);
    images.try_for_each(|(image, &index)| source.fill(index, image))
}

impl DatasetSource {
    /// Brings values of the data set's normalised range to 0..1.
    pub(crate) fn map_to_unit_range(&self, values: &mut [f32]) {
        to_unit_range(&self.0.config, values.iter_mut());
    }
}

impl BatchSource for DatasetSource {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn image_shape(&self) -> (usize, usize) {
        self.0.image_shape()
    }

    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError> {
        for (target, &value) in out.iter_mut().zip(self.0.image(index)) {
            *target = value;
        }
        self.map_to_unit_range(out);
        Ok(())
    }

    fn name(&self, index: usize) -> Option<&str> {
        Some(without_extension(&self.0.items[index].name))
    }

    fn class(&self, index: usize) -> Option<&str> {
        Some(&self.0.items[index].class)
    }

    fn group(&self, index: usize) -> Option<String> {
        group_of(&self.0.items[index].name, &self.0.config.labels)
    }
}

/// A name without its extension, and without the start of a piece: all pieces of a file have its name. A dot that begins a name or
/// lies in a folder's name is none.
fn without_extension(name: &str) -> &str {
    let name = piece::file_name_of(name);
    let start = name.rfind('/').map_or(0, |slash| slash + 1);
    match name[start..].rfind('.') {
        Some(dot) if dot > 0 => &name[..start + dot],
        _ => name,
    }
}

/// The field `{group}` of a name, where the pattern of labels has it.
fn group_of(name: &str, pattern: &str) -> Option<String> {
    let fields = labels::fields_of(Path::new(name), pattern);
    fields.into_iter().find(|(field, _)| field == GROUP).map(|(_, value)| value)
}

/// The labels of a recording called `name`.
pub fn labels_of_name(name: &str, class: &str, pattern: &str) -> Labels {
    Labels {
        name: without_extension(name).to_owned(),
        class: class.to_owned(),
        group: group_of(name, pattern),
    }
}

/// The labels of every image of `dataset`.
pub fn labels_of_dataset(dataset: &Dataset) -> Vec<Labels> {
    let pattern = &dataset.config.labels;
    dataset.items.iter().map(|item| labels_of_name(&item.name, &item.class, pattern)).collect()
}

/// One normalised image as the model sees it, `[1, bins, frames]` in 0..1.
pub fn unit_image(config: &PreprocessingConfig, image: &ArrayRef2<f32>) -> Array3<f32> {
    let mut unit = image.to_owned().insert_axis(Axis(0));
    to_unit_range(config, unit.iter_mut());
    unit
}

/// A decoded image `[1.., bins, frames]` back in the configuration's normalised range; the first of the batch.
pub fn normalised_image(config: &PreprocessingConfig, decoded: &Array3<f32>) -> ndarray::Array2<f32> {
    let span = config.range_max - config.range_min;
    decoded.slice(s![0, .., ..]).mapv(|value| value * span + config.range_min)
}

/// Brings values of the configuration's normalised range to 0..1.
pub fn to_unit_range<'a>(config: &PreprocessingConfig, values: impl Iterator<Item = &'a mut f32>) {
    let span = (config.range_max - config.range_min).max(f32::MIN_POSITIVE);
    if config.range_min == 0.0 && span == 1.0 {
        return;
    }
    for value in values {
        *value = (*value - config.range_min) / span;
    }
}

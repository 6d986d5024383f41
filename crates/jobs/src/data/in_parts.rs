//! Images of what a person names, a few at a time: memory does not grow with their number.

use std::path::PathBuf;

use ndarray::{Array3, Axis};
use rayon::prelude::*;

use super::{
    chosen::{self, Chosen},
    source::{check_fits, report_remarks, to_unit_range},
};
use crate::{JobContext, JobError, JobEvent, forward};
use timbrespace_signal::pipeline::{
    config::PreprocessingConfig,
    dataset::{Dataset, read_image_of},
    preprocessing::{PipelineError, PreprocessingPipeline},
};

/// Bytes of images that are held at a time.
pub(super) const BYTES_AT_ONCE: usize = 64 << 20;

/// Opens the `chosen` recordings or images as [`source::open`](super::source::open) does, and gives `each` those that fit the
/// model's settings `config`, `[images, bins, frames]` in 0..1, part by part and in their order. The result has no images.
///
/// # Errors
/// When nothing can be used or the images do not fit the model, and those of `each`.
pub fn open_in_parts(
    chosen: Chosen<'_>,
    config: &PreprocessingConfig,
    context: &JobContext<'_>,
    each: impl FnMut(Array3<f32>) -> Result<(), JobError>,
) -> Result<Dataset, JobError> {
    open_in_parts_of(BYTES_AT_ONCE, chosen, config, context, each)
}

fn open_in_parts_of(
    bytes: usize,
    chosen: Chosen<'_>,
    config: &PreprocessingConfig,
    context: &JobContext<'_>,
    mut each: impl FnMut(Array3<f32>) -> Result<(), JobError>,
) -> Result<Dataset, JobError> {
    let Chosen { folder, left_out } = chosen;
    let mut unit_range = |images: &PreprocessingConfig, mut part: Array3<f32>| {
        to_unit_range(images, part.iter_mut());
        each(part)
    };
    if Dataset::is_preprocessed(folder) {
        let (dataset, files) = Dataset::open_checked(folder, config, left_out)?;
        chosen::report_dataset(chosen, &dataset, context.sink);
        report_remarks(&dataset, context.sink);
        check_fits(&dataset.config, config)?;
        let shape = dataset.image_shape();
        for files in files.chunks(images_at_once(bytes, shape)) {
            context.check_stopped()?;
            unit_range(&dataset.config, images_of(files, shape)?)?;
        }
        return Ok(dataset);
    }
    let dataset =
        recordings_in_parts(bytes, chosen, config, context, "encoding", |part| unit_range(config, part))?;
    check_fits(&dataset.config, config)?;
    Ok(dataset)
}

/// Computes the images of the `chosen` recordings, and gives them to `each`, `[images, bins, frames]` in the normalised range of
/// `config`, about `bytes` at a time and in their order. The result has no images; `stage` names the progress.
///
/// # Errors
/// When nothing can be used, and those of `each`.
pub(super) fn recordings_in_parts(
    bytes: usize,
    chosen: Chosen<'_>,
    config: &PreprocessingConfig,
    context: &JobContext<'_>,
    stage: &'static str,
    each: impl FnMut(Array3<f32>) -> Result<(), JobError>,
) -> Result<Dataset, JobError> {
    let pipeline = PreprocessingPipeline::from_config(config)?;
    let scan = chosen::scan(chosen, config, context)?;
    for skipped in &scan.skipped {
        context.event(JobEvent::Skipped { path: skipped.path.clone(), cause: skipped.cause.clone() });
    }
    let at_once = config.image_shape().map_or(1, |shape| images_at_once(bytes, shape));
    let progress = forward(context.sink, stage);
    pipeline.dataset_in_parts(&scan, at_once, &progress, context.interrupt, each)
}

/// How many images of `(bins, frames)` make `bytes`; one at least.
pub(super) fn images_at_once(bytes: usize, (bins, frames): (usize, usize)) -> usize {
    (bytes / (bins * frames * size_of::<f32>()).max(1)).max(1)
}

fn images_of(files: &[PathBuf], shape: (usize, usize)) -> Result<Array3<f32>, PipelineError> {
    let mut images = Array3::zeros((files.len(), shape.0, shape.1));
    let targets: Vec<_> = images.axis_iter_mut(Axis(0)).zip(files).collect();
    targets.into_par_iter().try_for_each(|(mut image, file)| {
        image.assign(&read_image_of(shape, file)?);
        Ok::<_, PipelineError>(())
    })?;
    Ok(images)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data::source::{self, DatasetSource, batch},
        preprocess,
    };
    use std::sync::Arc;
    use timbrespace_base::{interrupt::Interrupt, outputs::Replace};
    use timbrespace_signal::audio::{
        demo,
        encode::{BitDepth, write_wav},
        left_out::LeftOut,
    };

    #[test]
    fn images_in_parts_are_those_of_the_whole_from_recordings_and_from_files() {
        let place = tempfile::tempdir().unwrap();
        let (sounds, out) = (place.path().join("sounds"), place.path().join("p"));
        for sound in demo::sounds().step_by(20) {
            write_wav(&sounds.join(&sound.file_name), &sound.clip, BitDepth::Int16).unwrap();
        }
        std::fs::write(sounds.join("a_broken.wav"), b"RIFF\x04\0\0\0WAVE").unwrap();
        let config = PreprocessingConfig { range_min: -1.0, ..PreprocessingConfig::default() };
        let (nothing, interrupt) = (LeftOut::default(), Interrupt::new());
        let context = JobContext::silent(&interrupt);
        let request = preprocess::Request {
            folder: sounds.clone(),
            left_out: nothing.clone(),
            out: out.clone(),
            config: config.clone(),
            shard: None,
            threads: None,
            replace: Replace::Own,
        };
        preprocess::run(&request, &context).unwrap();
        for folder in [&sounds, &out] {
            let whole = Arc::new(source::open(Chosen::new(folder, &nothing), &config, &context).unwrap());
            let indices: Vec<usize> = (0..whole.len()).collect();
            let expected = batch(&DatasetSource(Arc::clone(&whole)), &indices).unwrap();
            let (mut parts, mut values) = (Vec::new(), Vec::new());
            // Four images of 64 KiB at a time.
            let dataset =
                open_in_parts_of(1 << 18, Chosen::new(folder, &nothing), &config, &context, |part| {
                    parts.push(part.dim().0);
                    values.extend(part);
                    Ok(())
                })
                .unwrap();
            assert!(parts.len() > 3 && parts.iter().all(|count| *count <= 4), "{parts:?}");
            assert_eq!(values, expected.into_raw_vec_and_offset().0);
            assert_eq!((&dataset.items, &dataset.skipped), (&whole.items, &whole.skipped));
            assert_eq!(dataset.images.dim(), (0, 256, 64));
        }
    }
}

//! The recording of a folder whose latent vector is nearest to another recording's.

use std::path::{Path, PathBuf};

use timbrespace_base::sentence;

use crate::{
    JobContext, JobError, data::chosen::Chosen, encode::encode_in_parts,
    latent::recording_image::RecordingImage, runs::bundle::Bundle,
};
use timbrespace_analysis::explore::neighbours::Neighbours;

use timbrespace_signal::{audio::left_out::LeftOut, pipeline::preprocessing::PreprocessingPipeline};

/// The recording in `folder`, other than `file` itself, whose mu is nearest to that of `file` (Euclidean distance).
///
/// # Errors
/// When a recording cannot be decoded or does not fit the model, the folder has no other recording that is still where it was
/// preprocessed from, or on [`Interrupt`](timbrespace_base::interrupt::Interrupt).
pub fn nearest_recording(
    bundle: &Bundle,
    file: &Path,
    folder: &Path,
    context: &JobContext<'_>,
) -> Result<PathBuf, JobError> {
    let pipeline = PreprocessingPipeline::from_config(&bundle.config.preprocessing)?;
    let image = RecordingImage::open(file, &pipeline, bundle, context.sink)?;
    let place = bundle.snapshot.encode(&image.unit)?.mu;
    let (dataset, posterior) = encode_in_parts(bundle, Chosen::new(folder, &LeftOut::default()), context)?;
    let known = Neighbours::from(posterior.mu);
    let itself = file.canonicalize().ok();
    let is_other = |path: &PathBuf| path.is_file() && path.canonicalize().ok() != itself;
    let by_distance = known.nearest(&place.row(0), known.len());
    let recordings = by_distance.iter().filter_map(|near| dataset.items.get(near.index)?.source.clone());
    recordings.into_iter().find(is_other).ok_or_else(|| {
        JobError::file(
            folder,
            sentence!(
                "error-no-neighbour",
                "has no recording other than the one whose neighbour was looked for"
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::demo_model;
    use timbrespace_base::interrupt::Interrupt;
    use timbrespace_signal::audio::{
        clip::Clip,
        demo,
        encode::{BitDepth, write_wav},
    };

    #[test]
    fn the_nearest_is_the_one_that_sounds_alike_and_not_the_recording_itself() {
        let folder = tempfile::tempdir().unwrap();
        let sounds: Vec<_> = demo::sounds().step_by(30).collect();
        for sound in &sounds {
            write_wav(&folder.path().join(&sound.file_name), &sound.clip, BitDepth::Float32).unwrap();
        }
        let quieter = sounds[4].clip.channels()[0].iter().map(|sample| sample * 0.9).collect();
        let twin = folder.path().join("twin.wav");
        write_wav(&twin, &Clip::mono(quieter, demo::SAMPLE_RATE_HZ), BitDepth::Float32).unwrap();
        let bundle = demo_model::open().unwrap();
        let found =
            nearest_recording(&bundle, &twin, folder.path(), &JobContext::silent(&Interrupt::new())).unwrap();
        assert_eq!(found, folder.path().join(&sounds[4].file_name));
        let alone = tempfile::tempdir().unwrap();
        let copy = alone.path().join("alone.wav");
        std::fs::copy(&twin, &copy).unwrap();
        let error = nearest_recording(&bundle, &copy, alone.path(), &JobContext::silent(&Interrupt::new()))
            .unwrap_err();
        assert!(error.to_string().contains("no recording other than"), "{error}");
    }
}

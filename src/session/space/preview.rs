//! The thread that shows and plays the recording under the pointer.

use std::{io, path::PathBuf};

use crate::{
    audio::clip::Clip,
    inspect::thumbnail::Thumbnail,
    jobs::{JobError, data::source, guarded},
    pipeline::{config::PreprocessingConfig, preprocessing::PreprocessingPipeline},
    playback::prepared::Converter,
    session::{
        mailbox::Mailbox,
        sound::{SharedSound, Source},
        worker::Worker,
    },
};

/// Most pixels of the image, in height and in width.
const SIDE: usize = 96;

/// The recording under the pointer.
pub(super) struct PreviewRequest {
    pub(super) recording: usize,
    pub(super) path: PathBuf,
    /// The model's settings.
    pub(super) config: PreprocessingConfig,
    /// Whether to play it.
    pub(super) heard: bool,
}

/// The image of the recording under the pointer.
pub(in crate::session) struct Previewed {
    pub(super) recording: usize,
    pub(super) result: Result<Thumbnail, JobError>,
}

/// Starts the thread.
pub(super) fn spawn(
    mailbox: Mailbox<Previewed>,
    converter: Converter,
    sound: SharedSound,
) -> io::Result<Worker<PreviewRequest>> {
    let mut pipeline: Option<PreprocessingPipeline> = None;
    Worker::spawn("preview", move |request: PreviewRequest| {
        let result = guarded(|| look(&mut pipeline, &request)).map(|(thumbnail, clip)| {
            if request.heard {
                let prepared = converter.prepare(&clip);
                sound.lock().start(Source::Preview(request.recording), &prepared, false);
            }
            thumbnail
        });
        mailbox.send(Previewed { recording: request.recording, result });
    })
}

fn look(
    pipeline: &mut Option<PreprocessingPipeline>,
    request: &PreviewRequest,
) -> Result<(Thumbnail, Clip), JobError> {
    if pipeline.as_ref().is_none_or(|pipeline| *pipeline.config() != request.config) {
        *pipeline = Some(PreprocessingPipeline::from_config(&request.config)?);
    }
    let Some(pipeline) = pipeline else { return Err(JobError::Stopped) };
    let stages = pipeline.stages(&request.path)?;
    let mut image = stages.normalised;
    source::to_unit_range(&request.config, image.iter_mut());
    Ok((Thumbnail::of(&image, SIDE), Clip::mono(stages.signal, stages.sample_rate_hz)))
}

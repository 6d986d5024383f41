//! The thread that computes the stages of the selected recording and of those it is compared with.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    event::{Event, Mailbox},
    state::PinSlot,
    worker::Worker,
};
use crate::{
    audio::clip::Clip,
    pipeline::{
        config::PreprocessingConfig,
        preprocessing::{PipelineError, PreprocessingPipeline},
        stages::Stages,
    },
    playback::prepared::{Converter, Prepared},
};

/// A recording to look at.
pub(super) struct StageRequest {
    pub(super) serial: u64,
    pub(super) recording: usize,
    pub(super) path: PathBuf,
    /// Recordings to compute as well, because the settings have changed.
    pub(super) pins: Vec<(PinSlot, PathBuf)>,
    pub(super) config: PreprocessingConfig,
}

/// Starts the thread.
pub(super) fn spawn(mailbox: Mailbox, converter: Converter) -> io::Result<Worker<StageRequest>> {
    let mut pipeline: Option<PreprocessingPipeline> = None;
    Worker::spawn("stages", move |request: StageRequest| {
        if pipeline.as_ref().is_none_or(|pipeline| *pipeline.config() != request.config) {
            pipeline = None;
        }
        let result = stages(&mut pipeline, &request.config, &request.path).map(|stages| {
            let clip = Clip::mono(stages.signal.clone(), stages.sample_rate_hz);
            let prepared: Prepared = converter.prepare(&clip);
            (Arc::new(stages), prepared)
        });
        let result = result.map_err(|error| error.to_string());
        let serial = request.serial;
        mailbox.send(Event::Staged { recording: request.recording, serial, result });
        for (slot, path) in request.pins {
            let result = stages(&mut pipeline, &request.config, &path);
            let result = result.map(Arc::new).map_err(|error| error.to_string());
            mailbox.send(Event::PinStaged { slot, serial, result });
        }
    })
}

fn stages(
    pipeline: &mut Option<PreprocessingPipeline>,
    config: &PreprocessingConfig,
    path: &Path,
) -> Result<Stages, PipelineError> {
    let pipeline = match pipeline {
        Some(pipeline) => pipeline,
        None => pipeline.insert(PreprocessingPipeline::from_config(config)?),
    };
    pipeline.stages(path)
}

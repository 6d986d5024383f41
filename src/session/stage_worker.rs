//! The thread that computes the stages of the selected recording and of those it is compared with.

use std::{io, path::PathBuf, sync::Arc};

use super::{
    event::{Event, Mailbox, Staged},
    long_view::LongView,
    state::PinSlot,
    worker::Worker,
};
use crate::{
    audio::clip::Clip,
    jobs::guarded,
    pipeline::{
        config::PreprocessingConfig,
        long_sound::{Inspected, LongSound},
        preprocessing::{PipelineError, PreprocessingPipeline},
    },
    playback::prepared::Converter,
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
        let result = guarded(|| {
            let inspect = |pipeline: &PreprocessingPipeline| pipeline.inspect(&request.path);
            Ok(with_pipeline(&mut pipeline, &request.config, inspect)?)
        });
        let result = result.map(|inspected| match inspected {
            Inspected::Whole(stages) => {
                let clip = Clip::mono(stages.signal.clone(), stages.sample_rate_hz);
                Staged::Whole(Arc::new(stages), converter.prepare(&clip))
            }
            Inspected::Long(sound) => {
                let rate_hz = sound.config.sample_rate_hz;
                let view = LongView::new(sound);
                let prepared = converter.stream(Arc::<LongSound>::clone(&view.sound), rate_hz);
                Staged::Long(Box::new(view), prepared)
            }
        });
        let result = result.map_err(|error| error.to_string());
        let serial = request.serial;
        mailbox.send(Event::Staged { recording: request.recording, serial, result });
        for (slot, path) in request.pins {
            let result = guarded(|| {
                Ok(with_pipeline(&mut pipeline, &request.config, |pipeline| pipeline.stages(&path))?)
            });
            let result = result.map(Arc::new).map_err(|error| error.to_string());
            mailbox.send(Event::PinStaged { slot, serial, result });
        }
    })
}

/// Does `work` with the pipeline of the last request, or with a new one for `config`.
fn with_pipeline<T>(
    pipeline: &mut Option<PreprocessingPipeline>,
    config: &PreprocessingConfig,
    work: impl FnOnce(&PreprocessingPipeline) -> Result<T, PipelineError>,
) -> Result<T, PipelineError> {
    work(match pipeline {
        Some(pipeline) => pipeline,
        None => pipeline.insert(PreprocessingPipeline::from_config(config)?),
    })
}

//! The thread that computes the stages of the selected recording and of those it is compared with.

use std::{io, path::PathBuf, sync::Arc};

use super::{long_view::LongView, state::PinSlot};
use crate::{
    audio::clip::Clip,
    jobs::guarded,
    pipeline::{
        config::PreprocessingConfig,
        long_sound::{Inspected, LongSound},
        preprocessing::{PipelineError, PreprocessingPipeline},
        stages::Stages,
    },
    playback::prepared::{Converter, Prepared},
    session::{error_words::InWords as _, mailbox::Mailbox, worker::Worker},
};

/// A recording as the stage view shows it.
pub(in crate::session) enum Staged {
    /// All stages, and its signal ready to play.
    Whole(Arc<Stages>, Prepared),
    /// A long sound, part by part, and its signal to stream.
    Long(Box<LongView>, Prepared),
}

/// Events of the thread.
pub(in crate::session) enum StageEvent {
    /// Stages of a recording, with its signal ready to play.
    Staged { recording: usize, serial: u64, result: Result<Staged, String> },
    /// Stages of a pinned recording.
    PinStaged { slot: PinSlot, serial: u64, result: Result<Arc<Stages>, String> },
}

/// A recording whose stages to compute.
pub(super) struct StageRequest {
    pub(super) serial: u64,
    pub(super) recording: usize,
    pub(super) path: PathBuf,
    /// Recordings to compute as well, because the settings have changed.
    pub(super) pins: Vec<(PinSlot, PathBuf)>,
    pub(super) config: PreprocessingConfig,
}

/// Starts the thread.
pub(super) fn spawn(mailbox: Mailbox<StageEvent>, converter: Converter) -> io::Result<Worker<StageRequest>> {
    let mut pipeline: Option<PreprocessingPipeline> = None;
    Worker::spawn("stages", move |request: StageRequest| {
        if pipeline.as_ref().is_none_or(|pipeline| *pipeline.config() != request.config) {
            pipeline = None;
        }
        let result = guarded(|| {
            let inspect = |pipeline: &PreprocessingPipeline| pipeline.inspect(&request.path);
            Ok(match with_pipeline(&mut pipeline, &request.config, inspect)? {
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
            })
        });
        let result = result.map_err(|error| error.words());
        let serial = request.serial;
        mailbox.send(StageEvent::Staged { recording: request.recording, serial, result });
        for (slot, path) in request.pins {
            let result = guarded(|| {
                Ok(with_pipeline(&mut pipeline, &request.config, |pipeline| pipeline.stages(&path))?)
            });
            let result = result.map(Arc::new).map_err(|error| error.words());
            mailbox.send(StageEvent::PinStaged { slot, serial, result });
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

//! The thread that computes the stages of the selected recording and of those it is compared with.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use super::{long_view::LongView, state::PinSlot};
use crate::{
    audio::{
        clip::Clip,
        decode::{self, ClipInfo},
        folder::Cause,
        piece,
    },
    interrupt::Interrupt,
    jobs::{JobError, guarded},
    pipeline::{
        config::PreprocessingConfig,
        long_sound::{Inspected, LongSound},
        preprocessing::{PipelineError, PreprocessingPipeline},
        stages::Stages,
        watch::Watch,
    },
    playback::prepared::{Converter, Prepared},
    regular_file::FileStamp,
    session::{
        error_words::{InWords as _, vanished},
        mailbox::Mailbox,
        worker::Worker,
    },
};

/// A recording as the stage view shows it.
pub(in crate::session) enum Staged {
    /// All stages, and its signal ready to play.
    Whole(Arc<Stages>, Prepared),
    /// A long sound, part by part, and its signal to stream.
    Long(Box<LongView>, Prepared),
}

/// Why a recording has no stages.
pub(in crate::session) struct Failure {
    pub(super) error: Arc<JobError>,
    /// What is wrong with the file; `None` where the settings are at fault.
    pub(super) of_file: Option<Cause>,
}

impl Failure {
    fn of(path: &Path, error: JobError) -> Self {
        if matches!(piece::file_of(path).try_exists(), Ok(false)) {
            return Self { of_file: Some(vanished().into()), error: Arc::new(vanished().into()) };
        }
        let of_file = match &error {
            JobError::Pipeline(PipelineError::Decode(error)) => Some(error.clone().into()),
            JobError::Fault(_) => Some(error.words().into()),
            _ => None,
        };
        Self { error: Arc::new(error), of_file }
    }
}

/// A file that was replaced after it was listed.
#[derive(Clone, Copy, Debug)]
pub(in crate::session) struct Replaced {
    pub(in crate::session) stamp: FileStamp,
    pub(in crate::session) info: Option<ClipInfo>,
}

impl Replaced {
    /// Compares the file at `path` with the stamp that it was listed with.
    fn since(path: &Path, listed: Option<FileStamp>) -> Option<Self> {
        let stamp = FileStamp::of(path).filter(|stamp| listed.is_some_and(|listed| listed != *stamp))?;
        Some(Self { stamp, info: decode::probe(path).ok() })
    }
}

/// Events of the thread.
pub(in crate::session) enum StageEvent {
    /// The part of a long recording's stages that is done, 0 to 1.
    Opening { serial: u64, done: f32 },
    /// Stages of a recording, with its signal ready to play.
    Staged {
        recording: usize,
        serial: u64,
        result: Result<Staged, Failure>,
        /// What the file is now, if it was replaced after it was listed.
        replaced: Option<Replaced>,
    },
    /// Stages of a pinned recording.
    PinStaged { slot: PinSlot, serial: u64, result: Result<Arc<Stages>, String> },
}

/// A recording whose stages to compute.
pub(super) struct StageRequest {
    pub(super) serial: u64,
    /// Stopped once another request is made.
    pub(super) interrupt: Interrupt,
    pub(super) recording: usize,
    pub(super) path: PathBuf,
    /// The file when it was listed.
    pub(super) stamp: Option<FileStamp>,
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
        let watch = watch(&mailbox, &request);
        let result = guarded(|| {
            let inspect = |pipeline: &PreprocessingPipeline| pipeline.inspect(&request.path, &watch);
            let Some(inspected) = with_pipeline(&mut pipeline, &request.config, inspect)? else {
                return Ok(None);
            };
            Ok(Some(match inspected {
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
            }))
        });
        let Some(result) = result.map_err(|error| Failure::of(&request.path, error)).transpose() else {
            return;
        };
        let (serial, recording) = (request.serial, request.recording);
        let replaced = Replaced::since(&request.path, request.stamp);
        mailbox.send(StageEvent::Staged { recording, serial, result, replaced });
        for (slot, path) in request.pins {
            let result = guarded(|| {
                Ok(with_pipeline(&mut pipeline, &request.config, |pipeline| pipeline.stages(&path))?)
            });
            let result = result.map(Arc::new).map_err(|error| error.words());
            mailbox.send(StageEvent::PinStaged { slot, serial, result });
        }
    })
}

/// Tells each hundredth of a long recording that is done.
fn watch(mailbox: &Mailbox<StageEvent>, request: &StageRequest) -> Watch {
    let (mailbox, serial, told) = (mailbox.clone(), request.serial, AtomicU32::new(0));
    let tell = move |done: f32| {
        let hundredths = (done * 100.0) as u32;
        if told.fetch_max(hundredths, Ordering::Relaxed) < hundredths {
            mailbox.send(StageEvent::Opening { serial, done });
        }
    };
    Watch::new(tell, request.interrupt.clone())
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

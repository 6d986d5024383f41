//! Every long operation once, for the window, the command line and other programs: neither of them does the work itself.
//!
//! A job is a module with a `Request`, what it hands back, and `run(request, context) -> Result<_, JobError>`. The
//! [`JobContext`] has the [`Sink`] that hears its [`JobEvent`]s and the `Interrupt` that pauses and stops it.
//!
//! | for | jobs |
//! |---|---|
//! | recordings | [`scan`], [`doctor`], [`survey`], [`stages`], [`demo`], [`data::cutting`] |
//! | images | [`preprocess`], [`parity`], [`compare_loading`], [`augmentation_example`] |
//! | training | [`train`], [`estimate`], [`split_preview`], [`detail`] |
//! | judging a model | [`evaluate`], [`neighbours`], [`ladder`], [`reconstruct`] |
//! | playing a model | [`generate`], [`encode`], [`morph`], [`axis_effects`], [`latent::encoded_set`], [`layout`], [`atlas`], [`nearest`] |
//! | other programs | [`import`], [`export`], [`export_latent`] |
//!
//! What jobs share stands below them and knows no job, which `tests/layering.rs` holds: [`data`] (recordings and images to read),
//! [`runs`] (what a run leaves), [`latent`] (a model in use), [`export`] (files for other programs).
//!
//! To add a job, write its module here and name it in the list below; a subcommand is one more file in `src/commands` that fills the
//! `Request` from its arguments and calls `run(&request, &context.job())`, the window sends it from a worker in `src/session`.
//!
//! *The tutorial*, wherever it is mentioned, is [Generating Sound with Neural
//! Networks](https://www.youtube.com/playlist?list=PL-wATfeyAMNpEyENTc-tVH5tfLGKtSWPp) by Valerio Velardo; `docs/tutorial.md` has more.

pub mod atlas;
pub mod augmentation_example;
pub mod axis_effects;
pub mod compare_loading;
pub mod data;
pub mod demo;
pub mod detail;
pub mod doctor;
pub mod encode;
pub mod estimate;
pub mod evaluate;
pub mod export;
pub mod export_latent;
pub mod fault;
mod files;
pub mod generate;
pub mod import;
pub mod ladder;
pub mod latent;
pub mod layout;
pub mod morph;
pub mod nearest;
pub mod neighbours;
pub mod note;
pub mod parity;
pub mod preprocess;
pub mod reconstruct;
pub mod runs;
pub mod scan;
pub mod split_preview;
pub mod stages;
pub mod survey;
pub mod train;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

pub use note::Note;
use runs::settings::mistake::Mistake;

use fault::FileFault;
use timbrespace_base::{
    folder_lock::LockError,
    interrupt::{Interrupt, Signal},
    names::shown,
    outputs::OutputError,
    panics, sentence,
    sentence::Sentence,
    setting::Misfit,
};
use timbrespace_signal::{
    audio::{
        decode::DecodeError,
        encode::EncodeError,
        folder::{Cause, ScanError, Skipped},
        left_out::ListError,
    },
    pipeline::{preprocessing::PipelineError, preprocessing::PipelineEvent, stages::Flag},
};
use timbrespace_vae::{config::VaeConfig, snapshot::ModelError, trainer::TrainEvent};

/// What a job tells while it works.
#[derive(Clone, Debug)]
pub enum JobEvent {
    /// How far a part of the work has come.
    Progress {
        /// What is being done, for example `preprocessing`.
        stage: &'static str,
        /// Units finished.
        done: usize,
        /// Units in all.
        total: usize,
    },
    /// A file was left out.
    Skipped {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: Cause,
    },
    /// A file was used, with a remark.
    Flagged {
        /// The file.
        path: PathBuf,
        /// The remark.
        flag: Flag,
    },
    /// Recordings that the list of left out ones names, and that are there.
    LeftOut(usize),
    /// A remark for the person, one line.
    Note(Note),
    /// The shape of the model that is about to train.
    Architecture(Box<VaeConfig>),
    /// Errors that any model must beat, on the validation images.
    Baselines(runs::baselines::Baselines),
    /// How images change along axes of the latent space: the number of the first axis, and the effects of it and the next ones.
    Effects(usize, Vec<axis_effects::Effect>),
    /// News from the trainer.
    Train(TrainEvent),
    /// A model that can be used, with its latent statistics, while its run goes on or at its end.
    Model(Arc<runs::bundle::Bundle>),
    /// Training is over, and this part of what follows has begun; measuring detail reports its progress.
    Ending(train::Ending),
}

/// Hears a job's events, from any thread.
pub trait Sink: Sync {
    /// Takes one event; must not block for long.
    fn event(&self, event: JobEvent);
}

impl<F: Fn(JobEvent) + Sync> Sink for F {
    fn event(&self, event: JobEvent) {
        self(event);
    }
}

/// Why a job failed; the message is for a person and names file, cause and what to do.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Preprocessing failed.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The model failed.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A folder could not be read.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// A list of recordings could not be read.
    #[error(transparent)]
    List(#[from] ListError),
    /// A sound could not be written.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// A file must not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A file could not be read or written.
    #[error("{}: {cause}", shown(path))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong and what to do.
        cause: FileFault,
    },
    /// Somebody else writes to the same folder.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A setting is outside its limits: on the command line a wrong argument.
    #[error(transparent)]
    Misfit(#[from] Misfit),
    /// What was asked for makes no sense: on the command line a wrong argument.
    #[error(transparent)]
    Setting(Sentence),
    /// A file of settings has a mistake: on the command line a wrong argument.
    #[error("{}: {}", shown(.0), .1)]
    SettingsFile(PathBuf, Box<Mistake>),
    /// Something else that the window says in its language.
    #[error(transparent)]
    Said(#[from] Sentence),
    /// Something else, in words.
    #[error("{0}")]
    Other(String),
    /// None of the recordings can be encoded.
    #[error("{}", none_encoded(.0))]
    NoneEncoded(Vec<Skipped>),
    /// The program's own code panicked.
    #[error("a fault in this program ended the work ({0}); report it, with what you did")]
    Fault(panics::Caught),
    /// Stopped on request.
    #[error("stopped")]
    Stopped,
}

fn none_encoded(skipped: &[Skipped]) -> String {
    match skipped {
        [only] => format!("the recording cannot be encoded: {only}"),
        [first, ..] => {
            format!("none of the {} recordings can be encoded; the first one: {first}", skipped.len())
        }
        [] => String::new(),
    }
}

impl From<DecodeError> for JobError {
    fn from(error: DecodeError) -> Self {
        Self::Pipeline(error.into())
    }
}

impl From<JobError> for Cause {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Pipeline(error) => error.into(),
            JobError::File { cause: FileFault::Said(ref sentence), .. } => {
                sentence.clone().in_english(error.to_string()).into()
            }
            JobError::Said(sentence) | JobError::Setting(sentence) => sentence.into(),
            other => Self::Words(other.to_string()),
        }
    }
}

impl JobError {
    /// An error about one file or folder.
    pub fn file(path: &Path, cause: impl Into<FileFault>) -> Self {
        Self::File { path: path.to_owned(), cause: cause.into() }
    }

    /// Whether what was asked for makes no sense, so that nothing was tried.
    pub fn is_wrong_setting(&self) -> bool {
        matches!(
            self,
            Self::Setting(_)
                | Self::SettingsFile(..)
                | Self::Misfit(_)
                | Self::Pipeline(PipelineError::Config(_))
                | Self::Model(ModelError::Config(_))
        )
    }

    /// Whether the job ended because it was asked to.
    pub fn is_stopped(&self) -> bool {
        matches!(self, Self::Stopped | Self::Pipeline(PipelineError::Stopped))
    }
}

/// What every job gets besides its request: where its events go, and who may pause or stop it.
#[derive(Clone, Copy)]
pub struct JobContext<'a> {
    /// Hears the job's events.
    pub sink: &'a dyn Sink,
    /// Pauses and stops the job.
    pub interrupt: &'a Interrupt,
}

impl<'a> JobContext<'a> {
    /// A context with these two.
    pub fn new(sink: &'a dyn Sink, interrupt: &'a Interrupt) -> Self {
        Self { sink, interrupt }
    }

    /// A context whose events nobody hears.
    pub fn silent(interrupt: &'a Interrupt) -> Self {
        Self::new(&|_: JobEvent| {}, interrupt)
    }

    /// Sends one event.
    pub fn event(&self, event: JobEvent) {
        self.sink.event(event);
    }

    /// Sends a remark for the person.
    pub fn note(&self, note: impl Into<Note>) {
        self.event(JobEvent::Note(note.into()));
    }

    /// Tells that `done` of `total` units of `stage` are finished.
    pub fn progress(&self, stage: &'static str, done: usize, total: usize) {
        self.event(JobEvent::Progress { stage, done, total });
    }

    /// Waits while the job is paused.
    ///
    /// # Errors
    /// [`JobError::Stopped`] when the job is to stop.
    pub fn wait_while_paused(&self) -> Result<(), JobError> {
        match self.interrupt.wait_while_paused() {
            Signal::Stop => Err(JobError::Stopped),
            Signal::Run | Signal::Pause => Ok(()),
        }
    }

    /// Does not wait while the job is paused.
    ///
    /// # Errors
    /// [`JobError::Stopped`] when the job is to stop.
    pub fn check_stopped(&self) -> Result<(), JobError> {
        if self.interrupt.is_stopped() { Err(JobError::Stopped) } else { Ok(()) }
    }
}

/// Runs a job; a panic in it is an error of this job, and its thread goes on.
///
/// # Errors
/// As `job`, or [`JobError::Fault`].
pub fn guarded<T>(job: impl FnOnce() -> Result<T, JobError>) -> Result<T, JobError> {
    panics::caught(job).unwrap_or_else(|caught| Err(JobError::Fault(caught)))
}

/// Passes a pipeline's events on to a job's sink, under the name of the stage.
pub(crate) fn forward<'a>(sink: &'a dyn Sink, stage: &'static str) -> impl Fn(PipelineEvent) + Sync + 'a {
    move |event| {
        sink.event(match event {
            PipelineEvent::Done { done, total } => JobEvent::Progress { stage, done, total },
            PipelineEvent::Skipped { path, cause } => JobEvent::Skipped { path, cause },
            PipelineEvent::Flagged { path, flag } => JobEvent::Flagged { path, flag },
        });
    }
}

/// Runs `work` on a pool of `threads` named threads, or on the program's own pool for `None`.
pub(crate) fn in_pool<R: Send>(
    threads: Option<usize>,
    work: impl FnOnce() -> R + Send,
) -> Result<R, JobError> {
    let Some(threads) = threads else { return Ok(work()) };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|index| format!("job-{index}"))
        .build()
        .map_err(|error| {
            sentence!(
                "error-job-threads",
                "cannot start {count} threads: {cause}",
                count = threads,
                cause = error
            )
        })?;
    Ok(pool.install(work))
}

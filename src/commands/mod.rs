//! The command line: the window's jobs, for machines without a display.
//!
//! [`Arguments`] is the grammar. Each subcommand has a file with its flags and its output text, and calls the
//! same [`crate::jobs`] as the window. All share `settings` (the preprocessing flags), `progress`
//! (standard error), `output` (standard output) and `signals` (Ctrl-C and SIGTERM).

pub mod arguments;
mod choice;
mod compare_loading;
mod demo;
mod detail;
mod doctor;
mod encode;
mod evaluate;
mod export;
mod flags;
mod generate;
mod import;
mod ladder;
mod logging;
mod morph;
mod neighbours;
mod output;
mod parity;
mod preprocess;
mod progress;
mod reconstruct;
mod runs;
mod settings;
mod signals;
mod stages;
mod text;
mod train;

use std::{path::PathBuf, process::ExitCode};

pub use arguments::{Action, Arguments, Verb};
pub use logging::start_log;

use crate::{
    interrupt::Interrupt,
    jobs::{JobContext, JobError},
    names::shown,
    setting::Misfit,
    signals::StopSignal,
};

/// Exit code after a failure.
const FAILED: u8 = 1;
/// Exit code for wrong arguments, as in clap.
const WRONG_ARGUMENTS: u8 = 2;

/// Errors of a command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// Wrong arguments: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// The job failed: exit code 1.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The run was stopped and can be resumed. Exit code 1, so that scripts do not take it for finished.
    #[error("{}: stopped before its last epoch; the model is saved, and --resume continues it", shown(.0))]
    StoppedEarly(PathBuf),
    /// Standard output could not be written to: exit code 1.
    #[error("cannot write the result to standard output: {0}")]
    Output(#[from] std::io::Error),
}

impl From<Misfit> for CommandError {
    fn from(error: Misfit) -> Self {
        Self::Usage(error.to_string())
    }
}

impl CommandError {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => WRONG_ARGUMENTS,
            Self::Job(error) if error.is_wrong_setting() => WRONG_ARGUMENTS,
            Self::Job(_) | Self::StoppedEarly(_) | Self::Output(_) => FAILED,
        }
    }
}

/// The environment of a subcommand.
pub(crate) struct Context {
    progress: progress::Progress,
    output: output::Output,
    /// Set by a signal.
    interrupt: Interrupt,
}

impl Context {
    /// The context of a job.
    fn job(&self) -> JobContext<'_> {
        JobContext::new(&self.progress, &self.interrupt)
    }
}

/// Runs a subcommand; returns the process's exit code.
pub fn run(verb: &Verb, json: bool) -> ExitCode {
    let context = Context {
        progress: progress::Progress::new(),
        output: output::Output::new(json),
        interrupt: Interrupt::new(),
    };
    let signals = signals::listen(verb, &context.interrupt);
    let result = match verb {
        Verb::Stages(arguments) => stages::run(arguments, &context),
        Verb::Preprocess(arguments) => preprocess::run(arguments, &context),
        Verb::Train(arguments) => train::run(arguments, &context),
        Verb::Evaluate(arguments) => evaluate::run(arguments, &context),
        Verb::Encode(arguments) => encode::run(arguments, &context),
        Verb::Reconstruct(arguments) => reconstruct::run(arguments, &context),
        Verb::Neighbours(arguments) => neighbours::run(arguments, &context),
        Verb::Ladder(arguments) => ladder::run(arguments, &context),
        Verb::Generate(arguments) => generate::run(arguments, &context),
        Verb::Detail(arguments) => detail::run(arguments, &context),
        Verb::Import(arguments) => import::run(arguments, &context),
        Verb::Morph(arguments) => morph::run(arguments, &context),
        Verb::CompareLoading(arguments) => compare_loading::run(arguments, &context),
        Verb::Doctor(arguments) => doctor::run(arguments, &context),
        Verb::Parity(arguments) => parity::run(arguments, &context),
        Verb::Settings(arguments) => runs::settings(arguments, &context),
        Verb::Report(arguments) => runs::report(arguments, &context),
        Verb::Scalars(arguments) => runs::scalars(arguments, &context),
        Verb::Export(arguments) => export::run(arguments, &context),
        Verb::Demo(arguments) => demo::run(arguments, &context),
    };
    context.progress.finish();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let stopped_by = signals.first();
            context.output.failure(&error, stopped_by, &context.progress);
            ExitCode::from(stopped_by.map_or_else(|| error.exit_code(), StopSignal::exit_code))
        }
    }
}

/// Prints why the window did not open; returns the process's exit code.
pub fn report_window(result: anyhow::Result<Option<StopSignal>>) -> ExitCode {
    match result {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(signal)) => ExitCode::from(signal.exit_code()),
        Err(error) => {
            output::to_stderr(&format!("error: {error:#}"));
            ExitCode::from(FAILED)
        }
    }
}

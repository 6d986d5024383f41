//! The command line: the window's jobs, for machines without a display.
//!
//! [`Arguments`] is the grammar, `shared_arguments` has flags of several subcommands. Each subcommand has a file with its flags and its output text, and calls the
//! same [`crate::jobs`] as the window. All share `settings` (the preprocessing flags), `progress`
//! (standard error), `output` (standard output) and `signals` (Ctrl-C and SIGTERM).

pub mod arguments;
mod choice;
mod compare_loading;
mod context;
mod demo;
mod detail;
mod doctor;
mod encode;
mod error;
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
mod shared_arguments;
mod signals;
mod stages;
mod text;
mod train;

use std::process::ExitCode;

pub use arguments::{Action, Arguments, Verb};
pub use logging::start_log;

use self::{context::Context, error::FAILED};
use crate::{interrupt::Interrupt, signals::StopSignal};

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

//! `timbrespace demo`: the built-in sounds as files.

use std::path::PathBuf;

use clap::Args;

use super::{
    context::Context,
    error::CommandError,
    shared_arguments::{OverwriteArguments, ResultArguments},
};
use crate::{jobs::demo, names::shown};

/// Flags of `demo`.
#[derive(Args, Debug)]
pub struct DemoArguments {
    /// The folder for the WAV files, one folder a class
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    overwriting: OverwriteArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

pub(super) fn run(arguments: &DemoArguments, context: &Context) -> Result<(), CommandError> {
    let request = demo::Request { out: arguments.out.clone(), replace: arguments.overwriting.replace() };
    let report = demo::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || {
        format!(
            "{} sounds of {} classes ({}) in {}",
            report.sounds,
            report.classes.len(),
            report.classes.join(", "),
            shown(&report.out)
        )
    })
}

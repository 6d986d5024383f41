//! `timbrespace encode`: recordings to latent vectors.

use std::path::PathBuf;

use clap::Args;

use super::{CommandError, Context, arguments::ResultArguments, settings::ResampleArguments, words};
use crate::jobs::encode::{self, Report, Request};

/// Flags of `encode`.
#[derive(Args, Debug)]
pub struct EncodeArguments {
    /// The model bundle
    #[arg(value_name = "B")]
    bundle: PathBuf,
    /// A folder of recordings, or a single one
    #[arg(value_name = "FOLDER|FILE")]
    input: PathBuf,
    /// The folder for `mu.npy`, `log_variance.npy` and `names.csv`
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    resampling: ResampleArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

pub(super) fn run(arguments: &EncodeArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        bundle: arguments.bundle.clone(),
        resample: arguments.resampling.resample,
        input: arguments.input.clone(),
        out: arguments.out.clone(),
    };
    let report = encode::run(&request, &context.progress, &context.interrupt)?;
    context.output.result(&report, &context.progress, || report_words(&report))
}

fn report_words(report: &Report) -> String {
    let mut lines = vec![format!("{} encoded", words::count(report.encoded, "recording"))];
    lines.extend(report.written.iter().map(|path| format!("wrote {}", path.display())));
    lines.join("\n")
}

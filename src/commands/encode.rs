//! `timbrespace encode`: recordings to latent vectors.

use std::path::PathBuf;

use clap::Args;

use super::{
    context::Context,
    error::CommandError,
    settings::ResampleArguments,
    shared_arguments::{ExcludeArguments, OverwriteArguments, ResultArguments},
    text,
};
use crate::{
    jobs::encode::{self, Also, Report, Request},
    names::shown,
};

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
    /// Also write mu.csv: names, classes and mu in one table
    #[arg(long)]
    csv: bool,
    /// Also write projection.npy and projection.csv: two principal components of mu
    #[arg(long)]
    projection: bool,
    /// Also write vectors.tsv, metadata.tsv and `projector_config.json` for the Embedding Projector
    #[arg(long)]
    projector: bool,
    #[command(flatten)]
    resampling: ResampleArguments,
    #[command(flatten)]
    overwriting: OverwriteArguments,
    #[command(flatten)]
    exclude: ExcludeArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

pub(super) fn run(arguments: &EncodeArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        bundle: arguments.bundle.clone(),
        resample: arguments.resampling.resample,
        input: arguments.input.clone(),
        left_out: arguments.exclude.list()?,
        out: arguments.out.clone(),
        also: Also { csv: arguments.csv, projection: arguments.projection, projector: arguments.projector },
        replace: arguments.overwriting.replace(),
    };
    let report = encode::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || report_text(&report))
}

fn report_text(report: &Report) -> String {
    let mut lines = vec![format!("{} encoded", text::count(report.encoded, "recording"))];
    lines.extend(report.written.iter().map(|path| format!("wrote {}", shown(&path))));
    if let Some([first, second]) = report.explained {
        let percent = 100.0 * (first + second);
        lines.push(format!("the map's two directions hold {percent:.1} % of the variance of mu"));
    }
    lines.join("\n")
}

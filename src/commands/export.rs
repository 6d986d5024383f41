//! `timbrespace export`: a model in other programs' formats.

use std::path::PathBuf;

use clap::Args;

use super::{
    CommandError, Context,
    arguments::{OverwriteArguments, ResultArguments},
};
use crate::{
    jobs::onnx::{self, Report, Request},
    names::shown,
    vae::onnx::Statistics,
};

/// Flags of `export`.
#[derive(Args, Debug)]
pub struct ExportArguments {
    /// The model bundle
    #[arg(value_name = "B")]
    bundle: PathBuf,
    /// The folder for encoder.onnx and decoder.onnx (opset 17, any batch size); what the images mean is in their metadata
    #[arg(long, value_name = "DIR")]
    onnx: PathBuf,
    /// Batch norm with the moving averages of training, as Keras would use; without it with the statistics that were
    /// re-estimated from training batches, as this program uses
    #[arg(long)]
    running_statistics: bool,
    #[command(flatten)]
    overwriting: OverwriteArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

pub(super) fn run(arguments: &ExportArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        bundle: arguments.bundle.clone(),
        out: arguments.onnx.clone(),
        statistics: if arguments.running_statistics { Statistics::Running } else { Statistics::Precise },
        replace: arguments.overwriting.replace(),
    };
    let report = onnx::run(&request)?;
    context.output.result(&report, &context.progress, || report_words(&report))
}

fn report_words(report: &Report) -> String {
    let Report { encoder, decoder, bins, frames, latent_size } = report;
    format!(
        "{}: image [batch, 1, {bins}, {frames}] to mu and log_variance [batch, {latent_size}]\n\
         {}: z [batch, {latent_size}] to image [batch, 1, {bins}, {frames}]",
        shown(encoder),
        shown(decoder)
    )
}

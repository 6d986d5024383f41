//! `timbrespace export`: a model as ONNX files, or in the format of the tutorial's Python.

use std::path::PathBuf;

use clap::Args;

use super::{
    context::Context,
    error::CommandError,
    shared_arguments::{OverwriteArguments, ResultArguments},
};
use crate::{
    jobs::export::{
        keras,
        onnx::{self, Report, Request},
    },
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
    #[arg(long, value_name = "DIR", required_unless_present = "keras")]
    onnx: Option<PathBuf>,
    /// A new folder for parameters.pkl and weights.h5, for the `VAE.load` of the tutorial's Python (presets reference and explore)
    #[arg(long, value_name = "DIR", conflicts_with_all = ["onnx", "running_statistics", "overwrite"])]
    keras: Option<PathBuf>,
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
    let Some(onnx) = &arguments.onnx else {
        return export_for_keras(arguments, context);
    };
    let request = Request {
        bundle: arguments.bundle.clone(),
        out: onnx.clone(),
        statistics: if arguments.running_statistics { Statistics::Running } else { Statistics::Precise },
        replace: arguments.overwriting.replace(),
    };
    let report = onnx::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || report_text(&report))
}

fn export_for_keras(arguments: &ExportArguments, context: &Context) -> Result<(), CommandError> {
    let out = arguments.keras.clone().unwrap_or_else(|| arguments.bundle.clone());
    let report = keras::run(&keras::Request { bundle: arguments.bundle.clone(), out }, &context.job())?;
    context.output.result(&report, &context.progress, || {
        let keras::Report { out, parameters, weights } = &report;
        format!("{}: {parameters} and {weights}, for VAE.load", shown(out))
    })
}

fn report_text(report: &Report) -> String {
    let Report { encoder, decoder, bins, frames, latent_size } = report;
    format!(
        "{}: image [batch, 1, {bins}, {frames}] to mu and log_variance [batch, {latent_size}]\n\
         {}: z [batch, {latent_size}] to image [batch, 1, {bins}, {frames}]",
        shown(encoder),
        shown(decoder)
    )
}

//! `timbrespace reconstruct`: recordings through the model and back to sound.

use std::path::PathBuf;

use clap::Args;

use super::{
    context::Context,
    detail::{self, MixArguments},
    error::CommandError,
    settings::ResampleArguments,
    shared_arguments::{OverwriteArguments, ResultArguments, WavArguments},
    text,
};
use crate::{
    jobs::reconstruct::{self, Report, Request},
    names::shown,
};

/// Flags of `reconstruct`.
#[derive(Args, Debug)]
pub struct ReconstructArguments {
    /// The model bundle
    #[arg(value_name = "B")]
    bundle: PathBuf,
    /// The recordings
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The folder for a .wav and a .npy of each
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    detail: MixArguments,
    #[command(flatten)]
    pub(super) wav: WavArguments,
    #[command(flatten)]
    resampling: ResampleArguments,
    #[command(flatten)]
    overwriting: OverwriteArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

pub(super) fn run(arguments: &ReconstructArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        bundle: arguments.bundle.clone(),
        resample: arguments.resampling.resample,
        files: arguments.files.clone(),
        out: arguments.out.clone(),
        detail: arguments.detail.mix(),
        bits: arguments.wav.bits,
        replace: arguments.overwriting.replace(),
    };
    let report = reconstruct::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || report_text(&report))
}

fn report_text(report: &Report) -> String {
    let lines = report.reconstructions.iter().map(|sound| {
        format!(
            "{} -> {}: image error {:.6}, {}",
            shown(&sound.file),
            shown(&sound.wav),
            sound.reconstruction,
            text::phase_recovery(sound.spectral_convergence, sound.gain),
        )
    });
    detail::line(report.detail.as_ref()) + &lines.collect::<Vec<_>>().join("\n")
}

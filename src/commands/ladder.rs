//! `timbrespace ladder`: one recording after each step through a model and back.

use std::path::PathBuf;

use clap::Args;

use super::{
    choice::count_in,
    context::Context,
    error::CommandError,
    settings::ResampleArguments,
    shared_arguments::{OverwriteArguments, ResultArguments, WavArguments},
};
use crate::{
    jobs::ladder::{self, PhaseOf, Report, Request},
    names::shown,
    pipeline::sound_generator::{DEFAULT_ITERATIONS, ITERATIONS},
};

/// Flags of `ladder`.
#[derive(Args, Debug)]
#[command(
    after_help = "All sounds are scaled to the original's RMS over the recording's own part (not its padding), then all by one \
                        factor so that no peak is above 0.99. The measures are of the sounds before that, against the original's \
                        magnitude S: spectral convergence norm(S - |STFT(y)|) / norm(S), and log-spectral distance, the mean over \
                        frames of the RMS level difference over bins, levels standing on the floor of the original's image."
)]
pub struct LadderArguments {
    /// The model bundle
    #[arg(value_name = "B")]
    bundle: PathBuf,
    /// The recording
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder for a WAV file a rung
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Griffin-Lim iterations
    #[arg(long, value_name = "N", default_value_t = DEFAULT_ITERATIONS, value_parser = count_in(ITERATIONS))]
    iterations: usize,
    /// One rung more: the model's image with the phase of this recording
    #[arg(long, value_name = "FILE")]
    phase_of: Option<PathBuf>,
    /// The same, with the phase of the recording in this folder whose latent vector is nearest
    #[arg(long, value_name = "FOLDER", conflicts_with = "phase_of")]
    phase_from: Option<PathBuf>,
    #[command(flatten)]
    pub(super) wav: WavArguments,
    #[command(flatten)]
    resampling: ResampleArguments,
    #[command(flatten)]
    overwriting: OverwriteArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

impl LadderArguments {
    fn phase(&self) -> Option<PhaseOf> {
        let file = self.phase_of.clone().map(PhaseOf::File);
        file.or_else(|| self.phase_from.clone().map(PhaseOf::NearestIn))
    }
}

pub(super) fn run(arguments: &LadderArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        bundle: arguments.bundle.clone(),
        resample: arguments.resampling.resample,
        file: arguments.file.clone(),
        phase: arguments.phase(),
        out: arguments.out.clone(),
        iterations: arguments.iterations,
        bits: arguments.wav.bits,
        replace: arguments.overwriting.replace(),
    };
    let report = ladder::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || report_text(&report))
}

fn report_text(report: &Report) -> String {
    let mut lines =
        vec![format!("{:<16}  {:>11}  {:>12}  {:>8}  sound", "rung", "convergence", "distance, dB", "ms")];
    lines.extend(report.rungs.iter().map(|rung| {
        format!(
            "{:<16}  {:>11.4}  {:>12.2}  {:>8.1}  {}",
            rung.rung.name(),
            rung.spectral_convergence,
            rung.log_spectral_distance,
            rung.milliseconds,
            shown(&rung.wav),
        )
    }));
    lines.push(String::new());
    lines.extend(report.rungs.iter().map(|rung| format!("{}: {}", rung.rung.name(), rung.explanation)));
    if let Some(other) = &report.phase_of {
        lines.push(format!("phase taken from {}", shown(&other)));
    }
    if let Some(detail) = &report.detail {
        lines.push(detail.words());
    }
    if let Some(step) = report.hurts_most {
        lines.push(format!("largest loss: {}", step.words()));
    }
    lines.join("\n")
}

//! `timbrespace morph`: one sound that turns into another.

use std::path::PathBuf;

use clap::Args;

use super::{
    choice::{count_in, number_in},
    context::Context,
    error::CommandError,
    settings::ResampleArguments,
    shared_arguments::{OverwriteArguments, ResultArguments, WavArguments},
    text,
};
use crate::{
    explore::travel::Path,
    jobs::morph::{self, MOST_SECS, Report, Request, STEPS},
    names::shown,
    pipeline::sound_generator::{DEFAULT_ITERATIONS, ITERATIONS},
};

/// Flags of `morph`.
#[derive(Args, Debug)]
#[command(
    after_help = "The magnitudes of all steps fade into each other and the phases are found for the whole at once, so that there \
                        is no joint to be heard. Pauses at the ends of the steps are left out. Without --seconds, a quarter of \
                        every step fades into the next; without --steps, there are as many as the length asks for."
)]
pub struct MorphArguments {
    /// The model bundle
    #[arg(value_name = "B")]
    bundle: PathBuf,
    /// The recording it begins with
    #[arg(value_name = "FROM")]
    from: PathBuf,
    /// The recording it ends with
    #[arg(value_name = "TO")]
    to: PathBuf,
    /// The WAV file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Sounds on the path, both ends included, 2 to 1,000 [default: 8, or what --seconds asks for]
    #[arg(long, value_name = "N", value_parser = count_in(STEPS))]
    steps: Option<usize>,
    /// Go along the great circle between both vectors, as far from the origin as they are, instead of straight
    #[arg(long)]
    spherical: bool,
    /// Length of the whole in seconds [default: what the steps fill]
    #[arg(long, value_name = "S", value_parser = number_in(0.001, MOST_SECS, "from 0.001 to 120 seconds"))]
    seconds: Option<f64>,
    /// Griffin-Lim iterations
    #[arg(long, value_name = "N", default_value_t = DEFAULT_ITERATIONS, value_parser = count_in(ITERATIONS))]
    iterations: usize,
    /// Seed of the phases
    #[arg(long, value_name = "N", default_value = "0")]
    seed: u64,
    #[command(flatten)]
    pub(super) wav: WavArguments,
    #[command(flatten)]
    resampling: ResampleArguments,
    #[command(flatten)]
    overwriting: OverwriteArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

pub(super) fn run(arguments: &MorphArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        bundle: arguments.bundle.clone(),
        resample: arguments.resampling.resample,
        from: arguments.from.clone(),
        to: arguments.to.clone(),
        out: arguments.out.clone(),
        steps: arguments.steps,
        path: if arguments.spherical { Path::Spherical } else { Path::Linear },
        secs: arguments.seconds,
        iterations: arguments.iterations,
        seed: arguments.seed,
        bits: arguments.wav.bits,
        replace: arguments.overwriting.replace(),
    };
    let report = morph::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || report_text(&report))
}

fn report_text(report: &Report) -> String {
    format!(
        "{}: {} in {}, {}",
        shown(&report.wav),
        text::count(report.steps, "step"),
        text::duration(report.seconds),
        text::phase_recovery(report.spectral_convergence, report.gain),
    )
}

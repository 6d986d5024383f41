//! `timbrespace generate`: latent vectors to new sounds.

use std::path::PathBuf;

use clap::Args;

use super::{
    CommandError, Context,
    arguments::{ResultArguments, WavArguments},
    choice::{at_least_one, steps},
    settings::ResampleArguments,
    words,
};
use crate::explore::travel::Path;
use crate::jobs::generate::{self, Report, Request, Vectors};

/// Flags of `generate`.
#[derive(Args, Debug)]
pub struct GenerateArguments {
    /// The model bundle
    #[arg(value_name = "B")]
    bundle: PathBuf,
    /// The folder for 000.wav, 001.wav and so on
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Random sounds
    #[arg(long, value_name = "N", default_value = "8", value_parser = at_least_one, conflicts_with_all = ["from", "to", "steps"])]
    count: usize,
    /// Seed of the random sounds and of the phases
    #[arg(long, value_name = "N", default_value = "0")]
    seed: u64,
    /// Travel from this recording ...
    #[arg(long, value_name = "FILE", requires = "to")]
    from: Option<PathBuf>,
    /// ... to this one
    #[arg(long, value_name = "FILE", requires = "from")]
    to: Option<PathBuf>,
    /// Sounds on the way, both ends included, at least 2 [default: 8]
    #[arg(long, value_name = "N", value_parser = steps, requires = "from")]
    steps: Option<usize>,
    /// Go along the great circle between both vectors, as far from the origin as they are, instead of straight
    #[arg(long, requires = "from")]
    spherical: bool,
    #[command(flatten)]
    pub(super) wav: WavArguments,
    #[command(flatten)]
    resampling: ResampleArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

const DEFAULT_STEPS: usize = 8;

impl GenerateArguments {
    fn vectors(&self) -> Vectors {
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => Vectors::Between {
                from: from.clone(),
                to: to.clone(),
                steps: self.steps.unwrap_or(DEFAULT_STEPS),
                path: if self.spherical { Path::Spherical } else { Path::Linear },
            },
            _ => Vectors::Prior { count: self.count },
        }
    }
}

pub(super) fn run(arguments: &GenerateArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        bundle: arguments.bundle.clone(),
        resample: arguments.resampling.resample,
        out: arguments.out.clone(),
        vectors: arguments.vectors(),
        seed: arguments.seed,
        bits: arguments.wav.bits,
    };
    let report = generate::run(&request, &context.progress, &context.interrupt)?;
    context.output.result(&report, &context.progress, || report_words(&report))
}

fn report_words(report: &Report) -> String {
    let lines = report.sounds.iter().map(|sound| {
        let recovery = words::phase_recovery(sound.spectral_convergence, sound.gain);
        format!("{}: {recovery}", sound.wav.display())
    });
    lines.collect::<Vec<_>>().join("\n")
}

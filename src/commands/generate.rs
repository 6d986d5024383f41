//! `timbrespace generate`: latent vectors to new sounds.

use std::path::PathBuf;

use clap::Args;

use super::{
    choice::{count_in, number_in, one_of},
    context::Context,
    detail::{self, MixArguments},
    error::CommandError,
    settings::ResampleArguments,
    shared_arguments::{OverwriteArguments, ResultArguments, WavArguments},
    text,
};
use crate::{
    explore::travel::Path,
    jobs::{
        generate::{self, COUNT, Distribution, Report, Request, Vectors},
        latent::path::STEPS,
    },
    names::{escaped, shown},
};

/// Flags of `generate`.
#[derive(Args, Debug)]
pub struct GenerateArguments {
    /// The model bundle
    #[arg(value_name = "B")]
    bundle: PathBuf,
    /// The folder for 000.wav, 001.wav and so on
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Random sounds, at most 10,000
    #[arg(long, value_name = "N", default_value = "8", value_parser = count_in(COUNT), conflicts_with_all = ["from", "to", "steps"])]
    count: usize,
    /// What the random sounds' vectors are drawn from: `density`, fitted to the training recordings' mu, which sounds like
    /// them; `prior`, a standard normal; or `data`, a normal with the mean and the standard deviation of the training
    /// recordings' mu in every dimension [default: density, or data where the bundle has none]
    #[arg(long, value_name = "NAME", value_parser = one_of(DISTRIBUTIONS), conflicts_with = "from")]
    distribution: Option<Distribution>,
    /// Only sounds like the recordings of this class (of the density)
    #[arg(long, value_name = "NAME", conflicts_with = "from")]
    class: Option<String>,
    /// Factor of that distribution's spread: below 1 the sounds are nearer to what is usual, above 1 stranger; at 0 the
    /// density gives recordings themselves
    #[arg(long, value_name = "X", default_value = "1", allow_negative_numbers = true,
          value_parser = number_in(0.0, 100.0, "from 0 to 100"), conflicts_with = "from")]
    temperature: f64,
    /// Seed of the random sounds and of the phases
    #[arg(long, value_name = "N", default_value = "0")]
    seed: u64,
    /// Travel from this recording ...
    #[arg(long, value_name = "FILE", requires = "to")]
    from: Option<PathBuf>,
    /// ... to this one
    #[arg(long, value_name = "FILE", requires = "from")]
    to: Option<PathBuf>,
    /// Sounds on the path, both ends included, 2 to 10,000 [default: 8]
    #[arg(long, value_name = "N", value_parser = count_in(STEPS), requires = "from")]
    steps: Option<usize>,
    /// Go along the great circle between both vectors, as far from the origin as they are, instead of straight
    #[arg(long, requires = "from")]
    spherical: bool,
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

const DISTRIBUTIONS: &[(&str, Distribution)] =
    &[("density", Distribution::Density), ("prior", Distribution::Prior), ("data", Distribution::Data)];

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
            _ => Vectors::Random {
                count: self.count,
                from: self.distribution,
                class: self.class.clone(),
                temperature: self.temperature as f32,
            },
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
        detail: arguments.detail.mix(),
        bits: arguments.wav.bits,
        replace: arguments.overwriting.replace(),
    };
    let report = generate::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || report_text(&report))
}

fn report_text(report: &Report) -> String {
    let lines = report.sounds.iter().map(|sound| {
        let recovery = text::phase_recovery(sound.spectral_convergence, sound.gain);
        let nearest = sound.nearest.as_ref().map_or_else(String::new, |near| {
            let relative = near.relative_distance.map_or_else(String::new, |part| {
                format!(", {part:.2} times the usual distance between recordings")
            });
            format!("; nearest recording {} at {:.2}{relative}", escaped(&near.name), near.distance)
        });
        format!("{}: {recovery}{nearest}", shown(&sound.wav))
    });
    detail::line(report.detail.as_ref()) + &lines.collect::<Vec<_>>().join("\n")
}

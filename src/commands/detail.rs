//! `timbrespace detail`: residuals of a model's training images; and the flags that add them.

use std::{path::PathBuf, sync::Arc};

use clap::Args;

use super::{
    choice::{count_in, number_in},
    context::Context,
    error::CommandError,
    settings::ResampleArguments,
    shared_arguments::ResultArguments,
    text,
};
use crate::{
    explore::detail::{DEFAULT_RECORDINGS, Mix, RECORDINGS},
    jobs::{
        detail::{self, Report, Request},
        runs::{bundle::Bundle, detail::Used},
    },
    names::shown,
    regular_file::format_size,
};

/// Flags of `detail`.
#[derive(Args, Debug)]
#[command(
    after_help = "A model's image of a recording lacks what the model cannot hold: its residual, the recording's image minus the \
                        model's own. `generate`, `reconstruct` and the window can add to any image the residuals of the training \
                        recordings nearest to it (--detail). A run makes them at its end; this makes them anew, from the recordings \
                        that the model was trained on. Recordings that validated the run are left out. Detail is not the model's \
                        work: `evaluate` never uses it."
)]
pub struct DetailArguments {
    /// The model bundle; B/detail.safetensors is written
    #[arg(value_name = "B")]
    bundle: PathBuf,
    /// What the model was trained on: a folder of recordings, or a preprocessed one
    #[arg(value_name = "FOLDER|P")]
    recordings: PathBuf,
    /// Recordings to keep at most, evenly spread [default: as many as 256 MiB hold]
    #[arg(long, value_name = "N", value_parser = count_in(1..=1_000_000))]
    most: Option<usize>,
    #[command(flatten)]
    resampling: ResampleArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

/// How much detail is added.
#[derive(Args, Debug)]
pub struct MixArguments {
    /// Detail added to the model's images: the residuals (image minus its own reconstruction) of the nearest training
    /// recordings, times this; 0 for the model alone, at most 1
    #[arg(long, value_name = "X", default_value = "0", allow_negative_numbers = true,
          value_parser = number_in(0.0, 1.0, "from 0 to 1"))]
    detail: f64,
    /// How many recordings the detail comes from, weighted by closeness: 1 has the most texture, 4 sounds best, 16 has the
    /// smallest error
    #[arg(long, value_name = "N", default_value_t = DEFAULT_RECORDINGS, value_parser = count_in(RECORDINGS))]
    detail_from: usize,
}

impl MixArguments {
    pub(super) fn mix(&self) -> Mix {
        Mix { amount: self.detail as f32, recordings: self.detail_from }
    }
}

/// A line about the detail in a result, ending with a line break; empty without detail.
pub(super) fn line(used: Option<&Used>) -> String {
    used.map(|used| used.words() + "\n").unwrap_or_default()
}

pub(super) fn run(arguments: &DetailArguments, context: &Context) -> Result<(), CommandError> {
    let bundle = Bundle::open(&arguments.bundle)?.resampling(arguments.resampling.resample);
    let request = Request {
        bundle: Arc::new(bundle),
        folder: Some(arguments.bundle.clone()),
        recordings: arguments.recordings.clone(),
        most: arguments.most,
    };
    let made = detail::run(&request, &context.job())?;
    context.output.result(&made.report, &context.progress, || report_text(&made.report))
}

fn report_text(report: &Report) -> String {
    let Report { file, recordings, of, validation, bytes, rms } = report;
    let chosen = if recordings < of { format!(", evenly spread over {of}") } else { String::new() };
    let file = file.as_ref().map(|file| shown(file).to_string()).unwrap_or_default();
    let left_out = match validation {
        0 => String::new(),
        count => format!("; {} that validated the run left out", text::count(*count, "recording")),
    };
    format!(
        "{file}: residuals of {}{chosen}, {}, {rms:.4} RMS of images from 0 to 1{left_out}",
        text::count(*recordings, "training recording"),
        format_size(*bytes as u64),
    )
}

//! `timbrespace import`: a model that the tutorial's Python saved, as a model of this program.

use std::path::PathBuf;

use clap::Args;

use super::{
    context::Context, error::CommandError, settings::SettingsArguments, shared_arguments::ResultArguments,
    text,
};
use crate::{
    jobs::{
        import::{self, Report, Request},
        runs::keras,
    },
    names::shown,
};

/// Flags of `import`.
#[derive(Args, Debug)]
#[command(
    after_help = "evaluate, encode, reconstruct, generate, morph, ladder and export also take KERAS itself, with the tutorial's \
                        settings as far as they make images of its size; `import` keeps the settings that are given here, and with --images what the \
                        recordings tell: batch norm statistics, where they lie in the latent space, how loud they are."
)]
pub struct ImportArguments {
    /// A folder with parameters.pkl and weights.h5 as the tutorial's `VAE.save` writes them, or a .keras file
    #[arg(value_name = "KERAS")]
    model: PathBuf,
    /// The model bundle to write: a new folder
    #[arg(long, value_name = "B")]
    out: PathBuf,
    /// What it was trained on: a folder of recordings, or one that `preprocess` or the tutorial's Python wrote
    #[arg(long, value_name = "FOLDER|P")]
    images: Option<PathBuf>,
    #[command(flatten)]
    settings: SettingsArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

pub(super) fn run(arguments: &ImportArguments, context: &Context) -> Result<(), CommandError> {
    let snapshot = keras::read(&arguments.model)?;
    let request = Request {
        model: arguments.model.clone(),
        out: arguments.out.clone(),
        preprocessing: arguments.settings.config_over(keras::assumed_preprocessing(snapshot.config()))?,
        images: arguments.images.clone(),
    };
    let report = import::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || report_text(&report))
}

fn report_text(report: &Report) -> String {
    let (bins, frames) = report.image_shape;
    let measured = match report.images {
        0 => "no images given: statistics are Keras's own, levels are assumed (--images)".to_owned(),
        images => format!("statistics measured on {}", text::count(images, "image")),
    };
    format!(
        "{}: images of {bins} × {frames}, {} latent dimensions; {measured}",
        shown(&report.out),
        report.latent_size
    )
}

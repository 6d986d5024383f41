//! `timbrespace evaluate`: how well a model rebuilds images.

use std::path::PathBuf;

use clap::Args;

use super::{CommandError, Context, arguments::ResultArguments, settings::ResampleArguments, words};
use crate::jobs::evaluate::{self, Report, Request};

/// Flags of `evaluate`.
#[derive(Args, Debug)]
pub struct EvaluateArguments {
    /// The model bundle
    #[arg(value_name = "B")]
    bundle: PathBuf,
    /// A folder of recordings, or one that `preprocess` wrote
    #[arg(value_name = "FOLDER|P")]
    folder: PathBuf,
    #[command(flatten)]
    resampling: ResampleArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

pub(super) fn run(arguments: &EvaluateArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        bundle: arguments.bundle.clone(),
        resample: arguments.resampling.resample,
        folder: arguments.folder.clone(),
    };
    let report = evaluate::run(&request, &context.progress, &context.interrupt)?;
    context.output.result(&report, &context.progress, || report_words(&report))
}

fn report_words(report: &Report) -> String {
    let Report { images, reconstruction, reconstruction_running, kl, baselines, baselines_from_training } =
        report;
    let fitted =
        if *baselines_from_training { "of the training data" } else { "fitted to these very images" };
    let components = words::count(baselines.pca_components, "principal component");
    format!(
        "{images}, mean squared error a pixel on the 0 to 1 scale:\n\
         model                 {reconstruction:.6}\n\
         running statistics    {reconstruction_running:.6}  (batch norm as Keras would use it)\n\
         mean image            {:.6}  ({fitted})\n\
         PCA                   {:.6}  ({components} {fitted})\n\
         KL divergence         {kl:.3} nats",
        baselines.mean_image,
        baselines.pca,
        images = words::count(*images, "image"),
    )
}

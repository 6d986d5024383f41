//! `timbrespace evaluate`: how well a model rebuilds images.

use std::path::PathBuf;

use clap::Args;

use super::{
    choice::count_in,
    context::Context,
    error::CommandError,
    settings::ResampleArguments,
    shared_arguments::{ExcludeArguments, ResultArguments},
    text,
};
use crate::jobs::{
    evaluate::{self, Draw, LocalError, PriorSamples, RandomSamples, Report, Request},
    latent::{
        prior_samples::SAMPLES,
        random_samples::{DEFAULT_SAMPLES, Reference},
    },
};

/// Flags of `evaluate`.
#[derive(Args, Debug)]
pub struct EvaluateArguments {
    /// The model bundle
    #[arg(value_name = "B")]
    bundle: PathBuf,
    /// A folder of recordings, or one that `preprocess` wrote
    #[arg(value_name = "FOLDER|P")]
    folder: PathBuf,
    /// Also draws N samples from the prior and compares them with the images: how near each is to one of them, and how far
    /// the samples are from each other. Give the folder that the model was trained on
    #[arg(long, value_name = "N", value_parser = count_in(SAMPLES))]
    samples: Option<usize>,
    /// Random sounds of the model's density that are compared with the images, 2 to 10,000: how near they are to the images,
    /// how far from each other, and their originality, which is 1 where they are as far from the recordings as new
    /// recordings are. Give the folder that the model was trained on
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SAMPLES, value_parser = count_in(SAMPLES), conflicts_with = "no_random_samples")]
    random_samples: usize,
    /// Do not draw them
    #[arg(long)]
    no_random_samples: bool,
    /// Seed of the samples and of the random sounds
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    #[command(flatten)]
    resampling: ResampleArguments,
    #[command(flatten)]
    exclude: ExcludeArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

pub(super) fn run(arguments: &EvaluateArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        bundle: arguments.bundle.clone(),
        resample: arguments.resampling.resample,
        folder: arguments.folder.clone(),
        left_out: arguments.exclude.list()?,
        prior_samples: arguments.samples.map(|samples| Draw { samples, seed: arguments.seed }),
        random_samples: (!arguments.no_random_samples)
            .then_some(Draw { samples: arguments.random_samples, seed: arguments.seed }),
    };
    let report = evaluate::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || report_text(&report))
}

fn report_text(report: &Report) -> String {
    let Report { images, reconstruction, reconstruction_running, kl, baselines, .. } = report;
    let fitted =
        if report.baselines_from_training { "of the training data" } else { "fitted to these images" };
    let components = |count| text::count(count, "principal component");
    let mut lines = vec![
        format!("{}, mean squared error per pixel on the 0 to 1 scale:", text::count(*images, "image")),
        format!("model                 {reconstruction:.6}"),
        format!("running statistics    {reconstruction_running:.6}  (batch norm as Keras would use it)"),
        format!("mean image            {:.6}  ({fitted})", baselines.mean_image),
    ];
    for fewer in &report.fewer_components {
        lines.push(format!(
            "PCA                   {:.6}  ({} {fitted})",
            fewer.error,
            components(fewer.components)
        ));
    }
    let (error, all) = (baselines.pca, components(baselines.pca_components));
    lines.push(format!("PCA                   {error:.6}  ({all} {fitted})"));
    if let Some(LocalError { groups, components, error }) = baselines.local {
        lines.push(format!(
            "local PCA             {error:.6}  ({groups} groups of {} {fitted})",
            text::count(components, "principal component")
        ));
    }
    lines.push(format!("KL divergence         {kl:.3} nats"));
    if let Some(samples) = &report.prior_samples {
        lines.push(sample_text(samples));
    }
    if let Some(samples) = &report.random_samples {
        lines.push(random_text(samples));
    }
    lines.join("\n")
}

fn sample_text(samples: &PriorSamples) -> String {
    let PriorSamples { nearest_error, data_nearest_error, mean_image_nearest_error, .. } = samples;
    let PriorSamples { pairwise_error, data_pairwise_error, .. } = samples;
    let drawn = text::count(samples.samples, "sample");
    format!(
        "\n{drawn} from the prior against these images, mean squared difference per pixel:\n\
         to the nearest image  {nearest_error:.6}  (these images, each to the nearest other: {data_nearest_error:.6}; \
         their mean image: {mean_image_nearest_error:.6})\n\
         to each other         {pairwise_error:.6}  (these images: {data_pairwise_error:.6}; one repeated sound: 0)"
    )
}

fn random_text(samples: &RandomSamples) -> String {
    let RandomSamples { nearest_error, data_nearest_error, originality, .. } = samples;
    let RandomSamples { pairwise_error, data_pairwise_error, .. } = samples;
    let drawn = text::count(samples.samples, "random sound");
    let (images, others) = match samples.reference {
        Reference::Unseen => ("the nearest recording", "unseen recordings"),
        Reference::LeftOut => ("the nearest image", "these images, each to the nearest other"),
    };
    format!(
        "\n{drawn} of the model against these images, mean squared difference per pixel:\n\
         to {images}, median  {nearest_error:.6}  ({others}: {data_nearest_error:.6})\n\
         originality           {originality:.2}  (1: as new as another recording; 0: copies)\n\
         to each other         {pairwise_error:.6}  (these images: {data_pairwise_error:.6}; one repeated sound: 0)"
    )
}

//! How well a model rebuilds images, beside two baselines on the same images.

use std::path::PathBuf;

use serde::Serialize;

use crate::{
    JobContext, JobError,
    data::{
        chosen::Chosen,
        source::{self, ENCODE_BATCH, batch},
        streamed_source::StreamedSource,
    },
    latent::{prior_samples, random_samples},
    runs::{baselines::BaselineModel, bundle::Bundle},
};
pub use crate::{
    latent::{
        prior_samples::{Draw, PriorSamples},
        random_samples::RandomSamples,
    },
    runs::baselines::{Baselines, LocalError, PcaError},
};

use timbrespace_signal::audio::left_out::LeftOut;
use timbrespace_vae::{
    loss::{kl_divergences, reconstruction_errors},
    snapshot::Snapshot,
    trainer::BatchSource,
};

/// What to evaluate.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bundle.
    pub bundle: PathBuf,
    /// Whether recordings of other rates than the model's may be resampled, also where its training did not.
    pub resample: bool,
    /// Recordings or preprocessed folder.
    pub folder: PathBuf,
    /// Recordings to leave out.
    pub left_out: LeftOut,
    /// Samples from the prior that are compared with the images, if any.
    pub prior_samples: Option<Draw>,
    /// Samples from the model's density that are compared with the images, if it has one and there are two images.
    pub random_samples: Option<Draw>,
}

/// The figures, in the model's 0..1 range.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Images evaluated.
    pub images: usize,
    /// Mean squared error per pixel, from mu with precise batch norm.
    pub reconstruction: f64,
    /// The same with the running batch-norm statistics that Keras would use.
    pub reconstruction_running: f64,
    /// KL divergence in nats, mean over images.
    pub kl: f64,
    /// Errors of the training data's mean image and principal components on the same images.
    pub baselines: Baselines,
    /// Whether the baselines come from the training data (else they were fitted to these very images, which favours them).
    pub baselines_from_training: bool,
    /// Errors of fewer principal components than the latent space has dimensions.
    pub fewer_components: Vec<PcaError>,
    /// Samples from the prior beside the images, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prior_samples: Option<PriorSamples>,
    /// Samples from the density beside the images, where the model has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub random_samples: Option<RandomSamples>,
}

/// Numbers of principal components that a larger latent space is compared with, too.
const FEWER_COMPONENTS: [usize; 3] = [16, 32, 128];

/// Evaluates.
///
/// # Errors
/// When the images do not fit the model.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let bundle = Bundle::open(&request.bundle)?.resampling(request.resample);
    let chosen = Chosen::new(&request.folder, &request.left_out);
    let source = StreamedSource::of(chosen, &bundle.config.preprocessing, context)?;
    source::check_fits(&source.dataset().config, &bundle.config.preprocessing)?;
    let all: Vec<usize> = (0..source.len()).collect();
    let kept = BaselineModel::open(&request.bundle).unwrap_or_else(|error| {
        context.note(format!(
            "the baselines of the training data cannot be used: {error}. Others are fitted to these very images"
        ));
        None
    });
    let baselines_from_training = kept.is_some();
    let model = if let Some(kept) = kept {
        kept
    } else {
        let mut model = BaselineModel::fit(&source, &all, bundle.config.model.latent_size)?;
        model.fit_groups(&source, &all)?;
        model
    };
    let baselines = model.measure(&source, &all)?;
    let fewer: Vec<usize> =
        FEWER_COMPONENTS.into_iter().filter(|count| *count < model.components()).collect();
    let fewer_components = model.measure_first(&source, &all, &fewer)?;
    let figures = measure(&bundle.snapshot, &source, context)?;
    let drawn =
        request.prior_samples.map(|draw| prior_samples::measure(&bundle.snapshot, &source, draw, context));
    let dataset = source.dataset();
    let name = |index: usize| dataset.items.get(index).map_or("", |item| item.name.as_str());
    let of_density =
        bundle.density.as_ref().zip(request.random_samples).filter(|_| all.len() > 1).map(|(kept, draw)| {
            random_samples::measure(&bundle.snapshot, kept, &source, &name, draw, context)
        });
    Ok(Report {
        images: all.len(),
        reconstruction: figures.precise,
        reconstruction_running: figures.running,
        kl: figures.kl,
        baselines,
        baselines_from_training,
        fewer_components,
        prior_samples: drawn.transpose()?,
        random_samples: of_density.transpose()?,
    })
}

#[derive(Default)]
struct Figures {
    precise: f64,
    running: f64,
    kl: f64,
}

fn measure(
    snapshot: &Snapshot,
    source: &dyn BatchSource,
    context: &JobContext<'_>,
) -> Result<Figures, JobError> {
    let total = source.len();
    let indices: Vec<usize> = (0..total).collect();
    let mut figures = Figures::default();
    for chunk in indices.chunks(ENCODE_BATCH) {
        context.check_stopped()?;
        let images = batch(source, chunk)?;
        let posterior = snapshot.encode(&images)?;
        let decoded = snapshot.decode(&posterior.mu)?;
        let running = snapshot.encode_running(&images)?;
        let decoded_running = snapshot.decode_running(&running.mu)?;
        let sum = |errors: Vec<f64>| errors.iter().sum::<f64>();
        figures.precise += sum(reconstruction_errors(&images, &decoded));
        figures.running += sum(reconstruction_errors(&images, &decoded_running));
        figures.kl += kl_divergences(&posterior.mu, &posterior.log_variance).iter().flatten().sum::<f64>();
        context.progress("evaluating", chunk[chunk.len() - 1] + 1, total);
    }
    let mean = |sum: f64| sum / total.max(1) as f64;
    Ok(Figures { precise: mean(figures.precise), running: mean(figures.running), kl: mean(figures.kl) })
}

//! The files of models that the tutorial's Python saves: read as models of this program, and made for the tutorial.
//!
//! The tutorial's `VAE.save` writes a folder with `parameters.pkl` (a list: input shape, filters, kernels, strides, size of the
//! latent space) and `weights.h5`. Keras 3 names its files `NAME.weights.h5`, and `NAME.keras` with the layers' settings inside.

pub mod model_path;
mod parameters;
mod weights_file;

use std::{path::Path, sync::Arc};

use crate::{
    JobError,
    fault::FileFault,
    files::named,
    runs::{
        bundle_config::BundleConfig,
        statistics::{DatasetStatistics, LatentStatistics},
    },
};
use model_path::{Found, PARAMETERS_FILE, WEIGHTS_FILE};
use timbrespace_base::{
    names::shown,
    regular_file::{self, ARRAY_LIMIT, TABLE_LIMIT},
    sentence,
};
use timbrespace_signal::pipeline::{config::PreprocessingConfig, stages::MinMax};
use timbrespace_vae::{
    config::{TrainingConfig, VaeConfig},
    keras,
    snapshot::Snapshot,
};

/// Decibels of a spectrogram of speech, where no recordings tell: its range is the top dB of the tutorial.
const ASSUMED_MIN_MAX: MinMax = MinMax { min: -45.0, max: 35.0 };

/// Reads the model at `path`.
///
/// # Errors
/// When a file is missing, damaged, or of other layers than the tutorial's; it is named.
pub fn read(path: &Path) -> Result<Snapshot, JobError> {
    let found = model_path::find(path).ok_or_else(|| {
        JobError::file(
            path,
            sentence!(
                "error-no-keras-model",
                "holds no model of Keras; name the folder with {parameters} and {weights} that the tutorial's `VAE.save` \
                 wrote, or a .keras file",
                parameters = PARAMETERS_FILE,
                weights = WEIGHTS_FILE
            ),
        )
    })?;
    let (config, variables) = match &found {
        Found::Folder { parameters, weights } => {
            let bytes = named(parameters, regular_file::read(parameters, TABLE_LIMIT))?;
            let config =
                parameters::from_pickle(&bytes).map_err(|cause| JobError::file(parameters, cause))?;
            let bytes = named(weights, regular_file::read(weights, ARRAY_LIMIT))?;
            let variables = weights_file::variables(bytes).map_err(|cause| JobError::file(weights, cause))?;
            (config, variables)
        }
        Found::Archive(archive) => {
            let bytes = named(archive, regular_file::read(archive, ARRAY_LIMIT))?;
            weights_file::from_archive(&bytes).map_err(|cause| JobError::file(archive, cause))?
        }
    };
    config.validate().map_err(|error| JobError::file(path, error))?;
    keras::snapshot(&config, &variables)
        .map_err(|error| JobError::file(found.weights(), FileFault::Model(Arc::new(error))))
}

/// The tutorial's settings, as far as they make images of the model's size.
pub fn assumed_preprocessing(model: &VaeConfig) -> PreprocessingConfig {
    let mut config = PreprocessingConfig::default();
    if model.bins != config.bins() {
        config.fit_rows(model.bins);
    }
    if config.image_shape() != Some((model.bins, model.frames)) {
        config.fit_duration(model.frames);
    }
    config
}

/// The description of the model at `path`; what only recordings tell is assumed.
///
/// # Errors
/// When `preprocessing` does not make images of the model's size.
pub(crate) fn assumed_config(
    path: &Path,
    model: &VaeConfig,
    preprocessing: PreprocessingConfig,
) -> Result<BundleConfig, JobError> {
    preprocessing.validate()?;
    if let Some(made) = preprocessing.image_shape().filter(|shape| *shape != (model.bins, model.frames)) {
        return Err(JobError::Setting(sentence!(
            "error-assumed-settings",
            "{path}: the settings make images of {made}, the model takes {taken}; its rows come from --frame-size {rows} (log \
             spectrograms), its columns from --duration and --hop-length",
            path = shown(&path),
            made = format!("{} × {}", made.0, made.1),
            taken = format!("{} × {}", model.bins, model.frames),
            rows = 2 * model.bins
        )));
    }
    let latent = model.latent_size;
    Ok(BundleConfig {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        model: model.clone(),
        training: TrainingConfig::default(),
        preprocessing,
        dataset: DatasetStatistics {
            images: 0,
            classes: Vec::new(),
            median_min_max: ASSUMED_MIN_MAX,
            left_out: Vec::new(),
        },
        latent: LatentStatistics { mean: vec![0.0; latent], std: vec![1.0; latent], kl: vec![1.0; latent] },
    })
}

/// The two files that the tutorial's `VAE.load` reads, each a name and its bytes.
///
/// # Errors
/// When the tutorial's class cannot be this model.
pub(crate) fn files(snapshot: &Snapshot) -> Result<[(&'static str, Vec<u8>); 2], JobError> {
    let variables = keras::variables(snapshot)?;
    let model = snapshot.config();
    let parameters = parameters::to_pickle(model).map_err(JobError::Other)?;
    let weights = weights_file::to_bytes(model.filters.len(), &variables).map_err(JobError::Other)?;
    Ok([(PARAMETERS_FILE, parameters), (WEIGHTS_FILE, weights)])
}

#[cfg(test)]
mod tests;

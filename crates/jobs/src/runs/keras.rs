//! Models that the tutorial's Python saved, opened as models of this program; and models of this program saved for it.
//!
//! The tutorial's `VAE.save` writes a folder with `parameters.pkl` (a list: input shape, filters, kernels, strides, size of the
//! latent space) and `weights.h5`. Keras 3 names its files `NAME.weights.h5`, and `NAME.keras` with the layers' settings inside.

mod parameters;
mod weights_file;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::{
    JobContext, JobError,
    data::source::{self, DatasetSource},
    files::named,
    runs::{
        bundle::{Bundle, BundleConfig, DatasetStatistics, LatentStatistics},
        density::{self, MOST_VECTORS, Recordings},
    },
};
use timbrespace_base::{
    atomic_file::{self, Durability},
    folder_lock::FolderLock,
    names::{self, shown},
    regular_file::{self, ARRAY_LIMIT, TABLE_LIMIT},
};
use timbrespace_signal::{
    audio::left_out::LeftOut,
    pipeline::{config::PreprocessingConfig, stages::MinMax},
};
use timbrespace_vae::{
    config::{TrainingConfig, VaeConfig},
    keras,
    snapshot::Snapshot,
    trainer::BatchSource as _,
};
use weights_file::Found;

/// The tutorial's name for what a model was made with.
pub const PARAMETERS_FILE: &str = "parameters.pkl";
/// The tutorial's name for its weights.
pub const WEIGHTS_FILE: &str = "weights.h5";
/// Decibels of a spectrogram of speech, where no recordings tell: its range is the top dB of the tutorial.
const ASSUMED_MIN_MAX: MinMax = MinMax { min: -45.0, max: 35.0 };

/// Whether `path` is a model that Keras saved: a `.keras` file, or a folder with its two files.
pub fn is_model(path: &Path) -> bool {
    weights_file::find(path).is_some()
}

/// Reads the model at `path`.
///
/// # Errors
/// When a file is missing, damaged, or of other layers than the tutorial's; it is named.
pub fn read(path: &Path) -> Result<Snapshot, JobError> {
    let found = weights_file::find(path).ok_or_else(|| {
        JobError::file(
            path,
            format!(
                "holds no model of Keras; name the folder with {PARAMETERS_FILE} and {WEIGHTS_FILE} that the tutorial's `VAE.save` \
                 wrote, or a .keras file"
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
    config.validate().map_err(|error| JobError::file(path, error.to_string()))?;
    keras::snapshot(&config, &variables).map_err(|error| JobError::file(found.weights(), error.to_string()))
}

/// Opens the model at `path` with the preprocessing that its images' size tells and the tutorial's other settings.
///
/// # Errors
/// As [`read`]; and when no settings make images of its size.
pub fn open(path: &Path) -> Result<Bundle, JobError> {
    let snapshot = read(path)?;
    let preprocessing = assumed_preprocessing(snapshot.config());
    bundle(path, snapshot, preprocessing)
}

/// Opens the model at `path` with the preprocessing that its images were made with.
///
/// # Errors
/// As [`read`]; and when the settings do not make images of its size.
pub fn open_with(path: &Path, preprocessing: PreprocessingConfig) -> Result<Bundle, JobError> {
    bundle(path, read(path)?, preprocessing)
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

/// A bundle in memory; what only recordings tell is assumed.
fn bundle(path: &Path, snapshot: Snapshot, preprocessing: PreprocessingConfig) -> Result<Bundle, JobError> {
    let model = snapshot.config().clone();
    preprocessing.validate().map_err(|error| JobError::Setting(error.to_string()))?;
    if let Some(made) = preprocessing.image_shape().filter(|shape| *shape != (model.bins, model.frames)) {
        return Err(JobError::Setting(format!(
            "{}: the settings make images of {} × {}, the model takes {} × {}; its rows come from --frame-size {} (log \
             spectrograms), its columns from --duration and --hop-length",
            shown(&path),
            made.0,
            made.1,
            model.bins,
            model.frames,
            2 * model.bins
        )));
    }
    let latent = model.latent_size;
    let config = BundleConfig {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        model,
        training: TrainingConfig::default(),
        preprocessing,
        dataset: DatasetStatistics {
            images: 0,
            classes: Vec::new(),
            median_min_max: ASSUMED_MIN_MAX,
            left_out: Vec::new(),
        },
        latent: LatentStatistics { mean: vec![0.0; latent], std: vec![1.0; latent], kl: vec![1.0; latent] },
    };
    Ok(Bundle { config, snapshot, density: None })
}

/// What to import.
#[derive(Clone, Debug)]
pub struct Import {
    /// A folder or `.keras` file.
    pub model: PathBuf,
    /// The bundle to write: a folder that does not exist yet, or an empty one.
    pub out: PathBuf,
    /// How the recordings that it was trained on became images.
    pub preprocessing: PreprocessingConfig,
    /// Recordings or a preprocessed folder: what the model was trained on.
    pub images: Option<PathBuf>,
}

/// What was imported.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The bundle.
    #[serde(serialize_with = "names::serialize")]
    pub out: PathBuf,
    /// Rows and columns of its images.
    pub image_shape: (usize, usize),
    /// Dimensions of its latent space.
    pub latent_size: usize,
    /// Images that its statistics were measured on; with none they are assumed.
    pub images: usize,
}

/// Writes a bundle of the model at `request.model`.
///
/// With images, the statistics of its batch norms are estimated from them as for a model that was trained here, and where the data
/// lies in the latent space is measured; without, batch norms keep Keras's moving statistics.
///
/// # Errors
/// When the model cannot be read, the folder holds something, or the images do not fit.
pub fn import(request: &Import, context: &JobContext<'_>) -> Result<Report, JobError> {
    let snapshot = read(&request.model)?;
    let mut bundle = bundle(&request.model, snapshot, request.preprocessing.clone())?;
    let _one_writer = FolderLock::whole(&request.out, "import")?;
    refuse_unless_empty(&request.out)?;
    let mut images = 0;
    if let Some(folder) = &request.images {
        let dataset = source::open((folder, &LeftOut::default()), &bundle.config.preprocessing, context)?;
        source::check_fits(&dataset.config, &bundle.config.preprocessing)?;
        let statistics = DatasetStatistics::of(&dataset);
        let items = dataset.items.clone();
        let of_images = DatasetSource(dataset.into());
        let all: Vec<usize> = (0..of_images.len()).collect();
        bundle.snapshot = bundle.snapshot.re_estimated(&of_images, &all, &bundle.config.training)?;
        bundle.config.latent = LatentStatistics::measure(&bundle.snapshot, &of_images, MOST_VECTORS)?;
        bundle.config.dataset = statistics;
        let recordings = Recordings { source: &of_images, items: &items, indices: &all };
        bundle.density = density::fit(&bundle.snapshot, &recordings, MOST_VECTORS)?;
        images = all.len();
    }
    context.check_stopped()?;
    bundle.save(&request.out)?;
    let model = &bundle.config.model;
    Ok(Report {
        out: request.out.clone(),
        image_shape: (model.bins, model.frames),
        latent_size: model.latent_size,
        images,
    })
}

/// Writes `parameters.pkl` and `weights.h5` of `bundle` into `out`, for the tutorial's `VAE.load`.
///
/// # Errors
/// When the tutorial's class cannot be this model, or the folder holds something.
pub fn save(bundle: &Bundle, out: &Path) -> Result<(), JobError> {
    let variables = keras::variables(&bundle.snapshot)?;
    let _one_writer = FolderLock::whole(out, "export")?;
    refuse_unless_empty(out)?;
    let parameters = parameters::to_pickle(&bundle.config.model).map_err(JobError::Other)?;
    let weights =
        weights_file::to_bytes(bundle.config.model.filters.len(), &variables).map_err(JobError::Other)?;
    for (name, bytes) in [(PARAMETERS_FILE, parameters), (WEIGHTS_FILE, weights)] {
        let path = out.join(name);
        named(&path, atomic_file::write_bytes(&path, Durability::Synced, &bytes))?;
    }
    Ok(())
}

/// Nothing that is there is replaced.
fn refuse_unless_empty(folder: &Path) -> Result<(), JobError> {
    let visible = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
    };
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.any(visible)) {
        return Err(JobError::file(folder, "is not empty; name a new folder"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;

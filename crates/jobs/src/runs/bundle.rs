//! A model and everything needed to use it, in one folder.

use std::{path::Path, sync::Arc};

use crate::{
    JobError,
    data::other_folders,
    fault::FileFault,
    files::named,
    runs::{
        bundle_config::BundleConfig,
        density::TrainingDensity,
        keras::{self, model_path},
        model_files::{self, WEIGHTS_FILE},
    },
};
use timbrespace_base::{
    atomic_file::{self, Durability},
    regular_file::{self, ARRAY_LIMIT},
};
use timbrespace_signal::pipeline::config::PreprocessingConfig;
use timbrespace_vae::snapshot::Snapshot;

/// A model that can be used.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Everything but the weights.
    pub config: BundleConfig,
    /// The weights.
    pub snapshot: Snapshot,
    /// The density of the training recordings; bundles of earlier versions have none.
    pub density: Option<TrainingDensity>,
}

impl Bundle {
    /// Whether `folder` looks like a bundle.
    pub fn is_bundle(folder: &Path) -> bool {
        model_files::holds_model(&model_files::current(folder))
    }

    /// Opens a bundle, or a model that Keras saved.
    ///
    /// # Errors
    /// When a file is missing, damaged, or does not fit the others; both values are named.
    pub fn open(folder: &Path) -> Result<Self, JobError> {
        if !folder.is_dir() && !model_path::is_model(folder) {
            return Err(JobError::file(folder, FileFault::NoModelFolder));
        }
        if !Self::is_bundle(folder) && model_path::is_model(folder) {
            return Self::of_keras(folder, None);
        }
        if !Self::is_bundle(folder)
            && let Some(kind) = other_folders::kind(folder)
        {
            return Err(JobError::file(folder, FileFault::NoModelBut(kind)));
        }
        let config = BundleConfig::read(folder)?;
        let current = model_files::current(folder);
        let path = current.join(WEIGHTS_FILE);
        let bytes = named(&path, regular_file::read(&path, ARRAY_LIMIT))?;
        let snapshot = Snapshot::from_safetensors(&config.model, &bytes)
            .map_err(|error| JobError::file(&path, FileFault::DamagedWeights(Arc::new(error))))?;
        let density = TrainingDensity::open(&current, config.model.latent_size, &bytes)?;
        Ok(Self { config, snapshot, density })
    }

    /// Opens a model that Keras saved, with the preprocessing that its images were made with; with `None`, with the settings of
    /// the tutorial as far as they make images of the model's size. What only recordings tell is assumed.
    ///
    /// # Errors
    /// When a file is missing or damaged; and when the settings do not make images of the model's size.
    pub fn of_keras(path: &Path, preprocessing: Option<PreprocessingConfig>) -> Result<Self, JobError> {
        let snapshot = keras::read(path)?;
        let model = snapshot.config();
        let preprocessing = preprocessing.unwrap_or_else(|| keras::assumed_preprocessing(model));
        let config = keras::assumed_config(path, model, preprocessing)?;
        Ok(Self { config, snapshot, density: None })
    }

    /// Reads a bundle from memory: the texts of its two files.
    ///
    /// # Errors
    /// When they do not fit each other.
    pub fn from_parts(config: &str, weights: &[u8]) -> Result<Self, JobError> {
        let config: BundleConfig =
            serde_json::from_str(config).map_err(|error| JobError::Other(error.to_string()))?;
        let snapshot = Snapshot::from_safetensors(&config.model, weights)?;
        Ok(Self { config, snapshot, density: None })
    }

    /// The same model with the density of the bytes `density`, which a bundle with the weights `weights` has in its file.
    ///
    /// # Errors
    /// When the bytes are damaged, or of other weights.
    pub fn with_density(mut self, weights: &[u8], density: &[u8]) -> Result<Self, JobError> {
        let read = TrainingDensity::from_bytes(density, self.config.model.latent_size, weights)
            .and_then(|read| read.ok_or_else(|| "it was fitted to other weights".to_owned()));
        self.density = Some(read.map_err(|cause| JobError::Other(format!("the model's density: {cause}")))?);
        Ok(self)
    }

    /// The same model, which takes recordings of any rate where `resample` is set, also when its training did not.
    #[must_use]
    pub fn resampling(mut self, resample: bool) -> Self {
        self.config.preprocessing.resample |= resample;
        self
    }

    /// Writes `model.safetensors`, `density.safetensors` (where there is a density) and `config.json`, each by renaming a
    /// finished temporary file.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn save(&self, folder: &Path) -> Result<(), JobError> {
        let path = folder.join(WEIGHTS_FILE);
        let bytes = self.snapshot.to_safetensors()?;
        named(&path, atomic_file::write_bytes(&path, Durability::Synced, &bytes))?;
        if let Some(density) = &self.density {
            density.save(folder, &bytes)?;
        }
        self.config.write(folder)
    }
}

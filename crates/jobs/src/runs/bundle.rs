//! A model and everything needed to use it, in one folder.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{
    JobError,
    data::{other_folders, source::batch},
    files::{named, read_text, write_text},
    runs::{density::TrainingDensity, keras, replacement},
};
use timbrespace_base::{
    atomic_file::{self, Durability},
    regular_file::{self, ARRAY_LIMIT},
};
use timbrespace_signal::pipeline::{config::PreprocessingConfig, dataset::Dataset, stages::MinMax};
use timbrespace_vae::{
    config::{TrainingConfig, VaeConfig},
    loss::kl_divergences,
    snapshot::Snapshot,
    trainer::BatchSource,
};

/// Name of the description in a bundle.
pub(crate) const CONFIG_FILE: &str = "config.json";
/// Name of the weights in a bundle.
pub(crate) const WEIGHTS_FILE: &str = "model.safetensors";
/// Images encoded at a time.
pub(crate) const ENCODE_BATCH: usize = 32;

/// Largest difference of a median level, in dB, at which two data sets count as the same one.
const SAME_LEVEL_DB: f32 = 1e-3;

/// What is known about the images a model was trained on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetStatistics {
    /// Images in all.
    pub images: usize,
    /// Classes, sorted.
    pub classes: Vec<String>,
    /// Median minimum and maximum before normalisation.
    pub median_min_max: MinMax,
    /// Names of the recordings that were left out by a list, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

impl DatasetStatistics {
    /// The statistics of `dataset`.
    pub fn of(dataset: &Dataset) -> Self {
        let mut classes: Vec<String> = dataset.items.iter().map(|item| item.class.clone()).collect();
        classes.sort_unstable();
        classes.dedup();
        Self {
            images: dataset.len(),
            classes,
            median_min_max: dataset.median_min_max(),
            left_out: dataset.left_out.clone(),
        }
    }

    /// Whether `dataset` is, as far as can be told, the one of these statistics.
    pub(crate) fn is_of(&self, dataset: &Dataset) -> bool {
        let (ours, theirs) = (dataset.median_min_max(), self.median_min_max);
        dataset.len() == self.images
            && (ours.min - theirs.min).abs() <= SAME_LEVEL_DB
            && (ours.max - theirs.max).abs() <= SAME_LEVEL_DB
    }
}

/// Where the data lies in the latent space, one value a dimension.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LatentStatistics {
    /// Mean of mu.
    pub mean: Vec<f32>,
    /// Standard deviation of mu.
    pub std: Vec<f32>,
    /// Mean KL divergence in nats; near zero for a dimension that says nothing.
    pub kl: Vec<f32>,
}

impl LatentStatistics {
    /// Encodes at most `limit` images, evenly spread over the data set.
    ///
    /// # Errors
    /// When the images do not fit the model.
    pub fn measure(snapshot: &Snapshot, source: &dyn BatchSource, limit: usize) -> Result<Self, JobError> {
        let count = source.len().min(limit.max(1));
        let indices: Vec<usize> = (0..count).map(|index| index * source.len() / count).collect();
        let latent = snapshot.config().latent_size;
        let (mut sum, mut squares, mut kl) =
            (vec![0.0_f64; latent], vec![0.0_f64; latent], vec![0.0_f64; latent]);
        for chunk in indices.chunks(ENCODE_BATCH) {
            let posterior = snapshot.encode(&batch(source, chunk)?.view())?;
            for (mu, divergences) in posterior.mu.outer_iter().zip(kl_divergences(&posterior)) {
                for (dimension, (&mu, divergence)) in mu.iter().zip(divergences).enumerate() {
                    let mu = f64::from(mu);
                    sum[dimension] += mu;
                    squares[dimension] += mu * mu;
                    kl[dimension] += divergence;
                }
            }
        }
        let n = count.max(1) as f64;
        let mean = |values: &[f64]| values.iter().map(|value| (value / n) as f32).collect::<Vec<_>>();
        let std = sum.iter().zip(&squares).map(|(s, q)| ((q / n - (s / n).powi(2)).max(0.0)).sqrt() as f32);
        let measured = Self { mean: mean(&sum), std: std.collect(), kl: mean(&kl) };
        // As they are written: a divergence that is a number in f64 need not be one in f32.
        let Self { mean, std, kl } = &measured;
        if !mean.iter().chain(std).chain(kl).all(|value| value.is_finite()) {
            return Err(JobError::Other(
                "the model gives no numbers for some images; it is not written over the last good one"
                    .to_owned(),
            ));
        }
        Ok(measured)
    }
}

/// `config.json` of a bundle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BundleConfig {
    /// Version of the program that wrote it.
    pub version: String,
    /// Shape of the model.
    pub model: VaeConfig,
    /// Settings of the run, its seed included.
    pub training: TrainingConfig,
    /// How recordings became images.
    pub preprocessing: PreprocessingConfig,
    /// The images.
    pub dataset: DatasetStatistics,
    /// The latent space.
    pub latent: LatentStatistics,
}

impl BundleConfig {
    /// The description of a run on `dataset` that has no model yet.
    pub(crate) fn without_model(model: VaeConfig, training: TrainingConfig, dataset: &Dataset) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            model,
            training,
            preprocessing: dataset.config.clone(),
            dataset: DatasetStatistics::of(dataset),
            latent: LatentStatistics::default(),
        }
    }

    /// Reads `config.json` of a bundle's folder.
    ///
    /// # Errors
    /// When the file is missing or damaged.
    pub fn read(folder: &Path) -> Result<Self, JobError> {
        let path = replacement::current(folder).join(CONFIG_FILE);
        if !path.exists() && keras::is_model(folder) {
            return Err(JobError::file(
                folder,
                "is a model that Keras saved, of which no settings are known; make a bundle of it with `timbrespace import`",
            ));
        }
        let config: Self = serde_json::from_str(&read_text(&path)?)
            .map_err(|error| JobError::file(&path, format!("not the description of a model: {error}")))?;
        config.model.validate().map_err(|error| JobError::file(&path, error.to_string()))?;
        config.preprocessing.validate().map_err(|error| JobError::file(&path, error.to_string()))?;
        config.check_statistics().map_err(|cause| JobError::file(&path, cause))?;
        if let Some(shape) = config.preprocessing.image_shape()
            && shape != (config.model.bins, config.model.frames)
        {
            let (bins, frames) = shape;
            return Err(JobError::file(
                &path,
                format!(
                    "its preprocessing makes images of {bins} × {frames}, its model takes {} × {}",
                    config.model.bins, config.model.frames
                ),
            ));
        }
        Ok(config)
    }

    /// Refuses statistics that are not finite, or not of the model's dimensions; before the first model there are none.
    fn check_statistics(&self) -> Result<(), String> {
        let LatentStatistics { mean, std, kl } = &self.latent;
        for (name, values, least) in [("mean", mean, f32::MIN), ("std", std, 0.0), ("kl", kl, f32::MIN)] {
            if !values.is_empty() && values.len() != self.model.latent_size {
                let (found, expected) = (values.len(), self.model.latent_size);
                return Err(format!(
                    "`latent.{name}` has {found} values, but the model has {expected} dimensions"
                ));
            }
            if let Some(value) = values.iter().find(|value| !value.is_finite() || **value < least) {
                return Err(format!("`latent.{name}` holds {value}, with which no vector can be drawn"));
            }
        }
        let MinMax { min, max } = self.dataset.median_min_max;
        if !self.dataset.median_min_max.is_usable() {
            return Err(format!(
                "`dataset.median_min_max` is {min} to {max}, with which no sound can be made"
            ));
        }
        Ok(())
    }

    /// Writes `config.json` into a bundle's folder.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, folder: &Path) -> Result<(), JobError> {
        let path = folder.join(CONFIG_FILE);
        let text =
            serde_json::to_string_pretty(self).map_err(|error| JobError::file(&path, error.to_string()))?;
        write_text(&path, Durability::Synced, &(text + "\n"))
    }
}

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
        let folder = replacement::current(folder);
        folder.join(CONFIG_FILE).is_file() && folder.join(WEIGHTS_FILE).is_file()
    }

    /// Opens a bundle, or a model that Keras saved.
    ///
    /// # Errors
    /// When a file is missing, damaged, or does not fit the others; both values are named.
    pub fn open(folder: &Path) -> Result<Self, JobError> {
        if !folder.is_dir() && !keras::is_model(folder) {
            return Err(JobError::file(folder, "no such folder; give the folder that `train --out` wrote"));
        }
        if !Self::is_bundle(folder) && keras::is_model(folder) {
            return keras::open(folder);
        }
        if !Self::is_bundle(folder)
            && let Some(kind) = other_folders::kind(folder)
        {
            return Err(JobError::file(folder, format!("is no model of this program, but holds {kind}")));
        }
        let config = BundleConfig::read(folder)?;
        let current = replacement::current(folder);
        let path = current.join(WEIGHTS_FILE);
        let bytes = named(&path, regular_file::read(&path, ARRAY_LIMIT))?;
        let snapshot = Snapshot::from_safetensors(&config.model, &bytes)
            .map_err(|error| JobError::file(&path, error.to_string()))?;
        let density = TrainingDensity::open(&current, config.model.latent_size, &bytes)?;
        Ok(Self { config, snapshot, density })
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

#[cfg(test)]
mod tests {
    use super::*;
    use timbrespace_vae::config::Preset;

    #[test]
    fn statistics_with_which_nothing_can_be_drawn_are_refused_by_name() {
        let latent_size = VaeConfig::preset(Preset::Small, 256, 64).latent_size;
        let good = BundleConfig {
            version: String::new(),
            model: VaeConfig::preset(Preset::Small, 256, 64),
            training: TrainingConfig::default(),
            preprocessing: PreprocessingConfig::default(),
            dataset: DatasetStatistics {
                images: 1,
                classes: Vec::new(),
                median_min_max: MinMax { min: -50.0, max: 20.0 },
                left_out: Vec::new(),
            },
            latent: LatentStatistics {
                mean: vec![0.5; latent_size],
                std: vec![1.0; latent_size],
                kl: vec![2.0; latent_size],
            },
        };
        let folder = tempfile::tempdir().unwrap();
        let read = |change: &dyn Fn(&mut BundleConfig)| {
            let mut config = good.clone();
            change(&mut config);
            config.write(folder.path()).unwrap();
            BundleConfig::read(folder.path()).map_err(|error| error.to_string())
        };
        assert_eq!(read(&|_| ()).unwrap(), good);
        assert!(
            read(&|config| config.latent = LatentStatistics::default()).is_ok(),
            "before the first model"
        );
        assert!(read(&|config| config.latent.std[3] = -0.5).unwrap_err().contains("`latent.std` holds -0.5"));
        assert!(
            read(&|config| config.latent.kl.truncate(2)).unwrap_err().contains("`latent.kl` has 2 values")
        );
        let median = |min| move |config: &mut BundleConfig| config.dataset.median_min_max.min = min;
        assert!(read(&median(30.0)).unwrap_err().contains("median_min_max"));
        // As text, a number may be more than single precision holds.
        let path = folder.path().join(CONFIG_FILE);
        let text = serde_json::to_string(&good).unwrap().replace("0.5", "1e300");
        std::fs::write(&path, text).unwrap();
        let message = BundleConfig::read(folder.path()).unwrap_err().to_string();
        assert!(message.contains("config.json") && message.contains("out of range"), "{message}");
    }
}

//! `config.json`: everything about a model but its weights.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{
    JobError,
    fault::FileFault,
    files::{read_text, write_text},
    runs::{
        keras::model_path,
        model_files::{self, CONFIG_FILE},
        statistics::{DatasetStatistics, LatentStatistics},
    },
};
use timbrespace_base::{atomic_file::Durability, sentence, sentence::Sentence};
use timbrespace_signal::pipeline::{config::PreprocessingConfig, dataset::Dataset, stages::MinMax};
use timbrespace_vae::config::{TrainingConfig, VaeConfig};

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
        let path = model_files::current(folder).join(CONFIG_FILE);
        if !path.exists() && model_path::is_model(folder) {
            return Err(JobError::file(
                folder,
                sentence!(
                    "error-keras-without-settings",
                    "is a model that Keras saved, of which no settings are known; make a bundle of it with `timbrespace import`"
                ),
            ));
        }
        let config: Self = serde_json::from_str(&read_text(&path)?)
            .map_err(|error| JobError::file(&path, FileFault::NoDescription(error.to_string())))?;
        config.model.validate().map_err(|error| JobError::file(&path, error))?;
        config.preprocessing.validate().map_err(|error| JobError::file(&path, error))?;
        config.check_statistics().map_err(|cause| JobError::file(&path, cause))?;
        if let Some(shape) = config.preprocessing.image_shape()
            && shape != (config.model.bins, config.model.frames)
        {
            let taken = (config.model.bins, config.model.frames);
            return Err(JobError::file(&path, FileFault::OtherImages { made: shape, taken }));
        }
        Ok(config)
    }

    /// Refuses statistics that are not finite, or not of the model's dimensions; before the first model there are none.
    fn check_statistics(&self) -> Result<(), Sentence> {
        let LatentStatistics { mean, std, kl } = &self.latent;
        for (name, values, least) in [("mean", mean, f32::MIN), ("std", std, 0.0), ("kl", kl, f32::MIN)] {
            if !values.is_empty() && values.len() != self.model.latent_size {
                let (found, expected) = (values.len(), self.model.latent_size);
                return Err(sentence!(
                    "error-statistics-size",
                    "`latent.{name}` has {found} values, but the model has {expected} dimensions",
                    name = name,
                    found = found,
                    expected = expected
                ));
            }
            if let Some(value) = values.iter().find(|value| !value.is_finite() || **value < least) {
                return Err(sentence!(
                    "error-statistics-value",
                    "`latent.{name}` holds {value}, with which no vector can be drawn",
                    name = name,
                    value = value
                ));
            }
        }
        let MinMax { min, max } = self.dataset.median_min_max;
        if !self.dataset.median_min_max.is_usable() {
            return Err(sentence!(
                "error-statistics-range",
                "`dataset.median_min_max` is {min} to {max}, with which no sound can be made",
                min = min,
                max = max
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

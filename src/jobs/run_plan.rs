//! Whether a run starts, goes on or is refused, and with which settings.

use std::{fmt::Display, fs, io, path::Path};

use super::{JobError, bundle::BundleConfig, choices::Choices, files::named, source, train::Existing};
use crate::{
    atomic_file,
    pipeline::dataset::Dataset,
    vae::{
        checkpoint,
        config::{TrainingConfig, VaeConfig},
    },
};

/// Folder of checkpoints in a bundle.
pub const CHECKPOINTS: &str = "checkpoints";
/// Everything that a run writes into its bundle.
const OWN_FILES: [&str; 10] = [
    "model.safetensors",
    "config.json",
    "history.csv",
    super::history::REPORTS,
    super::step_log::FILE,
    super::run_record::FILE,
    super::run_record::NOTES,
    super::replay::FOLDER,
    "baselines",
    CHECKPOINTS,
];

/// What to do with the bundle's folder.
pub(super) enum RunPlan {
    /// Nothing of worth is there.
    Fresh,
    /// A run is there and goes on.
    Resume(Box<BundleConfig>),
}

impl RunPlan {
    /// Looks at `out`; a bundle without a valid checkpoint is taken over, any other needs a decision.
    pub(super) fn check(out: &Path, existing: Existing) -> Result<Self, JobError> {
        if out.is_file() {
            return Err(JobError::file(out, "is a file; give a folder for the model"));
        }
        if checkpoint::newest_valid(&out.join(CHECKPOINTS)).is_none() {
            return Ok(Self::Fresh);
        }
        match existing {
            Existing::Refuse => Err(JobError::file(
                out,
                "already holds a model with a checkpoint; use --resume to go on with it, --overwrite to replace it, \
                 or another --out",
            )),
            Existing::Resume => Ok(Self::Resume(Box::new(BundleConfig::read(out)?))),
            Existing::Overwrite => Ok(Self::Fresh),
        }
    }

    /// Whether an earlier run goes on.
    pub(super) fn resumes(&self) -> bool {
        matches!(self, Self::Resume(_))
    }

    /// Removes what an earlier run left, if this one starts anew; other files in the folder stay.
    pub(super) fn make_room(&self, out: &Path) -> Result<(), JobError> {
        atomic_file::remove_unfinished(out);
        if self.resumes() {
            return Ok(());
        }
        for path in OWN_FILES.map(|name| out.join(name)) {
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            if let Err(error) = removed
                && error.kind() != io::ErrorKind::NotFound
            {
                return named(&path, Err(error));
            }
        }
        named(out, fs::create_dir_all(out))
    }

    /// The model and the run's settings for `dataset`.
    pub(super) fn settings(
        &self,
        choices: &Choices,
        dataset: &Dataset,
    ) -> Result<(VaeConfig, TrainingConfig), JobError> {
        let settings = self.settings_for(choices, dataset.image_shape())?;
        if let Self::Resume(config) = self {
            source::check_fits(&dataset.config, &config.preprocessing)?;
            refuse_changes(config, &settings, dataset)?;
        }
        Ok(settings)
    }

    /// The model and the run's settings for images of `bins` × `frames`.
    pub(super) fn settings_for(
        &self,
        choices: &Choices,
        (bins, frames): (usize, usize),
    ) -> Result<(VaeConfig, TrainingConfig), JobError> {
        let preset = || VaeConfig::preset(choices.preset.unwrap_or_default(), bins, frames);
        let (model, training) = match self {
            Self::Resume(config) if choices.preset.is_none() => {
                (VaeConfig { bins, frames, ..config.model.clone() }, config.training.clone())
            }
            Self::Resume(config) => (preset(), config.training.clone()),
            Self::Fresh => (preset(), TrainingConfig::preset(choices.preset.unwrap_or_default())),
        };
        let model = VaeConfig {
            latent_size: choices.latent_size.unwrap_or(model.latent_size),
            reconstruction_weight: choices.reconstruction_weight.unwrap_or(model.reconstruction_weight),
            ..model
        };
        let training = choices.training.over(&training)?;
        model.validate()?;
        Ok((model, training))
    }
}

/// Whether the run in `folder` has a valid checkpoint to go on from.
pub fn can_resume(folder: &Path) -> bool {
    checkpoint::newest_valid(&folder.join(CHECKPOINTS)).is_some()
}

/// What a resumed run cannot change, with both values named.
fn refuse_changes(
    config: &BundleConfig,
    (model, training): &(VaeConfig, TrainingConfig),
    dataset: &Dataset,
) -> Result<(), JobError> {
    let (old, old_training) = (&config.model, &config.training);
    let shape = |model: &VaeConfig| format!("{} × {}", model.bins, model.frames);
    differ("image size", &shape(old), &shape(model))?;
    differ("number of images", &config.dataset.images, &dataset.len())?;
    differ("filters", &format!("{:?}", old.filters), &format!("{:?}", model.filters))?;
    differ("strides", &format!("{:?}", old.strides), &format!("{:?}", model.strides))?;
    differ("dense layers", &format!("{:?}", old.hidden), &format!("{:?}", model.hidden))?;
    differ("latent size", &old.latent_size, &model.latent_size)?;
    differ("seed", &old_training.seed, &training.seed)?;
    differ("validation fraction", &old_training.validation_fraction, &training.validation_fraction)?;
    let split = |training: &TrainingConfig| format!("{:?} {:?}", training.split_by, training.validate_names);
    differ("split", &split(old_training), &split(training))?;
    differ("batch size", &old_training.batch_size, &training.batch_size)
}

fn differ<T: PartialEq + Display>(setting: &str, saved: &T, wanted: &T) -> Result<(), JobError> {
    if saved == wanted {
        return Ok(());
    }
    Err(JobError::Other(format!(
        "cannot resume: {setting} of the saved run is {saved}, but {wanted} was asked for; \
         leave the setting out, or start anew with --overwrite or another --out"
    )))
}

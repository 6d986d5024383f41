//! Whether a run starts, goes on or is refused, and with which settings.

use std::{fmt::Display, fs, path::Path};

pub use crate::runs::run_files::{CHECKPOINTS, can_resume};
use crate::{
    JobContext, JobError, JobEvent, Note, Sink,
    data::{
        chosen::{self, Chosen},
        source,
    },
    files::named,
    runs::{
        bundle_config::BundleConfig,
        choices::Choices,
        contents::{self, Contents, FILES, FOLDERS, names as names_of},
        record::{self, RunRecord},
        replacement::{self, Replacement},
    },
};
use timbrespace_base::{
    atomic_file,
    interrupt::Interrupt,
    names::{self, shown},
    sentence,
    setting::Choices as _,
};
use timbrespace_signal::{
    audio::left_out::LeftOut,
    pipeline::{config::PreprocessingConfig, dataset::Dataset},
};
use timbrespace_vae::{
    checkpoint,
    config::{ModelChoices, TrainingConfig, VaeConfig},
};

/// The settings of a run.
pub(crate) struct PlannedSettings {
    pub(crate) model: VaeConfig,
    pub(crate) training: TrainingConfig,
}

/// What to do with a bundle that is already there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// Refuse.
    #[default]
    Refuse,
    /// Go on from its newest valid checkpoint.
    Resume,
    /// Replace it.
    Overwrite,
}

/// What to do with the bundle's folder.
pub(crate) enum RunPlan {
    /// No model, or the remains of a run without a checkpoint.
    Fresh,
    /// A model is there and is replaced once the new run has a checkpoint.
    Replace,
    /// A run is there and goes on.
    Resume(Box<BundleConfig>),
}

impl RunPlan {
    /// Decides what becomes of `out`. First completes a replacement that a kill cut short; otherwise only reads.
    pub(crate) fn check(out: &Path, existing: Existing) -> Result<Self, JobError> {
        if out.is_file() {
            return Err(JobError::file(
                out,
                sentence!("error-file-for-model", "is a file; give a folder for the model"),
            ));
        }
        if existing != Existing::Refuse {
            replacement::finish(out)?;
        }
        if existing == Existing::Resume {
            return Self::check_resume(out);
        }
        match (contents::examine(out), existing) {
            (Contents::Nothing | Contents::Unstarted, _) => Ok(Self::Fresh),
            (Contents::Model, Existing::Overwrite) => Ok(Self::Replace),
            (Contents::Model, _) => Err(refused_model(out)),
            (Contents::Foreign(files), Existing::Overwrite) => Err(JobError::file(
                out,
                sentence!(
                    "error-foreign-files",
                    "--overwrite replaces only a model that Timbrespace wrote, and this folder holds {names}, which it did not \
                     write; choose another --out, or move them",
                    names = names_of(&files)
                ),
            )),
            (Contents::Foreign(files), _) => Err(JobError::file(
                out,
                sentence!(
                    "error-foreign-files",
                    "holds {names}, which a model would replace and Timbrespace did not write; choose another --out, or move them",
                    names = names_of(&files)
                ),
            )),
        }
    }

    /// A run goes on only from a checkpoint that can be read.
    fn check_resume(out: &Path) -> Result<Self, JobError> {
        let cannot = |cause: String, key: &str| {
            let refused = sentence!(
                "error-cannot-resume",
                "cannot resume: {cause}; nothing was changed; check the path, or train anew into another --out",
                cause = cause
            );
            JobError::file(out, refused.naming("cause", key))
        };
        if !out.is_dir() {
            return Err(cannot("there is no such folder".to_owned(), "what-no-folder"));
        }
        if let Err(causes) = checkpoint::newest(&out.join(CHECKPOINTS)) {
            let causes: Vec<String> =
                causes.iter().map(|(place, cause)| format!("{}: {cause}", shown(&place))).collect();
            return Err(cannot(
                format!("no checkpoint can be read ({})", causes.join("; ")),
                "what-no-checkpoint",
            ));
        }
        Ok(Self::Resume(Box::new(BundleConfig::read(out).map_err(|error| cannot(error.to_string(), ""))?)))
    }

    /// Whether an earlier run goes on.
    pub(crate) fn resumes(&self) -> bool {
        matches!(self, Self::Resume(_))
    }

    /// Makes `out` ready for the run, once everything else is known to work; returns how a model is replaced, if one is.
    ///
    /// Only files that a run writes are removed; a model that is replaced stays until [`Replacement::complete`].
    pub(crate) fn prepare(&self, out: &Path, sink: &dyn Sink) -> Result<Option<Replacement>, JobError> {
        atomic_file::remove_unfinished(out);
        for name in FOLDERS {
            atomic_file::remove_unfinished_below(&out.join(name));
        }
        match self {
            Self::Replace => return Ok(Some(Replacement::begin(out)?)),
            Self::Resume(_) => {
                if replacement::discard(out)? {
                    sink.event(JobEvent::Note(Note::OldModel));
                }
            }
            Self::Fresh => {
                named(out, fs::create_dir_all(out))?;
                // First of all, so that a kill at any later moment leaves a folder that is known for ours.
                RunRecord::announce(out)?;
                for name in FILES.iter().filter(|name| **name != record::FILE) {
                    contents::remove(&out.join(name))?;
                }
                contents::clear(out, &FOLDERS)?;
            }
        }
        Ok(None)
    }

    /// The recordings that the run leaves out: those of its start where it goes on and no `list` is given. `folder` is where images
    /// come from, with how they are made of recordings; `None` for images in memory.
    pub(crate) fn left_out(
        &self,
        list: &LeftOut,
        folder: Option<(&Path, &PreprocessingConfig)>,
        interrupt: &Interrupt,
    ) -> Result<LeftOut, JobError> {
        let Self::Resume(config) = self else { return Ok(list.clone()) };
        if list.is_empty() {
            return Ok(config.dataset.left_out.iter().collect());
        }
        // Before anything is preprocessed for this run.
        if let Some((folder, preprocessing)) = folder
            && !Dataset::is_preprocessed(folder)
        {
            let found =
                chosen::scan(Chosen::new(folder, list), preprocessing, &JobContext::silent(interrupt))?
                    .left_out;
            refuse_other_list(&config.dataset.left_out, list, &found)?;
        }
        Ok(list.clone())
    }

    /// Refuses a list that leaves out other images than the run did at its start.
    pub(crate) fn check_left_out(&self, list: &LeftOut, dataset: &Dataset) -> Result<(), JobError> {
        match self {
            Self::Resume(config) => refuse_other_list(&config.dataset.left_out, list, &dataset.left_out),
            Self::Fresh | Self::Replace => Ok(()),
        }
    }

    /// The model and the run's settings for `dataset`.
    pub(crate) fn settings(&self, choices: &Choices, dataset: &Dataset) -> Result<PlannedSettings, JobError> {
        let settings = self.settings_for(choices, dataset.image_shape())?;
        if let Self::Resume(config) = self {
            source::check_fits(&dataset.config, &config.preprocessing)?;
            refuse_changes(config, &settings, dataset)?;
        }
        Ok(settings)
    }

    /// The model and the run's settings for images of `bins` × `frames`.
    pub(crate) fn settings_for(
        &self,
        choices: &Choices,
        image_shape: (usize, usize),
    ) -> Result<PlannedSettings, JobError> {
        let (bins, frames) = image_shape;
        let (chosen, fresh) = choices.over_preset();
        let fresh_model = chosen.model(bins, frames);
        let (model, training) = match self {
            Self::Fresh | Self::Replace => (fresh_model, fresh),
            Self::Resume(config) => {
                let training = choices.training.over(&config.training);
                if choices.model.preset.is_some() {
                    (fresh_model, training)
                } else {
                    let old = &config.model;
                    let ModelChoices { latent_size, reconstruction_weight, .. } = choices.model;
                    let model = VaeConfig {
                        bins,
                        frames,
                        latent_size: latent_size.unwrap_or(old.latent_size),
                        reconstruction_weight: reconstruction_weight.unwrap_or(old.reconstruction_weight),
                        ..old.clone()
                    };
                    (model, training)
                }
            }
        };
        model.validate()?;
        training.validate()?;
        Ok(PlannedSettings { model, training })
    }
}

/// Compares the recordings that a run left out at its start with those that it would leave out now: `found`, and what of the
/// `list` is no longer there.
fn refuse_other_list(recorded: &[String], list: &LeftOut, found: &[String]) -> Result<(), JobError> {
    let (before, now): (LeftOut, LeftOut) = (recorded.iter().collect(), found.iter().collect());
    let more = found.iter().find(|name| !before.contains(name));
    let fewer = recorded.iter().find(|name| !list.contains(name) && !now.contains(name));
    let (now, before) = (found.len(), recorded.len());
    Err(JobError::Setting(match (more, fewer) {
        (None, None) => return Ok(()),
        (Some(name), _) => sentence!(
            "error-more-left-out",
            "--exclude leaves out {now} recordings, but the run that goes on left out {before} (it had {name}); give --resume \
             without --exclude to keep the run's own list, or train anew",
            now = now,
            before = before,
            name = names::escaped(name)
        ),
        (None, Some(name)) => sentence!(
            "error-fewer-left-out",
            "--exclude leaves out {now} recordings, but the run that goes on left out {before} (it did not have {name}); give \
             --resume without --exclude to keep the run's own list, or train anew",
            now = now,
            before = before,
            name = names::escaped(name)
        ),
    }))
}

/// Why a model is not replaced without a word.
fn refused_model(out: &Path) -> JobError {
    let cause = if can_resume(out) {
        sentence!(
            "error-model-is-there",
            "already holds a model with a checkpoint; use --resume to go on with it, --overwrite to replace it, or another --out"
        )
    } else {
        sentence!(
            "error-old-model-is-there",
            "already holds a model (without a checkpoint to go on from); use --overwrite to replace it, or another --out"
        )
    };
    JobError::file(out, cause)
}

/// What a resumed run cannot change, with both values named.
fn refuse_changes(
    config: &BundleConfig,
    planned: &PlannedSettings,
    dataset: &Dataset,
) -> Result<(), JobError> {
    let PlannedSettings { model, training } = planned;
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
    let refused = sentence!(
        "error-resume-differs",
        "cannot resume: {setting} of the saved run is {saved}, but {wanted} was asked for; \
         leave the setting out, or start anew with --overwrite or another --out",
        setting = setting,
        saved = saved,
        wanted = wanted
    );
    Err(refused.naming("setting", format!("what-{}", setting.replace(' ', "-"))).into())
}

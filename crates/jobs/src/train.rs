//! Trains a model and keeps it as a bundle.

mod images;
mod under_way;

use std::{path::PathBuf, sync::Arc};

use serde::Serialize;

pub use crate::runs::{choices::Choices, plan::Existing};
use crate::{
    JobContext, JobError, JobEvent, Note,
    data::{source, varied_source::VariedSource},
    export::tensorboard::{self, RunEvents},
    runs::{
        baselines::BaselineModel,
        book::RunBook,
        bundle_config::BundleConfig,
        history::History,
        plan::{CHECKPOINTS, PlannedSettings, RunPlan},
        replacement::Replacement,
        replay::{Candidates, Followed},
        step_log::{self, StepLog},
    },
    split_preview::held_out,
};
use images::TrainingImages;
pub use images::{STREAM, Streaming};
pub use under_way::Ending;
use under_way::Run;

use timbrespace_base::{folder_lock::FolderLock, interrupt::UnsavedWork, names, sentence::Sentence};
use timbrespace_signal::{
    audio::left_out::LeftOut,
    pipeline::{config::PreprocessingConfig, dataset::Dataset},
};
use timbrespace_vae::{
    config::{Preset, TrainingConfig},
    moving_folder::MovingFolder,
    split::Labels,
    steering::Steering,
    trainer::{BatchSource, EpochReport, Outcome, Setting, Trainer},
};

/// Where the images come from.
#[derive(Clone, Debug)]
pub enum Images {
    /// A folder of recordings or a preprocessed one.
    Folder(PathBuf, Box<PreprocessingConfig>),
    /// A data set that is already in memory.
    Memory(Arc<Dataset>),
}

/// What to train.
#[derive(Clone, Debug)]
pub struct Request {
    /// The images.
    pub images: Images,
    /// Recordings to leave out; a run that goes on has those that it left out from its start. Images in memory are used as
    /// they are.
    pub left_out: LeftOut,
    /// The bundle's folder.
    pub out: PathBuf,
    /// Settings.
    pub choices: Choices,
    /// What to do with a bundle that is already there.
    pub existing: Existing,
    /// Settings that can change during the run.
    pub steering: Steering,
    /// Whether images are read from disk while training goes on.
    pub streaming: Streaming,
    /// Folder for TensorBoard's event files, where they are wanted.
    pub tensorboard: Option<PathBuf>,
}

/// How a run ended.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The bundle.
    #[serde(serialize_with = "names::serialize")]
    pub out: PathBuf,
    /// Whether it ended by itself (`false`: stopped on request; the bundle is usable and resumable).
    pub finished: bool,
    /// Whether early stopping ended it before its last epoch.
    pub stopped_early: bool,
    /// The epoch whose weights are the model; 0 for weights from within the first epoch.
    pub kept_epoch: usize,
    /// Images in all.
    pub images: usize,
    /// Images of these that validated.
    pub validation_images: usize,
    /// Trainable parameters.
    pub parameters: usize,
    /// The last epoch's figures.
    pub last_epoch: Option<EpochReport>,
    /// Seconds of training, earlier parts of the run included.
    pub seconds: f64,
}

/// Trains.
///
/// # Errors
/// When the images or the bundle cannot be used, or the loss is no longer a number.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    // Before anything is looked at: what another writer does to the folder in the meantime would make the plan wrong.
    let _one_writer = FolderLock::whole(&request.out, "train")?;
    let plan = RunPlan::check(&request.out, request.existing)?;
    request.tensorboard.as_deref().map_or(Ok(()), tensorboard::check)?;
    let images = open_images(&plan, request, context)?;
    let TrainingImages { dataset, source } = &images;
    let PlannedSettings { model, training } = plan.settings(&request.choices, dataset)?;
    // A split that cannot be made must not cost the model that --overwrite replaces.
    let labels = source::labels_of_dataset(dataset);
    let (trained_on, kept_out) = training.split(&labels)?;
    tell_split(&training, &labels, &kept_out, context);
    context.event(JobEvent::Architecture(Box::new(model.clone())));
    let varied = Arc::new(VariedSource::new(Arc::clone(source), dataset, training.augmentation));
    let fit = || fit_components(&**source, &trained_on, model.latent_size, context);
    let fitted = (model.linear_path && !plan.resumes()).then(fit).transpose()?;
    let start = fitted.as_ref().map(BaselineModel::linear_start);
    let mut trainer = Trainer::starting_from(start.as_ref(), model.clone(), training.clone(), varied)?;
    drop(start);
    let resumed = plan.resumes() && trainer.resume(&request.out.join(CHECKPOINTS))?;
    let last = if resumed { trainer.step() } else { 0 };
    let note = |note: Note| context.note(note);
    let begin = |folder| RunEvents::begin(folder, last, !kept_out.is_empty(), &|words| context.note(words));
    let events = request.tensorboard.as_deref().map(begin).transpose()?;
    // From here on the folder changes: whatever can be refused has been tried, and a signal waits until a checkpoint is
    // written.
    let _keeping = UnsavedWork::begin();
    let replacement = plan.prepare(&request.out, context.sink)?;
    let out =
        MovingFolder::new(replacement.as_ref().map_or_else(|| request.out.clone(), Replacement::folder));
    let mut trainer =
        trainer.with_checkpoints(out.child(CHECKPOINTS)).with_steering(request.steering.clone());
    if resumed {
        steer_to_choices(request);
    }
    let config = BundleConfig::without_model(model, training, dataset);
    let (history, steps) = begin_logs(&out, &config, last, &note)?;
    let book = open_book(request, &out, &config, &images, &trainer, &history, &note);
    let trained_on = trainer.split().0;
    let mut run = Run {
        out,
        replacement,
        config,
        source,
        dataset,
        trained_on,
        fitted,
        history,
        steps,
        events,
        book,
        sink: context.sink,
    };
    let (outcome, kept_epoch) = run.train_to_its_end(&mut trainer, &request.steering, context.interrupt)?;
    Ok(Report {
        out: request.out.clone(),
        finished: outcome != Outcome::Stopped,
        stopped_early: outcome == Outcome::EarlyStopped,
        kept_epoch,
        images: dataset.len(),
        validation_images: kept_out.len(),
        parameters: run.config.model.parameter_count(),
        seconds: run.history.epochs().last().map_or(0.0, |epoch| epoch.seconds),
        last_epoch: run.history.epochs().last().cloned(),
    })
}

/// Says what of the split a person should know: nothing is kept out, or which recordings are.
fn tell_split(training: &TrainingConfig, labels: &[Labels], kept_out: &[usize], context: &JobContext<'_>) {
    let kinds = held_out(training, labels, kept_out);
    if kept_out.is_empty() && training.validation_fraction > 0.0 && labels.len() > 1 {
        context.note(Note::NoneKeptOut);
    }
    if !kinds.is_empty() {
        context.note(Note::KeptOut(kinds));
    }
}

/// Fits the principal components that a model with a linear path starts as.
fn fit_components(
    source: &dyn BatchSource,
    trained_on: &[usize],
    size: usize,
    context: &JobContext<'_>,
) -> Result<BaselineModel, JobError> {
    context.note(Note::FittingComponents);
    BaselineModel::fit(source, trained_on, size)
}

/// Opens the images that are not left out; of a run that goes on, those that it began with.
fn open_images(
    plan: &RunPlan,
    request: &Request,
    context: &JobContext<'_>,
) -> Result<TrainingImages, JobError> {
    let folder = match &request.images {
        Images::Folder(folder, config) => Some((folder.as_path(), &**config)),
        Images::Memory(_) => None,
    };
    let left_out = plan.left_out(&request.left_out, folder, context.interrupt)?;
    let images = TrainingImages::open(&request.images, &left_out, request.streaming, &request.out, context)?;
    if matches!(request.images, Images::Folder(..)) {
        plan.check_left_out(&left_out, &images.dataset)?;
    }
    Ok(images)
}

/// Writes the description of a run, and its history and steps up to step `last`.
fn begin_logs(
    out: &MovingFolder,
    config: &BundleConfig,
    last: usize,
    note: &dyn Fn(Note),
) -> Result<(History, StepLog), JobError> {
    let (history, steps) = out.with(|out| {
        config.write(out)?;
        let damaged = |cause: Sentence| note(Note::Damaged(cause));
        let history = History::open(out, last)?;
        history.notes().iter().cloned().for_each(damaged);
        history.write(out)?;
        Ok::<_, JobError>((history, step_log::read(out, last, &damaged)?))
    })?;
    Ok((history, StepLog::begin(out, &steps)?))
}

/// The book of what else is kept of a run.
fn open_book<'a>(
    request: &Request,
    out: &MovingFolder,
    config: &BundleConfig,
    images: &TrainingImages,
    trainer: &Trainer,
    history: &History,
    note: &'a (dyn Fn(Note) + Sync),
) -> RunBook<'a> {
    let folder = match &request.images {
        Images::Folder(folder, _) => Some(folder.as_path()),
        Images::Memory(_) => None,
    };
    let about = |index: usize| {
        let item = &images.dataset.items[index];
        Followed { name: item.name.clone(), source: item.source.clone(), min_max: item.min_max }
    };
    let (training, validation) = trainer.split();
    let candidates = Candidates {
        source: &*images.source,
        about: &about,
        training,
        validation,
        median: config.dataset.median_min_max,
        seed: config.training.seed,
        latent_size: config.model.latent_size,
    };
    let epochs_done = history.epochs().last().map_or(0, |epoch| epoch.epoch);
    let begins = request.existing != Existing::Resume;
    let preset = request.choices.model.preset.or_else(|| begins.then(Preset::default));
    RunBook::open(out, config, folder, &candidates, preset, epochs_done, note)
}

/// What was chosen for a run that goes on, and can be changed under way, is.
fn steer_to_choices(request: &Request) {
    let chosen = &request.choices.training;
    if let Some(rate) = chosen.learning_rate {
        request.steering.set(Setting::LearningRate, rate);
    }
    if let Some(beta) = chosen.beta {
        request.steering.set(Setting::Beta, beta);
    }
}

#[cfg(test)]
mod tests;

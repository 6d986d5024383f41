//! Trains a model and keeps it as a bundle.

use std::{path::PathBuf, sync::Arc, thread};

use serde::Serialize;

use super::{
    JobError, JobEvent, Sink,
    baselines::BaselineModel,
    bundle::{Bundle, BundleConfig, LatentStatistics},
    density::{self, Recordings, TrainingDensity},
    detail,
    history::History,
    replacement::Replacement,
    replay::{Candidates, Followed},
    run_book::RunBook,
    run_folder::names,
    run_plan::{CHECKPOINTS, RunPlan},
    source,
    split_preview::held_out,
    step_log::{self, StepLog, StepRow},
    tensorboard::{self, RunEvents},
    training_images::TrainingImages,
    varied_source::VariedSource,
};
pub use super::{
    choices::{Choices, TrainingChoices},
    training_images::Streaming,
};
use crate::{
    audio::left_out::LeftOut,
    folder_lock::FolderLock,
    interrupt::{Interrupt, Keeping},
    names::{self, shown},
    pipeline::{config::PreprocessingConfig, dataset::Dataset},
    vae::{
        checkpoint,
        moving_folder::MovingFolder,
        snapshot::Snapshot,
        steering::Steering,
        trainer::{BatchSource, EpochReport, Outcome, Setting, TrainEvent, Trainer},
        training_config::Keep,
    },
};

/// Images that the latent statistics of a preview are measured on.
const PREVIEW_IMAGES: usize = 256;
/// Images that the latent statistics of a finished model are measured on, and that its density is fitted to.
const FINAL_IMAGES: usize = 2048;

/// Where the images come from.
#[derive(Clone, Debug)]
pub enum Images {
    /// A folder of recordings or a preprocessed one.
    Folder(PathBuf, PreprocessingConfig),
    /// A data set that is already in memory.
    Memory(Arc<Dataset>),
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
pub fn run(request: &Request, sink: &dyn Sink, interrupt: &Interrupt) -> Result<Report, JobError> {
    // Before anything is looked at: what another writer does to the folder in the meantime would make the plan wrong.
    let _one_writer = FolderLock::whole(&request.out, "train")?;
    let plan = RunPlan::check(&request.out, request.existing)?;
    request.tensorboard.as_deref().map_or(Ok(()), tensorboard::check)?;
    let TrainingImages { dataset, source } = open_images(&plan, request, sink, interrupt)?;
    let (model, training) = plan.settings(&request.choices, &dataset)?;
    // A split that cannot be made must not cost the model that --overwrite replaces.
    let labels = source::labels_of_dataset(&dataset);
    let (trained_on, kept_out) = training.split(&labels)?;
    let kinds = held_out(&training, &labels, &kept_out);
    if !kinds.is_empty() {
        sink.event(JobEvent::Note(format!("kept out of training: {}", kinds.join(", "))));
    }
    sink.event(JobEvent::Layers(model.layer_table()));
    let varied = Arc::new(VariedSource::new(Arc::clone(&source), &dataset, training.augmentation));
    let fitted = (model.linear_path && !plan.resumes()).then(|| {
        sink.event(JobEvent::Note("fitting the principal components that the model starts as".to_owned()));
        BaselineModel::fit(&*source, &trained_on, model.latent_size)
    });
    let fitted = fitted.transpose()?;
    let start = fitted.as_ref().map(BaselineModel::linear_start);
    let mut trainer = Trainer::starting_from(start.as_ref(), model.clone(), training.clone(), varied)?;
    drop(start);
    let resumed = plan.resumes() && trainer.resume(&request.out.join(CHECKPOINTS))?;
    let last = if resumed { trainer.step() } else { 0 };
    let note = |text| sink.event(JobEvent::Note(text));
    let events = request.tensorboard.as_deref();
    let events = events.map(|folder| RunEvents::begin(folder, last, !kept_out.is_empty(), &note));
    let events = events.transpose()?;
    // From here on the folder changes: whatever can be refused has been tried, and a signal waits until a checkpoint is
    // written.
    let _keeping = Keeping::begin();
    let replacement = plan.prepare(&request.out, sink)?;
    let out =
        MovingFolder::new(replacement.as_ref().map_or_else(|| request.out.clone(), Replacement::folder));
    let mut trainer =
        trainer.with_checkpoints(out.child(CHECKPOINTS)).with_steering(request.steering.clone());
    if resumed {
        steer_to_choices(request);
    }
    let config = BundleConfig::without_model(model, training, &dataset);
    let (history, steps) = begin_logs(&out, &config, last, &note)?;
    let book = open_book(request, (&out, &config), (&dataset, &*source, &trainer), &history, &note);
    let training = (&*dataset, trainer.split().0);
    let source = &source;
    let mut run =
        Run { out, replacement, config, source, training, fitted, history, steps, events, book, sink };
    let (outcome, kept_epoch) = run.train_to_its_end(&mut trainer, &request.steering, interrupt)?;
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

/// Opens the images that are not left out; of a run that goes on, those that it began with.
fn open_images(
    plan: &RunPlan,
    request: &Request,
    sink: &dyn Sink,
    interrupt: &Interrupt,
) -> Result<TrainingImages, JobError> {
    let left_out = plan.left_out(request, interrupt)?;
    let images = (&request.images, &left_out, request.streaming);
    let images = TrainingImages::open(images, &request.out, sink, interrupt)?;
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
    note: &dyn Fn(String),
) -> Result<(History, StepLog), JobError> {
    let (history, steps) = out.with(|out| {
        config.write(out)?;
        let history = History::open(out, last)?;
        history.notes().iter().cloned().for_each(note);
        history.write(out)?;
        Ok::<_, JobError>((history, step_log::read(out, last, note)?))
    })?;
    Ok((history, StepLog::begin(out, &steps)?))
}

/// The book of what else is kept of a run.
fn open_book<'a>(
    request: &Request,
    (out, config): (&MovingFolder, &BundleConfig),
    (dataset, source, trainer): (&Dataset, &dyn BatchSource, &Trainer),
    history: &History,
    note: &'a (dyn Fn(String) + Sync),
) -> RunBook<'a> {
    let folder = match &request.images {
        Images::Folder(folder, _) => Some(folder.as_path()),
        Images::Memory(_) => None,
    };
    let about = |index: usize| {
        let item = &dataset.items[index];
        Followed { name: item.name.clone(), source: item.source.clone(), min_max: item.min_max }
    };
    let candidates = Candidates {
        source,
        about: &about,
        split: trainer.split(),
        median: config.dataset.median_min_max,
        seed: config.training.seed,
        latent_size: config.model.latent_size,
    };
    let epochs_done = history.epochs().last().map_or(0, |epoch| epoch.epoch);
    RunBook::open(out, (config, folder), &candidates, epochs_done, note)
}

/// What was chosen for a run that goes on, and can be changed under way, is.
fn steer_to_choices(request: &Request) {
    let chosen = |name: &str| request.choices.training.get::<f64>(name);
    if let Some(rate) = chosen("learning_rate") {
        request.steering.set(Setting::LearningRate, rate);
    }
    if let Some(beta) = chosen("beta") {
        request.steering.set(Setting::Beta, beta);
    }
}

/// A run under way: keeps on disk what the trainer tells, and passes it on.
struct Run<'a> {
    out: MovingFolder,
    /// Until the run has replaced the model that was there.
    replacement: Option<Replacement>,
    config: BundleConfig,
    source: &'a Arc<dyn BatchSource>,
    /// What is known of the images, and those that train.
    training: (&'a Dataset, Vec<usize>),
    /// The baselines, where the model starts as them.
    fitted: Option<BaselineModel>,
    history: History,
    steps: StepLog,
    events: Option<RunEvents>,
    book: RunBook<'a>,
    sink: &'a dyn Sink,
}

impl Run<'_> {
    /// Trains and leaves the model; how it ended is written down, an error too. Returns the epoch of the model.
    fn train_to_its_end(
        &mut self,
        trainer: &mut Trainer,
        steering: &Steering,
        interrupt: &Interrupt,
    ) -> Result<(Outcome, usize), JobError> {
        let ended = self.train(trainer, interrupt).and_then(|outcome| {
            let (kept_epoch, snapshot) = self.choose(trainer, steering)?;
            self.keep(&snapshot, FINAL_IMAGES)?;
            self.replace_old_model()?;
            self.keep_detail(&snapshot, &trainer.split().0, interrupt);
            Ok((outcome, kept_epoch))
        });
        self.book.close(ended.as_ref().map(|(outcome, _)| *outcome).map_err(ToString::to_string));
        ended
    }

    fn train(&mut self, trainer: &mut Trainer, interrupt: &Interrupt) -> Result<Outcome, JobError> {
        let (training, validation) = trainer.split();
        let (source, sink, out) = (Arc::clone(self.source), self.sink, self.out.clone());
        let components = self.config.model.latent_size;
        let fitted = self.fitted.take();
        for epoch in self.history.epochs() {
            sink.event(JobEvent::Train(TrainEvent::Epoch(epoch.clone())));
        }
        thread::scope(|scope| {
            let baselines =
                thread::Builder::new().name("baselines".to_owned()).spawn_scoped(scope, move || {
                    let mut model = match fitted {
                        Some(fitted) => fitted,
                        None => BaselineModel::fit(&*source, &training, components)?,
                    };
                    model.fit_groups(&*source, &training)?;
                    let measured = if validation.is_empty() { &training } else { &validation };
                    let figures = model.measure(&*source, measured).ok();
                    if let Some(figures) = figures {
                        sink.event(JobEvent::Baselines(figures));
                    }
                    out.with(|out| model.save(out)).map(|()| figures)
                });
            let outcome = trainer.run(&mut |event| self.hear(event), interrupt);
            // A run that was stopped goes on after these steps.
            let flushed = self.steps.flush();
            self.goes_on("its steps", flushed);
            self.add_events(RunEvents::flush);
            if outcome.is_err() {
                self.tell_the_way_back();
            }
            // What becomes of the baselines neither ends a run nor hides how it ended.
            match baselines.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(Ok(figures))) => self.book.keep_baselines(figures),
                Ok(Ok(Err(error))) => self.note(format!("the baselines could not be kept: {error}")),
                Ok(Err(_)) => self.note("the baselines could not be computed".to_owned()),
                Err(error) => self.note(format!(
                    "the baselines could not be computed: could not start a worker thread: {error}"
                )),
            }
            Ok(outcome?)
        })
    }

    fn hear(&mut self, event: TrainEvent) {
        let is_preview = matches!(event, TrainEvent::Preview(_));
        if !is_preview {
            self.book.hear(&event);
        }
        let event = self.after_replacement(event);
        match &event {
            TrainEvent::Step {
                step,
                epochs_done,
                losses,
                rates,
                gradient_norm,
                samples_per_second,
                seconds,
                ..
            } => {
                let row = StepRow {
                    step: *step,
                    epochs: *epochs_done,
                    losses: *losses,
                    rates: *rates,
                    gradient_norm: *gradient_norm,
                    samples_per_second: *samples_per_second,
                    seconds: *seconds,
                };
                let pushed = self.steps.push(row);
                self.goes_on("its steps", pushed);
                self.add_events(|events| events.step(&row));
            }
            TrainEvent::Epoch(report) => {
                let Self { history, out, .. } = self;
                let pushed = out.with(|out| history.push(out, report));
                let flushed = self.steps.flush();
                self.goes_on("its history", pushed.and(flushed));
                self.add_events(|events| events.epoch(report));
            }
            TrainEvent::Preview(snapshot) => {
                let kept = self.keep(snapshot, PREVIEW_IMAGES);
                self.goes_on("its model", kept);
            }
            TrainEvent::CheckpointFailed(cause) => {
                self.note(format!(
                    "the run goes on, but a checkpoint could not be written: {cause}; the last good one is still there. \
                     Make room, and the next one will be"
                ));
            }
            TrainEvent::Refused(cause) => self.note(cause.clone()),
            TrainEvent::Started { .. } | TrainEvent::Checkpoint(_) | TrainEvent::Changed(_) => {}
        }
        if is_preview {
            // The replay's vectors are drawn from the density that was fitted to this very preview.
            self.book.hear(&event);
        }
        self.sink.event(JobEvent::Train(event));
    }

    /// Has TensorBoard's files written, where there are any.
    fn add_events(&mut self, add: impl FnOnce(&mut RunEvents) -> Result<(), JobError>) {
        let added = self.events.as_mut().map_or(Ok(()), add);
        self.goes_on("its event files for TensorBoard", added);
    }

    /// The same news, with the path that a checkpoint has once its run has replaced the old model.
    fn after_replacement(&mut self, event: TrainEvent) -> TrainEvent {
        let TrainEvent::Checkpoint(place) = event else { return event };
        let replaced = self.replace_old_model();
        self.goes_on("the new files of the model", replaced);
        let name = place.file_name().map(ToOwned::to_owned).unwrap_or_default();
        TrainEvent::Checkpoint(self.out.child(CHECKPOINTS).child(name).path())
    }

    /// Puts the run in the place of the model that was there, once it has a checkpoint and a model of its own.
    fn replace_old_model(&mut self) -> Result<(), JobError> {
        let Some(replacement) = self.replacement.as_ref().filter(|replacement| replacement.is_ready()) else {
            return Ok(());
        };
        let stay = replacement.complete(&self.out)?;
        self.replacement = None;
        if !stay.is_empty() {
            self.note(format!(
                "Timbrespace did not write these files and leaves them where they are: {}",
                names(&stay)
            ));
        }
        Ok(())
    }

    fn goes_on(&self, what: &str, written: Result<(), JobError>) {
        if let Err(error) = written {
            self.note(format!("the run goes on, but {what} could not be written: {error}"));
        }
    }

    /// The weights that are left as the model, with the epoch they are of.
    fn choose(&self, trainer: &mut Trainer, steering: &Steering) -> Result<(usize, Snapshot), JobError> {
        let keep = steering.keep().unwrap_or(self.config.training.keep);
        if keep == Keep::Best {
            match trainer.best_snapshot()? {
                Some(best) => return Ok(best),
                None => {
                    self.note("the best epoch's checkpoint is gone; the last weights are kept".to_owned());
                }
            }
        }
        let epoch = self.history.epochs().last().map_or(0, |report| report.epoch);
        Ok((epoch, trainer.snapshot()?))
    }

    /// Saves a usable bundle and hands it to the listener.
    fn keep(&mut self, snapshot: &Snapshot, images: usize) -> Result<(), JobError> {
        self.config.latent = LatentStatistics::measure(snapshot, &**self.source, images)?;
        let density = self.density(snapshot, images);
        if let Some(TrainingDensity { density, .. }) = &density {
            self.book.draw_vectors(density, self.config.training.seed);
        }
        let bundle = Bundle { config: self.config.clone(), snapshot: snapshot.clone(), density };
        let saved = self.out.with(|out| bundle.save(out));
        self.sink.event(JobEvent::Model(Arc::new(bundle)));
        saved
    }

    /// The density of the training recordings; a model is kept without one where it cannot be fitted.
    fn density(&self, snapshot: &Snapshot, images: usize) -> Option<TrainingDensity> {
        if self.out.with(density::is_foreign) {
            self.note(format!(
                "the model is kept without the density of its recordings: Timbrespace did not write the {} that is there; \
                 move it away",
                density::FILE
            ));
            return None;
        }
        let (dataset, indices) = &self.training;
        let recordings = Recordings { source: &**self.source, items: &dataset.items, indices };
        density::fit(snapshot, &recordings, images).unwrap_or_else(|error| {
            self.note(format!("the model is kept without the density of its recordings: {error}"));
            None
        })
    }

    /// Keeps the residuals of the training images; without them the model is whole, so nothing here ends a run.
    fn keep_detail(&self, snapshot: &Snapshot, training: &[usize], interrupt: &Interrupt) {
        if self.out.with(detail::is_foreign) {
            return self.note(format!(
                "the model is kept without detail: Timbrespace did not write the {} that is there; move it away, then run \
                 `timbrespace detail`",
                detail::FILE
            ));
        }
        let made = detail::measure(snapshot, (&**self.source, training), None, self.sink, interrupt);
        match made.and_then(|(made, _)| self.out.with(|out| made.write(out)).map(|()| made)) {
            Ok(made) if made.recordings() < made.of() => self.note(format!(
                "detail was made of {} of the {} training recordings, evenly spread: more do not fit into its file",
                made.recordings(),
                made.of()
            )),
            Ok(_) => {}
            Err(error) if error.is_stopped() => self.note(
                "the run was stopped before detail was made; `timbrespace detail` makes it from the recordings".to_owned(),
            ),
            Err(error) => self.note(format!("the model is kept, but its detail could not be: {error}")),
        }
    }

    /// After an error: what is left, and how to go on with it.
    fn tell_the_way_back(&self) {
        let Some((place, _)) = self.out.child(CHECKPOINTS).with(checkpoint::newest_valid) else {
            return self.note("the run has no checkpoint yet; start it anew with other settings".to_owned());
        };
        self.note(format!(
            "the last good checkpoint is {}; go on from it with a lower learning rate (--resume --learning-rate {})",
            shown(&place),
            self.config.training.learning_rate / 3.0
        ));
    }

    fn note(&self, text: String) {
        self.sink.event(JobEvent::Note(text));
    }
}

#[cfg(test)]
mod tests;

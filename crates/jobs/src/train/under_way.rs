//! A run under way: what the trainer tells is kept on disk and passed on, and at its end the model is left.

use std::{sync::Arc, thread};

use crate::{
    JobContext, JobError, JobEvent, Note, Sink,
    export::tensorboard::RunEvents,
    note::{Part, Reason},
    runs::{
        baselines::BaselineModel,
        book::RunBook,
        bundle::Bundle,
        bundle_config::BundleConfig,
        contents::names,
        density::{
            self, TrainingDensity,
            fit::{self, Recordings},
        },
        detail::{self, measure},
        history::History,
        plan::CHECKPOINTS,
        replacement::Replacement,
        statistics::LatentStatistics,
        step_log::{StepLog, StepRow},
    },
};
use timbrespace_base::{interrupt::Interrupt, sentence};
use timbrespace_signal::pipeline::dataset::Dataset;
use timbrespace_vae::{
    checkpoint,
    moving_folder::MovingFolder,
    snapshot::Snapshot,
    steering::Steering,
    trainer::{BatchSource, Outcome, TrainEvent, Trainer},
    training_config::Keep,
};

/// Images that the latent statistics of a preview are measured on.
const PREVIEW_IMAGES: usize = 256;
/// Images that the latent statistics of a finished model are measured on, and that its density is fitted to.
const FINAL_IMAGES: usize = 2048;

/// A part of a run after its last step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The model, its latent statistics and its density are measured.
    Measuring,
    /// The model is saved.
    Saving {
        /// The epoch that its weights are of.
        epoch: usize,
    },
}

/// A run under way: keeps on disk what the trainer tells, and passes it on.
pub(super) struct Run<'a> {
    pub out: MovingFolder,
    /// Until the run has replaced the model that was there.
    pub replacement: Option<Replacement>,
    pub config: BundleConfig,
    pub source: &'a Arc<dyn BatchSource>,
    /// What is known of the images.
    pub dataset: &'a Dataset,
    /// The images that train.
    pub trained_on: Vec<usize>,
    /// The baselines, where the model starts as them.
    pub fitted: Option<BaselineModel>,
    pub history: History,
    pub steps: StepLog,
    pub events: Option<RunEvents>,
    pub book: RunBook<'a>,
    pub sink: &'a dyn Sink,
}

impl Run<'_> {
    /// Trains and leaves the model; how it ended is written down, an error too. Returns the epoch of the model.
    pub(super) fn train_to_its_end(
        &mut self,
        trainer: &mut Trainer,
        steering: &Steering,
        interrupt: &Interrupt,
    ) -> Result<(Outcome, usize), JobError> {
        let ended = self.train(trainer, interrupt).and_then(|outcome| {
            let (kept_epoch, snapshot) = self.choose(trainer, steering)?;
            let bundle = self.measured(&snapshot, FINAL_IMAGES)?;
            self.sink.event(JobEvent::Ending(Ending::Saving { epoch: kept_epoch }));
            self.save(bundle)?;
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
        let kept_baselines = self.book.baselines();
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
                    if let Ok(figures) = model.measure(&*source, measured) {
                        sink.event(JobEvent::Baselines(*kept_baselines.get_or_init(|| figures)));
                    }
                    out.with(|out| model.save(out))
                });
            let outcome = trainer.run(&mut |event| self.hear(event), interrupt);
            if outcome.is_ok() {
                sink.event(JobEvent::Ending(Ending::Measuring));
            }
            // A run that was stopped goes on after these steps.
            let flushed = self.steps.flush();
            self.goes_on(Part::Steps, flushed);
            self.add_events(RunEvents::flush);
            if outcome.is_err() {
                self.tell_the_way_back();
            }
            // What becomes of the baselines neither ends a run nor hides how it ended.
            match baselines.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(Ok(()))) => {}
                Ok(Ok(Err(error))) => self.note(Note::BaselinesUnwritten(error.into())),
                Ok(Err(_)) => self.note(Note::NoBaselines(None)),
                Err(error) => {
                    let cause = sentence!(
                        "error-no-thread",
                        "could not start a worker thread: {cause}",
                        cause = error
                    );
                    self.note(Note::NoBaselines(Some(cause.into())));
                }
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
                self.goes_on(Part::Steps, pushed);
                self.add_events(|events| events.step(&row));
            }
            TrainEvent::Epoch(report) => {
                let Self { history, out, .. } = self;
                let pushed = out.with(|out| history.push(out, report));
                let flushed = self.steps.flush();
                self.goes_on(Part::History, pushed.and(flushed));
                self.add_events(|events| events.epoch(report));
            }
            TrainEvent::Preview(snapshot) => {
                let kept = self.keep(snapshot, PREVIEW_IMAGES);
                self.goes_on(Part::Model, kept);
            }
            TrainEvent::CheckpointFailed(cause) => {
                self.note(Note::CheckpointUnwritten(Reason::Model(Arc::clone(cause))));
            }
            TrainEvent::Refused(setting, cause) => {
                self.note(Note::Refused(*setting, Reason::Model(Arc::clone(cause))));
            }
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
        self.goes_on(Part::Events, added);
    }

    /// The same news, with the path that a checkpoint has once its run has replaced the old model.
    fn after_replacement(&mut self, event: TrainEvent) -> TrainEvent {
        let TrainEvent::Checkpoint(place) = event else { return event };
        let replaced = self.replace_old_model();
        self.goes_on(Part::NewFiles, replaced);
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
            self.note(Note::ForeignFiles(names(&stay)));
        }
        Ok(())
    }

    fn goes_on(&self, part: Part, written: Result<(), JobError>) {
        if let Err(error) = written {
            self.note(Note::Unwritten(part, error.into()));
        }
    }

    /// The weights that are left as the model, with the epoch they are of.
    fn choose(&self, trainer: &mut Trainer, steering: &Steering) -> Result<(usize, Snapshot), JobError> {
        let keep = steering.keep().unwrap_or(self.config.training.keep);
        if keep == Keep::Best {
            match trainer.best_snapshot()? {
                Some(best) => return Ok(best),
                None => self.note(Note::BestIsGone),
            }
        }
        let epoch = self.history.epochs().last().map_or(0, |report| report.epoch);
        Ok((epoch, trainer.snapshot()?))
    }

    /// Saves a usable bundle and hands it to the listener.
    fn keep(&mut self, snapshot: &Snapshot, images: usize) -> Result<(), JobError> {
        let bundle = self.measured(snapshot, images)?;
        self.save(bundle)
    }

    /// A usable bundle: with its latent statistics and its density, measured on at most `images` images.
    fn measured(&mut self, snapshot: &Snapshot, images: usize) -> Result<Bundle, JobError> {
        self.config.latent = LatentStatistics::measure(snapshot, &**self.source, images)?;
        let density = self.density(snapshot, images);
        if let Some(TrainingDensity { density, .. }) = &density {
            self.book.draw_vectors(density, self.config.training.seed);
        }
        Ok(Bundle { config: self.config.clone(), snapshot: snapshot.clone(), density })
    }

    fn save(&self, bundle: Bundle) -> Result<(), JobError> {
        let saved = self.out.with(|out| bundle.save(out));
        self.sink.event(JobEvent::Model(Arc::new(bundle)));
        saved
    }

    /// The density of the training recordings; a model is kept without one where it cannot be fitted.
    fn density(&self, snapshot: &Snapshot, images: usize) -> Option<TrainingDensity> {
        if self.out.with(density::is_foreign) {
            self.note(Note::ForeignDensity(density::FILE));
            return None;
        }
        let recordings =
            Recordings { source: &**self.source, items: &self.dataset.items, indices: &self.trained_on };
        fit::training_density(snapshot, &recordings, images).unwrap_or_else(|error| {
            self.note(Note::NoDensity(error.into()));
            None
        })
    }

    /// Keeps the residuals of the training images; without them the model is whole, so nothing here ends a run.
    fn keep_detail(&self, snapshot: &Snapshot, training: &[usize], interrupt: &Interrupt) {
        if self.out.with(detail::is_foreign) {
            return self.note(Note::ForeignDetail(detail::FILE));
        }
        let made = measure::residuals(
            snapshot,
            &**self.source,
            training,
            None,
            &JobContext::new(self.sink, interrupt),
        );
        match made.and_then(|(made, _)| self.out.with(|out| made.write(out)).map(|()| made)) {
            Ok(made) if made.recordings() < made.of() => {
                self.note(Note::DetailOfSome { made: made.recordings(), of: made.of() });
            }
            Ok(_) => {}
            Err(error) if error.is_stopped() => self.note(Note::DetailStopped),
            Err(error) => self.note(Note::DetailFailed(error.into())),
        }
    }

    /// After an error: what is left, and how to go on with it.
    fn tell_the_way_back(&self) {
        let Some((place, _)) = self.out.child(CHECKPOINTS).with(checkpoint::newest_valid) else {
            return self.note(Note::NoCheckpoint);
        };
        let learning_rate = self.config.training.learning_rate / 3.0;
        self.note(Note::WayBack { checkpoint: place, learning_rate });
    }

    fn note(&self, note: Note) {
        self.sink.event(JobEvent::Note(note));
    }
}

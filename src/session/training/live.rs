//! Turns the events of a run into state.

use super::{
    note_words,
    part::{News, RunNews, TrainingPart},
    run_history::RunHistory,
    state::{EndStage, RunStatus, StepPoint, TrainingState},
    time_left,
};
use crate::{
    audio::folder::Skipped,
    jobs::{
        JobError, JobEvent, Note,
        train::{self, Ending},
    },
    names::shown,
    session::{
        notices::Severity,
        spoken::{Spoken, said},
    },
    vae::{
        advice::advise,
        error::ModelError,
        trainer::{EpochReport, TrainEvent},
    },
};

impl TrainingPart<'_> {
    pub(super) fn on_run_news(&mut self, news: RunNews) {
        let training = &mut *self.state;
        match news {
            RunNews::Memory(bytes) => training.memory_bytes = bytes,
            RunNews::Files(files) => {
                training.files = files;
                if files.has_replay {
                    self.ctx.tell(News::Replay);
                }
            }
            RunNews::Reopened { settings, steps } => {
                training.epochs_total = settings.form.training.epochs;
                training.run_settings = Some(settings);
                training.has_settings = true;
                self.control.history = RunHistory::of(&steps);
                self.show_last_point();
                self.show_history();
                self.describe_split();
            }
            RunNews::Kept(status) => training.status = status,
            RunNews::Recordings(folder) => training.run_recordings = Some(folder),
            RunNews::Missing(missing) => training.missing = Some(missing),
            RunNews::Job(event) => self.on_job_event(event),
        }
    }

    fn on_job_event(&mut self, event: JobEvent) {
        match event {
            JobEvent::Progress { done, total, .. } => match self.state.status {
                RunStatus::Ending(_) => {
                    self.state.status = RunStatus::Ending(EndStage::Detail { done, total });
                }
                _ if self.state.status.is_starting() => {
                    self.state.status = RunStatus::Preparing { done, total };
                }
                _ => {}
            },
            JobEvent::Ending(stage) => {
                self.state.remaining_secs = None;
                self.state.status = RunStatus::Ending(match stage {
                    Ending::Measuring => EndStage::Measuring,
                    Ending::Saving { epoch } => EndStage::Saving { epoch },
                });
            }
            JobEvent::Skipped { path, cause } => self.state.skipped.push(Skipped { path, cause }),
            JobEvent::Flagged { .. } | JobEvent::LeftOut(_) | JobEvent::Effects(..) => {}
            JobEvent::Note(note) => self.on_note(&note),
            JobEvent::Architecture(model) => {
                self.state.run_layers = model.layer_table();
                self.state.run_model = Some(*model);
            }
            JobEvent::Baselines(baselines) => {
                self.state.baselines = Some(baselines);
                update_advice(self.state);
            }
            JobEvent::Train(event) => self.on_trainer_event(event),
            JobEvent::Model(bundle) => {
                let wanted = std::mem::take(&mut self.control.wants_model);
                let epochs = match self.state.status {
                    // The best epoch's weights may be the ones that are kept.
                    RunStatus::Ending(EndStage::Saving { epoch }) => epoch,
                    _ => self.state.epochs.len(),
                };
                if let Some(run) = self.state.run_folder.clone() {
                    self.ctx.tell(News::Model { run, epochs, bundle, wanted });
                }
            }
        }
    }

    fn on_note(&mut self, note: &Note) {
        if *note == Note::FittingComponents && self.state.status.is_starting() {
            self.state.status = RunStatus::Fitting;
        }
        if let Some((severity, words)) = note_words::notice(note) {
            self.ctx.notify(severity, words);
        }
    }

    fn on_trainer_event(&mut self, event: TrainEvent) {
        let training = &mut *self.state;
        match event {
            TrainEvent::Started {
                training_images,
                validation_images,
                steps_per_epoch,
                first_step,
                threads,
                device,
                in_effect,
                ..
            } => {
                training.computes_on = Some((device, threads));
                (training.training_images, training.steps_per_epoch) = (training_images, steps_per_epoch);
                training.validation_images = validation_images;
                training.step = first_step;
                training.has_settings = true;
                training.in_effect = Some(in_effect);
                if training.status.is_starting() {
                    training.status = RunStatus::Running;
                }
                self.forget_after(first_step);
                self.ctx.tell(News::Started);
            }
            TrainEvent::Step {
                step,
                epochs_done,
                losses,
                rates,
                gradient_norm,
                samples_per_second,
                seconds,
                ..
            } => self.on_step(StepPoint {
                step,
                epochs: epochs_done,
                losses,
                rates,
                gradient_norm,
                samples_per_second,
                seconds,
            }),
            TrainEvent::Epoch(report) => {
                let is_last = report.epoch >= training.epochs_total;
                add_epoch(training, report);
                if is_last && training.status == RunStatus::Running {
                    training.status = RunStatus::Ending(EndStage::Measuring);
                    training.remaining_secs = None;
                }
            }
            TrainEvent::Checkpoint(_) => {
                training.files.has_checkpoint = true;
                self.ctx.tell(News::Saved);
            }
            TrainEvent::Changed(change) => training.changes.push(change),
            // The job reports it in a note of its own.
            TrainEvent::CheckpointFailed(_) => self.ctx.tell(News::Saved),
            // So it does with a refusal.
            TrainEvent::Refused(..) | TrainEvent::Preview(_) => {}
        }
    }

    fn on_step(&mut self, point: StepPoint) {
        self.control.history.push(point);
        let training = &mut *self.state;
        training.step = point.step;
        training.epochs_done = point.epochs;
        training.seconds = training.seconds.max(point.seconds);
        training.samples_per_second = point.samples_per_second;
        let epochs_left = training.epochs_total as f64 - point.epochs;
        training.remaining_secs = time_left::seconds(
            epochs_left,
            training.training_images,
            point.samples_per_second,
            &training.epochs,
        );
        training.steps_per_epoch = training.training_images.div_ceil(point.rates.batch_size.max(1)).max(1);
        self.show_history();
    }

    fn show_history(&mut self) {
        let steps = &mut self.state.steps;
        steps.clear();
        steps.extend_from_slice(self.control.history.points());
    }

    /// Forgets what the run did after `step`, from which it goes on.
    fn forget_after(&mut self, step: usize) {
        self.control.history.forget_after(step);
        let training = &mut *self.state;
        training.epochs.retain(|report| report.step <= step);
        training.changes.retain(|change| change.step <= step);
        if step == 0 {
            (training.epochs_done, training.seconds) = (0.0, 0.0);
        }
        update_advice(training);
        self.show_last_point();
        self.show_history();
    }

    /// Takes step, epochs and seconds from the last point of the curve. An epoch's end takes time after its last step.
    fn show_last_point(&mut self) {
        let training = &mut *self.state;
        if let Some(last) = self.control.history.points().last() {
            training.step = last.step;
            training.epochs_done = last.epochs;
            training.seconds = training.seconds.max(last.seconds);
        }
    }

    pub(super) fn on_run_end(&mut self, result: Result<train::Report, JobError>) {
        let training = &mut *self.state;
        training.remaining_secs = None;
        match result {
            Ok(report) => {
                (training.files.has_checkpoint, training.files.has_model) = (true, true);
                training.status = if report.finished { RunStatus::Finished } else { RunStatus::Stopped };
                self.ctx.notify(Severity::Info, ended_words(&report));
            }
            Err(error) if error.is_stopped() => training.status = RunStatus::Stopped,
            Err(error) => {
                training.diverged = matches!(error, JobError::Model(ModelError::NotFinite { .. }));
                let cause = Spoken::from(error);
                training.status = RunStatus::Failed(cause.clone());
                self.ctx.notify(Severity::Error, said!("message-training-failed", cause = cause));
            }
        }
        self.ctx.tell(News::Ended);
        self.describe_split();
        self.close_after_run();
    }
}

fn ended_words(report: &train::Report) -> Spoken {
    let (epoch, path) = (report.kept_epoch.to_string(), shown(&report.out).to_string());
    match (report.finished, report.stopped_early) {
        (true, true) if report.validation_images == 0 => {
            said!("message-training-ended-early-unvalidated", epoch = epoch, path = path)
        }
        (true, true) => said!("message-training-ended-early", epoch = epoch, path = path),
        (true, false) => said!("message-training-finished", epoch = epoch, path = path),
        (false, _) => said!("message-training-stopped", epoch = epoch, path = path),
    }
}

fn add_epoch(training: &mut TrainingState, report: EpochReport) {
    // Changes since the last start of the run arrived as events.
    for change in &report.changes {
        if !training.changes.contains(change) {
            training.changes.push(*change);
        }
    }
    training.seconds = training.seconds.max(report.seconds);
    // A run that goes on reports its earlier epochs again.
    match training.epochs.iter_mut().find(|known| known.epoch == report.epoch) {
        Some(known) => *known = report,
        None => training.epochs.push(report),
    }
    update_advice(training);
}

fn update_advice(training: &mut TrainingState) {
    training.advice = advise(&training.epochs, training.baselines.map(|baselines| baselines.mean_image));
}

//! What a run tells while it goes on, made into state.

use super::{
    super::{
        Session,
        run_history::RunHistory,
        sound::Hearing,
        state::{ModelOrigin, RunStatus, Severity, StepPoint, TrainingState, View},
    },
    TrainingEvent, time_left,
};
use crate::{
    audio::folder::Skipped,
    jobs::{JobError, JobEvent, train},
    names::shown,
    vae::{
        advice::advise,
        error::ModelError,
        trainer::{EpochReport, TrainEvent},
    },
};

impl Session {
    pub(in crate::session) fn hear_about_training(&mut self, event: TrainingEvent) {
        let training = &mut self.state.training;
        match event {
            TrainingEvent::Memory(bytes) => training.memory_bytes = bytes,
            TrainingEvent::Reopened { training: config, steps } => {
                training.epochs_total = config.epochs;
                self.training.history = RunHistory::of(&steps);
                self.take_last_point();
                self.show_history();
            }
            TrainingEvent::Missing(missing) => training.missing = Some(missing),
            TrainingEvent::Unfinished(unfinished) => {
                if !self.is_training() {
                    self.state.training.unfinished = Some(unfinished);
                }
            }
        }
    }

    pub(in crate::session) fn hear_training(&mut self, event: JobEvent) {
        match event {
            JobEvent::Progress { done, total, .. } => {
                if let RunStatus::Preparing { .. } = self.state.training.status {
                    self.state.training.status = RunStatus::Preparing { done, total };
                }
            }
            JobEvent::Skipped { path, cause } => self.state.training.skipped.push(Skipped { path, cause }),
            JobEvent::Flagged { .. } | JobEvent::LeftOut(_) | JobEvent::Effects(..) => {}
            JobEvent::Note(text) => self.notify(Severity::Warning, text),
            JobEvent::Layers(layers) => self.state.training.layers = layers,
            JobEvent::Baselines(baselines) => {
                self.state.training.baselines = Some(baselines);
                take_advice(&mut self.state.training);
            }
            JobEvent::Train(event) => self.hear_trainer(event),
            JobEvent::Model(bundle) => {
                let epochs = self.state.training.epochs.len();
                let first = self.latent.training_model.is_none();
                self.latent.training_model = Some((epochs, bundle));
                let on_demo = matches!(self.state.latent.model, None | Some((ModelOrigin::Demo, _)));
                let wanted = std::mem::take(&mut self.training.wants_model);
                if wanted
                    || self.latent.follows_training
                    || (first && on_demo && self.state.settings.view != View::Latent)
                {
                    self.use_training_model();
                }
            }
        }
    }

    fn hear_trainer(&mut self, event: TrainEvent) {
        let training = &mut self.state.training;
        match event {
            TrainEvent::Started {
                training_images,
                steps_per_epoch,
                first_step,
                threads,
                device,
                in_effect,
                ..
            } => {
                let plural = if threads == 1 { "" } else { "s" };
                training.computes_on = Some(format!("{device}, {threads} thread{plural}"));
                (training.training_images, training.steps_per_epoch) = (training_images, steps_per_epoch);
                training.step = first_step;
                training.in_effect = Some(in_effect);
                if matches!(training.status, RunStatus::Preparing { .. }) {
                    training.status = RunStatus::Running;
                }
                self.training.history.forget_after(first_step);
                self.take_last_point();
                self.show_history();
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
            } => self.hear_step(StepPoint {
                step,
                epochs: epochs_done,
                losses,
                rates,
                gradient_norm,
                samples_per_second,
                seconds,
            }),
            TrainEvent::Epoch(report) => take_epoch(training, report),
            TrainEvent::Checkpoint(_) => training.has_checkpoint = true,
            TrainEvent::Changed(change) => training.changes.push(change),
            // The job tells the person about both in a note of its own.
            TrainEvent::Refused(_) | TrainEvent::CheckpointFailed(_) | TrainEvent::Preview(_) => {}
        }
    }

    fn hear_step(&mut self, point: StepPoint) {
        self.training.history.push(point);
        let training = &mut self.state.training;
        training.step = point.step;
        training.epochs_done = point.epochs;
        training.seconds = point.seconds;
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
        let steps = &mut self.state.training.steps;
        steps.clear();
        steps.extend_from_slice(self.training.history.points());
    }

    /// Where a run that was kept has come to.
    fn take_last_point(&mut self) {
        let training = &mut self.state.training;
        if let Some(last) = self.training.history.points().last() {
            training.step = last.step;
            training.epochs_done = last.epochs;
            training.seconds = last.seconds;
        }
    }

    pub(in crate::session) fn hear_training_end(&mut self, result: Result<train::Report, JobError>) {
        if let Some(run) = self.training.run.take()
            && run.thread.join().is_err()
        {
            log::error!("the training thread ended by a panic");
        }
        let training = &mut self.state.training;
        training.remaining_secs = None;
        match result {
            Ok(report) => {
                training.has_checkpoint = true;
                training.status = if report.finished { RunStatus::Finished } else { RunStatus::Stopped };
                let text = ended_words(&report);
                self.notify(Severity::Info, text);
            }
            Err(error) if error.is_stopped() => training.status = RunStatus::Stopped,
            Err(error) => {
                training.diverged = matches!(error, JobError::Model(ModelError::NotFinite { .. }));
                training.status = RunStatus::Failed(error.to_string());
                self.notify(Severity::Error, format!("Training failed: {error}"));
            }
        }
        // The run may have left detail of its last model.
        if matches!(self.state.latent.model, Some((ModelOrigin::Training { .. }, _))) {
            self.look_for_detail_anew();
            if self.state.settings.detail.is_on() {
                self.ask_decoded(Hearing::Silent);
            }
        }
        // A map that waited for the run to end is made now.
        self.encode_if_wanted();
        self.close_after_run();
    }
}

fn ended_words(report: &train::Report) -> String {
    let how = match (report.finished, report.stopped_early) {
        (true, true) => "Training ended early: the score had not improved",
        (true, false) => "Training finished",
        (false, _) => "Training stopped",
    };
    format!("{how}; the model of epoch {} is in {}", report.kept_epoch, shown(&report.out))
}

fn take_epoch(training: &mut TrainingState, report: EpochReport) {
    // Changes of this part of the run were heard when they happened.
    for change in &report.changes {
        if !training.changes.contains(change) {
            training.changes.push(*change);
        }
    }
    training.seconds = training.seconds.max(report.seconds);
    training.epochs.push(report);
    take_advice(training);
}

fn take_advice(training: &mut TrainingState) {
    training.advice = advise(&training.epochs, training.baselines.map(|baselines| baselines.mean_image));
}

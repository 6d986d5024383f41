//! What a run tells while it goes on, made into state.

use super::super::{
    Session,
    state::{ModelOrigin, RunStatus, Severity, StepPoint, View},
};
use crate::{
    audio::folder::Skipped,
    jobs::{JobError, JobEvent, train},
    vae::trainer::TrainEvent,
};

impl Session {
    pub(in crate::session) fn hear_training(&mut self, event: JobEvent) {
        match event {
            JobEvent::Progress { done, total, .. } => {
                if let RunStatus::Preparing { .. } = self.state.training.status {
                    self.state.training.status = RunStatus::Preparing { done, total };
                }
            }
            JobEvent::Skipped { path, cause } => self.state.training.skipped.push(Skipped { path, cause }),
            JobEvent::Flagged { .. } => {}
            JobEvent::Note(text) => self.notify(Severity::Warning, text),
            JobEvent::Layers(layers) => self.state.training.layers = layers,
            JobEvent::Baselines(baselines) => self.state.training.baselines = Some(baselines),
            JobEvent::Train(event) => self.hear_trainer(event),
            JobEvent::Model(bundle) => {
                let epochs = self.state.training.epochs.len();
                let first = self.latent.training_model.is_none();
                self.latent.training_model = Some((epochs, bundle));
                let on_demo = matches!(self.state.latent.model, None | Some((ModelOrigin::Demo, _)));
                if self.latent.follows_training
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
            TrainEvent::Started { steps_per_epoch, first_step, threads, device, .. } => {
                let plural = if threads == 1 { "" } else { "s" };
                training.computes_on = Some(format!("{device}, {threads} thread{plural}"));
                training.steps_per_epoch = steps_per_epoch;
                training.step = first_step;
                if matches!(training.status, RunStatus::Preparing { .. }) {
                    training.status = RunStatus::Running;
                }
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
            } => {
                training.step = step;
                training.samples_per_second = samples_per_second;
                let left = (training.epochs_total * training.steps_per_epoch).saturating_sub(step);
                let images = (left * self.training.batch_size) as f64;
                training.remaining_secs = (samples_per_second > 0.0).then(|| images / samples_per_second);
                self.training.history.push(StepPoint {
                    step,
                    epochs: epochs_done,
                    losses,
                    rates,
                    gradient_norm,
                    samples_per_second,
                    seconds,
                });
                training.steps.clear();
                training.steps.extend_from_slice(self.training.history.points());
            }
            TrainEvent::Epoch(report) => training.epochs.push(report),
            TrainEvent::Preview(_)
            | TrainEvent::Checkpoint(_)
            | TrainEvent::CheckpointFailed(_)
            | TrainEvent::Changed(_) => {}
        }
    }

    pub(in crate::session) fn hear_training_end(&mut self, result: Result<train::Report, JobError>) {
        if let Some((_, thread)) = self.training.run.take()
            && thread.join().is_err()
        {
            log::error!("the training thread ended by a panic");
        }
        let training = &mut self.state.training;
        training.remaining_secs = None;
        match result {
            Ok(report) => {
                training.status = if report.finished { RunStatus::Finished } else { RunStatus::Stopped };
                let words = if report.finished { "Training finished" } else { "Training stopped" };
                self.notify(Severity::Info, format!("{words}; the model is in {}", report.out.display()));
            }
            Err(error) if error.is_stopped() => training.status = RunStatus::Stopped,
            Err(error) => {
                training.status = RunStatus::Failed(error.to_string());
                self.notify(Severity::Error, format!("Training failed: {error}"));
            }
        }
    }
}

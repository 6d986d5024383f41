//! Runs: their settings, their thread and what is shown of them.

use std::{
    path::{Path, PathBuf},
    thread::{self, JoinHandle},
};

use super::{
    Session,
    background::give_way,
    estimate_worker::EstimateRequest,
    event::{Event, Mailbox},
    run_history::RunHistory,
    state::{ModelOrigin, RunStatus, Severity, TrainingForm, TrainingState, View},
    worker::Worker,
};
use crate::{
    audio::folder::Skipped,
    interrupt::Interrupt,
    jobs::{
        JobError, JobEvent,
        train::{self, Choices, Existing, Images, Request, TrainingChoices},
    },
    vae::{config::VaeConfig, steering::Steering, trainer::TrainEvent},
};

impl TrainingForm {
    /// The form as the training job takes it.
    pub(super) fn choices(&self) -> Choices {
        Choices {
            preset: Some(self.preset),
            latent_size: Some(self.latent_size),
            reconstruction_weight: Some(self.reconstruction_weight),
            training: TrainingChoices::all(&self.training),
        }
    }

    /// Whether a step of `other` takes as long as one of this.
    fn costs_like(&self, other: &Self) -> bool {
        let cost = |form: &Self| {
            let training = &form.training;
            (form.preset, form.latent_size, training.batch_size, training.threads, training.device)
        };
        cost(self) == cost(other)
    }
}

/// A speed that was measured.
struct Measured {
    form: TrainingForm,
    shape: (usize, usize),
    seconds_per_image: f64,
}

/// The run under way and the speed of the form's settings.
pub(super) struct TrainingControl {
    estimates: Worker<EstimateRequest>,
    estimating: Interrupt,
    measured: Option<Measured>,
    run: Option<(Interrupt, JoinHandle<()>)>,
    history: RunHistory,
    batch_size: usize,
}

impl TrainingControl {
    pub(super) fn new(estimates: Worker<EstimateRequest>) -> Self {
        Self {
            estimates,
            estimating: Interrupt::new(),
            measured: None,
            run: None,
            history: RunHistory::default(),
            batch_size: 1,
        }
    }

    fn interrupt(&self) -> Option<&Interrupt> {
        self.run.as_ref().map(|(interrupt, _)| interrupt)
    }
}

impl Drop for TrainingControl {
    fn drop(&mut self) {
        self.estimating.stop();
        if let Some((interrupt, thread)) = self.run.take() {
            interrupt.stop();
            if thread.join().is_err() {
                log::error!("the training thread ended by a panic");
            }
        }
    }
}

impl Session {
    pub(super) fn set_training_form(&mut self, form: TrainingForm) {
        self.state.settings.training = form;
        self.describe_model();
        self.ask_estimate();
    }

    /// Layer table and errors of the model that the form describes.
    pub(super) fn describe_model(&mut self) {
        let training = &mut self.state.training;
        let form = &self.state.settings.training;
        let Some((bins, frames)) = self.state.settings.preprocessing.image_shape() else {
            training.layers.clear();
            training.form_error = None;
            return;
        };
        let model = VaeConfig {
            latent_size: form.latent_size,
            reconstruction_weight: form.reconstruction_weight,
            ..VaeConfig::preset(form.preset, bins, frames)
        };
        let checked = model.validate().and_then(|()| form.training.validate());
        training.form_error = checked.err().map(|error| error.to_string());
        training.layers = if training.form_error.is_none() { model.layer_table() } else { Vec::new() };
    }

    fn is_training(&self) -> bool {
        self.training.run.is_some()
    }

    /// Measures the speed of the form's settings, unless it is known or a run keeps the machine busy.
    pub(super) fn ask_estimate(&mut self) {
        self.show_estimate();
        let visible = self.state.settings.view == View::Training;
        let Some(shape) = self.state.settings.preprocessing.image_shape() else {
            return;
        };
        if !visible
            || self.is_training()
            || self.state.training.form_error.is_some()
            || self.knows_speed(shape)
        {
            return;
        }
        self.training.estimating.stop();
        self.training.estimating = Interrupt::new();
        let (form, interrupt) = (self.state.settings.training.clone(), self.training.estimating.clone());
        self.training.estimates.request(EstimateRequest { form, shape, interrupt });
    }

    fn knows_speed(&self, shape: (usize, usize)) -> bool {
        let form = &self.state.settings.training;
        self.training
            .measured
            .as_ref()
            .is_some_and(|known| known.shape == shape && known.form.costs_like(form))
    }

    fn show_estimate(&mut self) {
        let form = &self.state.settings.training;
        let images = self.state.library.recordings.len() as f64 * (1.0 - form.training.validation_fraction);
        let known = self.state.settings.preprocessing.image_shape().filter(|&shape| self.knows_speed(shape));
        self.state.training.epoch_estimate_secs = match (&self.training.measured, known) {
            (Some(measured), Some(_)) => Some(measured.seconds_per_image * images),
            _ => None,
        };
    }

    pub(super) fn hear_estimate(
        &mut self,
        form: TrainingForm,
        shape: (usize, usize),
        seconds: Result<f64, JobError>,
    ) {
        match seconds {
            Ok(seconds_per_image) => {
                self.training.measured = Some(Measured { form, shape, seconds_per_image });
                self.show_estimate();
            }
            Err(error) if error.is_stopped() => {}
            Err(error) => self.state.training.form_error = Some(error.to_string()),
        }
    }

    pub(super) fn start_training(&mut self) {
        if self.is_training() {
            return;
        }
        let Some(root) = self.state.library.root.clone() else {
            self.notify(Severity::Warning, "Open a folder of recordings first, then start training");
            return;
        };
        self.training.estimating.stop();
        let out = free_run_folder(&self.data_dir.join("runs"), &root);
        let mut preprocessing = self.state.settings.preprocessing.clone();
        preprocessing.labels.clone_from(&self.state.library.label_pattern);
        let request = Request {
            images: Images::Folder(root, preprocessing),
            out: out.clone(),
            choices: self.state.settings.training.choices(),
            existing: Existing::Refuse,
            steering: Steering::new(),
        };
        let interrupt = Interrupt::new();
        match spawn(request, self.mailbox.clone(), interrupt.clone()) {
            Ok(thread) => self.training.run = Some((interrupt, thread)),
            Err(error) => return self.notify(Severity::Error, format!("Training could not start: {error}")),
        }
        let form = &self.state.settings.training;
        self.training.history = RunHistory::default();
        self.training.batch_size = form.training.batch_size;
        self.latent.training_model = None;
        let old = std::mem::take(&mut self.state.training);
        self.state.training = TrainingState {
            layers: old.layers,
            epoch_estimate_secs: old.epoch_estimate_secs,
            status: RunStatus::Preparing { done: 0, total: self.state.library.recordings.len() },
            run_folder: Some(out),
            epochs_total: form.training.epochs,
            ..TrainingState::default()
        };
    }

    pub(super) fn pause_training(&mut self) {
        if let (Some(interrupt), RunStatus::Running) =
            (self.training.interrupt(), &self.state.training.status)
        {
            interrupt.pause();
            self.state.training.status = RunStatus::Paused;
        }
    }

    pub(super) fn resume_training(&mut self) {
        if let (Some(interrupt), RunStatus::Paused) = (self.training.interrupt(), &self.state.training.status)
        {
            interrupt.resume();
            self.state.training.status = RunStatus::Running;
        }
    }

    pub(super) fn stop_training(&mut self) {
        if let Some(interrupt) = self.training.interrupt() {
            interrupt.stop();
            self.state.training.status = RunStatus::Stopping;
        }
    }

    pub(super) fn hear_training(&mut self, event: JobEvent) {
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
            TrainEvent::Step { step, losses, samples_per_second, .. } => {
                training.step = step;
                training.samples_per_second = samples_per_second;
                let left = (training.epochs_total * training.steps_per_epoch).saturating_sub(step);
                let images = (left * self.training.batch_size) as f64;
                training.remaining_secs = (samples_per_second > 0.0).then(|| images / samples_per_second);
                self.training.history.push(step, losses);
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

    pub(super) fn hear_training_end(&mut self, result: Result<train::Report, JobError>) {
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

fn spawn(request: Request, mailbox: Mailbox, interrupt: Interrupt) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name("training".to_owned()).spawn(move || {
        give_way();
        let sink = |event: JobEvent| match event {
            JobEvent::Progress { .. } | JobEvent::Train(TrainEvent::Step { .. }) => {
                mailbox.send_latest(Event::Train(event));
            }
            JobEvent::Train(TrainEvent::Preview(_)) => {}
            event => mailbox.send(Event::Train(event)),
        };
        let result = train::run(&request, &sink, &interrupt);
        mailbox.send(Event::TrainEnded(result));
    })
}

/// The first free folder `runs/<name of the recordings' folder>-001` and so on.
fn free_run_folder(runs: &Path, recordings: &Path) -> PathBuf {
    let name =
        recordings.file_name().map_or_else(|| "run".to_owned(), |name| name.to_string_lossy().into_owned());
    let free =
        |number: usize| Some(runs.join(format!("{name}-{number:03}"))).filter(|folder| !folder.exists());
    (1..=9999).find_map(free).unwrap_or_else(|| runs.join(format!("{name}-new")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_gets_a_folder_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let first = free_run_folder(dir.path(), Path::new("/sounds/drums"));
        assert_eq!(first, dir.path().join("drums-001"));
        std::fs::create_dir(&first).unwrap();
        assert_eq!(free_run_folder(dir.path(), Path::new("/sounds/drums")), dir.path().join("drums-002"));
    }
}

//! Progress on standard error: a bar on a terminal, a few plain lines elsewhere.

use std::{
    io::IsTerminal as _,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{
    output::{line_to_stderr, to_stderr},
    text,
};
use crate::{
    jobs::{JobEvent, Sink, runs::baselines::Baselines},
    names::shown,
    vae::{
        advice::{Advice, AdviceKind, advise},
        trainer::{EpochReport, Losses, TrainEvent},
    },
};

/// Least time between two plain lines about the same work.
const PLAIN_INTERVAL: Duration = Duration::from_secs(5);

/// State of the current job.
#[derive(Default)]
struct State {
    /// Stage of the bar or of the last plain line.
    stage: &'static str,
    last_plain: Option<Instant>,
    skipped: Vec<(PathBuf, String)>,
    flagged: Vec<(PathBuf, String)>,
    notes: Vec<String>,
    left_out: Option<usize>,
    baselines: Option<Baselines>,
    steps_per_epoch: usize,
    epochs: usize,
    first_step: usize,
    began: Option<Instant>,
    /// The epochs so far, for advice.
    reports: Vec<EpochReport>,
    advised: Vec<AdviceKind>,
}

/// Prints the events of a job.
pub(crate) struct Progress {
    bar: ProgressBar,
    on_terminal: bool,
    state: Mutex<State>,
}

impl Progress {
    pub(super) fn new() -> Self {
        let on_terminal = std::io::stderr().is_terminal();
        let bar = ProgressBar::hidden();
        if let Ok(style) =
            ProgressStyle::with_template("{prefix:14} {wide_bar} {pos}/{len}  {msg}  {eta} left")
        {
            bar.set_style(style);
        }
        Self { bar, on_terminal, state: Mutex::default() }
    }

    /// Sets the number of epochs, for the time left.
    pub(super) fn expect_epochs(&self, epochs: usize) {
        self.state().epochs = epochs;
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Skipped files with their causes.
    pub(super) fn skipped(&self) -> Vec<(PathBuf, String)> {
        self.state().skipped.clone()
    }

    /// Files used with a remark.
    pub(super) fn flagged(&self) -> Vec<(PathBuf, String)> {
        self.state().flagged.clone()
    }

    /// General notes, each once.
    pub(super) fn notes(&self) -> Vec<String> {
        self.state().notes.clone()
    }

    /// Number of recordings left out by a list, if there was one.
    pub(super) fn left_out(&self) -> Option<usize> {
        self.state().left_out
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prints a permanent line above the bar.
    fn line(&self, text: &str) {
        self.bar.suspend(|| line_to_stderr(text));
    }

    fn units(&self, stage: &'static str, done: usize, total: usize, remark: &str) {
        let is_new = std::mem::replace(&mut self.state().stage, stage) != stage;
        if self.on_terminal {
            if is_new {
                self.bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
                self.bar.reset();
                self.bar.set_prefix(stage);
            }
            self.bar.set_length(total as u64);
            self.bar.set_position(done as u64);
            self.bar.set_message(remark.to_owned());
            return;
        }
        let mut state = self.state();
        let is_due = state.last_plain.is_none_or(|last| last.elapsed() >= PLAIN_INTERVAL);
        if done == total || is_due {
            state.last_plain = Some(Instant::now());
            drop(state);
            let percent = 100 * done / total.max(1);
            self.line(&format!("{stage}: {done} of {total} ({percent} %)"));
        }
    }

    fn train(&self, event: &TrainEvent) {
        match event {
            TrainEvent::Started {
                training_images,
                validation_images,
                steps_per_epoch,
                first_step,
                threads,
                device,
                ..
            } => {
                let mut state = self.state();
                state.steps_per_epoch = *steps_per_epoch;
                state.first_step = *first_step;
                state.began = Some(Instant::now());
                drop(state);
                self.line(&format!(
                    "training on {}, validating on {validation_images}; {steps_per_epoch} steps an epoch, {}, \
                     {device}",
                    text::count(*training_images, "image"),
                    text::count(*threads, "thread"),
                ));
                if *first_step > 0 {
                    self.line(&format!("resuming after step {first_step}"));
                }
            }
            TrainEvent::Step { step, losses, samples_per_second, .. } => {
                self.step(*step, losses, *samples_per_second);
            }
            TrainEvent::Epoch(report) => self.epoch(report),
            TrainEvent::Changed(change) => self.line(&text::change(change)),
            TrainEvent::Refused(..)
            | TrainEvent::Preview(_)
            | TrainEvent::Checkpoint(_)
            | TrainEvent::CheckpointFailed(_) => {}
        }
    }

    fn step(&self, step: usize, losses: &Losses, samples_per_second: f64) {
        // Without a terminal the lines of the epochs are enough.
        if !self.on_terminal {
            return;
        }
        let total = {
            let state = self.state();
            state.steps_per_epoch * state.epochs
        };
        let remark = format!("loss {:.1}  {samples_per_second:.0} images/s", losses.total);
        self.units("training", step, total, &remark);
    }

    fn epoch(&self, report: &EpochReport) {
        let (line, advice) = {
            let mut state = self.state();
            (state.epoch_line(report), state.new_advice(report))
        };
        self.line(&line);
        for Advice { title, words, remedy, .. } in advice {
            self.line(&format!("advice: {title}. {words} {remedy}"));
        }
    }
}

impl State {
    /// Advice that is new in this epoch.
    fn new_advice(&mut self, report: &EpochReport) -> Vec<Advice> {
        self.reports.push(report.clone());
        let mean_image = self.baselines.map(|baselines| baselines.mean_image);
        let mut advice = advise(&self.reports, mean_image);
        advice.retain(|advice| !self.advised.contains(&advice.kind));
        self.advised.extend(advice.iter().map(|advice| advice.kind));
        advice
    }

    fn epoch_line(&self, report: &EpochReport) -> String {
        let epochs = self.epochs.max(report.epoch);
        let mut parts = vec![
            format!("epoch {:>3}/{epochs}", report.epoch),
            format!("training {}", text::losses(&report.training)),
        ];
        if let Some(validation) = &report.validation {
            parts.push(format!("validation {}", text::losses(validation)));
        }
        if let Some(Baselines { mean_image, pca, pca_components, .. }) = &self.baselines {
            parts.push(format!("[mean image {mean_image:.5}, PCA-{pca_components} {pca:.5}]"));
        }
        parts.push(format!("{:.0} images/s", report.samples_per_second));
        if let Some(left) = self.seconds_left(report.step) {
            parts.push(format!("{} left", text::duration(left)));
        }
        parts.join("  ")
    }

    /// Estimated seconds to the end of the run, with validation.
    fn seconds_left(&self, step: usize) -> Option<f64> {
        let steps = (self.steps_per_epoch * self.epochs).checked_sub(step)?;
        let done = step.checked_sub(self.first_step).filter(|&done| done > 0)?;
        if steps == 0 {
            return None;
        }
        Some(self.began?.elapsed().as_secs_f64() / done as f64 * steps as f64)
    }
}

impl Sink for Progress {
    fn event(&self, event: JobEvent) {
        match event {
            JobEvent::Progress { stage, done, total } => self.units(stage, done, total, ""),
            JobEvent::Skipped { path, cause } => {
                let cause = cause.to_string();
                self.line(&skipped_line(&shown(&path).to_string(), &cause));
                self.state().skipped.push((path, cause));
            }
            JobEvent::Flagged { path, flag } => {
                let remark = flag.to_string();
                self.line(&format!("note: {}: {remark}", shown(&path)));
                self.state().flagged.push((path, remark));
            }
            JobEvent::LeftOut(count) => {
                self.line(&format!("{} left out by the list", text::count(count, "recording")));
                self.state().left_out = Some(count);
            }
            JobEvent::Note(note) => {
                let text = note.to_string();
                self.line(&text);
                let mut state = self.state();
                if !state.notes.contains(&text) {
                    state.notes.push(text);
                }
            }
            JobEvent::Architecture(model) => {
                self.bar.suspend(|| to_stderr(&text::layer_table(&model.layer_table())));
            }
            JobEvent::Baselines(baselines) => {
                self.line(&text::errors_to_beat(&baselines));
                self.state().baselines = Some(baselines);
            }
            JobEvent::Train(event) => self.train(&event),
            JobEvent::Model(_) | JobEvent::Ending(_) | JobEvent::Effects(..) => {}
        }
    }
}

/// The line of a skipped file; the cause may already name the file.
fn skipped_line(path: &str, cause: &str) -> String {
    if cause.contains(path) { format!("skipped {cause}") } else { format!("skipped {path}: {cause}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_counts_only_steps_of_this_session() {
        let state = State {
            steps_per_epoch: 10,
            epochs: 4,
            first_step: 20,
            began: Instant::now().checked_sub(Duration::from_secs(5)),
            ..State::default()
        };
        let left = state.seconds_left(30).unwrap();
        assert!((left - 5.0).abs() < 0.5, "{left}");
        assert_eq!(state.seconds_left(20), None);
    }

    #[test]
    fn the_line_of_an_epoch_shows_both_losses_and_the_baselines() {
        let losses = Losses { total: 9000.0, reconstruction: 0.009, kl: 12.5 };
        let state = State {
            epochs: 10,
            baselines: Some(Baselines { mean_image: 0.0109, pca: 0.004, pca_components: 16, local: None }),
            ..State::default()
        };
        let report = EpochReport {
            epoch: 3,
            step: 30,
            training: losses,
            validation: Some(losses),
            learning_rate: 5e-4,
            samples_per_second: 212.3,
            seconds: 8.0,
            ..EpochReport::default()
        };
        let of_losses = "9000.0 (reconstruction 0.00900, KL 12.50 nats)";
        let expected = format!(
            "epoch   3/10  training {of_losses}  validation {of_losses}  \
             [mean image 0.01090, PCA-16 0.00400]  212 images/s"
        );
        assert_eq!(state.epoch_line(&report), expected);
    }

    #[test]
    fn advice_is_given_once() {
        let mut state = State::default();
        let report = |epoch| EpochReport {
            epoch,
            training: Losses { total: 0.1, reconstruction: 0.1, kl: 0.0 },
            reconstruction_weight: 1.0,
            beta: 1.0,
            kl_per_dimension: vec![0.0; 4],
            ..EpochReport::default()
        };
        let given: Vec<usize> = (1..=5).map(|epoch| state.new_advice(&report(epoch)).len()).collect();
        assert_eq!(given, [0, 0, 1, 0, 0]);
    }

    #[test]
    fn skipped_files_are_remembered_for_the_result() {
        let progress = Progress::new();
        progress.event(JobEvent::Skipped { path: "a/x.wav".into(), cause: "empty file".into() });
        assert_eq!(progress.skipped(), [("a/x.wav".into(), "empty file".to_owned())]);
        assert_eq!(skipped_line("x.wav", "empty file"), "skipped x.wav: empty file");
        assert_eq!(skipped_line("x.wav", "x.wav: empty file"), "skipped x.wav: empty file");
    }
}

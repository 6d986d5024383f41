//! Training runs: form, thread, steering and state.

mod closing;
mod data;
mod data_worker;
mod estimate;
mod estimate_worker;
pub mod form;
mod kept;
mod live;
mod note_words;
pub(super) mod part;
pub mod run_history;
mod start;
pub mod state;
mod steer;
mod time_left;
mod unfinished;

use std::path::PathBuf;

pub use self::{closing::CloseWish, state::Tab};
use self::{
    form::TrainingForm,
    part::{TrainingEvent, TrainingPart},
};
use super::job::Content;
use crate::vae::{advice::AdviceKind, steering::Setting, training_config::Keep};

/// Commands about the form and the run.
#[derive(Clone, Debug, PartialEq)]
pub enum TrainingCommand {
    /// Changes the form.
    SetForm(Box<TrainingForm>),
    /// Starts a run on the open folder.
    Start,
    /// Pauses after the current batch.
    Pause,
    /// Continues after a pause.
    Continue,
    /// Stops after the current batch and keeps the model.
    End,
    /// Shows a tab on the right side of the view.
    Show(Tab),
    /// Changes a setting of the current run from its next step on.
    Steer(Setting, f64),
    /// Stops the run after the current batch and keeps these weights as the model.
    Stop(Keep),
    /// Uses the current weights in the latent view, also while the run is paused.
    UseNow,
    /// Shows this variation of the selected recording as training may see it.
    ShowExample(usize),
    /// Dismisses advice for this run.
    DismissAdvice(AdviceKind),
    /// Resumes the last run from its newest checkpoint, with a new learning rate if given.
    GoOn(Option<f64>),
    /// Resumes the last run for more epochs: to its planned end if it was stopped, else as many as the form says.
    TrainMore,
    /// Resumes the run in this folder.
    Resume(PathBuf),
    /// Starts the run in this folder again, which has no checkpoint, with a new learning rate if given.
    StartAgain(PathBuf, Option<f64>),
    /// Resumes a run whose recordings were moved.
    ResumeWith {
        /// The run's folder.
        folder: PathBuf,
        /// New folder of its recordings.
        recordings: PathBuf,
    },
    /// Dismisses the offer to resume a run, and the question for its recordings.
    NotNow,
    /// Shows the curves of the run in this folder without resuming it.
    LookAt(PathBuf),
    /// Closes the window, or answers what to do with the run.
    Close(CloseWish),
}

impl TrainingPart<'_> {
    /// Applies one command.
    pub(in crate::session) fn apply(&mut self, command: TrainingCommand) {
        use TrainingCommand as C;
        match command {
            C::SetForm(form) => self.set_form(*form),
            C::Start => self.start_training(),
            C::Pause => self.pause_training(),
            C::Continue => self.continue_training(),
            C::End => self.stop_training(),
            C::Show(part) => self.state.part = part,
            C::Steer(setting, value) => self.steer(setting, value),
            C::Stop(keep) => self.stop_keeping(keep),
            C::UseNow => self.use_now(),
            C::DismissAdvice(kind) => self.state.dismissed.push(kind),
            C::GoOn(learning_rate) => self.go_on(learning_rate),
            C::TrainMore => self.train_more(),
            C::Resume(folder) => self.resume_run(folder),
            C::StartAgain(folder, learning_rate) => self.start_again(folder, learning_rate),
            C::ResumeWith { folder, recordings } => self.resume_with(folder, recordings),
            C::NotNow => {
                self.state.unfinished = None;
                self.state.missing = None;
            }
            C::LookAt(folder) => self.look_at_run(folder),
            C::Close(wish) => self.close(wish),
            C::ShowExample(number) => self.show_example(number),
        }
    }

    pub(in crate::session) fn on(&mut self, event: TrainingEvent) {
        match event {
            TrainingEvent::Run(update) => match self.control.run.accept(update) {
                Some(Content::News(news)) => self.on_run_news(news),
                Some(Content::Ended(result)) => self.on_run_end(result),
                None => {}
            },
            TrainingEvent::LookedAt(update) => match self.control.looked_at.accept(update) {
                Some(Content::News(news)) => self.on_run_news(news),
                Some(Content::Ended(Err(error))) => self.on_unreadable_run(&error),
                Some(Content::Ended(Ok(()))) | None => {}
            },
            TrainingEvent::Unfinished(update) => {
                if let Some(Content::Ended(Ok(unfinished))) = self.control.unfinished.accept(update)
                    && !self.is_training()
                {
                    self.state.unfinished = unfinished;
                }
            }
            TrainingEvent::Data(event) => self.on_data_event(event),
            TrainingEvent::Estimated(estimate) => self.on_estimate(estimate),
        }
    }
}

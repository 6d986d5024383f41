//! Runs: their settings, their thread and what is shown of them.

mod closing;
mod data;
mod data_worker;
mod estimate;
mod estimate_worker;
pub mod form;
mod live;
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
use super::{job::Content, notices::Severity};
use crate::vae::{advice::AdviceKind, steering::Setting, training_config::Keep};

/// Something about runs.
#[derive(Clone, Debug, PartialEq)]
pub enum TrainingCommand {
    /// Changes the form.
    SetForm(Box<TrainingForm>),
    /// Starts a run on the open folder.
    Start,
    /// Waits after the current batch.
    Pause,
    /// Goes on after a pause.
    Continue,
    /// Stops after the current batch and keeps the model.
    End,
    /// Chooses what the right side of the view shows.
    Show(Tab),
    /// Another value from the next step of the run under way on.
    Steer(Setting, f64),
    /// Stops the run after the current batch and leaves these weights as the model.
    Stop(Keep),
    /// Takes the weights as they are now into the latent view, also while the run is paused.
    UseNow,
    /// Shows this variation of the selected recording as training may see it.
    ShowExample(usize),
    /// Takes advice away for this run.
    DismissAdvice(AdviceKind),
    /// Goes on with the last run from its newest checkpoint, at another learning rate where one is given.
    GoOn(Option<f64>),
    /// Goes on with the run in this folder.
    Resume(PathBuf),
    /// Goes on with a run whose recordings were moved.
    ResumeWith {
        /// The run's folder.
        folder: PathBuf,
        /// Where its recordings are now.
        recordings: PathBuf,
    },
    /// The unfinished run, or the one without recordings, is left alone.
    NotNow,
    /// Shows the curves of the run in this folder without going on.
    LookAt(PathBuf),
    /// Somebody wants to close the window, or answers what is to become of the run.
    Close(CloseWish),
}

impl TrainingPart<'_> {
    /// Does what was asked for.
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
            C::Resume(folder) => self.resume_run(folder),
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
                Some(Content::Ended(Err(error))) => self.ctx.notify(Severity::Warning, error.to_string()),
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

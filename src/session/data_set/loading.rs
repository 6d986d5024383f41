//! Cached images against decoding on the fly.

use crate::session::Session;

use super::task::TaskStatus;

/// What is shown.
#[derive(Debug, Default)]
pub struct LoadingState {
    /// How far the job is.
    pub status: TaskStatus,
}

/// What a person can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum LoadingCommand {
    /// Starts the job.
    Start,
    /// Stops it.
    Cancel,
}

/// News of the thread.
pub(in crate::session) enum LoadingEvent {}

impl Session {
    pub(super) fn apply_loading(&mut self, command: LoadingCommand) {
        match command {
            LoadingCommand::Start => self.state.data_set.loading.status = TaskStatus::Idle,
            LoadingCommand::Cancel => {
                if let Some(task) = &self.data_set.loading {
                    task.stop();
                }
            }
        }
    }

    #[expect(clippy::needless_pass_by_ref_mut, clippy::unused_self, reason = "to come")]
    pub(super) fn hear_loading(&mut self, event: LoadingEvent) {
        match event {}
    }
}

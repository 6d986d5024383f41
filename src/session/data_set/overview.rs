//! Thumbnails, mean and spread, distributions of the data set.

use crate::session::Session;

use super::task::TaskStatus;

/// What is shown.
#[derive(Debug, Default)]
pub struct OverviewState {
    /// How far the job is.
    pub status: TaskStatus,
}

/// What a person can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum OverviewCommand {
    /// Starts the job.
    Start,
    /// Stops it.
    Cancel,
}

/// News of the thread.
pub(in crate::session) enum OverviewEvent {}

impl Session {
    pub(super) fn apply_overview(&mut self, command: OverviewCommand) {
        match command {
            OverviewCommand::Start => self.state.data_set.overview.status = TaskStatus::Idle,
            OverviewCommand::Cancel => {
                if let Some(task) = &self.data_set.overview {
                    task.stop();
                }
            }
        }
    }

    #[expect(clippy::needless_pass_by_ref_mut, clippy::unused_self, reason = "to come")]
    pub(super) fn hear_overview(&mut self, event: OverviewEvent) {
        match event {}
    }
}

//! A folder that the Python pipeline wrote, against ours.

use crate::session::Session;

use super::task::TaskStatus;

/// What is shown.
#[derive(Debug, Default)]
pub struct ParityState {
    /// How far the job is.
    pub status: TaskStatus,
}

/// What a person can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum ParityCommand {
    /// Starts the job.
    Start,
    /// Stops it.
    Cancel,
}

/// News of the thread.
pub(in crate::session) enum ParityEvent {}

impl Session {
    pub(super) fn apply_parity(&mut self, command: ParityCommand) {
        match command {
            ParityCommand::Start => self.state.data_set.parity.status = TaskStatus::Idle,
            ParityCommand::Cancel => {
                if let Some(task) = &self.data_set.parity {
                    task.stop();
                }
            }
        }
    }

    #[expect(clippy::needless_pass_by_ref_mut, clippy::unused_self, reason = "to come")]
    pub(super) fn hear_parity(&mut self, event: ParityEvent) {
        match event {}
    }
}

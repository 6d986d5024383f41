//! Recordings that something is wrong with.

use crate::session::Session;

use super::task::TaskStatus;

/// What is shown.
#[derive(Debug, Default)]
pub struct DoctorState {
    /// How far the job is.
    pub status: TaskStatus,
}

/// What a person can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum DoctorCommand {
    /// Starts the job.
    Start,
    /// Stops it.
    Cancel,
}

/// News of the thread.
pub(in crate::session) enum DoctorEvent {}

impl Session {
    pub(super) fn apply_doctor(&mut self, command: DoctorCommand) {
        match command {
            DoctorCommand::Start => self.state.data_set.doctor.status = TaskStatus::Idle,
            DoctorCommand::Cancel => {
                if let Some(task) = &self.data_set.doctor {
                    task.stop();
                }
            }
        }
    }

    #[expect(clippy::needless_pass_by_ref_mut, clippy::unused_self, reason = "to come")]
    pub(super) fn hear_doctor(&mut self, event: DoctorEvent) {
        match event {}
    }
}

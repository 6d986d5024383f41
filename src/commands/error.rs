//! Why a command failed, and its exit code.

use std::path::PathBuf;

use crate::{jobs::JobError, names::shown, setting::Misfit};

/// Exit code after a failure.
pub(super) const FAILED: u8 = 1;
/// Exit code for wrong arguments, as in clap.
const WRONG_ARGUMENTS: u8 = 2;

/// Errors of a command.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    /// Wrong arguments: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// The job failed: exit code 1.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The run was stopped and can be resumed. Exit code 1, so that scripts do not take it for finished.
    #[error("{}: stopped before its last epoch; the model is saved, and --resume continues it", shown(.0))]
    StoppedEarly(PathBuf),
    /// Standard output could not be written to: exit code 1.
    #[error("cannot write the result to standard output: {0}")]
    Output(#[from] std::io::Error),
}

impl From<Misfit> for CommandError {
    fn from(error: Misfit) -> Self {
        Self::Usage(error.to_string())
    }
}

impl CommandError {
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => WRONG_ARGUMENTS,
            Self::Job(error) if error.is_wrong_setting() => WRONG_ARGUMENTS,
            Self::Job(_) | Self::StoppedEarly(_) | Self::Output(_) => FAILED,
        }
    }
}

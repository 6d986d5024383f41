//! What every subcommand is given.

use super::{output::Output, progress::Progress};
use crate::{interrupt::Interrupt, jobs::JobContext};

/// The environment of a subcommand.
pub(super) struct Context {
    pub progress: Progress,
    pub output: Output,
    /// Set by a signal.
    pub interrupt: Interrupt,
}

impl Context {
    /// The context of a job.
    pub(super) fn job(&self) -> JobContext<'_> {
        JobContext::new(&self.progress, &self.interrupt)
    }
}

//! Progress from a job's threads to the window, at most 25 times a second.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::mailbox::Mailbox;
use crate::jobs::{JobEvent, Sink};

/// Minimum interval between two updates: 25 a second look smooth, and the window does not wake for each of thousands of
/// recordings a second.
const INTERVAL: Duration = Duration::from_millis(40);

/// Progress of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    pub(in crate::session) stage: &'static str,
    pub(in crate::session) done: usize,
    pub(in crate::session) total: usize,
}

/// A sink that passes on a job's progress.
pub(super) struct ProgressSink {
    mailbox: Mailbox<Progress>,
    last: Mutex<Option<Instant>>,
}

impl ProgressSink {
    /// Sends progress to `mailbox`.
    pub(super) fn new(mailbox: Mailbox<Progress>) -> Self {
        Self { mailbox, last: Mutex::default() }
    }

    fn is_due(&self) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|last| last.elapsed() >= INTERVAL);
        if due {
            *last = Some(Instant::now());
        }
        due
    }
}

impl Sink for ProgressSink {
    fn event(&self, event: JobEvent) {
        if let JobEvent::Progress { stage, done, total } = event
            && self.is_due()
        {
            self.mailbox.send_latest(Progress { stage, done, total });
        }
    }
}

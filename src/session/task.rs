//! A thread of low priority for one long job: it can be stopped, and is joined on drop.

use std::{
    io,
    thread::{self, JoinHandle},
    time::Instant,
};

use super::background::lower_priority;
use crate::{interrupt::Interrupt, language, panics, session::spoken::Spoken};

/// A running thread.
pub struct Task {
    interrupt: Interrupt,
    thread: Option<JoinHandle<()>>,
}

impl Task {
    /// Starts a thread called `name` that does `work`.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn start(name: &str, work: impl FnOnce(&Interrupt) + Send + 'static) -> io::Result<Self> {
        let interrupt = Interrupt::new();
        let own = interrupt.clone();
        let language = language::current();
        #[cfg(test)]
        refusal::check()?;
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
            lower_priority();
            language::set(language);
            // Errors travel in results; this catches panics.
            if let Err(caught) = panics::caught(|| work(&own)) {
                log::error!("a fault in this program ended some work ({caught}); report it");
            }
        })?;
        Ok(Self { interrupt, thread: Some(thread) })
    }

    /// Pauses the job at its next check of the interrupt, or continues it.
    pub fn set_paused(&self, paused: bool) {
        if paused {
            self.interrupt.pause();
        } else {
            self.interrupt.resume();
        }
    }

    /// Wakes a paused job for a moment, to serve requests.
    pub fn nudge(&self) {
        self.interrupt.nudge();
    }

    /// Whether its thread has ended.
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits until the job has ended by itself.
    pub fn finish(mut self) {
        self.join();
    }

    /// Asks the job to stop; it ends soon after.
    pub fn stop(&self) {
        self.interrupt.stop();
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("a job's thread ended by a panic");
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.interrupt.stop();
        self.join();
    }
}

/// Progress of a job.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum TaskStatus {
    /// Not started, or stopped.
    #[default]
    Idle,
    /// Running.
    Running {
        /// What is being done.
        stage: &'static str,
        /// Units finished.
        done: usize,
        /// Total units.
        total: usize,
        /// When the stage began.
        since: Instant,
    },
    /// Succeeded.
    Done,
    /// Failed, with the error.
    Failed(Spoken),
}

impl TaskStatus {
    /// Sets the progress: `done` of `total` units of `stage`.
    pub fn advance(&mut self, stage: &'static str, done: usize, total: usize) {
        let since = match *self {
            Self::Running { stage: now, since, .. } if now == stage => since,
            _ => Instant::now(),
        };
        *self = Self::Running { stage, done, total, since };
    }

    /// Whether it is running.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Running { .. })
    }

    /// Seconds since the current stage began; 0 while nothing runs.
    pub fn running_secs(&self) -> f64 {
        if let Self::Running { since, .. } = self { since.elapsed().as_secs_f64() } else { 0.0 }
    }

    /// Units per second and seconds left of the current stage, once they can be estimated.
    pub fn pace(&self) -> Option<(f64, f64)> {
        let Self::Running { done, total, since, .. } = self else { return None };
        let elapsed = since.elapsed().as_secs_f64();
        if *done == 0 || elapsed < 0.2 {
            return None;
        }
        let speed = *done as f64 / elapsed;
        Some((speed, total.saturating_sub(*done) as f64 / speed))
    }
}

/// Threads that the system refuses, for tests.
#[cfg(test)]
pub(super) mod refusal {
    use std::{cell::Cell, io};

    thread_local! {
        static LEFT: Cell<usize> = const { Cell::new(0) };
    }

    /// Refuses the next `count` threads that the calling thread asks for.
    pub(in crate::session) fn refuse_next(count: usize) {
        LEFT.set(count);
    }

    pub(super) fn check() -> io::Result<()> {
        match LEFT.get() {
            0 => Ok(()),
            left => {
                LEFT.set(left - 1);
                Err(io::ErrorKind::WouldBlock.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_goes_on_keeps_its_beginning() {
        let mut status = TaskStatus::default();
        assert!(!status.is_running() && status.pace().is_none());
        status.advance("reading", 0, 10);
        let TaskStatus::Running { since, .. } = status else { panic!("not running") };
        status.advance("reading", 5, 10);
        assert_eq!(status, TaskStatus::Running { stage: "reading", done: 5, total: 10, since });
        status.advance("writing", 1, 10);
        assert!(matches!(status, TaskStatus::Running { since: later, .. } if later >= since));
    }

    #[test]
    fn a_dropped_task_is_stopped_and_joined() {
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let task = Task::start("test", move |interrupt| {
            while !interrupt.is_stopped() {
                thread::yield_now();
            }
            sender.send(()).unwrap();
        });
        drop(task.unwrap());
        assert_eq!(receiver.try_recv(), Ok(()));
    }
}

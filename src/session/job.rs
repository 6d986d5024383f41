//! A background job of one kind: at most one at a time, with a ticket, progress and an answer.
//!
//! Everything that a job's thread sends carries the ticket of its start. Another start, or [`Job::forget`], invalidates the
//! ticket: later messages of the earlier thread are dropped.

use std::{io, marker::PhantomData, sync::Arc};

use super::{
    mailbox::Mailbox,
    progress::{Progress, ProgressSink},
    task::{Task, TaskStatus},
};
use crate::{
    interrupt::Interrupt,
    jobs::{JobContext, JobError, guarded},
    sentence,
};

/// A message from a job's thread: news of type `N`, and at the end an answer of type `R`.
pub(super) struct Update<R, N = Progress> {
    ticket: u64,
    content: Box<Content<R, N>>,
}

/// Content of an [`Update`].
pub(super) enum Content<R, N = Progress> {
    /// News before the answer.
    News(N),
    /// The answer: the last message.
    Ended(Result<R, JobError>),
}

/// The name of a job's thread, the stage that its progress begins with, and the units of that stage.
pub(super) struct Plan {
    pub(in crate::session) thread: &'static str,
    pub(in crate::session) stage: &'static str,
    pub(in crate::session) total: usize,
}

/// Background work of one kind, with answers of type `R` and news of type `N`.
pub(super) struct Job<R, N = Progress> {
    ticket: u64,
    task: Option<Task>,
    /// Whether the answer is still to come.
    is_running: bool,
    /// Forgotten tasks whose threads have not ended yet.
    retired: Vec<Task>,
    answers: PhantomData<fn() -> (R, N)>,
}

impl<R, N> Default for Job<R, N> {
    fn default() -> Self {
        Self { ticket: 0, task: None, is_running: false, retired: Vec::new(), answers: PhantomData }
    }
}

impl<R: Send + 'static, N: Send + 'static> Job<R, N> {
    /// Starts `work` on a thread of its own. An earlier one is forgotten.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(super) fn start(
        &mut self,
        thread: &str,
        mailbox: &Mailbox<Update<R, N>>,
        work: impl FnOnce(&Mailbox<N>, &Interrupt) -> Result<R, JobError> + Send + 'static,
    ) -> io::Result<()> {
        self.forget();
        let (ticket, mailbox) = (self.ticket, mailbox.clone());
        self.task = Some(Task::start(thread, move |interrupt| {
            let news = mailbox.part(move |news| Update { ticket, content: Box::new(Content::News(news)) });
            let result = guarded(|| work(&news, interrupt));
            mailbox.send(Update { ticket, content: Box::new(Content::Ended(result)) });
        })?);
        self.is_running = true;
        Ok(())
    }

    /// The content of an update; `None` if it is from an earlier start.
    pub(super) fn accept(&mut self, update: Update<R, N>) -> Option<Content<R, N>> {
        if update.ticket != self.ticket {
            return None;
        }
        if let Content::Ended(_) = *update.content {
            self.forget();
        }
        Some(*update.content)
    }

    /// Stops the current job without waiting for its thread, and drops what it still sends.
    pub(super) fn forget(&mut self) {
        self.ticket += 1;
        self.is_running = false;
        self.retired.retain(|task| !task.is_finished());
        if let Some(task) = self.task.take() {
            // This also ends a pause: a paused job would never see that it is to stop.
            task.stop();
            self.retired.push(task);
        }
    }
}

impl<R, N> Job<R, N> {
    /// Whether a job is running.
    pub(super) fn is_running(&self) -> bool {
        self.is_running
    }

    /// Asks the current job to stop; its answer says that it was stopped.
    pub(super) fn cancel(&self) {
        if let Some(task) = &self.task {
            task.stop();
        }
    }

    /// Waits until the current job has ended by itself.
    pub(super) fn finish(&mut self) {
        if let Some(task) = self.task.take() {
            task.finish();
        }
    }

    /// Pauses the job at its next check of the interrupt, or continues it.
    pub(super) fn set_paused(&self, paused: bool) {
        if let Some(task) = &self.task {
            task.set_paused(paused);
        }
    }

    /// Wakes a paused job for a moment, to serve requests.
    pub(super) fn nudge(&self) {
        if let Some(task) = &self.task {
            task.nudge();
        }
    }
}

impl<R: Send + 'static> Job<R> {
    /// Starts `work` as [`Job::start`] does and shows its progress in `status`. If the system refuses a thread, the
    /// error arrives as the job's answer, like any other failure.
    pub(super) fn begin(
        &mut self,
        plan: &Plan,
        status: &mut TaskStatus,
        mailbox: &Mailbox<Update<R>>,
        work: impl FnOnce(&JobContext<'_>) -> Result<R, JobError> + Send + 'static,
    ) {
        *status = TaskStatus::Idle;
        status.advance(plan.stage, 0, plan.total);
        let started = self.start(plan.thread, mailbox, |progress, interrupt| {
            work(&JobContext::new(&ProgressSink::new(progress.clone()), interrupt))
        });
        if let Err(error) = started {
            let refused = no_worker_thread(&error);
            self.is_running = true;
            mailbox.send(Update { ticket: self.ticket, content: Box::new(Content::Ended(Err(refused))) });
        }
    }

    /// Applies an update to `status`; returns the answer if it is one. After a stopped job `status` is idle.
    pub(super) fn follow(
        &mut self,
        update: Update<R>,
        status: &mut TaskStatus,
    ) -> Option<Result<R, Arc<JobError>>> {
        match self.accept(update)? {
            Content::News(Progress { stage, done, total }) => {
                status.advance(stage, done, total);
                None
            }
            Content::Ended(result) => {
                let result = result.map_err(Arc::new);
                *status = match &result {
                    Ok(_) => TaskStatus::Done,
                    Err(error) if error.is_stopped() => TaskStatus::Idle,
                    Err(error) => TaskStatus::Failed(Arc::clone(error).into()),
                };
                Some(result)
            }
        }
    }
}

/// The error of a job whose thread the system refuses.
pub(super) fn no_worker_thread(error: &io::Error) -> JobError {
    JobError::Said(sentence!("error-no-thread", "could not start a worker thread: {cause}", cause = error))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crossbeam_channel::{Receiver, bounded};

    use super::{super::task::refusal, *};
    use crate::jobs::JobEvent;

    const PLAN: Plan = Plan { thread: "test", stage: "counting", total: 3 };

    fn mailbox() -> (Mailbox<Update<u32>>, Receiver<Update<u32>>) {
        Mailbox::new(Arc::new(|| {}))
    }

    #[test]
    fn progress_and_the_answer_arrive_in_the_status() {
        let (mailbox, receiver) = mailbox();
        let (mut job, mut status) = (Job::default(), TaskStatus::Idle);
        job.begin(&PLAN, &mut status, &mailbox, |context| {
            context.event(JobEvent::Progress { stage: "writing", done: 1, total: 2 });
            Ok(5)
        });
        assert!(matches!(status, TaskStatus::Running { stage: "counting", done: 0, total: 3, .. }));
        assert!(job.follow(receiver.recv().unwrap(), &mut status).is_none());
        assert!(matches!(status, TaskStatus::Running { stage: "writing", done: 1, total: 2, .. }));
        assert_eq!(job.follow(receiver.recv().unwrap(), &mut status).unwrap().unwrap(), 5);
        assert_eq!((status, job.is_running()), (TaskStatus::Done, false));
    }

    #[test]
    fn what_a_job_of_an_earlier_start_still_sends_is_dropped() {
        let (mailbox, receiver) = mailbox();
        let (mut job, mut status) = (Job::default(), TaskStatus::Idle);
        let (go, wait) = bounded::<()>(0);
        job.begin(&PLAN, &mut status, &mailbox, move |_| {
            wait.recv().unwrap();
            Ok(1)
        });
        job.begin(&PLAN, &mut status, &mailbox, |_| Ok(2));
        let newer = receiver.recv().unwrap();
        go.send(()).unwrap();
        let late = receiver.recv().unwrap();
        assert!(job.follow(late, &mut status).is_none());
        assert!(status.is_running(), "the newer one has not answered yet");
        assert_eq!(job.follow(newer, &mut status).unwrap().unwrap(), 2);
        assert_eq!(status, TaskStatus::Done);
    }

    #[test]
    fn a_refused_thread_is_an_answer() {
        let (mailbox, receiver) = mailbox();
        let (mut job, mut status) = (Job::default(), TaskStatus::Idle);
        refusal::refuse_next(1);
        job.begin(&PLAN, &mut status, &mailbox, |_| Ok(1));
        assert!(job.is_running() && status.is_running());
        assert!(job.follow(receiver.recv().unwrap(), &mut status).unwrap().is_err());
        let TaskStatus::Failed(cause) = &status else { panic!("{status:?}") };
        assert!(cause.text().starts_with("could not start a worker thread: "), "{cause}");
        assert!(!job.is_running());
        job.begin(&PLAN, &mut status, &mailbox, |_| Ok(2));
        assert_eq!(job.follow(receiver.recv().unwrap(), &mut status).unwrap().unwrap(), 2);
    }

    #[test]
    fn a_stopped_job_leaves_nothing_and_a_panic_is_a_failure() {
        let (mailbox, receiver) = mailbox();
        let (mut job, mut status) = (Job::default(), TaskStatus::Idle);
        job.begin(&PLAN, &mut status, &mailbox, |context| {
            while !context.interrupt.is_stopped() {
                std::thread::yield_now();
            }
            Err(JobError::Stopped)
        });
        job.cancel();
        assert!(job.follow(receiver.recv().unwrap(), &mut status).unwrap().is_err());
        assert_eq!(status, TaskStatus::Idle);
        job.begin(&PLAN, &mut status, &mailbox, |_| panic!("a fault"));
        assert!(job.follow(receiver.recv().unwrap(), &mut status).unwrap().is_err());
        assert!(matches!(status, TaskStatus::Failed(_)));
    }
}

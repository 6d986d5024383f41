//! Named threads that serve the newest request and are joined on drop.

use std::{
    io,
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use crate::{
    language::{self, Language},
    panics,
};

/// Waiting requests; a newer one may replace one that was not started.
struct Inbox<T> {
    waiting: Option<T>,
    /// The language of the thread that asked last: texts made for it are in its language.
    language: Language,
    closed: bool,
    /// Whether a closed worker serves its waiting request before it ends.
    finishes: bool,
}

type Shared<T> = Arc<(Mutex<Inbox<T>>, Condvar)>;

/// A thread with a one-place inbox.
pub struct Worker<T> {
    shared: Shared<T>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Send + 'static> Worker<T> {
    /// Starts a thread called `name` that calls `serve` with one request after the other.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn spawn(name: &str, serve: impl FnMut(T) + Send + 'static) -> io::Result<Self> {
        Self::start(name, false, serve)
    }

    /// As [`Self::spawn`], for work that must not be lost: on drop, the waiting request is still served.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn spawn_finishing(name: &str, serve: impl FnMut(T) + Send + 'static) -> io::Result<Self> {
        Self::start(name, true, serve)
    }

    fn start(name: &str, finishes: bool, mut serve: impl FnMut(T) + Send + 'static) -> io::Result<Self> {
        let inbox = Inbox { waiting: None, language: Language::default(), closed: false, finishes };
        let shared: Shared<T> = Arc::new((Mutex::new(inbox), Condvar::new()));
        let inbox = Arc::clone(&shared);
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
            while let Some(request) = next(&inbox) {
                // A panic costs one request, not the thread.
                if let Err(caught) = panics::caught(|| serve(request)) {
                    log::error!("a fault in this program ended some work ({caught}); report it");
                }
            }
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Sends a request; replaces one that still waits.
    pub fn request(&self, request: T) {
        self.merge(|waiting| *waiting = Some(request));
    }

    /// Changes the waiting request, to add to it instead of replacing it.
    pub fn merge(&self, change: impl FnOnce(&mut Option<T>)) {
        let mut inbox = self.shared.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut inbox.waiting);
        inbox.language = language::current();
        drop(inbox);
        self.shared.1.notify_one();
    }
}

fn next<T>(shared: &Shared<T>) -> Option<T> {
    let mut inbox = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if inbox.closed && !inbox.finishes {
            return None;
        }
        if let Some(request) = inbox.waiting.take() {
            language::set(inbox.language);
            return Some(request);
        }
        if inbox.closed {
            return None;
        }
        inbox = shared.1.wait(inbox).unwrap_or_else(PoisonError::into_inner);
    }
}

impl<T> Drop for Worker<T> {
    fn drop(&mut self) {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.shared.1.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("a worker thread ended by a panic");
        }
    }
}

#[cfg(test)]
mod tests {
    use crossbeam_channel::bounded;

    use super::*;

    #[test]
    fn a_panic_costs_one_request() {
        let (served, served_receiver) = bounded(1);
        let worker = Worker::spawn("test", move |request: u32| {
            assert!(request > 0, "a request that panics");
            served.send(request).unwrap();
        })
        .unwrap();
        worker.request(0);
        // Until the first one is taken, a second one would replace it.
        while worker.shared.0.lock().unwrap().waiting.is_some() {
            thread::yield_now();
        }
        worker.request(1);
        assert_eq!(served_receiver.recv(), Ok(1));
    }

    #[test]
    fn a_worker_that_finishes_serves_what_waits_when_it_is_dropped() {
        for (finishes, expected) in [(true, vec![0, 1]), (false, vec![0])] {
            let (started, started_receiver) = bounded(1);
            let (go, go_receiver) = bounded::<()>(0);
            let (served, served_receiver) = bounded(8);
            let worker = Worker::start("test", finishes, move |request: u32| {
                started.send(()).unwrap();
                if request == 0 {
                    go_receiver.recv().unwrap();
                }
                served.send(request).unwrap();
            })
            .unwrap();
            worker.request(0);
            started_receiver.recv().unwrap();
            worker.request(1);
            worker.shared.0.lock().unwrap().closed = true;
            go.send(()).unwrap();
            drop(worker);
            assert_eq!(served_receiver.try_iter().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn the_newest_of_the_waiting_requests_is_served() {
        let (started, started_receiver) = bounded(0);
        let (go, go_receiver) = bounded::<()>(0);
        let (served, served_receiver) = bounded(8);
        let worker = Worker::spawn("test", move |request: u32| {
            if request == 0 {
                started.send(()).unwrap();
                go_receiver.recv().unwrap();
            }
            served.send(request).unwrap();
        })
        .unwrap();
        worker.request(0);
        started_receiver.recv().unwrap();
        for request in 1..=5 {
            worker.request(request);
        }
        go.send(()).unwrap();
        assert_eq!([served_receiver.recv().unwrap(), served_receiver.recv().unwrap()], [0, 5]);
        drop(worker);
        assert!(served_receiver.try_recv().is_err());
    }
}

//! A flag checked by long-running work between its steps: run, pause or stop.

use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

/// Number of [`UnsavedWork`] guards.
static UNSAVED: AtomicUsize = AtomicUsize::new(0);

/// Guard for work that must save something before the program ends: while it exists, a program that received
/// a stop signal waits. Other work may be cut off at any moment, since all files are written atomically.
#[must_use]
#[derive(Debug)]
pub struct UnsavedWork(());

impl UnsavedWork {
    /// Starts guarding.
    pub fn begin() -> Self {
        UNSAVED.fetch_add(1, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for UnsavedWork {
    fn drop(&mut self) {
        UNSAVED.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Whether any work is guarded.
pub fn has_unsaved_work() -> bool {
    UNSAVED.load(Ordering::SeqCst) > 0
}

/// A request to running work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signal {
    /// Continue.
    #[default]
    Run,
    /// Wait at the next safe point.
    Pause,
    /// Finish at the next safe point; later signals are ignored.
    Stop,
}

/// The signal, and whether paused work must wake up once.
#[derive(Debug, Default)]
struct Request {
    signal: Signal,
    is_nudged: bool,
}

/// A shared request to pause or stop; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    shared: Arc<(Mutex<Request>, Condvar)>,
}

impl Interrupt {
    /// An interrupt with [`Signal::Run`].
    pub fn new() -> Self {
        Self::default()
    }

    fn request(&self) -> MutexGuard<'_, Request> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, signal: Signal) {
        let mut current = self.request();
        if current.signal != Signal::Stop {
            current.signal = signal;
        }
        self.shared.1.notify_all();
    }

    /// Requests a stop, which is final.
    pub fn stop(&self) {
        self.set(Signal::Stop);
    }

    /// Requests a pause.
    pub fn pause(&self) {
        self.set(Signal::Pause);
    }

    /// Ends a pause.
    pub fn resume(&self) {
        self.set(Signal::Run);
    }

    /// Current signal.
    pub fn signal(&self) -> Signal {
        self.request().signal
    }

    /// Whether the work must stop.
    pub fn is_stopped(&self) -> bool {
        self.signal() == Signal::Stop
    }

    /// Blocks while the signal is [`Signal::Pause`]; returns the signal that ended the wait.
    pub fn wait_while_paused(&self) -> Signal {
        let mut current = self.request();
        while current.signal == Signal::Pause {
            current = self.shared.1.wait(current).unwrap_or_else(PoisonError::into_inner);
        }
        current.signal
    }

    /// Wakes work from [`Self::wait_or_nudge`] without resuming it, so that it can handle other requests.
    pub fn nudge(&self) {
        self.request().is_nudged = true;
        self.shared.1.notify_all();
    }

    /// As [`Self::wait_while_paused`], but a nudge also ends the wait and returns [`Signal::Pause`].
    pub fn wait_or_nudge(&self) -> Signal {
        let mut current = self.request();
        while current.signal == Signal::Pause && !current.is_nudged {
            current = self.shared.1.wait(current).unwrap_or_else(PoisonError::into_inner);
        }
        current.is_nudged = false;
        current.signal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_interrupt_stays_stopped() {
        let interrupt = Interrupt::new();
        interrupt.pause();
        assert_eq!(interrupt.signal(), Signal::Pause);
        interrupt.stop();
        interrupt.resume();
        assert!(interrupt.is_stopped());
    }

    #[test]
    fn a_nudge_ends_one_wait_and_leaves_the_pause() {
        let interrupt = Interrupt::new();
        interrupt.pause();
        interrupt.nudge();
        assert_eq!(interrupt.wait_or_nudge(), Signal::Pause);
        let clone = interrupt.clone();
        let waiter = std::thread::Builder::new().spawn(move || clone.wait_or_nudge()).unwrap();
        interrupt.resume();
        assert_eq!(waiter.join().unwrap(), Signal::Run);
    }

    #[test]
    fn stopping_wakes_paused_work() {
        let interrupt = Interrupt::new();
        interrupt.pause();
        let clone = interrupt.clone();
        let waiter = std::thread::Builder::new().spawn(move || clone.wait_while_paused()).unwrap();
        interrupt.stop();
        assert_eq!(waiter.join().unwrap(), Signal::Stop);
    }
}

//! One flag that long work looks at between its steps: run, pause or stop.

use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

/// Pieces of work under way that must not be cut off.
static KEEPING: AtomicUsize = AtomicUsize::new(0);

/// Work that has something to keep before the program may end: as long as this is there, a program that is told to end waits
/// for it. Other work may be cut off at any moment, since every file is written atomically.
#[must_use]
#[derive(Debug)]
pub struct Keeping(());

impl Keeping {
    /// From now on.
    pub fn begin() -> Self {
        KEEPING.fetch_add(1, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        KEEPING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Whether some work must not be cut off.
pub fn is_keeping() -> bool {
    KEEPING.load(Ordering::SeqCst) > 0
}

/// What the owner of an [`Interrupt`] has asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signal {
    /// Go on working.
    #[default]
    Run,
    /// Wait at the next convenient place.
    Pause,
    /// Finish at the next convenient place; later signals are ignored.
    Stop,
}

/// The signal, and whether paused work is to look up from its wait.
#[derive(Debug, Default)]
struct Request {
    signal: Signal,
    is_nudged: bool,
}

/// A shared request to pause or stop; clones refer to the same request.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    shared: Arc<(Mutex<Request>, Condvar)>,
}

impl Interrupt {
    /// A flag that says [`Signal::Run`].
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

    /// Asks the work to stop for good.
    pub fn stop(&self) {
        self.set(Signal::Stop);
    }

    /// Asks the work to wait.
    pub fn pause(&self) {
        self.set(Signal::Pause);
    }

    /// Lets paused work go on.
    pub fn resume(&self) {
        self.set(Signal::Run);
    }

    /// The current request.
    pub fn signal(&self) -> Signal {
        self.request().signal
    }

    /// Whether the work must stop.
    pub fn is_stopped(&self) -> bool {
        self.signal() == Signal::Stop
    }

    /// Blocks while the request is [`Signal::Pause`]; returns what ended the wait.
    pub fn wait_while_paused(&self) -> Signal {
        let mut current = self.request();
        while current.signal == Signal::Pause {
            current = self.shared.1.wait(current).unwrap_or_else(PoisonError::into_inner);
        }
        current.signal
    }

    /// Lets work that waits in [`Self::wait_or_nudge`] look at what else is wished for, without going on.
    pub fn nudge(&self) {
        self.request().is_nudged = true;
        self.shared.1.notify_all();
    }

    /// As [`Self::wait_while_paused`], but a nudge ends the wait too: then it returns [`Signal::Pause`].
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

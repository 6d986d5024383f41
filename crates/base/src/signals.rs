//! Stop signals: Ctrl-C, SIGTERM from a scheduler, SIGHUP from a closed terminal, closing a console
//! (Windows).
//!
//! The first signal is a request: the listener stops the work, which saves its state. Work that has not ended
//! after [`GRACE`] is cut off, which is safe since every file is written atomically, unless it holds a
//! [`crate::interrupt::UnsavedWork`]. A later signal ends the program at once. The exit code is 128 plus the
//! signal's number, as shells expect.

mod stop_signal;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::{
    io,
    sync::{Arc, OnceLock, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

pub use self::stop_signal::StopSignal;
use self::stop_signal::{ENDED, Raised};
use crate::{atomic_file, interrupt};

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

/// Time for work to end by itself.
pub const GRACE: Duration = Duration::from_millis(1200);
/// Signals this soon after the first are duplicates: `timeout` and shells send the same one twice.
const DUPLICATE_WINDOW: Duration = Duration::from_millis(200);
/// Interval at which the watching thread checks for signals.
const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// How long the program waits for a running file write before it ends.
const WRITE_TIMEOUT: Duration = Duration::from_millis(300);
/// Handle to the first signal received.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    first: Arc<OnceLock<StopSignal>>,
}

impl Signals {
    /// Starts listening. `stop` is called once, on a thread of its own, with the first signal.
    ///
    /// # Errors
    /// When a handler or thread cannot be started: signals then end the program at once.
    pub fn listen(stop: impl FnOnce(StopSignal) + Send + 'static) -> io::Result<Self> {
        let (signals, raised) = (Self::default(), Raised::default());
        system::install(&raised)?;
        let first = Arc::clone(&signals.first);
        thread::Builder::new().name("signals".to_owned()).spawn(move || watch(&raised, &first, stop))?;
        Ok(signals)
    }

    /// The first signal, if one was received.
    pub fn first(&self) -> Option<StopSignal> {
        self.first.get().copied()
    }
}

/// Waits for a signal, calls `stop`, and ends the program if the work does not end in time.
fn watch(raised: &Raised, first: &OnceLock<StopSignal>, stop: impl FnOnce(StopSignal)) {
    let signal = loop {
        if let Some(signal) = StopSignal::of_number(raised.number.load(Ordering::Relaxed)) {
            break *first.get_or_init(|| signal);
        }
        thread::sleep(POLL_INTERVAL);
    };
    stop(signal);
    thread::sleep(DUPLICATE_WINDOW);
    raised.is_armed.store(true, Ordering::Relaxed);
    let mut idle_since = Instant::now();
    while idle_since.elapsed() + DUPLICATE_WINDOW < GRACE {
        thread::sleep(POLL_INTERVAL);
        if interrupt::has_unsaved_work() {
            idle_since = Instant::now();
        }
    }
    atomic_file::between_writes(WRITE_TIMEOUT, || signal_hook::low_level::exit(ENDED + signal.number()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_those_that_shells_expect() {
        let codes = StopSignal::ALL.map(|signal| (signal.name(), signal.exit_code()));
        assert_eq!(codes, [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)]);
        assert_eq!(StopSignal::of_number(0), None);
        assert_eq!(StopSignal::of_number(15), Some(StopSignal::Terminate));
    }
}

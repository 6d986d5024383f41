//! Stop signals: Ctrl-C, SIGTERM from a scheduler, SIGHUP from a closed terminal, closing a console
//! (Windows).
//!
//! The first signal is a request: the listener stops the work, which saves its state. Work that has not ended
//! after [`GRACE`] is cut off, which is safe since every file is written atomically, unless it holds a
//! [`crate::interrupt::UnsavedWork`]. A later signal ends the program at once. The exit code is 128 plus the
//! signal's number, as shells expect.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::{
    io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

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
/// Added to the signal number in exit codes, by shell convention.
const ENDED: i32 = 128;

/// Reason to end the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopSignal {
    /// SIGINT: Ctrl-C; on Windows also Ctrl-Break.
    Interrupt,
    /// SIGTERM: `kill`, a scheduler, the end of a session; on Windows closing the console.
    Terminate,
    /// SIGHUP: the terminal was closed.
    HangUp,
}

impl StopSignal {
    /// All signals that are handled.
    const ALL: [Self; 3] = [Self::Interrupt, Self::Terminate, Self::HangUp];

    /// POSIX signal number.
    pub fn number(self) -> i32 {
        match self {
            Self::Interrupt => 2,
            Self::Terminate => 15,
            Self::HangUp => 1,
        }
    }

    /// Exit code of a program ended by this signal.
    pub fn exit_code(self) -> u8 {
        u8::try_from(ENDED + self.number()).unwrap_or(u8::MAX)
    }

    /// POSIX name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
            Self::HangUp => "SIGHUP",
        }
    }

    fn of_number(number: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|signal| usize::try_from(signal.number()) == Ok(number))
    }
}

/// State written by the system's signal handlers.
#[derive(Clone, Debug, Default)]
struct Raised {
    /// Number of the newest signal; 0 if there was none.
    number: Arc<AtomicUsize>,
    /// Whether the next signal ends the program at once.
    is_armed: Arc<AtomicBool>,
}

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

//! Stop signals: Ctrl-C, a scheduler's SIGTERM, a terminal that hangs up (SIGHUP), a console that closes (Windows).
//!
//! The first signal is a request: the listener stops the work, which keeps what it has. Work that has not ended [`GRACE`] later is
//! cut off, since every file is written atomically, unless it says that it must keep something first
//! ([`crate::interrupt::Keeping`]). A later signal ends the program at once. The exit code is 128 and the signal's number, as
//! shells expect it.

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

/// How long work has to end by itself.
pub const GRACE: Duration = Duration::from_millis(1200);
/// Signals that come so soon after the first belong to it: `timeout` and shells send the same one twice.
const SAME_WISH: Duration = Duration::from_millis(200);
/// How often it is looked whether a signal has come.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);
/// How long the program waits for a file that is just being written before it ends.
const WRITE_PATIENCE: Duration = Duration::from_millis(300);
/// What shells add to the number of the signal that ended a program.
const ENDED: i32 = 128;

/// Why the program is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopSignal {
    /// SIGINT: Ctrl-C, on Windows Ctrl-Break too.
    Interrupt,
    /// SIGTERM: `kill`, a scheduler, the end of a session; on Windows the console's close.
    Terminate,
    /// SIGHUP: the terminal is gone.
    HangUp,
}

impl StopSignal {
    /// All of them.
    const ALL: [Self; 3] = [Self::Interrupt, Self::Terminate, Self::HangUp];

    /// The number that POSIX gives it.
    pub fn number(self) -> i32 {
        match self {
            Self::Interrupt => 2,
            Self::Terminate => 15,
            Self::HangUp => 1,
        }
    }

    /// The exit code of a program that it ended.
    pub fn exit_code(self) -> u8 {
        u8::try_from(ENDED + self.number()).unwrap_or(u8::MAX)
    }

    /// Its name.
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

/// What the handlers of the system write to.
#[derive(Clone, Debug, Default)]
struct Raised {
    /// Number of the newest signal; 0 for none.
    number: Arc<AtomicUsize>,
    /// Whether another signal ends the program at once.
    is_armed: Arc<AtomicBool>,
}

/// The first signal that has come.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    first: Arc<OnceLock<StopSignal>>,
}

impl Signals {
    /// Listens from now on; `stop` is called once, from a thread of its own, with the first signal.
    ///
    /// # Errors
    /// When the system refuses a handler or a thread: signals then end the program at once.
    pub fn listen(stop: impl FnOnce(StopSignal) + Send + 'static) -> io::Result<Self> {
        let (signals, raised) = (Self::default(), Raised::default());
        system::install(&raised)?;
        let first = Arc::clone(&signals.first);
        thread::Builder::new().name("signals".to_owned()).spawn(move || watch(&raised, &first, stop))?;
        Ok(signals)
    }

    /// The first signal, if one has come.
    pub fn first(&self) -> Option<StopSignal> {
        self.first.get().copied()
    }
}

/// Waits for a signal, has the work stopped, and ends the program if the work goes on.
fn watch(raised: &Raised, first: &OnceLock<StopSignal>, stop: impl FnOnce(StopSignal)) {
    let signal = loop {
        if let Some(signal) = StopSignal::of_number(raised.number.load(Ordering::Relaxed)) {
            break *first.get_or_init(|| signal);
        }
        thread::sleep(LOOK_INTERVAL);
    };
    stop(signal);
    thread::sleep(SAME_WISH);
    raised.is_armed.store(true, Ordering::Relaxed);
    let mut idle_since = Instant::now();
    while idle_since.elapsed() + SAME_WISH < GRACE {
        thread::sleep(LOOK_INTERVAL);
        if interrupt::is_keeping() {
            idle_since = Instant::now();
        }
    }
    atomic_file::between_writes(WRITE_PATIENCE, || signal_hook::low_level::exit(ENDED + signal.number()));
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

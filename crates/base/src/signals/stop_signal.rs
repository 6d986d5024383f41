//! The signals that are handled, and what their handlers write.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize},
};

/// Added to the signal number in exit codes, by shell convention.
pub(super) const ENDED: i32 = 128;

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
    pub(super) const ALL: [Self; 3] = [Self::Interrupt, Self::Terminate, Self::HangUp];

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

    pub(super) fn of_number(number: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|signal| usize::try_from(signal.number()) == Ok(number))
    }
}

/// State written by the system's signal handlers.
#[derive(Clone, Debug, Default)]
pub(super) struct Raised {
    /// Number of the newest signal; 0 if there was none.
    pub number: Arc<AtomicUsize>,
    /// Whether the next signal ends the program at once.
    pub is_armed: Arc<AtomicBool>,
}

//! The last log lines of this process, for a report.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError, TryLockError},
};

use crate::{clock, names};

/// Lines that are kept.
const MOST_LINES: usize = 100;

static LINES: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// Keeps a log record for a later report; the oldest makes room.
pub fn remember(level: log::Level, target: &str, text: &str) {
    let line =
        format!("{} {level:<5} {target}: {}", clock::date_and_seconds(clock::now()), names::escaped(text));
    let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    if lines.len() == MOST_LINES {
        lines.pop_front();
    }
    lines.push_back(line);
}

/// The lines, oldest first. Does not wait: the panic may have come while a line was added.
pub(super) fn last() -> Vec<String> {
    match LINES.try_lock() {
        Ok(lines) => lines.iter().cloned().collect(),
        Err(TryLockError::Poisoned(lines)) => lines.into_inner().iter().cloned().collect(),
        Err(TryLockError::WouldBlock) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept_in_their_order_and_visible() {
        for number in 0..MOST_LINES + 7 {
            remember(log::Level::Warn, "timbrespace::test", &format!("line {number}\nof two"));
        }
        let lines = last();
        assert_eq!(lines.len(), MOST_LINES);
        assert!(lines[0].ends_with("WARN  timbrespace::test: line 7\\nof two"), "{}", lines[0]);
        assert!(lines[MOST_LINES - 1].contains(&format!(": line {}", MOST_LINES + 6)));
    }
}

//! Handlers for POSIX signals.

use std::io;

use signal_hook::flag;

use super::stop_signal::{ENDED, Raised, StopSignal};

/// Installs handlers that write to `raised`.
///
/// # Errors
/// When a handler cannot be installed.
pub(super) fn install(raised: &Raised) -> io::Result<()> {
    for signal in StopSignal::ALL {
        // `nohup` ignores SIGHUP and `&` in a script ignores SIGINT; both stay ignored.
        if is_ignored(signal) {
            continue;
        }
        let number = signal.number();
        // In this order, so that the first signal arms the exit but does not trigger it.
        flag::register_conditional_shutdown(number, ENDED + number, raised.is_armed.clone())?;
        flag::register_usize(number, raised.number.clone(), usize::try_from(number).unwrap_or(0))?;
    }
    Ok(())
}

/// Whether this process was started with `signal` ignored; can be read without `unsafe` on Linux only.
fn is_ignored(signal: StopSignal) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    is_ignored_in(&status, signal)
}

fn is_ignored_in(status: &str, signal: StopSignal) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & (1 << (signal.number() - 1)) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ignored_signal_is_read_from_the_status_of_the_process() {
        // `nohup cat /proc/self/status`
        let status = "SigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000000\n";
        assert!(is_ignored_in(status, StopSignal::HangUp));
        assert!(!is_ignored_in(status, StopSignal::Terminate));
        assert!(!is_ignored_in("", StopSignal::HangUp));
    }
}

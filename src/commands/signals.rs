//! Ctrl-C: once to stop cleanly, twice to end at once.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use signal_hook::{consts::SIGINT, flag};

use super::output::to_stderr;
use crate::interrupt::Interrupt;

/// What shells expect of a program that SIGINT ended: 128 + 2.
const INTERRUPTED: i32 = 130;

/// How often the flag that the signal sets is looked at.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);

/// Stops `interrupt` on the first Ctrl-C and ends the process on the second.
pub(super) fn stop_on_ctrl_c(interrupt: &Interrupt) {
    if let Err(error) = install(interrupt.clone()) {
        log::warn!("Ctrl-C ends the program at once, without saving: {error}");
    }
}

fn install(interrupt: Interrupt) -> io::Result<()> {
    let pressed = Arc::new(AtomicBool::new(false));
    // In this order: the first signal finds the flag down and puts it up, the second finds it up.
    flag::register_conditional_shutdown(SIGINT, INTERRUPTED, pressed.clone())?;
    flag::register(SIGINT, pressed.clone())?;
    thread::Builder::new().name("ctrl-c".to_owned()).spawn(move || {
        while !pressed.load(Ordering::Relaxed) {
            thread::sleep(LOOK_INTERVAL);
        }
        interrupt.stop();
        to_stderr("stopping at the next step; press Ctrl-C again to end at once");
    })?;
    Ok(())
}

//! Ctrl-C and the system's wish that the program ends: a run is kept first; a second one ends the program at once.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use eframe::egui::Context;
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

/// What shells expect of a program that a signal ended: 128 and its number.
const ENDED: i32 = 128;
/// How often the flag that the signal sets is looked at.
const LOOK_INTERVAL: Duration = Duration::from_millis(100);

/// Whether the system wants the program to end.
#[derive(Debug, Default)]
pub(super) struct Signals {
    raised: Arc<AtomicBool>,
    told: bool,
}

impl Signals {
    /// Listens from now on; the window is woken by a signal.
    pub fn listen(ctx: &Context) -> Self {
        let signals = Self::default();
        if let Err(error) = install(&signals.raised, ctx.clone()) {
            log::warn!("signals end the program at once: {error}");
        }
        signals
    }

    /// Whether a signal has come since the last time.
    pub fn is_raised(&mut self) -> bool {
        let comes = !self.told && self.raised.load(Ordering::Relaxed);
        self.told |= comes;
        comes
    }
}

fn install(raised: &Arc<AtomicBool>, ctx: Context) -> io::Result<()> {
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal finds the flag down and puts it up, the second finds it up.
        flag::register_conditional_shutdown(signal, ENDED + signal, Arc::clone(raised))?;
        flag::register(signal, Arc::clone(raised))?;
    }
    let raised = Arc::clone(raised);
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        while !raised.load(Ordering::Relaxed) {
            thread::sleep(LOOK_INTERVAL);
        }
        ctx.request_repaint();
    })?;
    Ok(())
}

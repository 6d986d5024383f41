//! Logs how long the window takes to appear: `RUST_LOG=timbrespace::app::startup=info`.

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

static MAIN: OnceLock<Instant> = OnceLock::new();

/// Call first in `main`: starts the clock.
pub fn main_begins() {
    MAIN.get_or_init(Instant::now);
}

/// Time since `main` began.
fn elapsed() -> Duration {
    MAIN.get_or_init(Instant::now).elapsed()
}

/// The milestones of one start, each logged once with milliseconds since `main` began.
#[derive(Debug, Default)]
pub(super) struct Startup {
    first_frame_seen: bool,
}

impl Startup {
    /// Call when the window and the graphics adapter exist.
    pub fn graphics_ready() -> Self {
        log("graphics ready");
        Self::default()
    }

    /// Call at the end of every `ui`.
    pub fn frame_done(&mut self) {
        if !self.first_frame_seen {
            self.first_frame_seen = true;
            log("first ui done");
        }
    }
}

/// Logs that everything before the window's creation is done.
pub(super) fn before_graphics() {
    log("before graphics");
}

fn log(milestone: &str) {
    log::info!("{milestone}: {:.1} ms", elapsed().as_secs_f64() * 1e3);
}

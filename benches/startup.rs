//! From `main` to the end of the first `ui`, on the screen in `DISPLAY` (without one: `xvfb-run -a cargo bench --bench startup`).
//!
//! The program is started ten times on the demo sounds, once to warm up and make them. Creating the window and the graphics
//! adapter is told apart, because it is the driver's time.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first error, and prints"
)]

#[expect(dead_code, reason = "each benchmark uses a part of what they share")]
mod common;

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use common::{Times, cores};

const STARTS: usize = 10;

/// Milliseconds since `main` began.
#[derive(Default)]
struct Milestones {
    before_graphics: f64,
    graphics_ready: f64,
    first_ui_done: f64,
}

fn start(data: &Path) -> Milestones {
    let mut child = Command::new(env!("CARGO_BIN_EXE_timbrespace"))
        .env("TIMBRESPACE_DATA_DIR", data)
        .env("RUST_LOG", "timbrespace::app::startup=info")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut milestones = Milestones::default();
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        let line = line.unwrap();
        let value = |name: &str| {
            let (_, rest) = line.split_once(name)?;
            rest.trim_start_matches(": ").trim_end_matches(" ms").parse::<f64>().ok()
        };
        if let Some(value) = value("before graphics") {
            milestones.before_graphics = value;
        } else if let Some(value) = value("graphics ready") {
            milestones.graphics_ready = value;
        } else if let Some(value) = value("first ui done") {
            milestones.first_ui_done = value;
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    milestones
}

fn main() {
    if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() {
        println!("there is no screen: run `xvfb-run -a cargo bench --bench startup`");
        return;
    }
    let place = tempfile::tempdir().unwrap();
    start(place.path());
    std::thread::sleep(Duration::from_secs(1));
    let (mut own, mut graphics) = (Times::default(), Times::default());
    for _ in 0..STARTS {
        let milestones = start(place.path());
        assert!(milestones.first_ui_done > 0.0, "the window did not open");
        let driver = milestones.graphics_ready - milestones.before_graphics;
        own.add(Duration::from_secs_f64((milestones.first_ui_done - driver) / 1e3));
        graphics.add(Duration::from_secs_f64(driver / 1e3));
    }
    println!("{} cores, warm file cache", cores());
    own.print("main to the end of the first ui");
    graphics.print("window and graphics adapter, apart");
}

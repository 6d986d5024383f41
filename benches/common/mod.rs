//! What the benchmarks of the window share: a session without a sound card, frames without a screen, and percentiles.

pub mod driver;

use std::{
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use eframe::egui::{self, Event, MouseWheelUnit, Pos2, RawInput, Rect, Vec2};
use timbrespace::{
    app::Window,
    session::{Session, SessionOptions, State},
};

/// A session below `data_dir` that plays to nobody.
pub fn session(data_dir: &Path) -> Session {
    Session::new(SessionOptions::without_devices(data_dir)).unwrap()
}

/// Real recordings where they are at hand, else `None`: then the demo sounds serve.
pub fn recordings() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fsdd/recordings");
    folder.is_dir().then_some(folder)
}

/// Takes the workers' news until `done`, for at most ten minutes.
pub fn wait(session: &mut Session, what: &str, done: impl Fn(&State) -> bool) {
    let start = Instant::now();
    loop {
        session.poll();
        if done(session.state()) {
            return;
        }
        assert!(start.elapsed() < Duration::from_mins(10), "no {what}: {:?}", session.state().notices);
        thread::sleep(Duration::from_millis(1));
    }
}

/// The window drawn to triangles, without a screen.
pub struct Screen {
    ctx: egui::Context,
    window: Window,
    start: Instant,
    frame: usize,
}

impl Screen {
    /// 1280 × 800 points.
    pub fn new() -> Self {
        let ctx = egui::Context::default();
        let window = Window::new(&ctx);
        Self { ctx, window, start: Instant::now(), frame: 0 }
    }

    /// One frame: news, `ui`, commands, tessellation. The mouse moves all the time and scrolls where it is told to.
    /// Returns the processor time of this thread.
    pub fn frame(&mut self, session: &mut Session, scroll: Option<f32>) -> Duration {
        let angle = (self.frame + 1) as f32 * 0.05;
        let pointer = match scroll {
            Some(_) => Pos2::new(150.0, 400.0),
            None => Pos2::new(780.0 + 300.0 * angle.cos(), 430.0 + 200.0 * angle.sin()),
        };
        let mut events = vec![Event::PointerMoved(pointer)];
        events.extend(scroll.map(|points| Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            source: egui::MouseWheelSource::Wheel,
            delta: Vec2::new(0.0, points),
            phase: egui::TouchPhase::Move,
            modifiers: egui::Modifiers::NONE,
        }));
        self.frame_of(session, events)
    }

    /// One frame in which these events arrive.
    pub fn frame_of(&mut self, session: &mut Session, events: Vec<Event>) -> Duration {
        let input = self.input(events);
        let before = thread_time();
        session.poll();
        let mut commands = Vec::new();
        let output = self.ctx.run_ui(input, |ui| commands.extend(self.window.show(ui, session.state())));
        for command in commands {
            session.apply(command);
        }
        self.tessellated(output, before)
    }

    /// One frame of a state that nobody changes.
    pub fn frame_of_state(&mut self, state: &State, events: Vec<Event>) -> Duration {
        let input = self.input(events);
        let before = thread_time();
        let output = self.ctx.run_ui(input, |ui| drop(self.window.show(ui, state)));
        self.tessellated(output, before)
    }

    fn input(&mut self, events: Vec<Event>) -> RawInput {
        self.frame += 1;
        RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, Vec2::new(1280.0, 800.0))),
            time: Some(self.start.elapsed().as_secs_f64()),
            events,
            focused: true,
            ..RawInput::default()
        }
    }

    fn tessellated(&self, output: egui::FullOutput, before: Duration) -> Duration {
        let triangles = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let spent = thread_time().saturating_sub(before);
        assert!(!triangles.is_empty());
        spent
    }

    /// Frames for `length`, sixty a second; `between` acts on the session after each, given its number.
    pub fn run(
        &mut self,
        session: &mut Session,
        length: Duration,
        scroll: Option<f32>,
        mut between: impl FnMut(&mut Session, usize),
    ) -> Times {
        let (start, mut times) = (Instant::now(), Times::default());
        while start.elapsed() < length {
            let next = Instant::now() + Duration::from_micros(16_667);
            times.add(self.frame(session, scroll));
            between(session, times.0.len());
            thread::sleep(next.saturating_duration_since(Instant::now()));
        }
        times
    }
}

/// Processor time of the calling thread.
#[cfg(unix)]
pub fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Where the system has no such clock: wall time.
#[cfg(not(unix))]
pub fn thread_time() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// Many measurements of one thing.
#[derive(Default)]
pub struct Times(Vec<Duration>);

impl Times {
    pub fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// One row of a table, in milliseconds.
    pub fn print(mut self, what: &str) {
        self.0.sort_unstable();
        let at = |share: f64| {
            let index = ((self.0.len() - 1) as f64 * share).round() as usize;
            self.0[index].as_secs_f64() * 1e3
        };
        println!(
            "{what:<44} {:>6} times   median {:>7.2} ms   95 % {:>7.2} ms   most {:>7.2} ms",
            self.0.len(),
            at(0.5),
            at(0.95),
            at(1.0)
        );
    }
}

/// Memory of this process in MiB, where the system tells it.
pub fn memory_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<f64>().ok().map(|kib| kib / 1024.0)
}

/// The machine, for the head of a table.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

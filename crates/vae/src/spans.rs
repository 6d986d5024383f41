//! Times of a training step's tasks, for `examples/scaling.rs`: what each would take on one thread, and what waits for what.
//!
//! Recording is for a pool of one thread, where tasks run one after the other.

use std::{
    mem,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

/// A part of a step; parts follow one after the other.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Work of one thread while the others wait, in seconds.
    Alone(f64),
    /// Tasks that any thread can take, each in seconds.
    Shared(Vec<f64>),
    /// A matrix product that all threads divide among themselves, in seconds.
    Divided(f64),
}

static RECORDING: AtomicBool = AtomicBool::new(false);
static RECORDER: Mutex<Option<Recorder>> = Mutex::new(None);

struct Recorder {
    /// Threads that work is divided for.
    threads: usize,
    parts: Vec<Part>,
    /// When the last part ended.
    end: Instant,
    /// Loops around the code that runs now.
    loops: usize,
    /// Begin of each task that runs now, and the seconds of tasks within it.
    running: Vec<(Instant, f64)>,
}

impl Recorder {
    fn new(threads: usize) -> Self {
        Self { threads, parts: Vec::new(), end: Instant::now(), loops: 0, running: Vec::new() }
    }

    /// The time since the last part is one thread's.
    fn end_alone(&mut self) {
        self.parts.push(Part::Alone(self.end.elapsed().as_secs_f64()));
    }
}

fn recorder() -> MutexGuard<'static, Option<Recorder>> {
    RECORDER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Changes the recorder, if one is there.
fn with(change: impl FnOnce(&mut Recorder)) {
    if RECORDING.load(Ordering::Relaxed)
        && let Some(recorder) = recorder().as_mut()
    {
        change(recorder);
    }
}

/// Begins to record a step whose work is divided as for so many threads.
pub fn start(threads: usize) {
    *recorder() = Some(Recorder::new(threads));
    RECORDING.store(true, Ordering::Relaxed);
}

/// The parts since [`start`] or since the last call, if anything is recorded.
pub fn take() -> Vec<Part> {
    let mut parts = Vec::new();
    with(|recorder| {
        recorder.end_alone();
        recorder.end = Instant::now();
        parts = mem::take(&mut recorder.parts);
    });
    parts
}

/// The threads that work is divided for while it is recorded.
pub(crate) fn threads() -> Option<usize> {
    let mut threads = None;
    with(|recorder| threads = Some(recorder.threads));
    threads
}

/// Ends recording.
pub fn stop() {
    RECORDING.store(false, Ordering::Relaxed);
    *recorder() = None;
}

/// Runs a loop whose items are tasks. Tasks of a loop within a task are tasks of the loop around it.
pub(crate) fn shared<R>(run: impl FnOnce() -> R) -> R {
    with(|recorder| {
        if recorder.loops == 0 {
            recorder.end_alone();
            recorder.parts.push(Part::Shared(Vec::new()));
        }
        recorder.loops += 1;
    });
    let result = run();
    with(|recorder| {
        recorder.loops -= 1;
        if recorder.loops == 0 {
            recorder.end = Instant::now();
        }
    });
    result
}

/// Runs one task of a loop.
pub(crate) fn task<R>(run: impl FnOnce() -> R) -> R {
    with(|recorder| recorder.running.push((Instant::now(), 0.0)));
    let result = run();
    with(|recorder| {
        let Some((begin, within)) = recorder.running.pop() else { return };
        let all = begin.elapsed().as_secs_f64();
        if let Some((_, within)) = recorder.running.last_mut() {
            *within += all;
        }
        if let Some(Part::Shared(tasks)) = recorder.parts.last_mut() {
            tasks.push(all - within);
        }
    });
    result
}

/// Runs a matrix product on all threads.
pub(crate) fn divided<R>(run: impl FnOnce() -> R) -> R {
    with(|recorder| {
        if recorder.loops == 0 {
            recorder.end_alone();
            recorder.end = Instant::now();
        }
    });
    let result = run();
    with(|recorder| {
        if recorder.loops == 0 {
            recorder.parts.push(Part::Divided(recorder.end.elapsed().as_secs_f64()));
            recorder.end = Instant::now();
        }
    });
    result
}

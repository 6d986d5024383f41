//! An hour of stereo sound in the stage view, whole file: until it is there, and frames while it is zoomed and panned.
//!
//! `cargo bench --bench strip`. Writes a WAV file of 635 MB into the system's temporary folder and removes it. A frame is the
//! processor time of the drawing thread for the workers' news, `ui` and tessellation; "sharp" is the time from the
//! end of a movement until the part in sight was computed.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first error, and prints"
)]

#[expect(dead_code, reason = "each benchmark uses a part of what they share")]
mod common;

use std::{
    f32::consts::TAU,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use common::{Screen, Times, cores, memory_mib, session, wait};
use eframe::egui::{
    Event, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, TouchPhase, Vec2,
};
use timbrespace::{
    pipeline::config::{ClipDuration, PreprocessingConfig},
    session::{InspectionCommand, LibraryCommand, Session},
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const HOUR_SECS: u32 = 3600;
const RATE_HZ: u32 = 44_100;
/// In the middle of the log-magnitude row.
const POINTER: Pos2 = Pos2::new(700.0, 560.0);
const FRAME: Duration = Duration::from_micros(16_667);

fn main() {
    let place = tempfile::tempdir().unwrap();
    let sound = place.path().join("hour.wav");
    write_hour(&sound);
    let mut session = session(place.path());
    let config = PreprocessingConfig { duration: ClipDuration::Full, ..PreprocessingConfig::default() };
    session.apply(InspectionCommand::SetPreprocessing(config));
    println!("an hour of stereo at 44.1 kHz, whole file at 22.05 kHz, {} cores", cores());
    let before = memory_mib();
    let start = Instant::now();
    session.apply(LibraryCommand::Open(sound));
    wait(&mut session, "stages", |state| state.inspection.long.is_some());
    println!("opened to stages: {:.1} s", start.elapsed().as_secs_f64());
    if let (Some(before), Some(after), Some(most)) = (before, memory_mib(), peak_mib()) {
        println!("memory: {:.0} MiB more than before, at most {most:.0} MiB in all", after - before);
    }
    let mut screen = Screen::new();
    for _ in 0..20 {
        screen.frame_of(&mut session, vec![Event::PointerMoved(POINTER)]);
    }
    moved(&mut screen, &mut session, "zooming in by the wheel", 120, |_| wheel(12.0));
    moved(&mut screen, &mut session, "zooming out by the wheel", 60, |_| wheel(-10.0));
    let grab = |pressed| Event::PointerButton {
        pos: POINTER,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    screen.frame_of(&mut session, vec![grab(true)]);
    moved(&mut screen, &mut session, "dragging along time", 600, |frame| {
        let by = ((frame as f32) * 0.02).sin() * 250.0;
        vec![Event::PointerMoved(POINTER + Vec2::new(by, 0.0))]
    });
    screen.frame_of(&mut session, vec![grab(false)]);
    if let Some(most) = peak_mib() {
        println!("memory: at most {most:.0} MiB in all");
    }
}

fn wheel(points: f32) -> Vec<Event> {
    let wheel = Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        source: MouseWheelSource::Wheel,
        delta: Vec2::new(0.0, points),
        phase: TouchPhase::Move,
        modifiers: Modifiers::NONE,
    };
    vec![Event::PointerMoved(POINTER), wheel]
}

/// Frames of a movement, sixty a second; then until the part in sight is sharp.
fn moved(
    screen: &mut Screen,
    session: &mut Session,
    what: &str,
    frames: usize,
    events: impl Fn(usize) -> Vec<Event>,
) {
    let mut times = Times::default();
    for frame in 0..frames {
        let next = Instant::now() + FRAME;
        times.add(screen.frame_of(session, events(frame)));
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    times.print(what);
    let start = Instant::now();
    let mut generation = shown(session);
    let mut last = start;
    // Sharp once no newer part arrives for a quarter of a second.
    while last.elapsed() < Duration::from_millis(250) {
        screen.frame_of(session, vec![Event::PointerMoved(POINTER)]);
        thread::sleep(Duration::from_millis(2));
        if shown(session) != generation {
            generation = shown(session);
            last = Instant::now();
        }
    }
    println!("    sharp after {:.0} ms", (last - start).as_secs_f64() * 1e3);
}

/// A number that changes with the part that is shown.
fn shown(session: &Session) -> u64 {
    session.state().inspection.long.as_ref().map_or(0, |(_, view)| view.shown().1)
}

fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<f64>().ok().map(|kib| kib / 1024.0)
}

/// Notes that come and go, left and right apart.
fn write_hour(path: &Path) {
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: RATE_HZ,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    let note: Vec<f32> = (0..RATE_HZ / 2)
        .map(|n| {
            let secs = n as f32 / RATE_HZ as f32;
            (TAU * 330.0 * secs).sin() * (-8.0 * secs).exp()
                + 0.3 * (TAU * 1490.0 * secs).sin() * (-20.0 * secs).exp()
        })
        .collect();
    for second in 0..HOUR_SECS {
        let loud = 6000.0 + 5000.0 * (second as f32 * 0.05).sin();
        for half in [1.0, 0.6] {
            for sample in &note {
                writer.write_sample((loud * half * sample) as i16).unwrap();
                writer.write_sample((loud * 0.8 * sample) as i16).unwrap();
            }
        }
    }
    writer.finalize().unwrap();
}

//! From the start of the program to the end of the first `ui`, and to the first sound of the embedded model, with the program in the
//! system's file cache and without.
//!
//! `xvfb-run -a cargo bench --bench startup`: the window opens on the screen in `DISPLAY`. The program is started ten times on the demo
//! sounds, once to warm up and make them. Creating the window and the graphics adapter is told apart, because it is the driver's
//! time. For the first sound this program starts itself ten times without a window: the embedded model is opened, a slider is moved as soon as
//! there is one, and the callback of a sound card without a sound card waits for a sample that is not zero.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first error, and prints"
)]

#[expect(dead_code, reason = "each benchmark uses a part of what they share")]
mod common;

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use common::{
    Times, cores,
    driver::{Driver, RATE_HZ},
    wait,
};
use timbrespace::{
    playback::test_backend::TestBackend,
    session::{
        Command as C, Instruments, LatentCommand, Session, SessionOptions,
        state::{Settings, View},
    },
};

const STARTS: usize = 10;
/// Argument of the process that sounds, before its data folder.
const FIRST_SOUND: &str = "first-sound";

/// A copy of an executable, so that nothing else holds its pages in memory.
struct Executable(PathBuf);

impl Executable {
    fn copied(from: &Path, to: &Path) -> Self {
        fs::copy(from, to).unwrap();
        Self(to.to_owned())
    }

    /// A command that runs it, from storage if `cold`.
    fn command(&self, cold: bool) -> Command {
        if cold {
            forget(&self.0);
        }
        Command::new(&self.0)
    }
}

/// Asks the system to forget what it holds of a file.
#[cfg(target_os = "linux")]
fn forget(path: &Path) {
    let file = fs::File::open(path).unwrap();
    file.sync_data().unwrap();
    rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).unwrap();
}

/// Elsewhere there is no such request: both figures are those of a warm cache.
#[cfg(not(target_os = "linux"))]
fn forget(_: &Path) {}

/// Milliseconds since `main` began, but for the last, which the parent measures.
#[derive(Default)]
struct Milestones {
    before_graphics: f64,
    graphics_ready: f64,
    first_ui_done: f64,
    /// From asking the system for the process to the end of the first `ui`.
    since_start: Duration,
}

fn start(program: &Executable, cold: bool, data: &Path) -> Milestones {
    let mut command = program.command(cold);
    let begin = Instant::now();
    let mut child = command
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
            milestones.since_start = begin.elapsed();
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(milestones.first_ui_done > 0.0, "the window did not open");
    milestones
}

/// The process that sounds: prints a line once it does.
fn sound(data: &Path) {
    let backend = TestBackend::new(RATE_HZ, 2);
    let driver = Driver::new(backend.device());
    let mut session = Session::new(SessionOptions {
        wake: Arc::new(|| {}),
        backend: Box::new(backend),
        instruments: Instruments::none(),
        data_dir: data.to_owned(),
        settings: Settings { volume: 1.0, ..Settings::default() },
    })
    .unwrap();
    session.apply(LatentCommand::UseDemoModel);
    session.apply(C::Show(View::Latent));
    wait(&mut session, "model", |state| !state.latent.vector.is_empty());
    session.apply(LatentCommand::SetLatent { dimension: 0, value: 0.5 });
    wait(&mut session, "sound", |_| driver.sounding_since().is_some());
    println!("sounds");
}

/// From asking the system for the process to its first sound.
fn first_sound(program: &Executable, cold: bool, data: &Path) -> Duration {
    let mut command = program.command(cold);
    let begin = Instant::now();
    let mut child = command.arg(FIRST_SOUND).arg(data).stdout(Stdio::piped()).spawn().unwrap();
    let line = BufReader::new(child.stdout.take().unwrap()).lines().next();
    let elapsed = begin.elapsed();
    assert_eq!(line.unwrap().unwrap(), "sounds");
    child.wait().unwrap();
    elapsed
}

fn windows(place: &Path) {
    if env::var_os("DISPLAY").is_none() && env::var_os("WAYLAND_DISPLAY").is_none() {
        println!("there is no screen for the window: run `xvfb-run -a cargo bench --bench startup`");
        return;
    }
    let program =
        Executable::copied(Path::new(env!("CARGO_BIN_EXE_timbrespace")), &place.join("timbrespace"));
    let data = place.join("data");
    start(&program, false, &data);
    std::thread::sleep(Duration::from_secs(1));
    for (cold, cache) in [(false, "warm"), (true, "cold")] {
        let (mut own, mut graphics, mut whole) = (Times::default(), Times::default(), Times::default());
        for _ in 0..STARTS {
            let milestones = start(&program, cold, &data);
            let driver = milestones.graphics_ready - milestones.before_graphics;
            own.add(Duration::from_secs_f64((milestones.first_ui_done - driver) / 1e3));
            graphics.add(Duration::from_secs_f64(driver / 1e3));
            whole.add(milestones.since_start);
        }
        own.print(&format!("{cache}: main to the end of the first ui"));
        graphics.print(&format!("{cache}: window and graphics adapter, apart"));
        whole.print(&format!("{cache}: all, from the start of the process"));
    }
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, mode, data] = arguments.as_slice()
        && mode == FIRST_SOUND
    {
        return sound(Path::new(data));
    }
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    println!("{} cores", cores());
    windows(place.path());
    let own = Executable::copied(&env::current_exe().unwrap(), &place.path().join("sounds"));
    let data = place.path().join("silent-data");
    first_sound(&own, false, &data);
    for (cold, cache) in [(false, "warm"), (true, "cold")] {
        let mut times = Times::default();
        for _ in 0..STARTS {
            times.add(first_sound(&own, cold, &data));
        }
        times.print(&format!("{cache}: start of the process to the first sound of the embedded model"));
    }
}

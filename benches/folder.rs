//! A folder of 100,000 recordings: how soon there is something to see, and what the list costs.
//!
//! `cargo bench --bench folder`. The files are links to a few small ones, in class folders, in a temporary folder (or below
//! `TIMBRESPACE_BENCH_DIR`).
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first error, and prints"
)]

#[expect(dead_code, reason = "each benchmark uses a part of what they share")]
mod common;

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use common::{Screen, Times, cores, memory_mib, session, wait};
use timbrespace::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
    },
    session::{LibraryCommand, Session},
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FILES: usize = 100_000;
const CLASSES: usize = 50;
/// Links to one file; some file systems allow no more than 65,000.
const LINKS: usize = 10_000;

fn make(root: &Path) {
    let mut source = root.to_owned();
    for index in 0..FILES {
        let class = root.join(format!("class_{:02}", index % CLASSES));
        if index < CLASSES {
            fs::create_dir(&class).unwrap();
        }
        let path = class.join(format!("recording_{index:06}.wav"));
        if index.is_multiple_of(LINKS) {
            let samples = (0..400).map(|at| (at as f32 * 0.1).sin() * 0.5).collect();
            write_wav(&path, &Clip::mono(samples, 8000), BitDepth::Int16).unwrap();
            source = path;
        } else if fs::hard_link(&source, &path).is_err() {
            fs::copy(&source, &path).unwrap();
        }
    }
}

fn main() {
    let place = match std::env::var_os("TIMBRESPACE_BENCH_DIR") {
        Some(dir) => tempfile::tempdir_in(dir).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    let root = place.path().join("recordings");
    fs::create_dir(&root).unwrap();
    make(&root);
    let data = place.path().join("data");
    let mut session = session(&data);
    let mut screen = Screen::new();
    // The built-in model is loaded at the start; its memory is not the list's.
    wait(&mut session, "model", |state| state.latent.model.is_some() && state.latent.decoded.is_some());
    for _ in 0..10 {
        screen.frame(&mut session, None);
    }
    println!("{FILES} recordings in {CLASSES} folders, {} cores", cores());
    for round in ["first time", "again"] {
        open(&mut screen, &mut session, &root, round);
    }
    let times = screen.run(&mut session, Duration::from_secs(5), Some(-2000.0), |_, _| ());
    times.print("frame, list scrolling");
    search(&mut screen, &mut session);
}

fn open(screen: &mut Screen, session: &mut Session, root: &Path, round: &str) {
    let before = memory_mib();
    let start = Instant::now();
    let milliseconds = || start.elapsed().as_secs_f64() * 1e3;
    session.apply(LibraryCommand::Open(root.to_owned()));
    let (mut seen, mut counting, mut times) = (None, None, Times::default());
    while session.state().library.scanning.is_some() {
        times.add(screen.frame(session, None));
        seen.get_or_insert_with(milliseconds);
        if session.state().library.scanning.is_some_and(|found| found > 0) {
            counting.get_or_insert_with(milliseconds);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    times.add(screen.frame(session, None));
    let listed = milliseconds();
    assert_eq!(session.state().library.recordings.len(), FILES);
    println!(
        "{round}: folder named after {:.0} ms, number growing after {:.0} ms, listed and drawn after {listed:.0} ms",
        seen.unwrap_or(listed),
        counting.unwrap_or(listed)
    );
    while session.state().library.unread > 0 {
        times.add(screen.frame(session, Some(-300.0)));
        std::thread::sleep(Duration::from_millis(2));
    }
    println!("{round}: all lengths and rates after {:.0} ms", milliseconds());
    times.print(&format!("{round}: frame until then, list scrolling"));
    if let (Some(before), Some(after)) = (before, memory_mib()) {
        println!("{round}: memory {before:.0} MiB before, {after:.0} MiB after");
    }
}

fn search(screen: &mut Screen, session: &mut Session) {
    let mut times = Times::default();
    for words in ["r", "re", "rec", "99", "class_07 12", "nothing like it", ""] {
        let before = common::thread_time();
        session.apply(LibraryCommand::Search(words.to_owned()));
        let spent = common::thread_time().saturating_sub(before);
        times.add(spent + screen.frame(session, None));
    }
    times.print("frame in which a letter is typed into the search");
}

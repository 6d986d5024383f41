//! Frames of the window while a `reference` model trains on all cores.
//!
//! `cargo bench --bench window`. A frame is the processor time of the drawing thread for the workers' news, `ui` and
//! tessellation; what the graphics driver makes of it is not in it.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first error, and prints"
)]

#[expect(dead_code, reason = "each benchmark uses a part of what they share")]
mod common;

use std::time::Duration;

use common::{Screen, cores, recordings, session, wait};
use timbrespace::{
    session::{
        Command, LatentCommand, LibraryCommand, Session,
        state::{RunStatus, View},
        training::TrainingCommand,
    },
    vae::config::Preset,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long each view is looked at.
const LENGTH: Duration = Duration::from_secs(10);
/// Frames between two things that a person does.
const PACE: usize = 6;

fn main() {
    let place = tempfile::tempdir().unwrap();
    let mut session = session(place.path());
    session.apply(recordings().map_or(Command::Library(LibraryCommand::OpenDemo), |value| {
        Command::Library(LibraryCommand::Open(value))
    }));
    wait(&mut session, "recordings", |state| {
        !state.library.recordings.is_empty() && state.library.scanning.is_none()
    });
    let count = session.state().library.recordings.len();
    println!("{count} recordings, {} cores; processor time of the drawing thread a frame", cores());
    let mut screen = Screen::new();
    let first = screen.frame(&mut session, None);
    println!("the first frame, with fonts: {:.1} ms", first.as_secs_f64() * 1e3);
    views(&mut screen, &mut session, "idle");

    let mut form = session.state().settings.training.clone();
    form.preset = Preset::Reference;
    form.latent_size = 128;
    session.apply(TrainingCommand::SetForm(Box::new(form)));
    session.apply(TrainingCommand::Start);
    wait(&mut session, "training", |state| {
        state.training.status == RunStatus::Running && state.training.step > 2
    });
    views(&mut screen, &mut session, "training");
    println!(
        "meanwhile {} steps of training, {:.1} samples/s",
        session.state().training.step,
        session.state().training.samples_per_second
    );
    session.apply(TrainingCommand::End);
}

fn views(screen: &mut Screen, session: &mut Session, when: &str) {
    let count = session.state().library.recordings.len();
    session.apply(Command::Show(View::Stages));
    let times = screen.run(session, LENGTH, None, |session, frame| {
        if frame.is_multiple_of(PACE) {
            session.apply(LibraryCommand::Select(frame * 7 % count));
        }
    });
    times.print(&format!("{when}: stages, another recording {} a second", 60 / PACE));
    let times = screen.run(session, LENGTH, Some(-90.0), |_, _| ());
    times.print(&format!("{when}: stages, list scrolling"));
    session.apply(Command::Show(View::Training));
    screen.run(session, LENGTH, None, |_, _| ()).print(&format!("{when}: training"));
    session.apply(Command::Show(View::Latent));
    let times = screen.run(session, LENGTH, None, |session, frame| {
        let value = ((frame as f32) * 0.03).sin() * 2.0;
        session.apply(LatentCommand::SetLatent { dimension: frame / 60 % 8, value });
    });
    times.print(&format!("{when}: latent, a slider dragged"));
}

//! From a moved slider to the first new sample in the audio callback, with a `reference` model and 32 Griffin-Lim iterations.
//!
//! `cargo bench --bench slider`. Every move begins in silence, so the first sample that is not zero is the new sound. The
//! callback asks for 256 frames at 48 kHz (5.3 ms) in real time; the window polls as soon as it is woken, or sixty times a
//! second as it does on a screen that makes it wait.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first error, and prints"
)]

#[expect(dead_code, reason = "each benchmark uses a part of what they share")]
mod common;

use std::{path::Path, sync::Arc, thread, time::Duration};

use common::{
    Times, cores,
    driver::{BLOCK_FRAMES, Driver, RATE_HZ},
    recordings, wait,
};
use crossbeam_channel::{Receiver, bounded};
use timbrespace::{
    audio::left_out::LeftOut,
    interrupt::Interrupt,
    jobs::{
        JobContext, demo,
        train::{self, Choices, Existing, Images, Request, Streaming},
    },
    playback::test_backend::TestBackend,
    session::{
        Command, Instruments, LatentCommand, LibraryCommand, PlaybackCommand, Session, SessionOptions,
        state::{RunStatus, Settings, View},
        training::TrainingCommand,
    },
    vae::{
        config::{ModelChoices, Preset},
        steering::Steering,
        training_config::TrainingChoices,
    },
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const MOVES: usize = 200;
const SCREEN: Duration = Duration::from_micros(16_667);

/// A bundle of a `reference` model that has seen one batch: how well it sounds does not matter here.
fn bundle(place: &Path) -> std::path::PathBuf {
    let sounds = place.join("sounds");
    demo::ensure(&sounds, &JobContext::silent(&Interrupt::new())).unwrap();
    let out = place.join("bundle");
    let choices = Choices {
        model: ModelChoices { preset: Some(Preset::Reference), ..ModelChoices::default() },
        training: TrainingChoices { epochs: Some(1), batch_size: Some(64), ..TrainingChoices::default() },
    };
    let images = Images::Folder(sounds, Box::default());
    let request = Request {
        images,
        left_out: LeftOut::default(),
        out: out.clone(),
        choices,
        existing: Existing::Refuse,
        steering: Steering::new(),
        streaming: Streaming::Auto,
        tensorboard: None,
    };
    train::run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
    out
}

/// What the window does between two looks at the session.
fn rest(wakes: &Receiver<()>, paced: bool) {
    if paced {
        thread::sleep(SCREEN);
    } else {
        // A wake that comes late or never costs a millisecond at most.
        wakes.recv_timeout(Duration::from_millis(1)).unwrap_or_default();
    }
}

fn measure(session: &mut Session, driver: &Driver, wakes: &Receiver<()>, paced: bool) -> Times {
    let mut times = Times::default();
    for step in 0..MOVES {
        session.apply(PlaybackCommand::Stop);
        while driver.sounding_since().is_some() {
            session.poll();
            thread::sleep(Duration::from_millis(3));
        }
        // The move comes at any time between two blocks.
        thread::sleep(Duration::from_micros(5000 + (step as u64 * 379) % 5333));
        let asked = driver.elapsed();
        session.apply(LatentCommand::SetLatent { dimension: step % 8, value: (step as f32 * 0.7).sin() });
        let heard = loop {
            if let Some(heard) = driver.sounding_since() {
                break heard;
            }
            rest(wakes, paced);
            session.poll();
            assert!(driver.elapsed() < asked + Duration::from_secs(20), "nothing sounds");
        };
        times.add(heard.saturating_sub(asked));
    }
    times
}

fn main() {
    let place = tempfile::tempdir().unwrap();
    let bundle = bundle(place.path());
    let backend = TestBackend::new(RATE_HZ, 2);
    let driver = Driver::new(backend.device());
    let (wake, wakes) = bounded(1);
    let mut session = Session::new(SessionOptions {
        wake: Arc::new(move || wake.try_send(()).unwrap_or_default()),
        backend: Box::new(backend),
        instruments: Instruments::none(),
        data_dir: place.path().join("data"),
        settings: Settings { volume: 1.0, iterations: 32, ..Settings::default() },
    })
    .unwrap();
    session.apply(recordings().map_or(Command::Library(LibraryCommand::OpenDemo), |value| {
        Command::Library(LibraryCommand::Open(value))
    }));
    wait(&mut session, "recordings", |state| {
        !state.library.recordings.is_empty() && state.library.scanning.is_none()
    });
    session.apply(LibraryCommand::Open(bundle));
    session.apply(Command::Show(View::Latent));
    wait(&mut session, "model", |state| state.latent.vector.len() == 128 && state.latent.decoded.is_some());
    wait(&mut session, "map", |state| {
        state.space.set.is_some() && state.space.effects.len() == state.latent.axes.len()
    });
    println!("{} cores; {MOVES} moves each; callbacks of {BLOCK_FRAMES} frames at {RATE_HZ} Hz", cores());
    measure(&mut session, &driver, &wakes, false).print("idle, polled when woken");
    measure(&mut session, &driver, &wakes, true).print("idle, polled at 60 frames a second");
    let mut form = session.state().settings.training.clone();
    form.preset = Preset::Reference;
    form.latent_size = 128;
    session.apply(TrainingCommand::SetForm(Box::new(form)));
    session.apply(TrainingCommand::Start);
    wait(&mut session, "training", |state| {
        state.training.status == RunStatus::Running && state.training.step > 2
    });
    measure(&mut session, &driver, &wakes, false).print("while reference trains, polled when woken");
    measure(&mut session, &driver, &wakes, true).print("while reference trains, 60 frames a second");
    session.apply(TrainingCommand::End);
}

//! A map of 100,000 recordings: frames while it is pointed at, zoomed and dragged; nearest neighbours; and t-SNE.
//!
//! `cargo bench --bench map`. The vectors are made: ten clouds. A frame is the processor time of the drawing thread for `ui`
//! and tessellation.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first error, and prints"
)]

#[expect(dead_code, reason = "each benchmark uses a part of what they share")]
mod common;

use std::{path::Path, sync::Arc, time::Instant};

use common::{Screen, Times, cores};
use eframe::egui::{
    Event, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, TouchPhase, Vec2,
};
use ndarray::Array2;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use rand_distr::StandardNormal;
use timbrespace::{
    explore::{
        layout::{Layout, LayoutKind},
        neighbours::Neighbours,
    },
    interrupt::Interrupt,
    jobs::{
        JobContext,
        latent::encoded_set::{EncodedSet, Listed},
        layout,
        runs::demo_model,
        scan::Recording,
    },
    pipeline::stages::MinMax,
    session::{
        State,
        state::{LoadedModel, ModelOrigin, View},
    },
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RECORDINGS: usize = 100_000;
const CLASSES: usize = 10;
const FRAMES: usize = 300;
/// In the middle of the map.
const POINTER: Pos2 = Pos2::new(960.0, 250.0);

fn main() {
    println!("{} cores", cores());
    let start = Instant::now();
    let state = state(RECORDINGS);
    println!(
        "{RECORDINGS} vectors: components, own distances and map after {:.1} s",
        start.elapsed().as_secs_f64()
    );
    let mut screen = Screen::new();
    for _ in 0..20 {
        screen.frame_of_state(&state, vec![Event::PointerMoved(POINTER)]);
    }
    moved(&mut screen, &state, "pointing", |frame| {
        let angle = frame as f32 * 0.05;
        vec![Event::PointerMoved(POINTER + Vec2::new(200.0 * angle.cos(), 90.0 * angle.sin()))]
    });
    moved(&mut screen, &state, "zooming in by the wheel", |_| wheel(4.0));
    moved(&mut screen, &state, "zooming out by the wheel", |_| wheel(-4.0));
    let grab = |pressed| Event::PointerButton {
        pos: POINTER,
        button: PointerButton::Secondary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    screen.frame_of_state(&state, vec![grab(true)]);
    moved(&mut screen, &state, "moving the map", |frame| {
        let by = (frame as f32 * 0.05).sin() * 120.0;
        vec![Event::PointerMoved(POINTER + Vec2::new(by, 0.0))]
    });
    screen.frame_of_state(&state, vec![grab(false)]);
    nearest();
    arranged();
}

fn moved(screen: &mut Screen, state: &State, what: &str, events: impl Fn(usize) -> Vec<Event>) {
    let mut times = Times::default();
    for frame in 0..FRAMES {
        times.add(screen.frame_of_state(state, events(frame)));
    }
    times.print(what);
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

/// Ten clouds around random centres.
fn clouds(count: usize, dimensions: usize) -> Array2<f32> {
    let mut random = StdRng::seed_from_u64(1);
    let centres =
        Array2::from_shape_simple_fn((CLASSES, dimensions), || 3.0 * random.sample::<f32, _>(StandardNormal));
    Array2::from_shape_fn((count, dimensions), |(row, column)| {
        centres[(row % CLASSES, column)] + random.sample::<f32, _>(StandardNormal)
    })
}

fn set(count: usize, dimensions: usize) -> EncodedSet {
    let listed = |index: usize| Listed {
        index,
        path: format!("/sounds/{index}.wav").into(),
        name: format!("{index}.wav"),
        class: format!("class {}", index % CLASSES),
    };
    let range = vec![MinMax { min: -60.0, max: 20.0 }; count];
    EncodedSet::of((0..count).map(listed).collect(), &clouds(count, dimensions), range)
}

fn state(count: usize) -> State {
    let mut state = State::default();
    state.settings.view = View::Latent;
    let bundle = demo_model::open().unwrap();
    let set = set(count, bundle.config.model.latent_size);
    state.library.root = Some("/sounds".into());
    let recording =
        |listed: &Listed| Recording::new(Path::new("/sounds"), Path::new(&listed.name), listed.class.clone());
    state.library.recordings = set.recordings.iter().map(recording).collect();
    state.library.visible = (0..count).collect();
    state.latent.vector = vec![0.0; bundle.config.model.latent_size];
    state.latent.model = Some(LoadedModel { origin: ModelOrigin::Demo, config: Arc::new(bundle.config) });
    state.space.layout = Some(Arc::new(Layout::by_pca(&set.principal, set.vectors())));
    state.space.set = Some(Arc::new(set));
    state.space.generation = 1;
    state
}

/// What a slider's nearest recordings cost.
fn nearest() {
    for dimensions in [16, 128] {
        let vectors = Neighbours::new(&clouds(RECORDINGS, dimensions));
        let mut times = Times::default();
        for row in 0..50 {
            let place = vectors.vectors().row(row * 7).to_owned();
            let start = Instant::now();
            assert_eq!(vectors.nearest(&place, 6).len(), 6);
            times.add(start.elapsed());
        }
        times.print(&format!("6 nearest of {RECORDINGS}, {dimensions} dimensions"));
    }
}

fn arranged() {
    for count in [2700, 10_000] {
        let set = Arc::new(set(count, 16));
        let start = Instant::now();
        let request = layout::Request { set: Arc::clone(&set), kind: LayoutKind::Tsne };
        let layout = layout::run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
        assert_eq!(layout.len(), count);
        println!("t-SNE of {count} vectors of 16 dimensions: {:.1} s", start.elapsed().as_secs_f64());
    }
}

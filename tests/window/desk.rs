//! A window on a state made by hand, and the commands it sent.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use eframe::egui::{DroppedFile, DroppedFileHandle, FontId};
use egui_kittest::Harness;
use egui_system_font_provider::SystemFontProvider;
use ndarray::Array2;
use timbrespace::{
    app::Window,
    audio::{clip::Clip, decode::ClipInfo},
    explore::{
        axes::{self, Spread},
        layout::Layout,
    },
    jobs::{
        evaluate::{Baselines, LocalError},
        latent::encoded_set::{EncodedSet, Listed},
        runs::{
            bundle_config::BundleConfig,
            statistics::{DatasetStatistics, LatentStatistics},
        },
        scan::Recording,
    },
    pipeline::{
        config::PreprocessingConfig,
        stages::{MinMax, Stages},
    },
    playback::player::DeviceStatus,
    session::{
        Command, State,
        origin::Origin,
        state::{Decoded, LoadedModel, ModelOrigin, Nearby, RunStatus, StepPoint, View},
        task::TaskStatus,
    },
    vae::{
        config::{LayerRow, Preset, TrainingConfig, VaeConfig},
        schedule::Rates,
        trainer::{EpochReport, Losses},
    },
};

const LATENT: usize = 16;

/// The window, what it shows, and what it asked for.
pub struct Desk {
    window: Option<Window>,
    /// Whether letters that egui's own fonts lack come from the system's: not in compared pictures.
    has_system_fonts: bool,
    pub state: State,
    pub commands: Vec<Command>,
}

impl Desk {
    /// The window, once it has been drawn.
    pub fn window(&self) -> &Window {
        self.window.as_ref().unwrap()
    }
}

/// A window on [`example_state`].
pub fn desk<'a>() -> Harness<'a, Desk> {
    desk_with(example_state())
}

/// A window on `state`.
pub fn desk_with<'a>(state: State) -> Harness<'a, Desk> {
    desk_sized(state, [1280.0, 800.0])
}

/// A window of `size` on `state`.
pub fn desk_sized<'a>(state: State, size: [f32; 2]) -> Harness<'a, Desk> {
    desk_with_pixels(state, size, 1.0)
}

/// A window of `size` points on `state`, drawn with `pixels_per_point`.
pub fn desk_with_pixels<'a>(state: State, size: [f32; 2], pixels_per_point: f32) -> Harness<'a, Desk> {
    harness(
        Desk { window: None, has_system_fonts: false, state, commands: Vec::new() },
        size,
        pixels_per_point,
    )
}

/// As [`desk_with_pixels`], with the system's fonts; `None`, said on standard error, where they have no Chinese letters.
#[expect(clippy::print_stderr, reason = "says why a part of a test is skipped")]
pub fn desk_with_system_fonts<'a>(
    state: State,
    size: [f32; 2],
    pixels_per_point: f32,
) -> Option<Harness<'a, Desk>> {
    let desk = Desk { window: None, has_system_fonts: true, state, commands: Vec::new() };
    let harness = harness(desk, size, pixels_per_point);
    let font = FontId::proportional(13.0);
    let has_letters = harness.ctx.fonts_mut(|fonts| fonts.has_glyph(&font, '录'));
    if !has_letters {
        eprintln!("skipped: no installed font has Chinese letters; apt install fonts-droid-fallback");
    }
    has_letters.then_some(harness)
}

fn harness<'a>(desk: Desk, size: [f32; 2], pixels_per_point: f32) -> Harness<'a, Desk> {
    let builder =
        Harness::builder().with_size(size).with_pixels_per_point(pixels_per_point).with_step_dt(0.1);
    let mut harness = builder.build_ui_state(
        |ui, desk: &mut Desk| {
            let Some(window) = &mut desk.window else {
                // The theme holds from the next frame on; eframe installs it before the first.
                desk.window = Some(Window::new(ui.ctx()));
                if desk.has_system_fonts {
                    ui.ctx().add_font_provider(Arc::new(SystemFontProvider::new()));
                }
                ui.ctx().request_repaint();
                return;
            };
            desk.commands.extend(window.show(ui, &desk.state));
        },
        desk,
    );
    harness.run_ok();
    harness.state_mut().commands.clear();
    harness
}

/// Twelve recordings of three classes, one of them shown, a model with a decoded sound, a sound card.
pub fn example_state() -> State {
    let mut state = State::default();
    state.library.root = Some("/sounds".into());
    state.library.recordings = ["bell", "drum", "vowel"]
        .into_iter()
        .flat_map(|class| (0..4).map(move |index| recording(class, index)))
        .collect();
    state.library.visible = (0..12).collect();
    state.library.selected = Some(1);
    state.inspection.stages = Some((1, Arc::new(stages())));
    state.inspection.generation = 1;
    state.training.layers = vec![
        LayerRow { name: "encoder.conv_1".into(), output_shape: "32 × 128 × 32".into(), parameters: 320 },
        LayerRow { name: "encoder.mu".into(), output_shape: "16".into(), parameters: 16_400 },
    ];
    state.training.epoch_estimate_secs = Some(4.2);
    state.playback.device =
        DeviceStatus::Ready { name: "Test".to_owned(), sample_rate_hz: 48_000, channels: 2 };
    decode(&mut state);
    encode(&mut state);
    state
}

/// The same state in another view.
pub fn in_view(view: View) -> State {
    let mut state = example_state();
    state.settings.view = view;
    state
}

fn recording(class: &str, index: usize) -> Recording {
    let name = format!("{class}/{class}_{index:03}.wav");
    let mut recording = Recording::new(Path::new("/sounds"), Path::new(&name), class.to_owned());
    recording.info = Some(ClipInfo { sample_rate_hz: 22_050, channels: 1, duration_secs: Some(0.5) });
    recording
}

/// A decaying tone whose images are drawn by formula: only their sizes matter here.
fn stages() -> Stages {
    let signal: Vec<f32> =
        (0..11_025).map(|n| (n as f32 * 0.12).sin() * (-(n as f32) / 4000.0).exp()).collect();
    let mut padded = signal.clone();
    padded.resize(16_317, 0.0);
    let normalised = Array2::from_shape_fn((256, 64), |(bin, frame)| {
        (1.0 - frame as f32 / 64.0) * (0.5 + 0.5 * (bin as f32 / 6.0).cos()) * (1.0 - bin as f32 / 256.0)
    });
    Stages {
        native_rate_hz: 22_050,
        native_channels: 1,
        native_duration_secs: 0.5,
        sample_rate_hz: 22_050,
        signal,
        padded,
        signal_start: 0,
        stft: Array2::zeros((257, 64)),
        magnitude: normalised.mapv(|value| value * 30.0),
        feature: normalised.mapv(|value| value * 80.0 - 60.0),
        normalised,
        min_max: MinMax { min: -60.0, max: 20.0 },
        flags: Vec::new(),
    }
}

/// The settings of a model trained on the twelve recordings.
pub fn bundle_config() -> BundleConfig {
    BundleConfig {
        version: "0.1.0".to_owned(),
        model: VaeConfig { latent_size: LATENT, ..VaeConfig::preset(Preset::Small, 256, 64) },
        training: TrainingConfig::default(),
        preprocessing: PreprocessingConfig::default(),
        dataset: DatasetStatistics {
            images: 12,
            classes: vec!["bell".into(), "drum".into(), "vowel".into()],
            median_min_max: stages().min_max,
            left_out: Vec::new(),
        },
        latent: LatentStatistics {
            mean: vec![0.0; LATENT],
            std: vec![1.0; LATENT],
            kl: (0..LATENT).map(|dimension| 3.0 - 0.1 * dimension as f32).collect(),
        },
    }
}

fn decode(state: &mut State) {
    let stages = stages();
    let latent = &mut state.latent;
    latent.model = Some(LoadedModel { origin: ModelOrigin::Demo, config: Arc::new(bundle_config()) });
    latent.vector = vec![0.0; LATENT];
    let kl: Vec<f32> = (0..LATENT).map(|dimension| 3.0 - 0.1 * dimension as f32).collect();
    latent.axes = Arc::new(axes::dimensions(LATENT, Spread { mean: &[], deviation: &[], kl: &kl }, None));
    latent.origin = Origin::Recording { name: "bell/bell_001.wav".to_owned(), is_earlier: false };
    latent.can_undo = true;
    latent.decoded = Some(Arc::new(Decoded {
        image: stages.normalised.clone(),
        feature: stages.feature.clone(),
        detail: None,
        clip: Clip::mono(stages.padded.clone(), stages.sample_rate_hz),
        gain: 0.8,
        spectral_convergence: 0.12,
        milliseconds: 31.0,
        nearest: vec![Nearby { recording: 1, distance: 0.5 }, Nearby { recording: 2, distance: 1.25 }],
        off_manifold: Some(97.0),
        nearest_training: None,
        place: Some([0.5, 0.5]),
    }));
}

/// The twelve recordings encoded, four of each class around a corner of a triangle, and their map.
fn encode(state: &mut State) {
    let listed = |(index, recording): (usize, &Recording)| Listed {
        index,
        path: recording.path.clone(),
        name: recording.name.clone(),
        class: recording.class.clone(),
    };
    let recordings: Vec<Listed> = state.library.recordings.iter().enumerate().map(listed).collect();
    let corners = [[0.0, 0.0], [10.0, 0.0], [0.0, 8.0]];
    let vectors = Array2::from_shape_fn((12, LATENT), |(row, dimension)| {
        let corner = corners[row / 4].get(dimension).copied().unwrap_or(0.0);
        let around = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]][row % 4];
        corner + around.get(dimension).copied().unwrap_or(0.0)
    });
    let min_max = vec![MinMax { min: -60.0, max: 20.0 }; 12];
    let set = Arc::new(EncodedSet::of(recordings, &vectors, min_max));
    state.space.layout = Some(Arc::new(Layout::by_pca(&set.principal, set.vectors())));
    state.space.set = Some(set);
    state.space.encoding = TaskStatus::Done;
    state.space.generation = 1;
}

/// A run in its fourth epoch.
pub fn train(state: &mut State) {
    let losses = |step: usize| {
        let reconstruction = 0.005 + 0.06 / (1.0 + step as f64 / 12.0);
        let kl = 20.0 + step as f64 / 10.0;
        Losses { total: 1e6 * reconstruction + kl, reconstruction, kl }
    };
    let training = &mut state.training;
    training.status = RunStatus::Running;
    training.run_folder = Some("/home/someone/runs/example".into());
    training.run_layers.clone_from(&training.layers);
    training.epochs_total = 20;
    training.steps_per_epoch = 50;
    training.step = 170;
    training.epochs_done = 3.4;
    training.seconds = 22.1;
    training.memory_bytes = Some(512 << 20);
    training.in_effect =
        Some(Rates { learning_rate: 5e-4, reconstruction_weight: 1e6, beta: 1.0, batch_size: 16 });
    training.samples_per_second = 123.4;
    training.remaining_secs = Some(95.0);
    training.steps = (1..170).map(|step| point(step, losses(step))).collect();
    training.epochs = (1..=3)
        .map(|epoch| EpochReport {
            epoch,
            step: epoch * 50,
            training: losses(epoch * 50 - 25),
            validation: Some(losses(epoch * 50)),
            learning_rate: 5e-4,
            samples_per_second: 123.4,
            seconds: epoch as f64 * 6.0,
            is_best: epoch < 3,
            kl_per_dimension: (0..16).map(|dimension| 2.0 * 0.6f64.powi(dimension) - 0.002).collect(),
            ..EpochReport::default()
        })
        .collect();
    training.baselines = Some(Baselines {
        mean_image: 0.0109,
        pca: 0.0051,
        pca_components: 16,
        local: Some(LocalError { groups: 10, components: 16, error: 0.0042 }),
    });
}

fn point(step: usize, losses: Losses) -> StepPoint {
    StepPoint {
        step,
        epochs: step as f64 / 50.0,
        losses,
        rates: Rates { learning_rate: 5e-4, reconstruction_weight: 1e6, beta: 1.0, batch_size: 16 },
        gradient_norm: 900.0 / (step as f64).sqrt(),
        samples_per_second: 123.4,
        seconds: step as f64 * 0.13,
    }
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Ok(Vec::new())
    }
}

/// A file that is dropped onto the window.
pub fn dropped(path: &str) -> DroppedFileHandle {
    Arc::new(Dropped(path.into()))
}

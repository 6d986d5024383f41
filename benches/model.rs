//! One training step and one decoded vector of the `reference`, `small` and `clear` models, and the memory of it.
//!
//! `cargo bench --bench model`; the other side: `python ../shared/bench/torch_vae_step.py 16 THREADS` for `reference`,
//! `python benches/peers/vae_step.py --threads THREADS` for the others. Training takes as many threads as there are cores,
//! or what `TIMBRESPACE_BENCH_THREADS` says, and computes on the CPU, or on the device that `TIMBRESPACE_BENCH_DEVICE`
//! names as `--device` does.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first thing that goes wrong, and prints"
)]

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::Array2;
use timbrespace::{
    interrupt::Interrupt,
    vae::{
        config::{Preset, TrainingConfig, VaeConfig},
        device::DeviceChoice,
        error::ModelError,
        trainer::{BatchSource, TrainEvent, Trainer},
    },
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BINS: usize = 256;
const FRAMES: usize = 64;

/// Images that cost next to nothing to make; so many that no epoch ends.
struct Stripes;

impl BatchSource for Stripes {
    fn len(&self) -> usize {
        1 << 20
    }

    fn image_shape(&self) -> (usize, usize) {
        (BINS, FRAMES)
    }

    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError> {
        for (position, value) in out.iter_mut().enumerate() {
            *value = ((position * (index % 31 + 3)) & 127) as f32 / 127.0;
        }
        Ok(())
    }
}

fn threads() -> usize {
    let set = std::env::var("TIMBRESPACE_BENCH_THREADS").ok().and_then(|threads| threads.parse().ok());
    set.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
}

fn device() -> DeviceChoice {
    let Ok(wanted) = std::env::var("TIMBRESPACE_BENCH_DEVICE") else { return DeviceChoice::Cpu };
    let device = DeviceChoice::built().find(|choice| choice.to_string() == wanted);
    device.unwrap_or_else(|| panic!("TIMBRESPACE_BENCH_DEVICE={wanted}: this build has no such device"))
}

fn trainer(preset: Preset) -> (Trainer, f64) {
    let config = VaeConfig::preset(preset, BINS, FRAMES);
    let training = TrainingConfig {
        validation_fraction: 0.0,
        threads: Some(threads()),
        device: device(),
        precise_batches: 2,
        ..TrainingConfig::default()
    };
    let gigaflops = config.flops_per_sample() * training.batch_size as f64 / 1e9;
    (Trainer::new(config, training, Arc::new(Stripes)).unwrap(), gigaflops)
}

/// The time of `count` further steps, without previews.
fn steps(trainer: &mut Trainer, count: u64) -> Duration {
    let interrupt = Interrupt::new();
    let (mut left, mut total, mut start) = (count, Duration::ZERO, Instant::now());
    let mut sink = |event| {
        if let TrainEvent::Step { .. } = event {
            total += start.elapsed();
            left -= 1;
            if left == 0 {
                interrupt.stop();
            }
        }
        start = Instant::now();
    };
    trainer.run(&mut sink, &interrupt).unwrap();
    total
}

/// Largest memory of this process so far, where the system tells it.
fn peak_memory_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kib| kib / 1024)
}

fn model(criterion: &mut Criterion) {
    for preset in [Preset::Reference, Preset::Small, Preset::Clear] {
        let name = format!("{preset:?}").to_lowercase();
        let (mut trainer, gigaflops) = trainer(preset);
        println!("{name}: {gigaflops:.1} GFLOP a step of 16, {} threads, {}", threads(), device());
        let mut group = criterion.benchmark_group(&name);
        group.sample_size(10).measurement_time(Duration::from_secs(15));
        group.bench_function("step of 16", |bencher| {
            bencher.iter_custom(|count| steps(&mut trainer, count));
        });
        group.finish();
        if let Some(peak) = peak_memory_mib() {
            println!("{name}: peak memory of this process so far {peak} MiB");
        }
        let snapshot = trainer.snapshot().unwrap();
        let mut group = criterion.benchmark_group(&name);
        let latent = Array2::zeros((1, snapshot.config().latent_size));
        group.bench_function("decode one vector", |bencher| {
            bencher.iter(|| snapshot.decode(black_box(&latent)).unwrap());
        });
        group.finish();
    }
}

criterion_group!(benches, model);
criterion_main!(benches);

//! The signal path: Griffin-Lim, and the stages of one recording.
//!
//! `cargo bench --bench sound`; the other side:
//! `python ../shared/bench/librosa_griffin_lim.py ../shared/reference/log_spectrogram/0_george_7/magnitude.npy 32`.
#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first thing that goes wrong")]

use std::{f32::consts::TAU, hint::black_box, path::Path};

use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::Array2;
use timbrespace::dsp::{
    griffin_lim::{DEFAULT_MOMENTUM, GriffinLim},
    resample::Resampler,
    stft::{Framing, Stft},
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A gliding tone with overtones, 0.74 s at 22,050 Hz.
fn signal() -> Vec<f32> {
    (0..16_317)
        .map(|index| {
            let seconds = index as f32 / 22_050.0;
            let phase = TAU * (150.0 * seconds + 60.0 * seconds * seconds);
            (1..6).map(|overtone| (phase * overtone as f32).sin() / overtone as f32).sum::<f32>() * 0.2
        })
        .collect()
}

/// The magnitude of a real recording where one is at hand, `[257, 64]`.
fn magnitude() -> Array2<f32> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/reference/log_spectrogram/0_george_7/magnitude.npy");
    if path.is_file() {
        return ndarray_npy::read_npy(path).unwrap();
    }
    Stft::new(512, 256, Framing::Centred).forward(&signal()).mapv(rustfft::num_complex::Complex32::norm)
}

fn sound(criterion: &mut Criterion) {
    let magnitude = magnitude();
    let mut recovery = GriffinLim::new(Stft::new(512, 256, Framing::Centred), DEFAULT_MOMENTUM);
    criterion.bench_function("griffin-lim, 32 iterations, 257 x 64", |bencher| {
        bencher.iter(|| recovery.recover(black_box(&magnitude), 32, None, 0));
    });
    let signal = signal();
    let mut stft = Stft::new(512, 256, Framing::Centred);
    criterion.bench_function("short-time Fourier transform of 0.74 s", |bencher| {
        bencher.iter(|| stft.forward(black_box(&signal)));
    });
    let resampler = Resampler::new(8000, 22_050);
    criterion.bench_function("resample 0.74 s from 8,000 to 22,050 Hz", |bencher| {
        bencher.iter(|| resampler.resample(black_box(&signal[..5920])));
    });
}

criterion_group!(benches, sound);
criterion_main!(benches);

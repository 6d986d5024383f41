//! The short-time Fourier transform that all features start from.

use multiversion::multiversion;
use ndarray::{Array2, s};
use rustfft::num_complex::Complex32;

use crate::{dsp::stft::Stft, pipeline::config::PreprocessingConfig};

/// Frames whose magnitudes are taken together: a cache line of each row that is written.
const FRAMES_AT_ONCE: usize = 16;

/// The transform of one signal after the other; keeps its buffers.
#[derive(Clone)]
pub(super) struct Transform {
    stft: Stft,
    /// Magnitudes of some frames, `[FRAMES_AT_ONCE, frame_size / 2]`.
    norms: Vec<f32>,
}

impl Transform {
    /// The transform with the settings of `config`.
    pub fn new(config: &PreprocessingConfig) -> Self {
        let stft = Stft::new(config.frame_size, config.hop_length, config.framing());
        Self { norms: vec![0.0; FRAMES_AT_ONCE * (stft.bins() - 1)], stft }
    }

    /// Number of frames of a signal of `len` samples.
    pub fn frames(&self, len: usize) -> usize {
        self.stft.frames(len)
    }

    /// The transform of `signal`, `[frame_size / 2 + 1, frames]`, and its [`Self::magnitude`].
    pub fn stages(&mut self, signal: &[f32]) -> (Array2<Complex32>, Array2<f32>) {
        let stft = self.stft.forward(signal);
        let magnitude = stft.slice(s![..self.stft.bins() - 1, ..]).mapv(|bin| bin.norm_sqr().sqrt());
        (stft, magnitude)
    }

    /// Calls `each` with the number and the transform of every frame of `signal`.
    pub fn each_frame(&mut self, signal: &[f32], each: impl FnMut(usize, &[Complex32])) {
        self.stft.each_frame(signal, each);
    }

    /// The magnitude of the transform of `signal` without its Nyquist row, `[frame_size / 2, frames]`.
    pub fn magnitude(&mut self, signal: &[f32]) -> Array2<f32> {
        let (frames, bins) = (self.stft.frames(signal.len()), self.stft.bins() - 1);
        let mut magnitude = Array2::zeros((bins, frames));
        let (norms, values) = (&mut self.norms, magnitude.as_slice_mut().unwrap_or_default());
        self.stft.each_frame(signal, |t, spectrum| {
            let place = t % FRAMES_AT_ONCE;
            write_norms(&spectrum[..bins], 0.0, &mut norms[place * bins..][..bins]);
            if place + 1 == FRAMES_AT_ONCE || t + 1 == frames {
                for (bin, row) in values.chunks_exact_mut(frames).enumerate() {
                    for (value, norms) in row[t - place..=t].iter_mut().zip(norms.chunks_exact(bins)) {
                        *value = norms[bin];
                    }
                }
            }
        });
        magnitude
    }
}

/// Square roots of the powers of `spectrum` plus `offset` each.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub(super) fn write_norms(spectrum: &[Complex32], offset: f32, norms: &mut [f32]) {
    for (norm, value) in norms.iter_mut().zip(spectrum) {
        *norm = (value.norm_sqr() + offset).sqrt();
    }
}

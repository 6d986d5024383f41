//! The short-time Fourier transform that all features start from.

use multiversion::multiversion;
use ndarray::{Array2, s};
use rustfft::num_complex::Complex32;

use crate::{dsp::stft::Stft, pipeline::config::PreprocessingConfig};

/// Frames whose magnitudes are taken together: a cache line of each row that is written.
const FRAMES_AT_ONCE: usize = 16;

/// The transform of one signal after the other; keeps its buffer.
#[derive(Clone)]
pub(super) struct Transform {
    stft: Stft,
    /// `[frames, frame_size / 2 + 1]`.
    spectra: Array2<Complex32>,
}

impl Transform {
    /// The transform with the settings of `config`.
    pub fn new(config: &PreprocessingConfig) -> Self {
        Self {
            stft: Stft::new(config.frame_size, config.hop_length, config.framing()),
            spectra: Array2::default((0, 0)),
        }
    }

    /// Transforms a signal.
    pub fn run(&mut self, signal: &[f32]) {
        self.stft.forward_into(signal, &mut self.spectra);
    }

    /// The last transform, `[frames, frame_size / 2 + 1]`.
    pub fn frames(&self) -> &Array2<Complex32> {
        &self.spectra
    }

    /// The last transform, `[frame_size / 2 + 1, frames]`.
    pub fn stft(&self) -> Array2<Complex32> {
        self.spectra.t().as_standard_layout().into_owned()
    }

    /// The magnitude of the last transform without its Nyquist row, `[frame_size / 2, frames]`.
    pub fn magnitude(&self) -> Array2<f32> {
        let (frames, columns) = self.spectra.dim();
        let bins = columns.saturating_sub(1);
        let mut magnitude = Array2::zeros((bins, frames));
        let mut some = vec![0.0; FRAMES_AT_ONCE * bins];
        for start in (0..frames).step_by(FRAMES_AT_ONCE) {
            let end = frames.min(start + FRAMES_AT_ONCE);
            for (norms, frame) in
                some.chunks_exact_mut(bins.max(1)).zip(self.spectra.slice(s![start..end, ..]).rows())
            {
                write_norms(norms, frame.as_slice().unwrap_or_default());
            }
            for (bin, mut row) in magnitude.slice_mut(s![.., start..end]).outer_iter_mut().enumerate() {
                for (value, norms) in row.iter_mut().zip(some.chunks_exact(bins.max(1))) {
                    *value = norms[bin];
                }
            }
        }
        magnitude
    }
}

#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn write_norms(norms: &mut [f32], values: &[Complex32]) {
    for (norm, value) in norms.iter_mut().zip(values) {
        *norm = value.norm_sqr().sqrt();
    }
}

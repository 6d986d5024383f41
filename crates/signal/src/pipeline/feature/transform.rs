//! The short-time Fourier transform that all features start from.

use ndarray::{Array2, s};
use rustfft::num_complex::Complex32;

use crate::{dsp::stft::Stft, pipeline::config::PreprocessingConfig};

/// Bins whose magnitudes are taken together: a cache line of spectra a frame.
const BINS_AT_ONCE: usize = 8;

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
        let bins = self.spectra.ncols().saturating_sub(1);
        let mut magnitude = Array2::zeros((bins, self.spectra.nrows()));
        // Some bins at a time, so that the rows that are written and the frames that are read stay in the cache.
        for start in (0..bins).step_by(BINS_AT_ONCE) {
            let end = bins.min(start + BINS_AT_ONCE);
            let spectra = self.spectra.slice(s![.., start..end]);
            for (mut column, frame) in
                magnitude.slice_mut(s![start..end, ..]).columns_mut().into_iter().zip(spectra.rows())
            {
                column.zip_mut_with(&frame, |m, value: &Complex32| *m = value.norm_sqr().sqrt());
            }
        }
        magnitude
    }
}

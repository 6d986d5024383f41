//! STFT of two real frames per complex FFT.
//!
//! The transform of `a + i b`, with `a` and `b` real, contains both spectra: half the sum of its bin `k` and
//! the conjugate of its bin `-k` is bin `k` of `a`; half their difference is bin `k` of `i b` (Cooley, Lewis
//! and Welch, 1970). Griffin-Lim transforms each frame dozens of times, so it keeps spectra in this form. All
//! its steps but one are linear; only the projection onto new magnitudes separates the two frames.

use std::sync::Arc;

use rustfft::{Fft, FftPlanner, num_complex::Complex32};

use super::stft::Stft;

/// FFT plans, window and signal buffers for one frame size, hop length and signal length.
pub(super) struct FramePairs {
    frame_size: usize,
    hop_length: usize,
    window: Arc<[f32]>,
    forward: Arc<dyn Fft<f32>>,
    inverse: Arc<dyn Fft<f32>>,
    scratch: Vec<Complex32>,
    /// The signal, with a margin on both sides for frames that extend beyond it.
    wave: Vec<f32>,
    /// Factor on the overlap-added signal, `1 / (frame_size · Σ window²)`; 0 outside of the signal.
    envelope: Vec<f32>,
    /// Number of frames within the signal. If the image is longer than its signal, the remaining frames are
    /// silent.
    active: usize,
    margin: usize,
    shape: (usize, usize),
}

impl FramePairs {
    pub(super) fn new(stft: &Stft) -> Self {
        let mut planner = FftPlanner::<f32>::new();
        let forward = planner.plan_fft_forward(stft.frame_size());
        let inverse = planner.plan_fft_inverse(stft.frame_size());
        let scratch_len = forward.get_inplace_scratch_len().max(inverse.get_inplace_scratch_len());
        Self {
            frame_size: stft.frame_size(),
            hop_length: stft.hop_length(),
            window: stft.window(),
            forward,
            inverse,
            scratch: vec![Complex32::default(); scratch_len],
            wave: Vec::new(),
            envelope: Vec::new(),
            active: 0,
            margin: stft.margin(),
            shape: (0, 0),
        }
    }

    /// Prepares buffers for `frames` frames and a signal of `len` samples; does nothing if both are
    /// unchanged.
    pub(super) fn prepare(&mut self, stft: &mut Stft, frames: usize, len: usize) {
        if self.shape == (frames, len) {
            return;
        }
        self.shape = (frames, len);
        // One more hop than needed, because an odd number of frames is rounded up to whole pairs.
        let reach = frames * self.hop_length + self.frame_size;
        self.wave.clear();
        self.wave.resize(reach.max(self.margin + len), 0.0);
        self.envelope.clear();
        self.envelope.resize(self.wave.len(), 0.0);
        let scale = 1.0 / self.frame_size as f32;
        let places = self.envelope.iter_mut().skip(self.margin);
        // 1 / frame_size is the scale of the inverse FFT, which rustfft leaves out.
        for (target, sum) in places.zip(stft.window_sums(frames, len)) {
            *target = scale / sum;
        }
        self.active = frames.min(stft.frames(len));
    }

    /// The current signal.
    pub(super) fn signal(&self) -> &[f32] {
        let len = self.shape.1;
        self.wave.get(self.margin..self.margin + len).unwrap_or_default()
    }

    /// Zeroes the signal before calls of [`Self::invert`].
    pub(super) fn clear(&mut self) {
        self.wave.fill(0.0);
    }

    /// Inverse FFT of pair number `pair` and overlap-add of its two frames to the signal. Overwrites
    /// `spectrum`.
    #[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
    #[inline(always)]
    pub(super) fn invert(&mut self, pair: usize, spectrum: &mut [Complex32]) {
        self.inverse.process_with_scratch(spectrum, &mut self.scratch);
        let start = 2 * pair * self.hop_length;
        let target = self.wave.get_mut(start..).unwrap_or_default();
        // The real part is the first frame,
        for ((sample, value), weight) in target.iter_mut().zip(&*spectrum).zip(&*self.window) {
            *sample += value.re * weight;
        }
        let target = target.get_mut(self.hop_length..).unwrap_or_default();
        // the imaginary part is the second, one hop later.
        for ((sample, value), weight) in target.iter_mut().zip(&*spectrum).zip(&*self.window) {
            *sample += value.im * weight;
        }
    }

    /// Completes the overlap-add of [`Self::invert`]: divides by the summed window squares and the FFT's
    /// scale.
    #[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
    #[inline(always)]
    pub(super) fn finish(&mut self) {
        for (sample, factor) in self.wave.iter_mut().zip(&self.envelope) {
            *sample *= factor;
        }
    }

    /// STFT of the signal: each `frame_size` values of `spectra` become the transform of one pair of frames.
    #[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
    #[inline(always)]
    pub(super) fn transform(&mut self, spectra: &mut [Complex32]) {
        for (pair, spectrum) in spectra.chunks_exact_mut(self.frame_size).enumerate() {
            let start = 2 * pair * self.hop_length;
            let first = self.wave.get(start..).unwrap_or_default();
            let second = first.get(self.hop_length..).unwrap_or_default();
            // Frames of this pair that lie on the signal
            match self.active.saturating_sub(2 * pair) {
                0 => spectrum.fill(Complex32::default()),
                1 => {
                    for ((value, &a), weight) in spectrum.iter_mut().zip(first).zip(&*self.window) {
                        *value = Complex32 { re: a * weight, im: 0.0 };
                    }
                }
                _ => {
                    let frames = first.iter().zip(second);
                    for ((value, (&a, &b)), weight) in spectrum.iter_mut().zip(frames).zip(&*self.window) {
                        *value = Complex32 { re: a * weight, im: b * weight };
                    }
                }
            }
        }
        // All pairs in one call: [pairs, frame size]
        self.forward.process_with_scratch(spectra, &mut self.scratch);
    }
}

//! Two real frames in one complex transform.
//!
//! The transform of `a + i b`, where `a` and `b` are real, holds both their spectra: half the sum of its bin `k` and
//! the conjugate of its bin `-k` is bin `k` of `a`, half their difference is that of `i b` (Cooley, Lewis and Welch,
//! 1970). Griffin-Lim transforms every frame dozens of times, so it works on such pairs from end to end. Everything
//! in between is linear but for the magnitudes, so spectra are taken apart only where they are given new magnitudes.

use std::sync::Arc;

use rustfft::{Fft, FftPlanner, num_complex::Complex32};

use super::stft::Stft;

/// Plans, windows and the signal under way, made once for a frame size and a length.
pub(super) struct FramePairs {
    frame_size: usize,
    hop_length: usize,
    window: Arc<[f32]>,
    forward: Arc<dyn Fft<f32>>,
    inverse: Arc<dyn Fft<f32>>,
    scratch: Vec<Complex32>,
    /// The signal between two transforms, with all the samples around it that frames reach.
    wave: Vec<f32>,
    /// What [`Self::overlap_add`]'s sums are multiplied with; 0 outside of the signal.
    envelope: Vec<f32>,
    /// Frames that lie on the signal; those of an image that is longer than its signal are silent.
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

    /// Prepares for `frames` frames and a signal of `len` samples; does nothing when it was called with these before.
    pub(super) fn prepare(&mut self, stft: &mut Stft, frames: usize, len: usize) {
        if self.shape == (frames, len) {
            return;
        }
        self.shape = (frames, len);
        // One frame more, so that the last pair is whole.
        let reach = frames * self.hop_length + self.frame_size;
        self.wave.clear();
        self.wave.resize(reach.max(self.margin + len), 0.0);
        self.envelope.clear();
        self.envelope.resize(self.wave.len(), 0.0);
        let scale = 1.0 / self.frame_size as f32;
        let places = self.envelope.iter_mut().skip(self.margin);
        for (target, sum) in places.zip(stft.window_sums(frames, len)) {
            *target = scale / sum;
        }
        self.active = frames.min(stft.frames(len));
    }

    /// The signal.
    pub(super) fn signal(&self) -> &[f32] {
        let len = self.shape.1;
        self.wave.get(self.margin..self.margin + len).unwrap_or_default()
    }

    /// Begins a new signal for [`Self::invert`].
    pub(super) fn clear(&mut self) {
        self.wave.fill(0.0);
    }

    /// Adds the frames of pair number `pair`, whose transform is `spectrum`, to the signal; `spectrum` is used up.
    #[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
    #[inline(always)]
    pub(super) fn invert(&mut self, pair: usize, spectrum: &mut [Complex32]) {
        self.inverse.process_with_scratch(spectrum, &mut self.scratch);
        let start = 2 * pair * self.hop_length;
        let target = self.wave.get_mut(start..).unwrap_or_default();
        for ((sample, value), weight) in target.iter_mut().zip(&*spectrum).zip(&*self.window) {
            *sample += value.re * weight;
        }
        let target = target.get_mut(self.hop_length..).unwrap_or_default();
        for ((sample, value), weight) in target.iter_mut().zip(&*spectrum).zip(&*self.window) {
            *sample += value.im * weight;
        }
    }

    /// Ends the signal that [`Self::invert`] has added up.
    #[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
    #[inline(always)]
    pub(super) fn finish(&mut self) {
        for (sample, factor) in self.wave.iter_mut().zip(&self.envelope) {
            *sample *= factor;
        }
    }

    /// Transforms the signal: every `frame_size` values of `spectra` become those of one pair of frames.
    #[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
    #[inline(always)]
    pub(super) fn transform(&mut self, spectra: &mut [Complex32]) {
        for (pair, spectrum) in spectra.chunks_exact_mut(self.frame_size).enumerate() {
            let start = 2 * pair * self.hop_length;
            let first = self.wave.get(start..).unwrap_or_default();
            let second = first.get(self.hop_length..).unwrap_or_default();
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
        self.forward.process_with_scratch(spectra, &mut self.scratch);
    }
}

/// Puts the conjugates of `spectrum`'s bins `-k` into `mirrored`: with bin `k` they make up the spectra of both frames.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
#[inline(always)]
pub(super) fn mirror(spectrum: &[Complex32], mirrored: &mut [Complex32]) {
    if let (Some(first), Some(target)) = (spectrum.first(), mirrored.first_mut()) {
        *target = first.conj();
    }
    for (target, value) in mirrored.iter_mut().skip(1).zip(spectrum.iter().rev()) {
        *target = value.conj();
    }
}

//! Short-time Fourier transform and its inverse.
//!
//! Frames are windowed with a periodic Hann window and transformed. The inverse overlap-adds the windowed
//! inverse transforms and divides by the summed squares of the window (Griffin and Lim, 1984; `librosa.stft`,
//! `librosa.istft`).

use std::{mem, sync::Arc};

use multiversion::multiversion;
use ndarray::{Array2, ArrayRef2};
use realfft::{ComplexToReal, RealFftPlanner};
use rustfft::num_complex::Complex32;

use super::{real_transform::RealTransform, window};

/// Position of the frames relative to the signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Framing {
    /// Frame `t` is centred on sample `t * hop_length`, with zeros around the signal; librosa's default.
    #[default]
    Centred,
    /// Frame `t` starts at sample `t * hop_length` and lies inside the signal (`center=False`).
    Inside,
}

/// FFT plans, window and scratch buffers for one frame size; clones share the plans.
#[derive(Clone)]
pub struct Stft {
    frame_size: usize,
    hop_length: usize,
    framing: Framing,
    window: Arc<[f32]>,
    forward: RealTransform,
    inverse: Arc<dyn ComplexToReal<f32>>,
    frame: Vec<f32>,
    spectrum: Vec<Complex32>,
    scratch: Vec<Complex32>,
    window_sum: Vec<f32>,
}

/// Lower limit of the window sum relative to its maximum, so that samples barely covered by a window fade out
/// instead of being amplified. At −120 dB this matters at the ends of a signal only.
const SMALLEST_WINDOW_SUM: f32 = 1e-6;

impl Stft {
    /// An STFT with frames of `frame_size` samples (`n_fft`, at least 2), `hop_length` apart (at least 1).
    pub fn new(frame_size: usize, hop_length: usize, framing: Framing) -> Self {
        let (frame_size, hop_length) = (frame_size.max(2), hop_length.max(1));
        let inverse = RealFftPlanner::<f32>::new().plan_fft_inverse(frame_size);
        Self {
            frame_size,
            hop_length,
            framing,
            window: window::hann(frame_size).into(),
            frame: inverse.make_output_vec(),
            spectrum: inverse.make_input_vec(),
            scratch: inverse.make_scratch_vec(),
            forward: RealTransform::new(frame_size),
            inverse,
            window_sum: Vec::new(),
        }
    }

    /// Samples per frame.
    pub const fn frame_size(&self) -> usize {
        self.frame_size
    }

    /// Samples from the start of one frame to the next.
    pub const fn hop_length(&self) -> usize {
        self.hop_length
    }

    /// Frequency bins per frame: `frame_size / 2 + 1`, from 0 Hz to the Nyquist frequency.
    pub fn bins(&self) -> usize {
        self.frame_size / 2 + 1
    }

    /// Number of frames of a signal of `len` samples.
    pub fn frames(&self, len: usize) -> usize {
        Self::frames_of(len, self.frame_size, self.hop_length, self.framing)
    }

    /// Number of frames of a signal of `len` samples with the given settings.
    pub fn frames_of(len: usize, frame_size: usize, hop_length: usize, framing: Framing) -> usize {
        let padded = match framing {
            Framing::Centred => len + frame_size / 2 * 2,
            Framing::Inside => len,
        };
        padded.checked_sub(frame_size).map_or(0, |beyond| 1 + beyond / hop_length.max(1))
    }

    /// Default output length of the inverse of `frames` frames, in samples.
    pub fn natural_len(&self, frames: usize) -> usize {
        match (self.framing, frames) {
            (_, 0) => 0,
            (Framing::Centred, _) => self.hop_length * (frames - 1),
            (Framing::Inside, _) => self.hop_length * (frames - 1) + self.frame_size,
        }
    }

    /// The shared window.
    pub(super) fn window(&self) -> Arc<[f32]> {
        Arc::clone(&self.window)
    }

    /// Number of zeros before the signal.
    pub(super) fn margin(&self) -> usize {
        match self.framing {
            Framing::Centred => self.frame_size / 2,
            Framing::Inside => 0,
        }
    }

    /// STFT of `signal`.
    ///
    /// # Shapes
    /// Returns `[bins, frames]`.
    pub fn forward(&mut self, signal: &[f32]) -> Array2<Complex32> {
        let mut spectra = Array2::default((0, 0));
        self.forward_into(signal, &mut spectra);
        spectra.reversed_axes().as_standard_layout().into_owned()
    }

    /// STFT of `signal` into `spectra`; allocates only if the shape changes.
    ///
    /// # Shapes
    /// `spectra`: `[frames, bins]`, one frame per row, as later loops read it.
    pub fn forward_into(&mut self, signal: &[f32], spectra: &mut Array2<Complex32>) {
        let shape = (self.frames(signal.len()), self.bins());
        if spectra.dim() != shape {
            *spectra = Array2::default(shape);
        }
        for (t, mut row) in spectra.outer_iter_mut().enumerate() {
            if let Some(row) = row.as_slice_mut() {
                self.transform_frame(signal, t, row);
            }
        }
    }

    /// Calls `each` with the number and the transform of every frame of `signal`, one after the other: the memory of one is enough.
    pub fn each_frame(&mut self, signal: &[f32], mut each: impl FnMut(usize, &[Complex32])) {
        let mut spectrum = mem::take(&mut self.spectrum);
        for t in 0..self.frames(signal.len()) {
            self.transform_frame(signal, t, &mut spectrum);
            each(t, &spectrum);
        }
        self.spectrum = spectrum;
    }

    /// Transforms frame `t` of `signal`.
    fn transform_frame(&mut self, signal: &[f32], t: usize, spectrum: &mut [Complex32]) {
        let (start, margin) = (t * self.hop_length, self.margin());
        if self.is_silent(signal, start, margin) {
            spectrum.fill(Complex32::default());
        } else {
            self.windowed_frame(signal, start, margin);
            self.forward.run(&self.frame, spectrum);
        }
    }

    /// Whether the frame from `start - margin` on has zeros alone, as padding has: its transform is zero.
    fn is_silent(&self, signal: &[f32], start: usize, margin: usize) -> bool {
        /// Samples looked at together: few enough to leave a sound early, enough for the widest registers.
        const TOGETHER: usize = 64;
        let from = start.saturating_sub(margin).min(signal.len());
        let end = (start + self.frame_size).saturating_sub(margin).min(signal.len());
        let has_sound =
            |samples: &[f32]| samples.iter().fold(0, |bits, sample| bits | sample.abs().to_bits()) != 0;
        !signal.get(from..end).unwrap_or_default().chunks(TOGETHER).any(has_sound)
    }

    /// Fills `frame` with the windowed samples from `start - margin` on; zeros where they lie outside the
    /// signal.
    fn windowed_frame(&mut self, signal: &[f32], start: usize, margin: usize) {
        // Positions in the frame: `skip` zeros before the signal, `used` samples, zeros behind it
        let skip = margin.saturating_sub(start).min(self.frame_size);
        let from = (start + skip).saturating_sub(margin).min(signal.len());
        let available = signal.get(from..).unwrap_or_default();
        let used = available.len().min(self.frame_size - skip);
        let (before, rest) = self.frame.split_at_mut(skip);
        let (inside, after) = rest.split_at_mut(used);
        before.fill(0.0);
        after.fill(0.0);
        weigh(available, self.window.get(skip..).unwrap_or_default(), inside);
    }

    /// Inverse STFT of `[bins, frames]` to `len` samples (default: [`Self::natural_len`]).
    ///
    /// Missing bins count as zero.
    pub fn inverse(&mut self, spectra: &ArrayRef2<Complex32>, len: Option<usize>) -> Vec<f32> {
        let mut signal = vec![0.0; len.unwrap_or_else(|| self.natural_len(spectra.ncols()))];
        self.inverse_into(&spectra.t(), &mut signal);
        signal
    }

    /// Inverse STFT into `signal`, whose length determines the output length.
    ///
    /// # Shapes
    /// `spectra`: `[frames, bins]`, as written by [`Self::forward_into`].
    pub fn inverse_into(&mut self, spectra: &ArrayRef2<Complex32>, signal: &mut [f32]) {
        let (margin, scale) = (self.margin(), 1.0 / self.frame_size as f32);
        self.sum_windows(spectra.nrows(), signal.len());
        signal.fill(0.0);
        for (t, row) in spectra.outer_iter().enumerate() {
            // Missing bins stay zero.
            self.spectrum.fill(Complex32::default());
            for (target, &value) in self.spectrum.iter_mut().zip(row) {
                *target = value;
            }
            // The spectrum of a real frame is real at 0 Hz and at the Nyquist frequency; realfft rejects
            // anything else.
            if let Some(first) = self.spectrum.first_mut() {
                first.im = 0.0;
            }
            if self.frame_size.is_multiple_of(2)
                && let Some(last) = self.spectrum.last_mut()
            {
                last.im = 0.0;
            }
            // The lengths match the plan.
            let done =
                self.inverse.process_with_scratch(&mut self.spectrum, &mut self.frame, &mut self.scratch);
            debug_assert!(done.is_ok());
            // Overlap-add, skipping the part of the frame that lies before the signal.
            let start = t * self.hop_length;
            let skip = margin.saturating_sub(start);
            let target = signal.get_mut((start + skip).saturating_sub(margin)..).unwrap_or_default();
            let frame = self.frame.iter().zip(self.window.iter()).skip(skip);
            for (sample, (value, weight)) in target.iter_mut().zip(frame) {
                *sample += value * weight * scale;
            }
        }
        // Normalise by the overlapping windows' energy.
        for (sample, sum) in signal.iter_mut().zip(&self.window_sum) {
            *sample /= sum;
        }
    }

    /// Summed squares of the windows of `frames` frames at each of `len` samples; never zero.
    pub(super) fn window_sums(&mut self, frames: usize, len: usize) -> &[f32] {
        self.sum_windows(frames, len);
        &self.window_sum
    }

    /// Fills `window_sum` with the summed squares of the windows at each of `len` samples.
    fn sum_windows(&mut self, frames: usize, len: usize) {
        self.window_sum.clear();
        self.window_sum.resize(len, 0.0);
        let margin = self.margin();
        for t in 0..frames {
            let start = t * self.hop_length;
            let skip = margin.saturating_sub(start);
            let target = self.window_sum.get_mut((start + skip).saturating_sub(margin)..).unwrap_or_default();
            for (sum, weight) in target.iter_mut().zip(self.window.iter().skip(skip)) {
                *sum += weight * weight;
            }
        }
        // Bounded below, so that the division stays finite where no window reaches.
        let smallest = self.window_sum.iter().fold(0.0_f32, |a, &b| a.max(b)) * SMALLEST_WINDOW_SUM;
        for sum in &mut self.window_sum {
            *sum = if *sum > smallest { *sum } else { smallest.max(f32::MIN_POSITIVE) };
        }
    }
}

/// Products of `samples` and `window`.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn weigh(samples: &[f32], window: &[f32], weighed: &mut [f32]) {
    for ((target, weight), sample) in weighed.iter_mut().zip(window).zip(samples) {
        *target = sample * weight;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cosine_on_a_bin_gives_a_quarter_of_the_frame_there() {
        let signal: Vec<f32> =
            (0..4096).map(|n| (2.0 * std::f32::consts::PI * 32.0 * n as f32 / 512.0).cos()).collect();
        let spectra = Stft::new(512, 256, Framing::Centred).forward(&signal);
        assert_eq!(spectra.dim(), (257, 17));
        assert!((spectra[(32, 8)].norm() - 128.0).abs() < 1e-2);
        assert!(spectra[(40, 8)].norm() < 1e-2);
    }

    #[test]
    fn short_and_empty_signals_have_the_frames_that_librosa_gives_them() {
        let mut stft = Stft::new(512, 256, Framing::Centred);
        assert_eq!(stft.forward(&[]).dim(), (257, 1));
        assert_eq!(stft.forward(&[1.0]).dim(), (257, 1));
        assert_eq!(stft.forward(&[0.5; 256]).dim(), (257, 2));
        assert_eq!(Stft::new(512, 256, Framing::Inside).forward(&[1.0; 511]).dim(), (257, 0));
    }

    #[test]
    fn padding_is_zero_in_the_transform_and_sound_is_not_taken_for_it() {
        for framing in [Framing::Centred, Framing::Inside] {
            let mut stft = Stft::new(512, 256, framing);
            let mut signal = vec![0.0; 512 * 20];
            // Sounds of one sample, at the ends of frames and of the stretches that are looked at together.
            for at in [2559, 2560, 4863, 5000] {
                signal[at] = -0.5;
                let spectra = stft.forward(&signal);
                for (t, frame) in spectra.columns().into_iter().enumerate() {
                    let from = (t * 256).saturating_sub(stft.margin());
                    let end = t * 256 + 512 - stft.margin();
                    // The window is zero at its first sample.
                    let first = (t * 256) as isize - stft.margin() as isize;
                    let heard = (from..end).contains(&at) && at as isize != first;
                    assert_eq!(
                        frame.iter().any(|value| value.norm() > 0.0),
                        heard,
                        "{framing:?} {at} frame {t}"
                    );
                }
                signal[at] = 0.0;
            }
        }
        assert!(Stft::new(512, 256, Framing::Centred).forward(&[f32::NAN; 600])[(3, 1)].re.is_nan());
    }

    proptest! {
        #[test]
        fn transforming_and_inverting_returns_the_signal(
            signal in prop::collection::vec(-1.0_f32..1.0, 1..3000),
            half in 8_usize..200,
            odd in 0_usize..2,
            overlap in 2_usize..5,
        ) {
            let frame = half * 2 + odd;
            let mut stft = Stft::new(frame, (frame / overlap).max(1), Framing::Centred);
            let spectra = stft.forward(&signal);
            let back = stft.inverse(&spectra, Some(signal.len()));
            // Samples that only the edge of a window sees are not well determined.
            let covered = stft.natural_len(spectra.ncols()).min(signal.len());
            for (n, (a, b)) in signal.iter().zip(&back).take(covered).enumerate() {
                prop_assert!((a - b).abs() < 1e-4, "sample {n}: {a} {b}");
            }
        }
    }
}

//! Phase recovery: a signal whose STFT has a given magnitude.
//!
//! Projections between "has this magnitude" and "is the STFT of a signal", three ways in turn:
//!
//! 1. Phases begin where the magnitude's own gradient puts them ([`super::phase_gradient`]).
//! 2. A few relaxed averaged alternating reflections (Luke, 2005) leave bad places that plain projections stay in.
//! 3. The fast Griffin-Lim algorithm (Perraudin, Balazs and Søndergaard, 2013), as `librosa.griffinlim` runs it from random
//!    phases, does the rest: each projection is pushed further by a part of the one before.
//!
//! `BENCHMARKS.md` has what the first two are worth.

use ndarray::{Array2, ArrayRef2};
use rustfft::num_complex::Complex32;

use super::{
    frame_pairs::{FramePairs, mirror},
    phase_estimate::PhaseEstimate,
    phase_gradient::PhaseGradient,
    stft::Stft,
};

mod iterations;
#[cfg(test)]
mod tests;

/// The momentum that Perraudin and others recommend, and librosa's default.
pub const DEFAULT_MOMENTUM: f32 = 0.99;

/// Where phases begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PhaseStart {
    /// From the gradient of the magnitude, followed by reflections.
    #[default]
    Gradient,
    /// From sinusoids in one pass, half random ([`super::phase_estimate`]), without reflections: for comparison.
    SinglePass,
}

/// A signal found by [`GriffinLim::recover`].
#[derive(Clone, Debug, PartialEq)]
pub struct Recovered {
    /// The samples.
    pub signal: Vec<f32>,
    /// `norm(S - |STFT(signal)|) / norm(S)`: 0 is perfect; 0 for silence too.
    pub spectral_convergence: f32,
}

/// Phase recovery with one transform; its buffers are kept between calls.
///
/// Phases are angles only at the start: later a bin is given its magnitude by a factor, which keeps its direction.
pub struct GriffinLim {
    stft: Stft,
    momentum: f32,
    single_pass: PhaseEstimate,
    gradient: PhaseGradient,
    pairs: FramePairs,
    /// `[frames, frame size]`, all bins of complex transforms, with a silent frame where the number of frames is odd.
    magnitude: Array2<f32>,
    /// Phases to begin with, in radians, `[frames, bins]`.
    angles: Vec<f32>,
    /// Transform of the newest signal, pair after pair.
    rebuilt: Vec<Complex32>,
    /// That of the signal before; while reflecting, the newest transform with the wanted magnitudes.
    previous: Vec<Complex32>,
    /// Transform of a reflected signal.
    reflected: Vec<Complex32>,
    /// One pair on its way from `rebuilt` to the wanted magnitudes.
    direction: Vec<Complex32>,
    /// Its bins in the order of negative frequencies, conjugated.
    mirrored: Vec<Complex32>,
}

impl GriffinLim {
    /// Recovers phases for `stft`; `momentum` 0 is the original algorithm of 1984.
    pub fn new(stft: Stft, momentum: f32) -> Self {
        Self {
            pairs: FramePairs::new(&stft),
            direction: vec![Complex32::default(); stft.frame_size()],
            mirrored: vec![Complex32::default(); stft.frame_size()],
            stft,
            momentum,
            single_pass: PhaseEstimate::default(),
            gradient: PhaseGradient::default(),
            magnitude: Array2::zeros((0, 0)),
            angles: Vec::new(),
            rebuilt: Vec::new(),
            previous: Vec::new(),
            reflected: Vec::new(),
        }
    }

    /// A signal of `len` samples (or [`Stft::natural_len`]) whose STFT has nearly the given magnitude.
    ///
    /// `magnitude` is `[bins, frames]`; bins it lacks (the Nyquist row) count as zero. The random part of the initial
    /// phases is drawn from `seed`: one seed gives the same samples every time.
    pub fn recover(
        &mut self,
        magnitude: &ArrayRef2<f32>,
        iterations: usize,
        len: Option<usize>,
        seed: u64,
    ) -> Recovered {
        self.recover_from(PhaseStart::default(), magnitude, iterations, len, seed)
    }

    /// [`Self::recover`] with phases that begin as `start` says.
    pub fn recover_from(
        &mut self,
        start: PhaseStart,
        magnitude: &ArrayRef2<f32>,
        iterations: usize,
        len: Option<usize>,
        seed: u64,
    ) -> Recovered {
        let len = len.unwrap_or_else(|| self.stft.natural_len(magnitude.ncols()));
        self.take(magnitude, len);
        iterations::run(self, start, iterations, seed);
        let spectral_convergence = self.convergence();
        Recovered { signal: self.pairs.signal().to_vec(), spectral_convergence }
    }

    /// Takes the magnitude, frame by frame, and makes room for its transforms.
    fn take(&mut self, magnitude: &ArrayRef2<f32>, len: usize) {
        let (pairs, size) = (magnitude.ncols().div_ceil(2), self.stft.frame_size());
        if self.magnitude.dim() != (2 * pairs, size) {
            self.magnitude = Array2::zeros((2 * pairs, size));
        }
        self.magnitude.fill(0.0);
        for (mut frame, column) in self.magnitude.outer_iter_mut().zip(magnitude.columns()) {
            for (bin, &value) in column.iter().take(self.stft.bins()).enumerate() {
                frame[bin] = value;
                frame[(size - bin) % size] = value;
            }
        }
        for spectra in [&mut self.rebuilt, &mut self.previous, &mut self.reflected] {
            spectra.clear();
            spectra.resize(pairs * size, Complex32::default());
        }
        self.pairs.prepare(&mut self.stft, magnitude.ncols(), len);
    }

    /// Spectral convergence of `rebuilt`.
    fn convergence(&mut self) -> f32 {
        let (size, bins) = (self.stft.frame_size(), self.stft.bins());
        let magnitudes = self.magnitude.as_slice().unwrap_or_default();
        let mut error = 0.0_f64;
        let mut norm = 0.0_f64;
        for (spectrum, wanted) in self.rebuilt.chunks_exact(size).zip(magnitudes.chunks_exact(2 * size)) {
            mirror(spectrum, &mut self.mirrored);
            let (first, second) = wanted.split_at(size);
            for ((value, mirrored), (&first, &second)) in
                spectrum.iter().zip(&self.mirrored).zip(first.iter().zip(second)).take(bins)
            {
                for (twice, wanted) in [(value + mirrored, first), (value - mirrored, second)] {
                    error += f64::from(wanted - 0.5 * twice.norm_sqr().sqrt()).powi(2);
                    norm += f64::from(wanted).powi(2);
                }
            }
        }
        if norm > 0.0 { (error / norm).sqrt() as f32 } else { 0.0 }
    }
}

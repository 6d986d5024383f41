//! Phase recovery: finds a signal whose STFT has a given magnitude.
//!
//! Projections alternate between "has this magnitude" and "is the STFT of a signal", in three stages:
//!
//! 1. Initial phases come from the gradient of the magnitude ([`super::phase_gradient`]).
//! 2. A few relaxed averaged alternating reflections (Luke, 2005) leave local minima in which plain
//!    projections get stuck.
//! 3. The fast Griffin-Lim algorithm (Perraudin, Balazs and Søndergaard, 2013; `librosa.griffinlim` runs it
//!    from random phases) does the rest: each projection is extrapolated by a momentum term.
//!
//! `BENCHMARKS.md` has the gain of the first two stages.

use ndarray::{Array2, ArrayRef2};
use rustfft::num_complex::Complex32;

use super::{
    frame_pairs::FramePairs, mirror::mirror, phase_estimate::PhaseEstimate, phase_gradient::PhaseGradient,
    stft::Stft,
};

mod iterations;
#[cfg(test)]
mod tests;

/// Momentum recommended by Perraudin et al., and librosa's default.
pub const DEFAULT_MOMENTUM: f32 = 0.99;

/// Source of the initial phases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PhaseStart {
    /// Gradient of the magnitude, followed by reflections.
    #[default]
    Gradient,
    /// Single-pass sinusoidal estimate, half random ([`super::phase_estimate`]), without reflections: for
    /// comparison.
    SinglePass,
}

/// Result of [`GriffinLim::recover`].
#[derive(Clone, Debug, PartialEq)]
pub struct Recovered {
    /// Samples.
    pub signal: Vec<f32>,
    /// `norm(S - |STFT(signal)|) / norm(S)`: 0 is perfect; also 0 for silence.
    pub spectral_convergence: f32,
}

/// Phase recovery for one STFT; buffers are reused between calls.
///
/// Angles occur only in the initial phases. Later steps scale a complex bin to its magnitude, which keeps its
/// phase.
pub struct GriffinLim {
    stft: Stft,
    momentum: f32,
    single_pass: PhaseEstimate,
    gradient: PhaseGradient,
    pairs: FramePairs,
    /// Target magnitudes, `[frames, frame size]`: all bins of the complex FFT, with a silent frame added to
    /// an odd number.
    magnitude: Array2<f32>,
    /// Initial phases in radians, `[frames, bins]`.
    angles: Vec<f32>,
    /// STFT of the newest signal, `[pairs, frame size]`.
    rebuilt: Vec<Complex32>,
    /// STFT of the previous signal; during reflections, the projection of `rebuilt` onto the magnitudes.
    previous: Vec<Complex32>,
    /// STFT of the reflected signal.
    reflected: Vec<Complex32>,
    /// Extrapolated spectrum of one pair, `[frame size]`.
    direction: Vec<Complex32>,
    /// Conjugates of its bins `-k`.
    mirrored: Vec<Complex32>,
}

impl GriffinLim {
    /// Phase recovery for `stft`; a momentum of 0 is the original algorithm of 1984.
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

    /// Recovers a signal of `len` samples (default: [`Stft::natural_len`]) whose STFT magnitude approximates
    /// `magnitude`.
    ///
    /// # Shapes
    /// `magnitude`: `[bins, frames]`; missing bins (such as the Nyquist row) count as zero.
    ///
    /// Random initial phases are drawn from `seed`: the same seed always gives the same samples.
    pub fn recover(
        &mut self,
        magnitude: &ArrayRef2<f32>,
        iterations: usize,
        len: Option<usize>,
        seed: u64,
    ) -> Recovered {
        self.recover_from(PhaseStart::default(), magnitude, iterations, len, seed)
    }

    /// As [`Self::recover`], with initial phases chosen by `start`.
    pub fn recover_from(
        &mut self,
        start: PhaseStart,
        magnitude: &ArrayRef2<f32>,
        iterations: usize,
        len: Option<usize>,
        seed: u64,
    ) -> Recovered {
        let len = len.unwrap_or_else(|| self.stft.natural_len(magnitude.ncols()));
        self.load(magnitude, len);
        iterations::run(self, start, iterations, seed);
        let spectral_convergence = self.convergence();
        Recovered { signal: self.pairs.signal().to_vec(), spectral_convergence }
    }

    /// Copies the magnitude to `[frames, frame size]` and allocates the spectra.
    fn load(&mut self, magnitude: &ArrayRef2<f32>, len: usize) {
        let (pairs, size) = (magnitude.ncols().div_ceil(2), self.stft.frame_size());
        if self.magnitude.dim() != (2 * pairs, size) {
            self.magnitude = Array2::zeros((2 * pairs, size));
        }
        self.magnitude.fill(0.0);
        for (mut frame, column) in self.magnitude.outer_iter_mut().zip(magnitude.columns()) {
            for (bin, &value) in column.iter().take(self.stft.bins()).enumerate() {
                frame[bin] = value;
                // The spectrum of a real frame is symmetric: bin and size − bin have the same magnitude.
                frame[(size - bin) % size] = value;
            }
        }
        for spectra in [&mut self.rebuilt, &mut self.previous, &mut self.reflected] {
            spectra.clear();
            spectra.resize(pairs * size, Complex32::default());
        }
        self.pairs.prepare(&mut self.stft, magnitude.ncols(), len);
    }

    /// Spectral convergence of `rebuilt` against the target magnitudes.
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
                // The sum is twice the first frame's bin, the difference twice the second's (times i).
                for (twice, wanted) in [(value + mirrored, first), (value - mirrored, second)] {
                    error += f64::from(wanted - 0.5 * twice.norm_sqr().sqrt()).powi(2);
                    norm += f64::from(wanted).powi(2);
                }
            }
        }
        if norm > 0.0 { (error / norm).sqrt() as f32 } else { 0.0 }
    }
}

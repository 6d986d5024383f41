//! Phase recovery: a signal whose STFT has a given magnitude.
//!
//! The fast Griffin-Lim algorithm (Perraudin, Balazs and Søndergaard, 2013) as `librosa.griffinlim` runs it:
//! projections between "has this magnitude" and "is the STFT of a signal", each step pushed further by a part of the
//! one before. It starts from the phases of [`super::phase_estimate`], where librosa starts from random ones.

use ndarray::{Array2, ArrayRef2, Zip};
use rand::{SeedableRng as _, rngs::StdRng};
use rustfft::num_complex::Complex32;

use super::{phase_estimate::PhaseEstimate, stft::Stft};

/// The momentum that Perraudin and others recommend, and librosa's default.
pub const DEFAULT_MOMENTUM: f32 = 0.99;

/// A signal found by [`GriffinLim::recover`].
#[derive(Clone, Debug, PartialEq)]
pub struct Recovered {
    /// The samples.
    pub signal: Vec<f32>,
    /// `norm(S - |STFT(signal)|) / norm(S)`: 0 is perfect; 0 for silence too.
    pub spectral_convergence: f32,
}

/// Phase recovery with one transform; its buffers are kept between calls.
pub struct GriffinLim {
    stft: Stft,
    momentum: f32,
    phases: PhaseEstimate,
    magnitude: Array2<f32>,
    estimate: Array2<Complex32>,
    rebuilt: Array2<Complex32>,
    previous: Array2<Complex32>,
}

impl GriffinLim {
    /// Recovers phases for `stft`; `momentum` 0 is the original algorithm of 1984.
    pub fn new(stft: Stft, momentum: f32) -> Self {
        Self {
            stft,
            momentum,
            phases: PhaseEstimate::default(),
            magnitude: Array2::zeros((0, 0)),
            estimate: Array2::default((0, 0)),
            rebuilt: Array2::default((0, 0)),
            previous: Array2::default((0, 0)),
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
        self.start(magnitude, seed);
        let mut signal = vec![0.0; len.unwrap_or_else(|| self.stft.natural_len(magnitude.ncols()))];
        let push = self.momentum / (1.0 + self.momentum);
        for iteration in 0..iterations {
            self.project(&mut signal);
            let push = if iteration == 0 { 0.0 } else { push };
            Zip::from(&mut self.estimate)
                .and(&self.rebuilt)
                .and(&self.previous)
                .and(&self.magnitude)
                .for_each(|estimate, rebuilt, previous, &magnitude| {
                    let direction = rebuilt - previous * push;
                    let norm = direction.norm_sqr().sqrt();
                    *estimate =
                        if norm > 0.0 { direction * (magnitude / norm) } else { Complex32::default() };
                });
            std::mem::swap(&mut self.rebuilt, &mut self.previous);
        }
        self.project(&mut signal);
        Recovered { spectral_convergence: self.convergence(), signal }
    }

    /// Takes the magnitude, frame by frame, and gives it its first phases.
    fn start(&mut self, magnitude: &ArrayRef2<f32>, seed: u64) {
        let shape = (magnitude.ncols(), self.stft.bins());
        if self.magnitude.dim() != shape {
            self.magnitude = Array2::zeros(shape);
            self.estimate = Array2::default(shape);
            self.rebuilt = Array2::default(shape);
            self.previous = Array2::default(shape);
        }
        self.magnitude.fill(0.0);
        for (mut target, column) in self.magnitude.outer_iter_mut().zip(magnitude.columns()) {
            for (value, &given) in target.iter_mut().zip(column) {
                *value = given;
            }
        }
        let mut rng = StdRng::seed_from_u64(seed);
        let (estimate, magnitude) = (&mut self.estimate, self.magnitude.view());
        let (frame_size, hop_length) = (self.stft.frame_size(), self.stft.hop_length());
        self.phases.run(&magnitude, frame_size, hop_length, &mut rng, |frame, phases| {
            for ((estimate, &magnitude), &phase) in
                estimate.row_mut(frame).iter_mut().zip(magnitude.row(frame)).zip(phases)
            {
                *estimate = Complex32::from_polar(magnitude, phase);
            }
        });
    }

    /// Replaces `signal` by the estimate's inverse, and `rebuilt` by that signal's transform.
    fn project(&mut self, signal: &mut [f32]) {
        self.stft.inverse_into(&self.estimate, signal);
        self.stft.forward_into(signal, &mut self.rebuilt);
        if self.rebuilt.nrows() != self.magnitude.nrows() {
            // A length that was asked for may have more or fewer frames than the image.
            let mut fitted = Array2::default(self.magnitude.dim());
            for (mut target, row) in fitted.outer_iter_mut().zip(self.rebuilt.outer_iter()) {
                target.assign(&row);
            }
            self.rebuilt = fitted;
        }
    }

    /// Spectral convergence of `rebuilt`.
    fn convergence(&self) -> f32 {
        let mut error = 0.0_f64;
        let mut norm = 0.0_f64;
        for (value, &wanted) in self.rebuilt.iter().zip(&self.magnitude) {
            error += f64::from(wanted - value.norm()).powi(2);
            norm += f64::from(wanted).powi(2);
        }
        if norm > 0.0 { (error / norm).sqrt() as f32 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::stft::Framing;

    fn chirp() -> Vec<f32> {
        (0..8192)
            .map(|n| {
                let t = n as f32 / 8192.0;
                0.5 * (2.0 * std::f32::consts::PI * (200.0 * t + 700.0 * t * t)).sin()
            })
            .collect()
    }

    #[test]
    fn the_recovered_signal_has_the_magnitude_that_was_asked_for() {
        let mut stft = Stft::new(512, 128, Framing::Centred);
        let magnitude = stft.forward(&chirp()).mapv(Complex32::norm);
        let mut recovery = GriffinLim::new(stft.clone(), DEFAULT_MOMENTUM);
        let few = recovery.recover(&magnitude, 1, None, 3);
        let many = recovery.recover(&magnitude, 32, None, 3);
        assert!(many.spectral_convergence < few.spectral_convergence / 2.0);
        assert!(many.spectral_convergence < 0.05, "{}", many.spectral_convergence);
        assert_eq!(many.signal.len(), 8192);
    }

    #[test]
    fn one_seed_gives_one_signal() {
        let mut stft = Stft::new(256, 128, Framing::Centred);
        let magnitude = stft.forward(&chirp()).mapv(Complex32::norm);
        let mut recovery = GriffinLim::new(stft, DEFAULT_MOMENTUM);
        let a = recovery.recover(&magnitude, 4, None, 7);
        let other = recovery.recover(&magnitude, 4, None, 8);
        let b = recovery.recover(&magnitude, 4, None, 7);
        assert_eq!(a, b);
        assert_ne!(a.signal, other.signal);
    }

    #[test]
    fn silence_stays_silent() {
        let mut recovery = GriffinLim::new(Stft::new(64, 32, Framing::Centred), DEFAULT_MOMENTUM);
        let silent = recovery.recover(&Array2::zeros((32, 9)).view(), 8, Some(300), 0);
        assert_eq!(silent.signal, vec![0.0; 300]);
        assert_eq!(silent.spectral_convergence, 0.0);
    }
}

//! Fourier transform of real frames.
//!
//! The samples of an even frame are taken in pairs as complex numbers, `z[n] = x[2n] + i x[2n + 1]`, and transformed at half the size. Even
//! and odd samples have the spectra `(Z[k] + Z*[-k]) / 2` and `(Z[k] - Z*[-k]) / 2i`; the second, turned by `exp(-2πi k / size)` and added to the
//! first, gives the frame's (Cooley, Lewis and Welch, 1970). Here this last step is a plain loop over a mirrored copy, which
//! vectorises; frames of odd sizes are left to realfft.

use std::{f64::consts::TAU, sync::Arc};

use multiversion::multiversion;
use realfft::{RealFftPlanner, RealToComplex};
use rustfft::{Fft, FftPlanner, num_complex::Complex32};

use super::mirror::mirror;

/// The plan for one frame size with its buffers; clones share the plan.
#[derive(Clone)]
pub(super) struct RealTransform {
    plan: Plan,
    scratch: Vec<Complex32>,
}

#[derive(Clone)]
enum Plan {
    Even {
        fft: Arc<dyn Fft<f32>>,
        /// `-i exp(-2πi k / size) / 2` for each bin below the Nyquist frequency.
        turns: Arc<[Complex32]>,
        /// The transform at half the size, and what is mirrored of it.
        halves: [Vec<Complex32>; 2],
    },
    Odd {
        fft: Arc<dyn RealToComplex<f32>>,
        frame: Vec<f32>,
    },
}

impl RealTransform {
    /// A transform of frames of `size` samples, at least 2.
    pub fn new(size: usize) -> Self {
        if !size.is_multiple_of(2) {
            let fft = RealFftPlanner::new().plan_fft_forward(size);
            let scratch = fft.make_scratch_vec();
            return Self { plan: Plan::Odd { frame: fft.make_input_vec(), fft }, scratch };
        }
        let half = size / 2;
        let fft = FftPlanner::new().plan_fft_forward(half);
        let scratch = vec![Complex32::default(); fft.get_inplace_scratch_len()];
        let turn = |bin: usize| {
            let (sin, cos) = (TAU * bin as f64 / size as f64).sin_cos();
            Complex32 { re: (-sin / 2.0) as f32, im: (-cos / 2.0) as f32 }
        };
        let turns = (0..half).map(turn).collect();
        let halves = [(); 2].map(|()| vec![Complex32::default(); half]);
        Self { plan: Plan::Even { fft, turns, halves }, scratch }
    }

    /// Transforms `frame` into `spectrum`, `[size / 2 + 1]`.
    pub fn run(&mut self, frame: &[f32], spectrum: &mut [Complex32]) {
        match &mut self.plan {
            Plan::Even { fft, turns, halves: [half, mirrored] } => {
                let (pairs, _) = frame.as_chunks::<2>();
                for (value, [even, odd]) in half.iter_mut().zip(pairs) {
                    *value = Complex32 { re: *even, im: *odd };
                }
                fft.process_with_scratch(half, &mut self.scratch);
                separate(half, mirrored, turns, spectrum);
            }
            Plan::Odd { fft, frame: copy } => {
                copy.copy_from_slice(frame);
                // The lengths match the plan, so this cannot fail.
                let done = fft.process_with_scratch(copy, spectrum, &mut self.scratch);
                debug_assert!(done.is_ok());
            }
        }
    }
}

/// The spectrum of a frame from the transform of its pairs.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn separate(half: &[Complex32], mirrored: &mut [Complex32], turns: &[Complex32], spectrum: &mut [Complex32]) {
    mirror(half, mirrored);
    for (((bin, value), mirrored), turn) in spectrum.iter_mut().zip(half).zip(&*mirrored).zip(turns) {
        let (even_re, even_im) = ((value.re + mirrored.re) * 0.5, (value.im + mirrored.im) * 0.5);
        let (odd_re, odd_im) = (value.re - mirrored.re, value.im - mirrored.im);
        bin.re = even_re + (odd_re * turn.re - odd_im * turn.im);
        bin.im = even_im + (odd_re * turn.im + odd_im * turn.re);
    }
    // The bin at the Nyquist frequency: even samples less odd ones.
    if let (Some(first), Some(last)) = (half.first(), spectrum.last_mut()) {
        *last = Complex32 { re: first.re - first.im, im: 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The sum that defines the transform, in double precision.
    fn exact(frame: &[f32], bin: usize) -> [f64; 2] {
        let size = frame.len();
        frame.iter().enumerate().fold([0.0, 0.0], |[re, im], (n, sample)| {
            let (sin, cos) = (TAU * (bin * n % size) as f64 / size as f64).sin_cos();
            [re + f64::from(*sample) * cos, im - f64::from(*sample) * sin]
        })
    }

    proptest! {
        #[test]
        fn a_spectrum_is_the_sum_that_defines_it_at_even_and_odd_sizes(
            frame in prop::collection::vec(-1.0_f32..1.0, 2..90),
        ) {
            let mut spectrum = vec![Complex32 { re: 7.0, im: 7.0 }; frame.len() / 2 + 1];
            RealTransform::new(frame.len()).run(&frame, &mut spectrum);
            for (bin, value) in spectrum.iter().enumerate() {
                let [re, im] = exact(&frame, bin);
                prop_assert!((f64::from(value.re) - re).abs() < 1e-5 && (f64::from(value.im) - im).abs() < 1e-5, "bin {bin} of {}: {value}, not {re} {im}", frame.len());
            }
        }
    }

    #[test]
    fn the_ends_of_a_spectrum_are_real() {
        let frame: Vec<f32> = (0..512).map(|n| ((n * 7919) % 1009) as f32 / 504.5 - 1.0).collect();
        let mut spectrum = vec![Complex32::default(); 257];
        RealTransform::new(512).run(&frame, &mut spectrum);
        assert_eq!((spectrum[0].im, spectrum[256].im), (0.0, 0.0));
    }
}

//! Phase recovery: a signal whose STFT has a given magnitude.
//!
//! The fast Griffin-Lim algorithm (Perraudin, Balazs and Søndergaard, 2013) as `librosa.griffinlim` runs it:
//! projections between "has this magnitude" and "is the STFT of a signal", each step pushed further by a part of the
//! one before. It starts from the phases of [`super::phase_estimate`], where librosa starts from random ones.

use multiversion::multiversion;
use ndarray::{Array2, ArrayRef2, s};
use rand::{SeedableRng as _, rngs::StdRng};
use rustfft::num_complex::Complex32;

use super::{
    frame_pairs::{FramePairs, mirror},
    phase_estimate::PhaseEstimate,
    stft::Stft,
    unit_circle,
};

/// The momentum that Perraudin and others recommend, and librosa's default.
pub const DEFAULT_MOMENTUM: f32 = 0.99;

/// Less half of a number's bits, this is a guess at its inverse root that is wrong by 3 % at most (Lomont, 2003).
const ROOT_GUESS_BITS: u32 = 0x5f37_59df;

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
/// Phases are never computed as angles: a bin is given its magnitude by a factor, which keeps its direction.
pub struct GriffinLim {
    stft: Stft,
    momentum: f32,
    phases: PhaseEstimate,
    pairs: FramePairs,
    /// `[frames, frame size]`, all bins of complex transforms, with a silent frame where the number of frames is odd.
    magnitude: Array2<f32>,
    /// Phases to begin with, in radians, `[frames, bins]`.
    angles: Vec<f32>,
    /// Transform of the newest signal, pair after pair.
    rebuilt: Vec<Complex32>,
    /// That of the signal before.
    previous: Vec<Complex32>,
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
            phases: PhaseEstimate::default(),
            magnitude: Array2::zeros((0, 0)),
            angles: Vec::new(),
            rebuilt: Vec::new(),
            previous: Vec::new(),
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
        let len = len.unwrap_or_else(|| self.stft.natural_len(magnitude.ncols()));
        self.take(magnitude, len);
        iterate(self, iterations, seed);
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
        for spectra in [&mut self.rebuilt, &mut self.previous] {
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

/// All iterations of one call; what it calls has to be inlined to be compiled for the processor at hand.
#[multiversion(targets = "simd")]
fn iterate(of: &mut GriffinLim, iterations: usize, seed: u64) {
    let GriffinLim { stft, momentum, phases, pairs, magnitude, angles, rebuilt, previous, .. } = of;
    let (direction, mirrored) = (&mut of.direction, &mut of.mirrored);
    let push = *momentum / (1.0 + *momentum);
    let size = stft.frame_size();
    let magnitudes = magnitude.as_slice().unwrap_or_default();

    let mut random = StdRng::seed_from_u64(seed);
    angles.clear();
    let half = magnitude.slice(s![.., ..stft.bins()]);
    phases.run(&half, size, stft.hop_length(), &mut random, |_, of_frame| {
        angles.extend_from_slice(of_frame);
    });
    let wanted = magnitudes.chunks_exact(2 * size).zip(angles.chunks_exact(2 * stft.bins()));
    for (spectrum, (wanted, angles)) in rebuilt.chunks_exact_mut(size).zip(wanted) {
        let (angles, wanted) = (angles.split_at(stft.bins()), wanted.split_at(size));
        begin(angles.0, wanted.0, Complex32::ONE, mirrored, spectrum);
        begin(angles.1, wanted.1, Complex32::I, mirrored, spectrum);
    }
    pairs.clear();
    for (pair, spectrum) in rebuilt.chunks_exact_mut(size).enumerate() {
        pairs.invert(pair, spectrum);
    }
    pairs.finish();
    for iteration in 0..iterations {
        pairs.transform(rebuilt);
        pairs.clear();
        let push = if iteration == 0 { 0.0 } else { push };
        let spectra = rebuilt.chunks_exact(size).zip(previous.chunks_exact(size));
        for (pair, ((newest, before), wanted)) in spectra.zip(magnitudes.chunks_exact(2 * size)).enumerate() {
            step(newest, before, push, direction);
            mirror(direction, mirrored);
            project(direction, mirrored, wanted);
            pairs.invert(pair, direction);
        }
        pairs.finish();
        std::mem::swap(rebuilt, previous);
    }
    pairs.transform(rebuilt);
}

/// Adds a frame of magnitudes and angles (in radians), times `unit`, to the transform of a pair of frames.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
#[inline(always)]
fn begin(
    angles: &[f32],
    magnitudes: &[f32],
    unit: Complex32,
    points: &mut [Complex32],
    spectrum: &mut [Complex32],
) {
    for ((point, &angle), &magnitude) in points.iter_mut().zip(angles).zip(magnitudes) {
        *point = unit_circle::at(angle) * magnitude;
    }
    let size = spectrum.len();
    for (bin, point) in points.iter().take(angles.len()).enumerate() {
        let mirror = (size - bin) % size;
        if mirror == bin {
            // The transform of a real frame is real at 0 Hz and at the Nyquist frequency.
            spectrum[bin] += unit * point.re;
        } else {
            spectrum[bin] += unit * point;
            spectrum[mirror] += unit * point.conj();
        }
    }
}

/// `newest - push * before`.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
#[inline(always)]
fn step(newest: &[Complex32], before: &[Complex32], push: f32, direction: &mut [Complex32]) {
    for ((target, newest), before) in direction.iter_mut().zip(newest).zip(before) {
        *target = Complex32 { re: newest.re - push * before.re, im: newest.im - push * before.im };
    }
}

/// Gives both frames of the pair `direction` the magnitudes `wanted` and keeps their directions.
///
/// The sum of a bin and its mirrored one is twice the first frame's, their difference twice the second's, times i.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
#[inline(always)]
fn project(direction: &mut [Complex32], mirrored: &[Complex32], wanted: &[f32]) {
    let (first, second) = wanted.split_at(wanted.len() / 2);
    let wanted = first.iter().zip(second);
    for ((value, mirrored), (first, second)) in direction.iter_mut().zip(mirrored).zip(wanted) {
        let (sum_re, sum_im) = (value.re + mirrored.re, value.im + mirrored.im);
        let (rest_re, rest_im) = (value.re - mirrored.re, value.im - mirrored.im);
        let first = first * inverse_root(sum_re * sum_re + sum_im * sum_im);
        let second = second * inverse_root(rest_re * rest_re + rest_im * rest_im);
        value.re = sum_re * first + rest_re * second;
        value.im = sum_im * first + rest_im * second;
    }
}

/// `1 / sqrt(value)` to about 5e-6, finite for 0: a guess from the number's own bits and two steps of Newton's method.
///
/// It takes a fifth of the time of a root and a division, which were a third of all time spent here, and Griffin-Lim
/// asks for magnitudes that no signal has: errors of 5e-6 vanish beside the several per cent by which it misses them.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
#[inline(always)]
fn inverse_root(value: f32) -> f32 {
    let half = 0.5 * value;
    let guess = f32::from_bits(ROOT_GUESS_BITS - (value.to_bits() >> 1));
    let better = guess * (1.5 - half * guess * guess);
    better * (1.5 - half * better * better)
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

    #[test]
    fn odd_frames_and_odd_numbers_of_them_are_recovered_too() {
        for (frame_size, hop_length) in [(511, 128), (512, 127), (255, 64)] {
            for len in [8000, 8000 + hop_length] {
                let mut stft = Stft::new(frame_size, hop_length, Framing::Centred);
                let magnitude = stft.forward(&chirp()[..len.min(8192)]).mapv(Complex32::norm);
                let recovered =
                    GriffinLim::new(stft.clone(), DEFAULT_MOMENTUM).recover(&magnitude, 32, None, 1);
                let again = stft.forward(&recovered.signal).mapv(Complex32::norm);
                // A frame that the signal does not reach counts as silent.
                let heard =
                    Array2::from_shape_fn(magnitude.dim(), |place| again.get(place).copied().unwrap_or(0.0));
                let norm = |values: &Array2<f32>| values.mapv(|value| value * value).sum().sqrt();
                let measured = norm(&(&magnitude - &heard)) / norm(&magnitude);
                assert!(recovered.spectral_convergence < 0.15, "{}", recovered.spectral_convergence);
                assert!(
                    (measured - recovered.spectral_convergence).abs() < 1e-4,
                    "{frame_size} {hop_length} {len}: {measured}"
                );
            }
        }
    }

    #[test]
    fn a_length_of_fewer_or_more_frames_than_the_image_is_kept() {
        let mut stft = Stft::new(512, 128, Framing::Centred);
        let magnitude = stft.forward(&chirp()).mapv(Complex32::norm);
        let mut recovery = GriffinLim::new(stft, DEFAULT_MOMENTUM);
        for len in [0, 1, 3000, 20_000] {
            let recovered = recovery.recover(&magnitude, 8, Some(len), 0);
            assert_eq!(recovered.signal.len(), len);
            assert!(recovered.signal.iter().all(|sample| sample.is_finite()));
        }
        let nothing = recovery.recover(&Array2::zeros((257, 0)), 2, Some(10), 0);
        assert_eq!(nothing.signal, [0.0; 10]);
    }

    #[test]
    fn inverse_roots_are_right_to_five_millionths_and_finite_for_zero() {
        let mut value = 1e-30_f32;
        while value < 1e30 {
            assert!((inverse_root(value) * value.sqrt() - 1.0).abs() < 6e-6, "{value}");
            value *= 1.01;
        }
        assert!(inverse_root(0.0).is_finite());
    }
}

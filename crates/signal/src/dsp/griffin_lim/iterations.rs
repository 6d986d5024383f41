//! The loops of phase recovery, compiled for several kinds of processor and chosen at run time.
//!
//! What they call has to be inlined to be compiled with them.

use multiversion::multiversion;
use ndarray::s;
use rand::{SeedableRng as _, rngs::StdRng};
use rustfft::num_complex::Complex32;

use super::{
    super::{frame_pairs::mirror, unit_circle},
    GriffinLim, PhaseStart,
};

/// Reflections before the fast projections. More of them go on to lower the error in other transforms by a hundredth and
/// leave fewer projections.
const REFLECTIONS: usize = 8;
/// How far a reflection goes; 1 goes all the way and may not settle.
const RELAXATION: f32 = 0.9;

/// Less half of a number's bits, this is a guess at its inverse root that is wrong by 3 % at most (Lomont, 2003).
const ROOT_GUESS_BITS: u32 = 0x5f37_59df;

/// All iterations of one call.
#[multiversion(targets = "simd")]
pub(super) fn run(of: &mut GriffinLim, start: PhaseStart, iterations: usize, seed: u64) {
    begin(of, start, seed);
    let reflections = if start == PhaseStart::Gradient { iterations.min(REFLECTIONS) } else { 0 };
    reflect(of, reflections);
    approach(of, iterations - reflections);
}

/// Puts the first phases on the magnitudes.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
#[inline(always)]
fn begin(of: &mut GriffinLim, start: PhaseStart, seed: u64) {
    let (size, bins, hop) = (of.stft.frame_size(), of.stft.bins(), of.stft.hop_length());
    let mut random = StdRng::seed_from_u64(seed);
    let half = of.magnitude.slice(s![.., ..bins]);
    of.angles.clear();
    match start {
        PhaseStart::Gradient => of.angles.extend_from_slice(of.gradient.run(&half, size, hop, &mut random)),
        PhaseStart::SinglePass => of.single_pass.run(&half, size, hop, &mut random, |_, of_frame| {
            of.angles.extend_from_slice(of_frame);
        }),
    }
    let magnitudes = of.magnitude.as_slice().unwrap_or_default();
    let wanted = magnitudes.chunks_exact(2 * size).zip(of.angles.chunks_exact(2 * bins));
    for (spectrum, (wanted, angles)) in of.rebuilt.chunks_exact_mut(size).zip(wanted) {
        let (angles, wanted) = (angles.split_at(bins), wanted.split_at(size));
        add_frame(angles.0, wanted.0, Complex32::ONE, &mut of.mirrored, spectrum);
        add_frame(angles.1, wanted.1, Complex32::I, &mut of.mirrored, spectrum);
    }
}

/// Relaxed averaged alternating reflections: with `M` the projection onto the magnitudes and `C` that onto transforms of
/// signals, `x` becomes `β C(2 M(x) - x) + β x + (1 - 2 β) M(x)`. `of.rebuilt` is `x`; afterwards it has the magnitudes.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
#[inline(always)]
fn reflect(of: &mut GriffinLim, iterations: usize) {
    let size = of.stft.frame_size();
    let magnitudes = of.magnitude.as_slice().unwrap_or_default();
    for _ in 0..iterations {
        of.pairs.clear();
        let spectra = of.rebuilt.chunks_exact(size).zip(of.previous.chunks_exact_mut(size));
        for (pair, ((state, projected), wanted)) in spectra.zip(magnitudes.chunks_exact(2 * size)).enumerate()
        {
            mirror(state, &mut of.mirrored);
            projected.copy_from_slice(state);
            project(projected, &of.mirrored, wanted);
            combine((2.0, projected), (-1.0, state), &mut of.direction);
            of.pairs.invert(pair, &mut of.direction);
        }
        of.pairs.finish();
        of.pairs.transform(&mut of.reflected);
        relax(&mut of.rebuilt, &of.reflected, &of.previous);
    }
    if iterations > 0 {
        for (state, wanted) in of.rebuilt.chunks_exact_mut(size).zip(magnitudes.chunks_exact(2 * size)) {
            mirror(state, &mut of.mirrored);
            project(state, &of.mirrored, wanted);
        }
    }
}

/// Fast Griffin-Lim from `of.rebuilt`, which has the magnitudes; afterwards it is the transform of the signal.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
#[inline(always)]
fn approach(of: &mut GriffinLim, iterations: usize) {
    let push = of.momentum / (1.0 + of.momentum);
    let size = of.stft.frame_size();
    let magnitudes = of.magnitude.as_slice().unwrap_or_default();
    of.pairs.clear();
    for (pair, spectrum) in of.rebuilt.chunks_exact_mut(size).enumerate() {
        of.pairs.invert(pair, spectrum);
    }
    of.pairs.finish();
    for iteration in 0..iterations {
        of.pairs.transform(&mut of.rebuilt);
        of.pairs.clear();
        let push = if iteration == 0 { 0.0 } else { push };
        let spectra = of.rebuilt.chunks_exact(size).zip(of.previous.chunks_exact(size));
        for (pair, ((newest, before), wanted)) in spectra.zip(magnitudes.chunks_exact(2 * size)).enumerate() {
            combine((1.0, newest), (-push, before), &mut of.direction);
            mirror(&of.direction, &mut of.mirrored);
            project(&mut of.direction, &of.mirrored, wanted);
            of.pairs.invert(pair, &mut of.direction);
        }
        of.pairs.finish();
        std::mem::swap(&mut of.rebuilt, &mut of.previous);
    }
    of.pairs.transform(&mut of.rebuilt);
}

/// Adds a frame of magnitudes and angles (in radians), times `unit`, to the transform of a pair of frames.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
#[inline(always)]
fn add_frame(
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

/// A sum of two transforms, each with its factor.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
#[inline(always)]
fn combine((a, first): (f32, &[Complex32]), (b, second): (f32, &[Complex32]), sum: &mut [Complex32]) {
    for (target, (first, second)) in sum.iter_mut().zip(first.iter().zip(second)) {
        *target = Complex32 { re: a * first.re + b * second.re, im: a * first.im + b * second.im };
    }
}

/// The next state of the reflections, in place of `state`.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several processors")]
#[inline(always)]
fn relax(state: &mut [Complex32], reflected: &[Complex32], projected: &[Complex32]) {
    let rest = 1.0 - 2.0 * RELAXATION;
    for (state, (reflected, projected)) in state.iter_mut().zip(reflected.iter().zip(projected)) {
        state.re = RELAXATION * (reflected.re + state.re) + rest * projected.re;
        state.im = RELAXATION * (reflected.im + state.im) + rest * projected.im;
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

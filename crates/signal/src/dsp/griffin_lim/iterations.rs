//! The loops of phase recovery, compiled for several instruction sets; the best is chosen at run time.
//!
//! Functions called from them must be inlined to be compiled for the same instruction set.

use multiversion::multiversion;
use ndarray::s;
use rand::{SeedableRng as _, rngs::StdRng};
use rustfft::num_complex::Complex32;

use super::{
    super::{mirror::mirror, unit_circle},
    GriffinLim, PhaseStart,
};

/// Number of reflections before fast Griffin-Lim. More of them lower the error in other transforms by only
/// another hundredth and leave fewer iterations for stage three.
const REFLECTIONS: usize = 8;
/// Relaxation β of the reflections; 1 would not relax at all and may not converge.
const RELAXATION: f32 = 0.9;

/// Minus half of a number's bit pattern, this approximates its inverse square root within 3 % (Lomont, 2003).
const INVERSE_SQRT_BITS: u32 = 0x5f37_59df;

/// All iterations of one call.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub(super) fn run(recovery: &mut GriffinLim, start: PhaseStart, iterations: usize, seed: u64) {
    set_initial_phases(recovery, start, seed);
    let reflections = if start == PhaseStart::Gradient { iterations.min(REFLECTIONS) } else { 0 };
    reflect(recovery, reflections);
    fast_griffin_lim(recovery, iterations - reflections);
}

/// Combines the magnitudes with the initial phases in `rebuilt`.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
#[inline(always)]
fn set_initial_phases(recovery: &mut GriffinLim, start: PhaseStart, seed: u64) {
    let (size, bins, hop) = (recovery.stft.frame_size(), recovery.stft.bins(), recovery.stft.hop_length());
    let mut random = StdRng::seed_from_u64(seed);
    let half = recovery.magnitude.slice(s![.., ..bins]);
    recovery.angles.clear();
    match start {
        PhaseStart::Gradient => {
            recovery.angles.extend_from_slice(recovery.gradient.run(&half, size, hop, &mut random));
        }
        PhaseStart::SinglePass => recovery.single_pass.run(&half, size, hop, &mut random, |_, angles| {
            recovery.angles.extend_from_slice(angles);
        }),
    }
    let magnitudes = recovery.magnitude.as_slice().unwrap_or_default();
    // Two frames at a time: [2, frame size] magnitudes, [2, bins] angles
    let wanted = magnitudes.chunks_exact(2 * size).zip(recovery.angles.chunks_exact(2 * bins));
    for (spectrum, (wanted, angles)) in recovery.rebuilt.chunks_exact_mut(size).zip(wanted) {
        let (angles, wanted) = (angles.split_at(bins), wanted.split_at(size));
        add_frame(angles.0, wanted.0, Complex32::ONE, &mut recovery.mirrored, spectrum);
        add_frame(angles.1, wanted.1, Complex32::I, &mut recovery.mirrored, spectrum);
    }
}

/// Relaxed averaged alternating reflections.
///
/// With `M` the projection onto the magnitudes and `C` that onto STFTs of signals, each iteration replaces
/// `x` by `β C(2 M(x) - x) + β x + (1 - 2 β) M(x)`. `recovery.rebuilt` is `x`; at the end it is projected
/// onto the magnitudes.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
#[inline(always)]
fn reflect(recovery: &mut GriffinLim, iterations: usize) {
    let size = recovery.stft.frame_size();
    let magnitudes = recovery.magnitude.as_slice().unwrap_or_default();
    for _ in 0..iterations {
        recovery.pairs.clear();
        let spectra = recovery.rebuilt.chunks_exact(size).zip(recovery.previous.chunks_exact_mut(size));
        for (pair, ((state, projected), wanted)) in spectra.zip(magnitudes.chunks_exact(2 * size)).enumerate()
        {
            // M(x), kept in `previous`
            mirror(state, &mut recovery.mirrored);
            projected.copy_from_slice(state);
            project(projected, &recovery.mirrored, wanted);
            // 2 M(x) − x, overlap-added to a signal
            combine(2.0, projected, -1.0, state, &mut recovery.direction);
            recovery.pairs.invert(pair, &mut recovery.direction);
        }
        recovery.pairs.finish();
        // C(2 M(x) − x)
        recovery.pairs.transform(&mut recovery.reflected);
        relax(&mut recovery.rebuilt, &recovery.reflected, &recovery.previous);
    }
    if iterations > 0 {
        for (state, wanted) in recovery.rebuilt.chunks_exact_mut(size).zip(magnitudes.chunks_exact(2 * size))
        {
            mirror(state, &mut recovery.mirrored);
            project(state, &recovery.mirrored, wanted);
        }
    }
}

/// Fast Griffin-Lim. `recovery.rebuilt` has the target magnitudes at first and is the STFT of the signal
/// afterwards.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
#[inline(always)]
fn fast_griffin_lim(recovery: &mut GriffinLim, iterations: usize) {
    let push = recovery.momentum / (1.0 + recovery.momentum);
    let size = recovery.stft.frame_size();
    let magnitudes = recovery.magnitude.as_slice().unwrap_or_default();
    // First signal from the initial spectra
    recovery.pairs.clear();
    for (pair, spectrum) in recovery.rebuilt.chunks_exact_mut(size).enumerate() {
        recovery.pairs.invert(pair, spectrum);
    }
    recovery.pairs.finish();
    for iteration in 0..iterations {
        recovery.pairs.transform(&mut recovery.rebuilt);
        recovery.pairs.clear();
        // There is no previous spectrum yet in the first iteration.
        let push = if iteration == 0 { 0.0 } else { push };
        let spectra = recovery.rebuilt.chunks_exact(size).zip(recovery.previous.chunks_exact(size));
        for (pair, ((newest, before), wanted)) in spectra.zip(magnitudes.chunks_exact(2 * size)).enumerate() {
            // Extrapolate away from the previous STFT, then restore the magnitudes.
            combine(1.0, newest, -push, before, &mut recovery.direction);
            mirror(&recovery.direction, &mut recovery.mirrored);
            project(&mut recovery.direction, &recovery.mirrored, wanted);
            recovery.pairs.invert(pair, &mut recovery.direction);
        }
        recovery.pairs.finish();
        std::mem::swap(&mut recovery.rebuilt, &mut recovery.previous);
    }
    recovery.pairs.transform(&mut recovery.rebuilt);
}

/// Adds one frame of magnitudes and angles (in radians), times `unit` (1 or i), to the spectrum of a pair.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
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
            // The spectrum of a real frame is real at 0 Hz and at the Nyquist frequency.
            spectrum[bin] += unit * point.re;
        } else {
            spectrum[bin] += unit * point;
            spectrum[mirror] += unit * point.conj();
        }
    }
}

/// Linear combination `a * first + b * second` of two spectra.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
#[inline(always)]
fn combine(a: f32, first: &[Complex32], b: f32, second: &[Complex32], sum: &mut [Complex32]) {
    for (target, (first, second)) in sum.iter_mut().zip(first.iter().zip(second)) {
        *target = Complex32 { re: a * first.re + b * second.re, im: a * first.im + b * second.im };
    }
}

/// `state = β (reflected + state) + (1 − 2β) projected`, the update of [`reflect`].
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
#[inline(always)]
fn relax(state: &mut [Complex32], reflected: &[Complex32], projected: &[Complex32]) {
    let rest = 1.0 - 2.0 * RELAXATION;
    for (state, (reflected, projected)) in state.iter_mut().zip(reflected.iter().zip(projected)) {
        state.re = RELAXATION * (reflected.re + state.re) + rest * projected.re;
        state.im = RELAXATION * (reflected.im + state.im) + rest * projected.im;
    }
}

/// Scales both frames of the pair `direction` to the magnitudes `wanted` (`[2, frame size]`) and keeps their
/// phases.
///
/// The sum of a bin and its mirrored bin is twice the first frame's bin; the difference is twice the second
/// frame's, times i.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
#[inline(always)]
fn project(direction: &mut [Complex32], mirrored: &[Complex32], wanted: &[f32]) {
    let (first, second) = wanted.split_at(wanted.len() / 2);
    let wanted = first.iter().zip(second);
    for ((value, mirrored), (first, second)) in direction.iter_mut().zip(mirrored).zip(wanted) {
        let (sum_re, sum_im) = (value.re + mirrored.re, value.im + mirrored.im);
        let (rest_re, rest_im) = (value.re - mirrored.re, value.im - mirrored.im);
        // magnitude / |bin|: the factor 2 of sum and difference cancels
        let first = first * fast_inverse_sqrt(sum_re * sum_re + sum_im * sum_im);
        let second = second * fast_inverse_sqrt(rest_re * rest_re + rest_im * rest_im);
        value.re = sum_re * first + rest_re * second;
        value.im = sum_im * first + rest_im * second;
    }
}

/// `1 / sqrt(value)` to about 5e-6, finite for 0: an initial guess from the bit pattern and two Newton steps.
///
/// It takes a fifth of the time of a square root and a division, which were a third of the total. Griffin-Lim
/// misses its target magnitudes by several per cent, so an error of 5e-6 does not matter.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
#[inline(always)]
fn fast_inverse_sqrt(value: f32) -> f32 {
    let half = 0.5 * value;
    let guess = f32::from_bits(INVERSE_SQRT_BITS - (value.to_bits() >> 1));
    let better = guess * (1.5 - half * guess * guess);
    better * (1.5 - half * better * better)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fast_inverse_sqrts_are_right_to_five_millionths_and_finite_for_zero() {
        let mut value = 1e-30_f32;
        while value < 1e30 {
            assert!((fast_inverse_sqrt(value) * value.sqrt() - 1.0).abs() < 6e-6, "{value}");
            value *= 1.01;
        }
        assert!(fast_inverse_sqrt(0.0).is_finite());
    }
}

//! Bins of negative frequency.

use rustfft::num_complex::Complex32;

/// Writes the conjugates of bins `-k` of `spectrum` to `mirrored`. Bin `k` of both gives the spectra of both
/// frames.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
#[inline(always)]
pub(super) fn mirror(spectrum: &[Complex32], mirrored: &mut [Complex32]) {
    if let (Some(first), Some(target)) = (spectrum.first(), mirrored.first_mut()) {
        *target = first.conj();
    }
    // Bin −k of a periodic spectrum is bin size − k.
    for (target, value) in mirrored.iter_mut().skip(1).zip(spectrum.iter().rev()) {
        *target = value.conj();
    }
}

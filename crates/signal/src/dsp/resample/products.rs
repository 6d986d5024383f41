//! Products of filter rows and windows of the input: the inner loop of resampling.
//!
//! Neighbouring outputs are computed together: their rows lie side by side in a block, each shifted to where its window
//! begins, with zeros around it. Every product is summed in the order of the taps whatever it is computed with: an output
//! does not depend on its neighbours.

use std::array;

use multiversion::multiversion;

/// Outputs of a block.
pub(super) const LANES: usize = 16;
/// Windows that one call of the inner loop takes: their sums fit in the registers.
const WINDOWS: usize = 6;

/// One value for each output of a block; a cache line.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Lanes(pub [f32; LANES]);

/// The filter rows of some neighbouring outputs.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// First input sample of the block's windows, from the start of the cycle.
    pub start: usize,
    /// `[taps and shifts, outputs]`.
    pub taps: Vec<Lanes>,
}

/// Where a block's outputs lie.
#[derive(Clone, Copy)]
pub(super) struct Places {
    /// First window in the input; may lie before it.
    pub window: isize,
    /// Input samples from one window to the next.
    pub step: usize,
    /// Output of the block's first lane for the first window; may lie before the outputs.
    pub output: isize,
    /// Outputs from one window to the next.
    pub turn: usize,
    /// Outputs of the block.
    pub lanes: usize,
}

/// Writes the outputs of one block. What lies outside of `inputs` counts as zero, what lies outside of `outputs` is left
/// out.
pub(super) fn fill_block(inputs: &[f32], block: &Block, places: Places, outputs: &mut [f32]) {
    let len = block.taps.len();
    let behind = outputs.len() as isize - places.output;
    let windows = usize::try_from(behind).unwrap_or(0).div_ceil(places.turn);
    let mut copies = vec![0.0; if windows > 0 { WINDOWS * len } else { 0 }];
    for first in (0..windows).step_by(WINDOWS) {
        let mut copies = copies.chunks_exact_mut(len);
        // Windows beyond the last one are the last one.
        let windows_here: [&[f32]; WINDOWS] = array::from_fn(|index| {
            let window = (first + index).min(windows - 1);
            let start = places.window + (window * places.step) as isize;
            inside(inputs, start, len).unwrap_or_else(|| copied(inputs, start, copies.next()))
        });
        let sums = six_windows(&block.taps, windows_here);
        for (index, sums) in sums.iter().enumerate().take(windows - first) {
            let at = places.output + ((first + index) * places.turn) as isize;
            let outside = usize::try_from(-at).unwrap_or(0).min(places.lanes);
            let own = outputs.get_mut(usize::try_from(at).unwrap_or(0)..).unwrap_or_default();
            own.iter_mut().zip(&sums.0[outside..places.lanes]).for_each(|(output, sum)| *output = *sum);
        }
    }
}

/// A window that lies in the inputs.
fn inside(inputs: &[f32], start: isize, len: usize) -> Option<&[f32]> {
    let start = usize::try_from(start).ok()?;
    inputs.get(start..start + len)
}

/// A copy of a window that lies partly outside of the inputs, with zeros there.
fn copied<'c>(inputs: &[f32], start: isize, copy: Option<&'c mut [f32]>) -> &'c [f32] {
    let Some(copy) = copy else { return &[] };
    copy.fill(0.0);
    // Of both, what lies where the other is
    let target = copy.get_mut(usize::try_from(-start).unwrap_or(0)..).unwrap_or_default();
    let source = inputs.get(usize::try_from(start).unwrap_or(0)..).unwrap_or_default();
    let len = target.len().min(source.len());
    target[..len].copy_from_slice(&source[..len]);
    copy
}

/// `[outputs, taps] x [taps, windows]`: the sums of each window.
///
/// The loop over windows is written out: otherwise the compiler does not keep the sums in registers.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn six_windows(taps: &[Lanes], windows: [&[f32]; WINDOWS]) -> [Lanes; WINDOWS] {
    let [a, b, c, d, e, f] = windows;
    let [mut sa, mut sb, mut sc, mut sd, mut se, mut sf] = [Lanes([0.0; LANES]); WINDOWS];
    let samples = a.iter().zip(b).zip(c.iter().zip(d)).zip(e.iter().zip(f));
    for (taps, (((a, b), (c, d)), (e, f))) in taps.iter().zip(samples) {
        add_product(&mut sa, taps, *a);
        add_product(&mut sb, taps, *b);
        add_product(&mut sc, taps, *c);
        add_product(&mut sd, taps, *d);
        add_product(&mut se, taps, *e);
        add_product(&mut sf, taps, *f);
    }
    [sa, sb, sc, sd, se, sf]
}

#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
#[inline(always)]
fn add_product(sums: &mut Lanes, taps: &Lanes, sample: f32) {
    for (sum, tap) in sums.0.iter_mut().zip(&taps.0) {
        *sum += tap * sample;
    }
}

/// The product of a window with a mixture of two neighbouring rows: `weight` of the second one.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub(super) fn interpolate(window: &[f32], rows: [&[f32]; 2], weight: f32) -> f32 {
    let (window, _) = window.as_chunks::<LANES>();
    let [first, second] = rows.map(|row| row.as_chunks::<LANES>().0);
    let [mut of_first, mut of_second] = [[0.0_f32; LANES]; 2];
    for ((window, first), second) in window.iter().zip(first).zip(second) {
        for lane in 0..LANES {
            of_first[lane] += first[lane] * window[lane];
            of_second[lane] += second[lane] * window[lane];
        }
    }
    (1.0 - weight) * sum(&of_first) + weight * sum(&of_second)
}

/// The sum of all lanes, halves first, in operations that vectorise.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
#[inline(always)]
fn sum(lanes: &[f32; LANES]) -> f32 {
    let eight: [f32; 8] = array::from_fn(|lane| lanes[lane] + lanes[lane + 8]);
    let four: [f32; 4] = array::from_fn(|lane| eight[lane] + eight[lane + 4]);
    (four[0] + four[2]) + (four[1] + four[3])
}

//! Initial phases from the gradient of a magnitude, the default start of [`super::griffin_lim`].
//!
//! For a Gaussian window, the phase derivative along time follows from the log magnitude's derivative along
//! frequency, and vice versa. Phase-gradient heap integration (Průša, Balazs and Søndergaard, 2017)
//! integrates these derivatives from the loudest cells outwards, so that errors accumulate where they are
//! inaudible. A Hann window is close enough to a Gaussian.
//!
//! Instead of the paper's heap, cells are queued in buckets of similar loudness: the order within a fraction
//! of a decibel is inaudible, and taking the next cell costs constant time.

use std::f32::consts::{FRAC_1_SQRT_2, LN_2, TAU};

use multiversion::multiversion;
use ndarray::ArrayRef2;
use rand::{Rng as _, rngs::StdRng};

/// The Gaussian window `exp(-π t² / γ)` closest to a Hann window of `L` samples has `γ = HANN_GAMMA · L²`.
const HANN_GAMMA: f32 = 0.25645;
/// Cells below this fraction of the loudest have no useful gradient and get random phases.
const TOLERANCE: f32 = 1e-3;
/// Number of loudness buckets between the loudest cell and the tolerance: 0.06 dB each.
const BUCKETS: usize = 1024;
/// Marks the end of a bucket's list.
const NONE: u32 = u32::MAX;

/// Buffers of the integration, reused between calls. Cells are numbered frame by frame: `frame * bins + bin`.
#[derive(Clone, Debug, Default)]
pub struct PhaseGradient {
    /// Log magnitude of each cell, `[frames + 2, bins]`: one padding frame before the first and one after the
    /// last.
    logarithms: Vec<f32>,
    /// Bucket of each cell, `[frames, bins]`.
    levels: Vec<u16>,
    /// Cells sorted by bucket, loudest first.
    order: Vec<u32>,
    /// Phase of each cell in turns, `[frames, bins]`; NaN until it is known.
    phases: Vec<f32>,
    queue: BucketQueue,
}

/// Priority queue of cells whose neighbours are to be visited, loudest bucket first.
#[derive(Clone, Debug, Default)]
struct BucketQueue {
    /// Newest cell of each bucket, the head of its linked list.
    first: Vec<u32>,
    /// For each cell, the next one in its bucket.
    next: Vec<u32>,
    /// One bit per bucket: whether it is not empty.
    filled: [u64; BUCKETS / 64],
}

impl BucketQueue {
    fn clear(&mut self, cells: usize) {
        self.first.clear();
        self.first.resize(BUCKETS, NONE);
        self.next.resize(cells, NONE);
        self.filled = [0; BUCKETS / 64];
    }

    fn push(&mut self, cell: usize, level: u16) {
        let level = usize::from(level);
        self.next[cell] = std::mem::replace(&mut self.first[level], cell as u32);
        self.filled[level / 64] |= 1 << (level % 64);
    }

    fn pop(&mut self) -> Option<usize> {
        let (word, bits) = self.filled.iter_mut().enumerate().rev().find(|(_, bits)| **bits != 0)?;
        let bit = 63 - bits.leading_zeros() as usize;
        let first = &mut self.first[word * 64 + bit];
        let cell = *first as usize;
        *first = self.next[cell];
        if *first == NONE {
            *bits &= !(1 << bit);
        }
        Some(cell)
    }
}

impl PhaseGradient {
    /// Phases of all cells in radians, `[frames, bins]` flattened.
    ///
    /// # Shapes
    /// `magnitude`: `[frames, bins]` with contiguous rows, from Hann-windowed frames of `frame_size` samples,
    /// `hop_length` apart.
    pub fn run(
        &mut self,
        magnitude: &ArrayRef2<f32>,
        frame_size: usize,
        hop_length: usize,
        random: &mut StdRng,
    ) -> &[f32] {
        let (frames, bins) = magnitude.dim();
        let cells = frames * bins;
        self.prepare(magnitude);
        let steps = Steps::new(frame_size, hop_length, bins);
        self.phases.clear();
        self.phases.resize(cells, f32::NAN);
        self.queue.clear(cells);
        for place in 0..cells {
            // The loudest cell without a phase starts a new region with a random phase ...
            let cell = self.order[place] as usize;
            if !self.phases[cell].is_nan() {
                continue;
            }
            self.phases[cell] = random.random::<f32>();
            if self.levels[cell] > 0 {
                self.queue.push(cell, self.levels[cell]);
            }
            // ... which spreads to all cells that are connected to it above the tolerance.
            while let Some(cell) = self.queue.pop() {
                self.propagate(cell, &steps, (frames, bins));
            }
        }
        self.phases.iter_mut().for_each(|phase| *phase *= TAU);
        &self.phases
    }

    /// Computes log magnitudes and buckets, and sorts the cells by loudness.
    fn prepare(&mut self, magnitude: &ArrayRef2<f32>) {
        let (frames, bins) = magnitude.dim();
        let rows = || magnitude.outer_iter().filter_map(|row| row.to_slice());
        let loudest = rows().flatten().fold(0.0_f32, |loudest, value| loudest.max(*value));
        let floor = (loudest * TOLERANCE).max(f32::MIN_POSITIVE);
        self.logarithms.clear();
        self.logarithms.resize((frames + 2) * bins, floor.ln());
        for (row, targets) in rows().zip(self.logarithms.chunks_exact_mut(bins.max(1)).skip(1)) {
            logarithms(row, floor, targets);
        }
        // Padding frames: extrapolate linearly, so that the derivative at the ends continues.
        for bin in 0..bins {
            let at = |frame: usize, values: &[f32]| values[(frame + 1) * bins + bin];
            let (head, tail) = if frames > 1 {
                let values = &self.logarithms;
                (2.0 * at(0, values) - at(1, values), 2.0 * at(frames - 1, values) - at(frames - 2, values))
            } else {
                (at(0, &self.logarithms), at(0, &self.logarithms))
            };
            self.logarithms[bin] = head;
            self.logarithms[(frames + 1) * bins + bin] = tail;
        }
        // Log magnitudes between floor and maximum to buckets 0..BUCKETS
        let (low, span) = (floor.ln(), -TOLERANCE.ln());
        self.levels.clear();
        let cells = &self.logarithms[bins..(frames + 1) * bins];
        self.levels.extend(cells.iter().map(|value| ((value - low) / span * (BUCKETS - 1) as f32) as u16));
        // Counting sort by descending loudness: bucket sizes, then start indices, then cells
        let mut starts = [0_u32; BUCKETS + 1];
        for level in &self.levels {
            starts[BUCKETS - 1 - usize::from((*level).min(BUCKETS as u16 - 1)) + 1] += 1;
        }
        for bucket in 0..BUCKETS {
            starts[bucket + 1] += starts[bucket];
        }
        self.order.clear();
        self.order.resize(frames * bins, 0);
        for (cell, level) in self.levels.iter_mut().enumerate() {
            *level = (*level).min(BUCKETS as u16 - 1);
            let start = &mut starts[BUCKETS - 1 - usize::from(*level)];
            self.order[*start as usize] = cell as u32;
            *start += 1;
        }
    }

    /// Derives the phases of the four neighbours of `cell` and queues them.
    fn propagate(&mut self, cell: usize, steps: &Steps, (frames, bins): (usize, usize)) {
        let (frame, bin) = (cell / bins, cell % bins);
        let phase = self.phases[cell];
        // Along frequency: one bin up and down
        if bin + 1 < bins {
            self.set_phase(cell + 1, phase + steps.along_frequency(&self.logarithms, cell, cell + 1));
        }
        if bin > 0 {
            self.set_phase(cell - 1, phase - steps.along_frequency(&self.logarithms, cell - 1, cell));
        }
        // Along time: one frame forward and back
        if frame + 1 < frames {
            self.set_phase(cell + bins, phase + steps.along_time(&self.logarithms, cell, bin));
        }
        if frame > 0 {
            self.set_phase(cell - bins, phase - steps.along_time(&self.logarithms, cell - bins, bin));
        }
    }

    fn set_phase(&mut self, cell: usize, phase: f32) {
        if !self.phases[cell].is_nan() || self.levels[cell] == 0 {
            return;
        }
        // Dropping whole turns keeps long sums precise.
        self.phases[cell] = phase - (phase as i32) as f32;
        self.queue.push(cell, self.levels[cell]);
    }
}

/// Natural logarithms of `values`, clipped below at `floor`.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn logarithms(values: &[f32], floor: f32, targets: &mut [f32]) {
    for (target, value) in targets.iter_mut().zip(values) {
        *target = logarithm(value.max(floor));
    }
}

/// Natural logarithm of a normal positive number, to 1e-6: the exponent bits, plus the series of the inverse
/// hyperbolic tangent for the mantissa between √½ and √2.
#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
#[inline(always)]
fn logarithm(value: f32) -> f32 {
    let bits = value.to_bits().wrapping_sub(FRAC_1_SQRT_2.to_bits());
    let exponent = (bits as i32 >> 23) as f32;
    let rest = f32::from_bits((bits & 0x007f_ffff) + FRAC_1_SQRT_2.to_bits());
    let ratio = (rest - 1.0) / (rest + 1.0);
    let square = ratio * ratio;
    exponent * LN_2 + 2.0 * ratio * (1.0 + square * (1.0 / 3.0 + square * (1.0 / 5.0 + square / 7.0)))
}

/// Phase differences between neighbouring cells: the mean of the derivatives at both (trapezoidal rule).
struct Steps {
    bins: usize,
    frame_size: usize,
    hop_length: usize,
    /// Turns per bin, for a log-magnitude difference of 1 between the next and the previous frame.
    per_bin: f32,
    /// Turns per frame, for a log-magnitude difference of 1 between the bins above and below.
    per_frame: f32,
}

impl Steps {
    fn new(frame_size: usize, hop_length: usize, bins: usize) -> Self {
        let (size, hop) = (frame_size as f32, hop_length as f32);
        let gamma = HANN_GAMMA * size * size;
        Self {
            bins,
            frame_size,
            hop_length,
            per_bin: -gamma / (2.0 * hop * size) / TAU,
            per_frame: hop * size / (2.0 * gamma) / TAU,
        }
    }

    /// Phase difference in turns from bin `low` to `high`, the bin above it.
    fn along_frequency(&self, logarithms: &[f32], low: usize, high: usize) -> f32 {
        // `logarithms` starts one frame early: index cell is the frame before, cell + 2 bins the frame after.
        let slope = |cell: usize| logarithms[cell + 2 * self.bins] - logarithms[cell];
        // The phase refers to the start of a frame, half a window before its centre: neighbouring bins
        // alternate in sign.
        0.5 * self.per_bin * (slope(low) + slope(high)) - 0.5
    }

    /// Phase difference in turns from `cell` to the same bin of the next frame.
    fn along_time(&self, logarithms: &[f32], cell: usize, bin: usize) -> f32 {
        let slope = |cell: usize| {
            let frame = cell + self.bins;
            // The magnitude of a real signal is even around 0 Hz and the Nyquist frequency, so its slope
            // there is 0.
            if bin == 0 || bin + 1 == self.bins { 0.0 } else { logarithms[frame + 1] - logarithms[frame - 1] }
        };
        // The bin's own advance, bin · hop / size turns, reduced to one turn in integers to stay exact.
        let turns = (bin * self.hop_length % self.frame_size) as f32 / self.frame_size as f32;
        0.5 * self.per_frame * (slope(cell) + slope(cell + self.bins)) + turns
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::PI;

    use ndarray::Array2;
    use rand::SeedableRng as _;
    use rustfft::num_complex::Complex32;

    use super::*;
    use crate::dsp::stft::{Framing, Stft};

    /// Estimated and true phases of `signal` in turns, and its magnitude, `[frames, bins]` each.
    fn found_and_true(signal: &[f32], frame_size: usize, hop_length: usize) -> [Array2<f32>; 3] {
        let spectra = Stft::new(frame_size, hop_length, Framing::Inside).forward(signal);
        let spectra = spectra.t().as_standard_layout().into_owned();
        let magnitude = spectra.mapv(Complex32::norm);
        let mut random = StdRng::seed_from_u64(1);
        let mut gradient = PhaseGradient::default();
        let found = gradient.run(&magnitude, frame_size, hop_length, &mut random).to_vec();
        let found = Array2::from_shape_vec(magnitude.dim(), found).unwrap();
        [found.mapv(|phase| phase / TAU), spectra.mapv(|value| value.arg() / TAU), magnitude]
    }

    /// Distance of `turns` from the nearest integer.
    fn off_whole(turns: f32) -> f32 {
        (turns - turns.round()).abs()
    }

    /// Largest error of a phase step from a loud cell to its neighbour.
    fn worst_step([found, truth, magnitude]: &[Array2<f32>; 3], (frames, bins): (usize, usize)) -> f32 {
        let loudest = magnitude.iter().fold(0.0_f32, |loudest, value| loudest.max(*value));
        let mut worst = 0.0_f32;
        for ((frame, bin), value) in magnitude.indexed_iter() {
            let next = (frame + frames, bin + bins);
            let Some(next_value) = magnitude.get(next) else { continue };
            if value.min(*next_value) > 0.3 * loudest {
                let step = |of: &Array2<f32>| of[next] - of[(frame, bin)];
                let off = off_whole(step(found) - step(truth));
                assert!(off.is_finite());
                worst = worst.max(off);
            }
        }
        assert!(loudest > 0.0);
        worst
    }

    #[test]
    fn a_sinusoid_between_two_bins_advances_at_its_own_frequency() {
        let tone: Vec<f32> = (0..4096).map(|n| (TAU * 10.3 * n as f32 / 512.0).sin()).collect();
        let phases = found_and_true(&tone, 512, 128);
        assert!(worst_step(&phases, (1, 0)) < 0.02, "from frame to frame");
        assert!(worst_step(&phases, (0, 1)) < 0.02, "from bin to bin");
    }

    #[test]
    fn a_click_has_the_phases_of_its_place_in_every_frame() {
        let mut click = vec![0.0; 2048];
        click[1000] = 1.0;
        let phases = found_and_true(&click, 512, 64);
        assert!(worst_step(&phases, (0, 1)) < 0.02, "from bin to bin");
    }

    #[test]
    fn a_glide_is_followed_through_time_and_frequency() {
        let glide: Vec<f32> = (0..8192)
            .map(|n| {
                let seconds = n as f32 / 8192.0;
                (2.0 * PI * (300.0 * seconds + 500.0 * seconds * seconds)).sin()
            })
            .collect();
        let phases = found_and_true(&glide, 512, 64);
        assert!(worst_step(&phases, (1, 0)) < 0.05 && worst_step(&phases, (0, 1)) < 0.05);
    }

    #[test]
    fn silence_single_cells_and_nothing_have_finite_phases() {
        for (frames, bins) in [(4, 9), (1, 1), (1, 5), (5, 1), (0, 3), (3, 0)] {
            for value in [0.0, 1.0] {
                let image = Array2::from_elem((frames, bins), value);
                let mut random = StdRng::seed_from_u64(0);
                let mut gradient = PhaseGradient::default();
                let phases = gradient.run(&image, 16, 8, &mut random);
                assert_eq!(phases.len(), frames * bins);
                assert!(phases.iter().all(|phase| phase.is_finite()), "{frames} x {bins} of {value}");
            }
        }
    }

    #[test]
    fn cells_come_back_loudest_first() {
        let mut queue = BucketQueue::default();
        queue.clear(6);
        for (cell, level) in [(0, 3), (1, 900), (2, 64), (3, 900), (4, 1023), (5, 63)] {
            queue.push(cell, level);
        }
        let order: Vec<usize> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, [4, 3, 1, 2, 5, 0]);
        queue.push(2, 5);
        assert_eq!((queue.pop(), queue.pop()), (Some(2), None));
    }

    #[test]
    fn logarithms_are_those_of_the_standard_library() {
        let mut value = 1e-30_f32;
        while value < 1e30 {
            let exact = f64::from(value).ln();
            assert!((f64::from(logarithm(value)) - exact).abs() < 1e-6 * exact.abs().max(1.0), "{value}");
            value *= 1.01;
        }
    }
}

//! Sample rate conversion without a shift in time.
//!
//! A zero-phase windowed-sinc filter in polyphase form, close to librosa's default (`soxr_hq`): a sinc with
//! 96 zero crossings per side at the lower of the two rates, cut off at 0.9569 of that rate's Nyquist
//! frequency, with a Kaiser window of beta 12.3. Window and cutoff are those nearest to `soxr_hq` on white noise: what differs is
//! below a thousandth (RMS), all of it in the transition band. Each output sample is centred exactly on its time, so
//! spectrograms of resampled recordings line up with librosa's.

mod products;
mod stream;

use std::{f64::consts::PI, ops::Range};

pub use self::stream::ResamplingStream;

use super::window::Kaiser;
use products::{Block, LANES, Lanes, Places, fill_block, interpolate};

/// Zero crossings of the sinc per side, at the lower rate.
const ZERO_CROSSINGS: f64 = 96.0;
/// Shape of the Kaiser window: about 120 dB of attenuation.
const BETA: f64 = 12.3;
/// Cutoff relative to the lower rate's Nyquist frequency.
const CUTOFF: f64 = 0.9569;
/// Ratios with more phases than this use a table of this many per sample of the lower rate, with linear
/// interpolation (error −106 dB).
const MOST_PHASES: u64 = 1024;
/// Output samples per block: their inputs stay in the cache from phase to phase.
const BLOCK_LEN: usize = 1 << 15;

/// Output length for `len` samples: `ceil(len * ratio)` in floating point, as in librosa.
pub fn output_len(len: usize, from_hz: u32, to_hz: u32) -> usize {
    (len as f64 * (f64::from(to_hz) / f64::from(from_hz))).ceil() as usize
}

/// Filter table for one pair of rates.
#[derive(Clone, Debug)]
pub struct Resampler {
    from_hz: u32,
    to_hz: u32,
    /// The ratio of the rates in lowest terms: outputs are `step / phases` input samples apart.
    phases: u64,
    step: u64,
    /// Filter rows per input sample: one for each phase, or a coarser grid for interpolation.
    grid: u64,
    /// Taps per row; the filter's centre lies between taps `taps / 2 - 1` and `taps / 2`.
    taps: usize,
    rows: Rows,
}

/// The rows of the filter.
#[derive(Clone, Debug)]
enum Rows {
    /// One for each output of a cycle, after which outputs and inputs meet again, in blocks of neighbours.
    Blocks { blocks: Vec<Block>, outputs: usize, inputs: usize },
    /// `[grid + 1, taps]`, for interpolation.
    Grid(Vec<f32>),
}

impl Resampler {
    /// Computes the filter from `from_hz` to `to_hz`; a rate of 0 counts as 1.
    pub fn new(from_hz: u32, to_hz: u32) -> Self {
        let (from_hz, to_hz) = (from_hz.max(1), to_hz.max(1));
        let divisor = greatest_common_divisor(u64::from(from_hz), u64::from(to_hz));
        // to / from = phases / step in lowest terms
        let (phases, step) = (u64::from(to_hz) / divisor, u64::from(from_hz) / divisor);
        let scale = (f64::from(to_hz) / f64::from(from_hz)).min(1.0);
        // Rounded up to whole lanes: the window is zero at the additional taps.
        let taps = ((ZERO_CROSSINGS / scale).ceil() as usize * 2).next_multiple_of(LANES);
        // A filter for a lower rate is wider and can be sampled more coarsely.
        let grid = phases.min((MOST_PHASES as f64 * scale).ceil() as u64);
        let mut resampler = Self { from_hz, to_hz, phases, step, grid, taps, rows: Rows::Grid(Vec::new()) };
        if from_hz != to_hz {
            let rows = filter_rows(grid, taps, scale);
            resampler.rows = if grid == phases { resampler.blocks(&rows) } else { Rows::Grid(rows.concat()) };
        }
        resampler
    }

    /// The rows of one cycle in blocks; there are as many outputs in it as a block has at least.
    fn blocks(&self, rows: &[Vec<f32>]) -> Rows {
        let (phases, step) = (self.phases as usize, self.step as usize);
        let turns = LANES.div_ceil(phases);
        let outputs = turns * phases;
        let blocks = (0..outputs).step_by(LANES).map(|first| {
            let start = self.base(first);
            let last = outputs.min(first + LANES) - 1;
            // [taps and shifts, lanes]: each row begins where its window does.
            let mut taps = vec![Lanes([0.0; LANES]); self.taps + self.base(last) - start];
            for (lane, output) in (first..=last).enumerate() {
                let shift = self.base(output) - start;
                for (taps, value) in taps[shift..].iter_mut().zip(&rows[self.phase(output)]) {
                    taps.0[lane] = *value;
                }
            }
            Block { start, taps }
        });
        Rows::Blocks { blocks: blocks.collect(), outputs, inputs: turns * step }
    }

    /// Output length for `len` input samples, see [`output_len`].
    pub fn output_len(&self, len: usize) -> usize {
        output_len(len, self.from_hz, self.to_hz)
    }

    /// Resamples `signal`, assuming silence around it.
    ///
    /// ```
    /// let resampler = timbrespace_signal::dsp::resample::Resampler::new(8000, 22_050);
    /// assert_eq!(resampler.resample(&[0.0; 8000]).len(), 22_050);
    /// ```
    pub fn resample(&self, signal: &[f32]) -> Vec<f32> {
        if self.from_hz == self.to_hz {
            return signal.to_vec();
        }
        let resampling = self.begin(signal.to_vec());
        let mut output = vec![0.0; resampling.len()];
        for (index, block) in output.chunks_mut(resampling.block_len()).enumerate() {
            resampling.fill(index, block);
        }
        output
    }

    /// Prepares resampling in blocks that can be computed in any order, for use with several threads. Reuses
    /// the signal's memory.
    pub fn begin(&self, signal: Vec<f32>) -> Resampling<'_> {
        let len = self.output_len(signal.len());
        // Half a filter less one tap of zeros in front, so that the window of output 0 starts at index 0.
        let before = (self.taps / 2).saturating_sub(1);
        // The window of the last output must fit: its base plus a whole filter.
        let last = (len as u64 * self.step / self.phases) as usize;
        let padded_len = (last + self.taps + 1).max(signal.len() + before + 1);
        let (signal_len, mut padded) = (signal.len(), signal);
        padded.reserve_exact(padded_len - signal_len);
        padded.resize(padded_len, 0.0);
        padded.copy_within(..signal_len, before);
        padded.iter_mut().take(before).for_each(|sample| *sample = 0.0);
        Resampling { resampler: self, padded, len }
    }

    /// Prepares resampling of a signal that arrives piece by piece, about `expected_len` samples of it.
    pub fn stream(&self, expected_len: usize) -> ResamplingStream<'_> {
        ResamplingStream::new(self, expected_len)
    }

    /// Range of input samples on which `outputs` depend, relative to the start of the signal. Samples outside
    /// the signal are silence.
    pub fn inputs(&self, outputs: Range<usize>) -> Range<i64> {
        let before = (self.taps / 2).saturating_sub(1) as i64;
        let first = self.base(outputs.start) as i64 - before;
        let last = self.base(outputs.end.max(outputs.start)) as i64 - before;
        first..last + self.taps as i64 + 1
    }

    /// Computes the outputs from `first` on given their [`Self::inputs`], with the same values as
    /// [`Self::resample`].
    pub fn fill(&self, first: usize, inputs: &[f32], outputs: &mut [f32]) {
        match &self.rows {
            Rows::Blocks { blocks, outputs: turn, inputs: step } => {
                let (cycle, before) = (first / turn, first % turn);
                let start = (cycle * step) as isize - self.base(first) as isize;
                for (index, block) in blocks.iter().enumerate() {
                    let output = index * LANES;
                    let places = Places {
                        window: start + block.start as isize,
                        step: *step,
                        output: output as isize - before as isize,
                        turn: *turn,
                        lanes: LANES.min(turn - output),
                    };
                    fill_block(inputs, block, places, outputs);
                }
            }
            Rows::Grid(table) => self.fill_interpolated(table, first, inputs, outputs),
        }
    }

    /// Interpolates linearly between two rows of the grid.
    fn fill_interpolated(&self, table: &[f32], first: usize, inputs: &[f32], outputs: &mut [f32]) {
        let start = self.base(first);
        let filter = |row: usize| table.get(row * self.taps..(row + 1) * self.taps).unwrap_or_default();
        for (index, output) in (first..).zip(outputs) {
            let base = self.base(index) - start;
            let position = self.phase(index) as f64 / self.phases as f64 * self.grid as f64;
            let row = position as usize;
            let window = inputs.get(base..base + self.taps).unwrap_or_default();
            *output = interpolate(window, [filter(row), filter(row + 1)], (position - row as f64) as f32);
        }
    }

    /// Index of the last input sample at or before output `output`.
    fn base(&self, output: usize) -> usize {
        (output as u64 * self.step / self.phases) as usize
    }

    /// Position of output `output` after that input sample, in units of 1 / phases.
    fn phase(&self, output: usize) -> usize {
        (output as u64 * self.step % self.phases) as usize
    }
}

/// A signal being resampled block by block.
#[derive(Debug)]
pub struct Resampling<'a> {
    resampler: &'a Resampler,
    /// The signal with zeros on both sides.
    padded: Vec<f32>,
    /// Output length in samples.
    len: usize,
}

impl Resampling<'_> {
    /// Output length in samples.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether the output is empty.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Samples per block except the last: a multiple of the number of phases.
    pub const fn block_len(&self) -> usize {
        BLOCK_LEN.next_multiple_of(LANES * self.resampler.phases as usize)
    }

    /// Computes block number `index`.
    pub fn fill(&self, index: usize, block: &mut [f32]) {
        let first = index * self.block_len();
        let inputs = self.padded.get(self.resampler.base(first)..).unwrap_or_default();
        self.resampler.fill(first, inputs, block);
    }
}

/// The rows of the filter, `[grid + 1, taps]`: row r is for an output r / grid of a sample after an input sample.
fn filter_rows(grid: u64, taps: usize, scale: f64) -> Vec<Vec<f32>> {
    let window = Kaiser::new(BETA);
    let row = |row: u64| filter_taps(row as f64 / grid as f64, taps, scale, window);
    // The filter is symmetric: the rows of the second half are those of the first, from behind.
    let mut rows: Vec<Vec<f32>> = (0..=grid / 2).map(row).collect();
    for row in (0..grid.div_ceil(2)).rev() {
        rows.push(rows[row as usize].iter().rev().copied().collect());
    }
    rows
}

/// Filter taps for an output `fraction` of a sample after tap `taps / 2 - 1`, normalised to a sum of 1.
fn filter_taps(fraction: f64, taps: usize, scale: f64, window: Kaiser) -> Vec<f32> {
    let centre = (taps / 2 - 1) as f64 + fraction;
    let weights: Vec<f64> = (0..taps)
        .map(|tap| {
            // Time from the filter's centre, in samples of the lower rate
            let position = (tap as f64 - centre) * scale;
            let angle = PI * CUTOFF * position;
            let sinc = if angle == 0.0 { 1.0 } else { angle.sin() / angle };
            sinc * window.at(position / ZERO_CROSSINGS)
        })
        .collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| (weight / sum) as f32).collect()
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sine(hz: f64, phase: f64, rate_hz: u32, len: usize) -> Vec<f32> {
        (0..len).map(|n| (2.0 * PI * hz * n as f64 / f64::from(rate_hz) + phase).sin() as f32).collect()
    }

    fn assert_sine_survives(from_hz: u32, to_hz: u32, part: f64, phase: f64) -> Result<(), TestCaseError> {
        let hz = part * f64::from(from_hz.min(to_hz)) / 2.0;
        let resampler = Resampler::new(from_hz, to_hz);
        let input = sine(hz, phase, from_hz, from_hz.max(8000) as usize / 4);
        let output = resampler.resample(&input);
        let expected = sine(hz, phase, to_hz, output.len());
        let margin = (150 * u64::from(to_hz) / u64::from(from_hz.min(to_hz))) as usize;
        for n in margin..output.len().saturating_sub(margin) {
            prop_assert!((output[n] - expected[n]).abs() < 2e-4, "sample {n}: {} {}", output[n], expected[n]);
        }
        Ok(())
    }

    #[test]
    fn blocks_join_without_a_seam() {
        // 147 phases, on a signal of several blocks.
        let resampler = Resampler::new(48_000, 22_050);
        let signal = sine(700.0, 0.3, 48_000, 200_000);
        let output = resampler.resample(&signal);
        assert!(output.len() > 2 * resampler.begin(signal.clone()).block_len());
        let expected = sine(700.0, 0.3, 22_050, output.len());
        for n in 400..output.len() - 400 {
            assert!((output[n] - expected[n]).abs() < 2e-4, "sample {n}: {} {}", output[n], expected[n]);
        }
    }

    #[test]
    fn any_part_of_the_outputs_needs_only_its_own_inputs() {
        // Whole turns of phases, and a grid between which is interpolated.
        for (from_hz, to_hz) in [(44_100, 48_000), (48_000, 22_050), (8000, 44_100), (44_100, 47_999)] {
            let resampler = Resampler::new(from_hz, to_hz);
            let signal = sine(700.0, 0.3, from_hz, 30_000);
            let whole = resampler.resample(&signal);
            for outputs in [0..1, 0..1000, 777..3210, 5000..5001, whole.len() - 400..whole.len()] {
                let silent = |index: i64| usize::try_from(index).ok().and_then(|index| signal.get(index));
                let inputs: Vec<f32> = resampler
                    .inputs(outputs.clone())
                    .map(|index| silent(index).copied().unwrap_or_default())
                    .collect();
                let mut part = vec![0.0; outputs.len()];
                resampler.fill(outputs.start, &inputs, &mut part);
                assert_eq!(part, whole[outputs.clone()], "{from_hz} to {to_hz}: {outputs:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_sine_keeps_frequency_phase_and_level(
            from in prop::sample::select(vec![8000_u32, 11_025, 16_000, 22_050, 44_100, 48_000]),
            to in prop::sample::select(vec![8000_u32, 16_000, 22_050, 44_100, 48_000]),
            part in 0.01_f64..0.9,
            phase in 0.0_f64..std::f64::consts::TAU,
        ) {
            assert_sine_survives(from, to, part, phase)?;
        }
    }

    #[test]
    fn awkward_ratios_are_interpolated_well() {
        assert_sine_survives(44_100, 47_999, 0.5, 1.0).unwrap();
        assert_sine_survives(12_347, 22_050, 0.8, 0.3).unwrap();
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_removed() {
        let output = Resampler::new(48_000, 22_050).resample(&sine(14_000.0, 0.0, 48_000, 48_000));
        assert!(output[600..21_000].iter().all(|s| s.abs() < 1e-4));
    }

    #[test]
    fn the_same_rate_changes_nothing_and_nothing_stays_nothing() {
        assert_eq!(Resampler::new(44_100, 44_100).resample(&[0.1, 0.2]), [0.1, 0.2]);
        assert!(Resampler::new(8000, 44_100).resample(&[]).is_empty());
        assert_eq!(Resampler::new(8000, 22_050).resample(&[1.0]).len(), 3);
    }
}

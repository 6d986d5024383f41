//! Resampling of a signal that arrives piece by piece: only what the next outputs need of it is held.

use rayon::prelude::*;

use super::{BLOCK_LEN, Resampler};

/// Input samples that are waited for before all threads compute their outputs.
const WAITED_FOR: usize = 1 << 20;

/// A signal being resampled while it arrives.
#[derive(Debug)]
pub struct ResamplingStream<'a> {
    resampler: &'a Resampler,
    /// Input samples from `start` on; before the signal there are zeros.
    pending: Vec<f32>,
    /// Position of the first of them in the signal.
    start: i64,
    /// Input samples so far.
    len: usize,
    /// Input samples that are waited for, [`WAITED_FOR`] but in tests.
    waited_for: usize,
    outputs: Vec<f32>,
}

impl<'a> ResamplingStream<'a> {
    /// A stream whose signal is expected to have about `expected_len` samples.
    pub(super) fn new(resampler: &'a Resampler, expected_len: usize) -> Self {
        let start = resampler.inputs(0..0).start;
        let pending = vec![0.0; usize::try_from(-start).unwrap_or(0)];
        let outputs = Vec::with_capacity(resampler.output_len(expected_len));
        Self { resampler, pending, start, len: 0, waited_for: WAITED_FOR, outputs }
    }

    /// Adds the next samples.
    pub fn push(&mut self, samples: &[f32]) {
        self.pending.extend_from_slice(samples);
        self.len += samples.len();
        if self.pending.len() >= self.waited_for {
            // Outputs whose inputs are all there; the very last ones may still need what comes next.
            let end = self.start + self.pending.len() as i64;
            let mut until = self.resampler.output_len(self.len);
            while until > self.outputs.len() && self.resampler.inputs(self.outputs.len()..until).end > end {
                until = until.saturating_sub(self.resampler.output_len(self.resampler.taps).max(1));
            }
            self.compute(until);
        }
    }

    /// The resampled signal: what [`Resampler::resample`] gives for all samples.
    pub fn finish(mut self) -> Vec<f32> {
        let until = self.resampler.output_len(self.len);
        let needed = self.resampler.inputs(self.outputs.len()..until).end - self.start;
        let needed = usize::try_from(needed).unwrap_or(0).max(self.pending.len());
        self.pending.resize(needed, 0.0);
        self.compute(until);
        self.outputs
    }

    /// Computes outputs up to `until` and forgets the samples that no later one needs.
    fn compute(&mut self, until: usize) {
        let first = self.outputs.len();
        if until <= first {
            return;
        }
        self.outputs.resize(until, 0.0);
        let (resampler, pending, start) = (self.resampler, &self.pending, self.start);
        let place = |output: usize| {
            usize::try_from(resampler.inputs(output..output).start - start).unwrap_or(0).min(pending.len())
        };
        let new = &mut self.outputs[first..];
        new.par_chunks_mut(BLOCK_LEN).enumerate().for_each(|(index, block)| {
            let output = first + index * BLOCK_LEN;
            resampler.fill(output, &pending[place(output)..], block);
        });
        let used = place(until);
        self.pending.drain(..used);
        self.start += used as i64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_give_what_the_whole_gives() {
        for (from_hz, to_hz) in
            [(44_100, 22_050), (8000, 22_050), (48_000, 44_100), (44_100, 8000), (22_050, 47_999)]
        {
            let resampler = Resampler::new(from_hz, to_hz);
            let len = 60_003;
            let signal: Vec<f32> =
                (0..len).map(|index| ((index * 7919) % 1009) as f32 / 504.5 - 1.0).collect();
            let whole = resampler.resample(&signal);
            for piece in [512, 40_001] {
                let mut stream = ResamplingStream { waited_for: 5000, ..resampler.stream(len) };
                signal.chunks(piece).for_each(|samples| stream.push(samples));
                let found = stream.finish();
                assert_eq!(found.len(), whole.len(), "{from_hz} {to_hz}");
                let differing = found.iter().zip(&whole).position(|(one, other)| one != other);
                assert_eq!(differing, None, "{from_hz} Hz to {to_hz} Hz in pieces of {piece}");
            }
        }
    }

    #[test]
    fn a_short_and_an_empty_signal_are_resampled_at_the_end() {
        let resampler = Resampler::new(8000, 22_050);
        let signal = [0.5; 10];
        let mut stream = resampler.stream(0);
        stream.push(&signal);
        assert_eq!(stream.finish(), resampler.resample(&signal));
        assert!(resampler.stream(0).finish().is_empty());
    }
}

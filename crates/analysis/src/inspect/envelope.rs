//! A waveform for drawing: extremes when far, samples when near.

/// Samples that one block summarises.
const BLOCK: usize = 256;

/// Smallest and largest sample of every block, so that a long sound is drawn without reading all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Envelope {
    blocks: Vec<(f32, f32)>,
    peak: f32,
}

impl Envelope {
    /// Summarises `samples`.
    pub fn new(samples: &[f32]) -> Self {
        let blocks: Vec<_> = samples.chunks(BLOCK).map(extremes).collect();
        let peak = blocks.iter().map(|(low, high)| high.max(-low)).fold(0.0, f32::max);
        Self { blocks, peak }
    }

    /// Largest magnitude.
    pub fn peak(&self) -> f32 {
        self.peak
    }

    /// Extremes of `samples[start..end]`, the samples this was made from; `None` for an empty range.
    pub fn range(&self, samples: &[f32], start: usize, end: usize) -> Option<(f32, f32)> {
        let end = end.min(samples.len());
        if start >= end {
            return None;
        }
        let (first, last) = (start.div_ceil(BLOCK), end / BLOCK);
        if first >= last {
            return Some(extremes(&samples[start..end]));
        }
        let inner = self.blocks.get(first..last)?.iter().copied();
        let edges = [extremes(&samples[start..first * BLOCK]), extremes(&samples[last * BLOCK..end])];
        inner.chain(edges).reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }
}

fn extremes(samples: &[f32]) -> (f32, f32) {
    samples
        .iter()
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &sample| (low.min(sample), high.max(sample)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_across_blocks_is_the_same_as_reading_every_sample() {
        let samples: Vec<f32> = (0..2000).map(|i| ((i * 7919) % 1009) as f32 / 1009.0 - 0.5).collect();
        let envelope = Envelope::new(&samples);
        for (start, end) in [(0, 2000), (3, 5), (200, 300), (255, 257), (256, 512), (100, 1999), (1990, 5000)]
        {
            let expected = extremes(&samples[start..end.min(2000)]);
            assert_eq!(envelope.range(&samples, start, end), Some(expected), "{start}..{end}");
        }
        assert_eq!(envelope.range(&samples, 7, 7), None);
        assert!((envelope.peak() - 0.5).abs() < 1e-3);
    }
}

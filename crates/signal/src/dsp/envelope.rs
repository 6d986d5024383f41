//! The outline of a waveform: smallest and largest sample of each column, measured in one pass and in little memory.

/// Samples of a column at the beginning.
const FIRST: usize = 8;
/// Samples of a column at most, however long the signal.
const MOST: usize = 512;
/// Columns from which on they are joined in pairs, unless they hold [`MOST`] samples.
const MANY: usize = 1 << 14;

/// Smallest and largest samples of columns of equal length; the last column may be shorter.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    columns: Vec<(f32, f32)>,
    /// Samples a column.
    samples: usize,
    /// Samples in the last column.
    filled: usize,
}

impl Default for Envelope {
    fn default() -> Self {
        Self { columns: Vec::new(), samples: FIRST, filled: FIRST }
    }
}

impl Envelope {
    /// Adds the next samples.
    pub fn push(&mut self, mut samples: &[f32]) {
        while let Some(&first) = samples.first() {
            if self.filled == self.samples {
                if self.columns.len() >= MANY && self.samples < MOST {
                    self.join();
                }
                // Joined columns may have left the last one half full.
                if self.filled == self.samples {
                    self.columns.push((first, first));
                    self.filled = 0;
                }
            }
            let (now, later) = samples.split_at(samples.len().min(self.samples - self.filled));
            if let Some(column) = self.columns.last_mut() {
                *column =
                    now.iter().fold(*column, |(low, high), sample| (low.min(*sample), high.max(*sample)));
            }
            self.filled += now.len();
            samples = later;
        }
    }

    /// Makes one column of each two.
    fn join(&mut self) {
        let is_odd = !self.columns.len().is_multiple_of(2);
        self.columns = self
            .columns
            .chunks(2)
            .filter_map(|pair| pair.iter().copied().reduce(|(low, high), (l, h)| (low.min(l), high.max(h))))
            .collect();
        self.filled = if is_odd { self.samples } else { 2 * self.samples };
        self.samples *= 2;
    }

    /// The columns: smallest and largest sample of each.
    pub fn columns(&self) -> &[(f32, f32)] {
        &self.columns
    }

    /// Samples a column: 8 to 512, more for longer signals.
    pub const fn samples_per_column(&self) -> usize {
        self.samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(signal: &[f32], part: usize) -> Envelope {
        let mut envelope = Envelope::default();
        signal.chunks(part).for_each(|samples| envelope.push(samples));
        envelope
    }

    #[test]
    fn each_column_has_its_smallest_and_largest_sample_however_the_signal_comes() {
        let signal: Vec<f32> = (0..300_000).map(|n| (n as f32 * 0.37).sin() + 2.0).collect();
        for len in [1, 9, 5000, FIRST * MANY, FIRST * MANY + 1, 300_000] {
            let whole = of(&signal[..len], len);
            assert_eq!(of(&signal[..len], 777), whole);
            let columns = signal[..len].chunks(whole.samples_per_column());
            assert_eq!(columns.len(), whole.columns().len(), "{len}");
            for (column, &(low, high)) in columns.zip(whole.columns()) {
                assert_eq!(low, column.iter().copied().fold(f32::INFINITY, f32::min));
                assert_eq!(high, column.iter().copied().fold(f32::NEG_INFINITY, f32::max));
            }
        }
        assert_eq!(of(&signal[..5000], 5000).samples_per_column(), 8);
        assert_eq!(of(&signal, 5000).samples_per_column(), 32);
    }

    #[test]
    fn columns_of_a_long_signal_stay_short_enough_to_zoom() {
        let long = vec![0.5; 10_000_000];
        let envelope = of(&long, 1 << 20);
        assert_eq!((envelope.samples_per_column(), envelope.columns().len()), (512, 19_532));
    }
}

//! How values are distributed: counts in even bins between round edges.

/// A histogram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// Lower edge of the first bin.
    pub low: f64,
    /// Width of a bin.
    pub width: f64,
    /// Values in each bin.
    pub counts: Vec<usize>,
}

/// Steps of a bin's width, times a power of ten.
const STEPS: [f64; 4] = [1.0, 2.0, 2.5, 5.0];

impl Histogram {
    /// Counts `values` in at most `bins` bins of a round width; what is not finite is left out.
    pub fn of(values: &[f64], bins: usize) -> Self {
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let (least, most) = finite()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if least > most {
            return Self::default();
        }
        let width = round_width(most - least, most.abs(), bins.max(1));
        let first = (least / width).floor();
        let last = (most / width).floor();
        let mut counts = vec![0; (last - first) as usize + 1];
        for value in finite() {
            if let Some(count) = counts.get_mut(((value / width).floor() - first) as usize) {
                *count += 1;
            }
        }
        Self { low: first * width, width, counts }
    }

    /// The bin that [`Self::of`] counts `value` in.
    pub fn bin_of(&self, value: f64) -> Option<usize> {
        let bin = (value / self.width).floor() - (self.low / self.width).round();
        (bin >= 0.0 && bin < self.counts.len() as f64).then_some(bin as usize)
    }

    /// The bin that is drawn at `value`.
    pub fn bin_at(&self, value: f64) -> Option<usize> {
        let bin = ((value - self.low) / self.width).floor();
        (bin >= 0.0 && bin < self.counts.len() as f64).then_some(bin as usize)
    }

    /// Middle of bin `index`.
    pub fn middle(&self, index: usize) -> f64 {
        self.low + (index as f64 + 0.5) * self.width
    }

    /// Both edges of bin `index`.
    pub fn edges(&self, index: usize) -> (f64, f64) {
        let edge = |index: usize| self.low + index as f64 * self.width;
        (edge(index), edge(index + 1))
    }
}

/// The smallest round width of which `bins` cover `span`, wherever they begin.
fn round_width(span: f64, size: f64, bins: usize) -> f64 {
    // Values that are all alike still get a bin around them.
    let least = if span > size * 1e-9 { span / (bins as f64 - 1.0).max(1.0) } else { size.max(1.0) * 0.01 };
    let power = 10f64.powf(least.log10().floor());
    STEPS.iter().map(|step| step * power).find(|width| *width >= least * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

/// The value in the middle of `values`, the mean of the two in the middle for an even number; `None` of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    sorted.get(middle - 1).map(|lower| lower.midpoint(upper))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn edges_are_round_and_every_value_is_counted() {
        let histogram = Histogram::of(&[0.12, 0.31, 0.33, 0.98], 10);
        assert_eq!(histogram.width, 0.1);
        assert_eq!(histogram.counts, [1, 0, 2, 0, 0, 0, 0, 0, 1]);
        assert!((histogram.low - 0.1).abs() < 1e-12);
        assert!((histogram.middle(2) - 0.35).abs() < 1e-12);
    }

    #[test]
    fn equal_values_and_none_are_distributions_too() {
        assert_eq!(Histogram::of(&[3.0; 5], 20).counts, [5]);
        assert_eq!(Histogram::of(&[0.0; 2], 20).counts, [2]);
        assert_eq!(Histogram::of(&[], 20), Histogram::default());
        assert_eq!(Histogram::of(&[f64::NAN, f64::NEG_INFINITY, 1.0], 20).counts, [1]);
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[5.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[]), None);
    }

    proptest! {
        #[test]
        fn no_value_is_lost_and_the_bins_are_few(
            values in prop::collection::vec(-1e4_f64..1e4, 1..200),
            bins in 1_usize..60,
        ) {
            let histogram = Histogram::of(&values, bins);
            prop_assert_eq!(histogram.counts.iter().sum::<usize>(), values.len());
            prop_assert!(histogram.counts.len() <= bins.max(2) + 1);
        }
    }

    #[test]
    fn a_value_lies_in_the_bin_that_counted_it() {
        let values = [0.1, 0.3, 0.1 + 0.2, 0.7, -0.2, 0.1];
        let histogram = Histogram::of(&values, 10);
        let mut counts = vec![0; histogram.counts.len()];
        for value in values {
            counts[histogram.bin_of(value).unwrap()] += 1;
        }
        assert_eq!(counts, histogram.counts);
        for bin in 0..counts.len() {
            assert_eq!(histogram.bin_at(histogram.middle(bin)), Some(bin));
        }
        let (_, high) = histogram.edges(counts.len() - 1);
        assert_eq!((histogram.bin_at(high + 0.01), histogram.bin_of(-5.0)), (None, None));
        assert_eq!(Histogram::default().bin_at(0.0), None);
    }
}

//! Recordings of another rate than the rest of the folder.

use std::collections::BTreeMap;

/// A rate that fewer recordings than this part have is an odd one out; more of them are a second kind of recording.
const ODD_PART: f64 = 0.25;

/// The rate that most of `rates_hz` have; of equally many the higher one.
pub fn usual(rates_hz: &[u32]) -> Option<u32> {
    let counts = counts(rates_hz);
    counts.into_iter().max_by_key(|&(rate, count)| (count, rate)).map(|(rate, _)| rate)
}

/// Indices of the recordings whose rate hardly any other has.
pub fn odd_ones(rates_hz: &[u32]) -> Vec<usize> {
    let (counts, usual) = (counts(rates_hz), usual(rates_hz));
    let is_odd = |rate: &u32| {
        Some(*rate) != usual
            && counts.get(rate).is_some_and(|&count| (count as f64) < ODD_PART * rates_hz.len() as f64)
    };
    rates_hz.iter().enumerate().filter(|(_, rate)| is_odd(rate)).map(|(index, _)| index).collect()
}

fn counts(rates_hz: &[u32]) -> BTreeMap<u32, usize> {
    let mut counts = BTreeMap::new();
    for &rate in rates_hz {
        *counts.entry(rate).or_insert(0) += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_among_many_is_odd() {
        let rates = [8000, 8000, 44_100, 8000, 8000, 8000];
        assert_eq!((usual(&rates), odd_ones(&rates)), (Some(8000), vec![2]));
    }

    #[test]
    fn two_kinds_of_recordings_are_not_odd_and_neither_is_one_rate() {
        assert_eq!(odd_ones(&[44_100, 48_000, 44_100, 48_000]), Vec::<usize>::new());
        assert_eq!(odd_ones(&[8000; 5]), Vec::<usize>::new());
        assert_eq!(usual(&[]), None);
    }
}

//! Recordings with the same samples.

use std::collections::BTreeMap;

/// Pairs `(copy, original)` among recordings with these fingerprints: equal fingerprints are only a suspicion, which
/// `same` confirms by comparing the samples. The original is the first of its kind; `same` answers `None` to stop.
pub fn find(
    fingerprints: &[Option<u64>],
    mut same: impl FnMut(usize, usize) -> Option<bool>,
) -> Option<Vec<(usize, usize)>> {
    let mut groups: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, fingerprint) in fingerprints.iter().enumerate() {
        if let Some(fingerprint) = fingerprint {
            groups.entry(*fingerprint).or_default().push(index);
        }
    }
    let mut pairs = Vec::new();
    for group in groups.into_values() {
        let mut originals: Vec<usize> = Vec::new();
        for index in group {
            let mut of = None;
            for &original in &originals {
                if same(index, original)? {
                    of = Some(original);
                    break;
                }
            }
            match of {
                Some(original) => pairs.push((index, original)),
                None => originals.push(index),
            }
        }
    }
    pairs.sort_unstable();
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_name_the_first_of_their_kind() {
        let sounds = ["bell", "drum", "bell", "bell", "drum"];
        let prints = [Some(7), Some(9), Some(7), Some(7), Some(9)];
        let pairs = find(&prints, |a, b| Some(sounds[a] == sounds[b]));
        assert_eq!(pairs, Some(vec![(2, 0), (3, 0), (4, 1)]));
    }

    #[test]
    fn equal_fingerprints_of_different_sounds_are_no_duplicates() {
        assert_eq!(find(&[Some(7), Some(7), None, None], |_, _| Some(false)), Some(Vec::new()));
    }

    #[test]
    fn the_comparison_can_stop_the_search() {
        assert_eq!(find(&[Some(7), Some(7)], |_, _| None), None);
    }
}

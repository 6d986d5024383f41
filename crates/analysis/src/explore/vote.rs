//! k-nearest-neighbour classification, as a measure of whether vectors of one class lie together.
//!
//! A vector gets the most frequent label among its nearest known vectors (Cover and Hart 1967, "Nearest
//! neighbor pattern classification"). Nothing is trained, so accuracy reflects the vectors' own structure; a
//! trained classifier could reach more.

use std::collections::BTreeMap;

use ndarray::ArrayRef2;
use rayon::prelude::*;

use super::neighbours::{Neighbour, Neighbours};

/// Range of the number of voting neighbours.
pub const VOTERS: std::ops::RangeInclusive<usize> = 1..=10_000;
/// Default number of voters: odd to avoid ties, and small so that small classes can win.
pub const DEFAULT_VOTERS: usize = 5;

/// The `count` vectors of `data` nearest to each row of `places`, `[samples, dimensions]`, by Euclidean
/// distance.
pub fn nearest_of_each(data: &Neighbours, places: &ArrayRef2<f32>, count: usize) -> Vec<Vec<Neighbour>> {
    let rows: Vec<_> = places.outer_iter().collect();
    rows.into_par_iter().map(|place| data.nearest(&place, count)).collect()
}

/// The most frequent label among `nearest`, where `labels` are those of the known vectors by row. Ties go to
/// the label with the nearest voter. `None` without neighbours.
///
/// ```
/// use timbrespace_analysis::explore::{neighbours::Neighbour, vote::winner};
/// let near = [3, 0, 1].map(|index| Neighbour { index, distance: 1.0 });
/// assert_eq!(winner(&near, &[7, 7, 9, 9]), Some(7));
/// assert_eq!(winner(&near[..2], &[7, 7, 9, 9]), Some(9));
/// ```
pub fn winner(nearest: &[Neighbour], labels: &[usize]) -> Option<usize> {
    // By label: number of votes, and rank of the nearest voter.
    let mut votes: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (place, neighbour) in nearest.iter().enumerate() {
        if let Some(&label) = labels.get(neighbour.index) {
            votes.entry(label).or_insert((0, place)).0 += 1;
        }
    }
    let most = votes.into_iter().max_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    most.map(|(label, _)| label)
}

/// Number of vectors whose neighbours vote for their own label, `truth`.
pub fn recognised(nearest: &[Vec<Neighbour>], labels: &[usize], truth: &[usize]) -> usize {
    nearest.iter().zip(truth).filter(|(nearest, truth)| winner(nearest, labels) == Some(**truth)).count()
}

/// The most frequent of `labels`, the smallest one in a tie: the baseline of a blind guess.
pub fn most_frequent(labels: &[usize]) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for &label in labels {
        *counts.entry(label).or_default() += 1;
    }
    counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).map(|(label, _)| label)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn clusters_are_recognised_and_noise_is_not() {
        // Labels 0 and 1 lie around 0 and 10 along the first axis; the second axis does not separate them.
        let known = Array2::from_shape_fn((40, 2), |(row, column)| {
            let offset = ((row * 7) % 11) as f32 / 11.0;
            if column == 0 { (row % 2) as f32 * 10.0 + offset } else { ((row * 5) % 13) as f32 }
        });
        let labels: Vec<usize> = (0..40).map(|row| row % 2).collect();
        let places = array![[0.4, 3.0], [10.2, 3.0], [0.1, 9.0], [9.0, 12.0]];
        let nearest = nearest_of_each(&Neighbours::new(&known), &places, DEFAULT_VOTERS);
        assert!(nearest.iter().all(|near| near.len() == 5));
        assert_eq!(recognised(&nearest, &labels, &[0, 1, 0, 1]), 4);
        assert_eq!(recognised(&nearest, &labels, &[1, 1, 0, 0]), 2);
    }

    #[test]
    fn of_labels_with_as_many_votes_the_nearest_wins() {
        let near = [4, 0, 1, 3, 2].map(|index| Neighbour { index, distance: 1.0 });
        assert_eq!(winner(&near, &[5, 5, 8, 8, 6]), Some(5), "two fives against two eights farther off");
        assert_eq!(winner(&near, &[9, 8, 8, 9, 6]), Some(9));
        assert_eq!(winner(&[], &[1]), None);
        assert_eq!(winner(&near, &[]), None, "neighbours without a label do not vote");
    }

    #[test]
    fn guessing_without_looking_says_the_most_frequent_label() {
        assert_eq!(most_frequent(&[2, 1, 2, 0, 1]), Some(1));
        assert_eq!(most_frequent(&[3]), Some(3));
        assert_eq!(most_frequent(&[]), None);
    }
}

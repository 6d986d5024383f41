//! Exact nearest-neighbour search.
//!
//! Comparing with every vector is limited by memory bandwidth: 100,000 vectors of 128 dimensions are 51 MB
//! and take a few milliseconds on two cores. An index would be faster but, in so many dimensions, no longer
//! exact.

use ndarray::{Array2, ArrayRef1, ArrayRef2};
use rayon::prelude::*;

/// Vectors compared per task, enough to outweigh the overhead of a task.
const CHUNK: usize = 4096;
/// Lower limit of distances relative to their mean, so that an exact match does not divide by zero.
const NEAREST: f64 = 1e-9;

/// A nearby vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Row of the vector.
    pub index: usize,
    /// Euclidean distance.
    pub distance: f64,
}

/// A set of vectors that supports nearest-neighbour search.
#[derive(Clone, Debug)]
pub struct Neighbours {
    /// `[samples, dimensions]`, contiguous.
    vectors: Array2<f32>,
}

impl From<Array2<f32>> for Neighbours {
    /// The rows of `vectors`, `[samples, dimensions]`; copies only if they are not contiguous.
    fn from(vectors: Array2<f32>) -> Self {
        if vectors.is_standard_layout() { Self { vectors } } else { Self::new(&vectors) }
    }
}

impl Neighbours {
    /// Copies the rows of `vectors`, `[samples, dimensions]`.
    pub fn new(vectors: &ArrayRef2<f32>) -> Self {
        Self { vectors: vectors.as_standard_layout().into_owned() }
    }

    /// Number of vectors.
    pub fn len(&self) -> usize {
        self.vectors.nrows()
    }

    /// Whether there are no vectors.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The vectors, `[samples, dimensions]`.
    pub fn vectors(&self) -> &ArrayRef2<f32> {
        &self.vectors
    }

    /// The `count` vectors nearest to `place`, nearest first, ties by row. Fewer if there are not enough;
    /// empty if the size of `place` is wrong.
    pub fn nearest(&self, place: &ArrayRef1<f32>, count: usize) -> Vec<Neighbour> {
        self.nearest_except(place, count, usize::MAX)
    }

    /// As [`Self::nearest`], excluding row `except`: for the neighbours of one of the vectors.
    pub fn nearest_except(&self, place: &ArrayRef1<f32>, count: usize, except: usize) -> Vec<Neighbour> {
        self.nearest_where(place, count, |row| row != except)
    }

    /// As [`Self::nearest`], among the rows for which `counts` returns true.
    pub fn nearest_where(
        &self,
        place: &ArrayRef1<f32>,
        count: usize,
        counts: impl Fn(usize) -> bool + Sync,
    ) -> Vec<Neighbour> {
        let dimensions = self.vectors.ncols();
        if place.len() != dimensions || dimensions == 0 || count == 0 {
            return Vec::new();
        }
        let place = place.to_vec();
        let Some(values) = self.vectors.as_slice() else { return Vec::new() };
        let mut nearest: Vec<Neighbour> = values
            .par_chunks(CHUNK * dimensions)
            .enumerate()
            .flat_map_iter(|(chunk, values)| {
                let mut found: Vec<Neighbour> = values
                    .chunks_exact(dimensions)
                    .enumerate()
                    .map(|(row, vector)| (chunk * CHUNK + row, vector))
                    .filter(|(index, _)| counts(*index))
                    .map(|(index, vector)| Neighbour { index, distance: square_distance(vector, &place) })
                    .collect();
                keep_nearest(&mut found, count);
                found
            })
            .collect();
        keep_nearest(&mut nearest, count);
        for neighbour in &mut nearest {
            neighbour.distance = neighbour.distance.sqrt();
        }
        nearest
    }
}

/// Keeps the `count` nearest, sorted.
fn keep_nearest(found: &mut Vec<Neighbour>, count: usize) {
    let order = |a: &Neighbour, b: &Neighbour| a.distance.total_cmp(&b.distance).then(a.index.cmp(&b.index));
    if found.len() > count {
        found.select_nth_unstable_by(count, order);
        found.truncate(count);
    }
    found.sort_by(order);
}

fn square_distance(a: &[f32], b: &[f32]) -> f64 {
    // Sums of eight dimensions in f32, which the compiler vectorises; their sum in f64.
    const LANES: usize = 8;
    let (mut total, mut a, mut b) = (0.0, a.chunks_exact(LANES), b.chunks_exact(LANES));
    for (a, b) in a.by_ref().zip(b.by_ref()) {
        let sum: f32 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
        total += f64::from(sum);
    }
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| (a - b) * (a - b)).sum();
    total + f64::from(rest)
}

/// Normalised weights, inversely proportional to the squared distance (Shepard 1968, "A two-dimensional
/// interpolation function for irregularly-spaced data"); an exact match has all the weight.
pub fn weights(neighbours: &[Neighbour]) -> Vec<f64> {
    weights_by(neighbours, |distance| distance.powi(-2))
}

/// Normalised weights that fall to zero at distance `radius`, that of the next neighbour. A mix with these
/// weights changes continuously when neighbours are exchanged (Franke and Nielson 1980, "Smooth interpolation
/// of large sets of scattered data"). An exact match has all the weight; neighbours that all lie at the
/// radius have equal weights.
pub fn local_weights(neighbours: &[Neighbour], radius: f64) -> Vec<f64> {
    let found =
        weights_by(neighbours, |distance| ((radius - distance).max(0.0) / (radius * distance)).powi(2));
    if found.iter().all(|weight| weight.is_finite()) { found } else { weights(neighbours) }
}

/// Weights as a function of the distance, which is never 0, divided by their sum.
fn weights_by(neighbours: &[Neighbour], weight: impl Fn(f64) -> f64) -> Vec<f64> {
    let mean =
        neighbours.iter().map(|neighbour| neighbour.distance).sum::<f64>() / neighbours.len().max(1) as f64;
    let least = (mean * NEAREST).max(f64::MIN_POSITIVE.sqrt());
    let raw: Vec<f64> = neighbours.iter().map(|neighbour| weight(neighbour.distance.max(least))).collect();
    let sum: f64 = raw.iter().sum();
    raw.into_iter().map(|weight| weight / sum).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};
    use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

    use super::*;

    #[test]
    fn the_nearest_come_first_and_ties_in_their_order() {
        let set = Neighbours::new(&array![[0.0, 0.0], [3.0, 4.0], [1.0, 0.0], [-1.0, 0.0]]);
        let found = set.nearest(&array![0.0, 0.0], 3);
        let indices: Vec<usize> = found.iter().map(|neighbour| neighbour.index).collect();
        assert_eq!(indices, [0, 2, 3]);
        assert_eq!(set.nearest(&array![0.0, 0.0], 9).last().unwrap().distance, 5.0);
        assert_eq!(set.nearest_except(&array![0.0, 0.0], 1, 0)[0].index, 2);
        assert!(set.nearest(&array![0.0], 1).is_empty(), "another size");
        assert!(Neighbours::new(&Array2::zeros((0, 2))).nearest(&array![0.0, 0.0], 1).is_empty());
    }

    #[test]
    fn many_vectors_are_searched_as_a_plain_loop_would() {
        let mut random = StdRng::seed_from_u64(1);
        let vectors = Array2::from_shape_simple_fn((10_000, 13), || random.random::<f32>());
        let place: Array1<f32> = (0..13).map(|_| random.random::<f32>()).collect();
        let mut expected: Vec<(usize, f64)> = vectors
            .outer_iter()
            .map(|row| row.iter().zip(&place).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt())
            .enumerate()
            .collect();
        expected.sort_by(|a, b| a.1.total_cmp(&b.1));
        let found = Neighbours::new(&vectors).nearest(&place, 20);
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found.index, expected.0);
            assert!((found.distance - expected.1).abs() < 1e-5);
        }
    }

    #[test]
    fn local_weights_fall_to_nothing_at_their_radius() {
        let at = |distance: f64| Neighbour { index: 0, distance };
        let found = local_weights(&[at(1.0), at(2.0)], 3.0);
        assert!((found[0] - 16.0 / 17.0).abs() < 1e-12 && (found[1] - 1.0 / 17.0).abs() < 1e-12, "{found:?}");
        assert_eq!(local_weights(&[at(1.0), at(3.0)], 3.0), [1.0, 0.0]);
        assert!(local_weights(&[at(0.0), at(2.0)], 3.0)[0] > 0.999_999);
        for radius in [2.0, 0.0, f64::NAN] {
            let equal = local_weights(&[at(radius), at(radius)], radius);
            assert!(radius.is_nan() || equal == [0.5, 0.5], "{radius}: {equal:?}");
        }
        assert!(local_weights(&[], 1.0).is_empty());
    }

    #[test]
    fn near_ones_weigh_more_and_an_exact_hit_everything() {
        let at = |distance: f64| Neighbour { index: 0, distance };
        let found = weights(&[at(1.0), at(2.0)]);
        assert!((found[0] - 0.8).abs() < 1e-12 && (found[1] - 0.2).abs() < 1e-12, "{found:?}");
        let hit = weights(&[at(0.0), at(2.0)]);
        assert!(hit[0] > 0.999_999, "{hit:?}");
        assert!(weights(&[at(0.0), at(0.0)]).iter().all(|weight| (weight - 0.5).abs() < 1e-12));
    }
}

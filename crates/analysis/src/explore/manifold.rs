//! Distance of a latent vector from the data, and a way to move it closer.

use ndarray::{Array1, ArrayRef1};
use rayon::prelude::*;

use super::neighbours::{Neighbours, weights};

/// Number of neighbours whose mean distance is measured.
pub const NEIGHBOURS: usize = 5;
/// Most vectors whose own distances are measured; enough for a percentile.
const SAMPLE: usize = 2000;

/// The encoded training data, with its own neighbour distances for comparison.
#[derive(Clone, Debug)]
pub struct Manifold {
    data: Neighbours,
    /// Mean neighbour distances of (a sample of) the data's vectors, in ascending order.
    own: Vec<f64>,
}

impl Manifold {
    /// Measures the neighbour distances of the data itself.
    pub fn new(data: Neighbours) -> Self {
        let step = data.len().div_ceil(SAMPLE).max(1);
        let sample: Vec<usize> = (0..data.len()).step_by(step).collect();
        let mut own: Vec<f64> = sample
            .into_par_iter()
            .filter_map(|index| mean_distance(&data, &data.vectors().row(index), index))
            .collect();
        own.sort_by(f64::total_cmp);
        Self { data, own }
    }

    /// The encoded data.
    pub fn data(&self) -> &Neighbours {
        &self.data
    }

    /// Mean distance of `place` to its [`NEIGHBOURS`] nearest encoded vectors; `None` without data.
    pub fn distance(&self, place: &ArrayRef1<f32>) -> Option<f64> {
        mean_distance(&self.data, place, usize::MAX)
    }

    /// Percentage of the data's vectors that are closer to their neighbours than `place` is to its own: 50 is
    /// typical, 100 is farther out than all of them. `None` without data.
    pub fn percentile(&self, place: &ArrayRef1<f32>) -> Option<f64> {
        let distance = self.distance(place)?;
        let below = self.own.partition_point(|own| *own < distance);
        (!self.own.is_empty()).then(|| 100.0 * below as f64 / self.own.len() as f64)
    }

    /// `place` moved by `part` of the way (0 to 1) towards the distance-weighted mean of its nearest encoded
    /// vectors.
    pub fn pulled_towards_data(&self, place: &ArrayRef1<f32>, part: f32) -> Array1<f32> {
        let near = self.data.nearest(place, NEIGHBOURS);
        if near.is_empty() {
            return place.to_owned();
        }
        let mut target = Array1::<f32>::zeros(place.len());
        for (neighbour, weight) in near.iter().zip(weights(&near)) {
            target.scaled_add(weight as f32, &self.data.vectors().row(neighbour.index));
        }
        &place.view() * (1.0 - part) + target * part
    }
}

fn mean_distance(data: &Neighbours, place: &ArrayRef1<f32>, except: usize) -> Option<f64> {
    let near = data.nearest_except(place, NEIGHBOURS, except);
    (!near.is_empty()).then(|| near.iter().map(|near| near.distance).sum::<f64>() / near.len() as f64)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    /// 100 points on a line at unit distance.
    fn line() -> Manifold {
        let vectors =
            Array2::from_shape_fn((100, 2), |(row, column)| if column == 0 { row as f32 } else { 0.0 });
        Manifold::new(Neighbours::new(&vectors))
    }

    #[test]
    fn distances_are_those_to_the_five_nearest() {
        let manifold = line();
        // 50 itself, 49 and 51, 48 and 52.
        assert_eq!(manifold.distance(&array![50.0, 0.0]), Some(1.2));
        // A vector of the data excludes itself: 1, 1, 2, 2, 3.
        assert_eq!(manifold.own.first(), Some(&1.8));
        // At the end of the line: 1, 2, 3, 4, 5.
        assert_eq!(manifold.own.last(), Some(&3.0));
    }

    #[test]
    fn what_lies_beside_the_data_is_told_from_what_lies_in_it() {
        let manifold = line();
        assert_eq!(manifold.percentile(&array![50.0, 0.0]), Some(0.0));
        assert_eq!(manifold.percentile(&array![50.0, 30.0]), Some(100.0));
        let between = manifold.percentile(&array![50.0, 2.0]).unwrap();
        assert!((90.0..100.0).contains(&between), "{between}");
        let empty = Manifold::new(Neighbours::new(&Array2::zeros((0, 2))));
        assert_eq!(empty.percentile(&array![0.0, 0.0]), None);
        assert_eq!(empty.pulled_towards_data(&array![1.0, 2.0], 0.5), array![1.0, 2.0]);
    }

    #[test]
    fn pulling_back_ends_among_the_data() {
        let manifold = line();
        let off = array![50.2, 30.0];
        let half = manifold.pulled_towards_data(&off, 0.5);
        assert!((half[1] - 15.0).abs() < 1e-4, "{half}");
        let there = manifold.pulled_towards_data(&off, 1.0);
        assert!((there[0] - 50.0).abs() < 1.0 && there[1].abs() < 1e-6, "{there}");
        assert_eq!(manifold.pulled_towards_data(&off, 0.0), off);
        assert!(manifold.percentile(&there) < manifold.percentile(&off));
    }
}

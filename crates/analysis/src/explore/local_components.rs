//! Local principal components: vectors clustered by k-means, with separate components for each cluster.
//!
//! Data on a curved surface is closer to several small planes than to one large plane, so with the same
//! number of values per vector this is a stronger baseline than global principal components (Kambhatla & Leen
//! 1997).

use ndarray::{Array2, ArrayRef2, Axis};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use super::projection::Pca;

/// Most iterations of k-means.
const ROUNDS: usize = 50;
/// Seed of the initial centres.
const SEED: u64 = 0;

/// One principal component analysis per cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalComponents(pub Vec<Pca>);

impl LocalComponents {
    /// Clusters `data`, `[samples, features]`, into at most `groups` by k-means on `coordinates`, `[samples,
    /// dimensions]`, and fits at most `components` directions to each cluster.
    pub fn fit(
        data: &ArrayRef2<f32>,
        coordinates: &ArrayRef2<f32>,
        groups: usize,
        components: usize,
    ) -> Self {
        let members = k_means(coordinates, groups);
        let fitted = members.iter().filter(|members| !members.is_empty());
        Self(fitted.map(|members| Pca::fit(&data.select(Axis(0), members), components)).collect())
    }

    /// Mean squared error per feature of `data`, `[samples, features]`, each sample reconstructed by its best
    /// cluster.
    pub fn reconstruction_error(&self, data: &ArrayRef2<f32>) -> f64 {
        let sum: f64 = data
            .axis_iter(Axis(0))
            .map(|sample| {
                let sample = sample.insert_axis(Axis(0));
                let errors = self.0.iter().map(|group| group.reconstruction_error(&sample));
                errors.fold(f64::INFINITY, f64::min)
            })
            .sum();
        sum / data.nrows().max(1) as f64
    }
}

/// Rows of each of at most `groups` clusters (Lloyd 1982), with k-means++ initialisation (Arthur &
/// Vassilvitskii 2007). Deterministic.
fn k_means(data: &ArrayRef2<f32>, groups: usize) -> Vec<Vec<usize>> {
    let mut centres = first_centres(data, groups);
    let mut members = nearest_groups(data, &centres);
    for _ in 0..ROUNDS {
        for (mut centre, members) in centres.outer_iter_mut().zip(&members) {
            if let Some(mean) = data.select(Axis(0), members).mean_axis(Axis(0)) {
                centre.assign(&mean);
            }
        }
        let moved = nearest_groups(data, &centres);
        if moved == members {
            break;
        }
        members = moved;
    }
    members
}

fn first_centres(data: &ArrayRef2<f32>, groups: usize) -> Array2<f32> {
    let mut random = StdRng::seed_from_u64(SEED);
    let mut chosen = Vec::new();
    let mut nearest = vec![f64::INFINITY; data.nrows()];
    if !nearest.is_empty() {
        chosen.push(random.random_range(0..data.nrows()));
    }
    while let Some(last) = chosen.last().filter(|_| chosen.len() < groups) {
        let centre = data.row(*last);
        for (nearest, row) in nearest.iter_mut().zip(data.outer_iter()) {
            *nearest = nearest.min(square_distance(&row, &centre));
        }
        let mut place = random.random_range(0.0..1.0) * nearest.iter().sum::<f64>();
        let next = nearest.iter().position(|square| {
            place -= square;
            place < 0.0
        });
        // There are fewer distinct vectors than groups.
        let Some(next) = next.filter(|next| nearest[*next] > 0.0) else { break };
        chosen.push(next);
    }
    data.select(Axis(0), &chosen)
}

fn nearest_groups(data: &ArrayRef2<f32>, centres: &ArrayRef2<f32>) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); centres.nrows()];
    for (row, vector) in data.outer_iter().enumerate() {
        let distances = centres.outer_iter().map(|centre| square_distance(&vector, &centre));
        let nearest = distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some(group) = nearest.and_then(|(group, _)| members.get_mut(group)) {
            group.push(row);
        }
    }
    members
}

fn square_distance(a: &ndarray::ArrayRef1<f32>, b: &ndarray::ArrayRef1<f32>) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points on two distant lines with different directions.
    fn two_lines() -> Array2<f32> {
        Array2::from_shape_fn((40, 3), |(row, column)| {
            let along = (row / 2) as f32 - 10.0;
            match (row % 2, column) {
                (0, 0) | (1, 1) => along,
                (1, 2) => 100.0,
                _ => 0.0,
            }
        })
    }

    #[test]
    fn groups_of_different_directions_are_rebuilt_where_common_directions_are_not() {
        let data = two_lines();
        let local = LocalComponents::fit(&data, &data, 2, 1);
        assert_eq!(local.0.len(), 2);
        assert!(local.reconstruction_error(&data) < 1e-6);
        assert!(Pca::fit(&data, 1).reconstruction_error(&data) > 1.0);
        assert_eq!(local, LocalComponents::fit(&data, &data, 2, 1), "the same data, the same groups");
    }

    #[test]
    fn there_are_no_more_groups_than_different_vectors() {
        let mut data = Array2::zeros((10, 2));
        data.row_mut(3).fill(1.0);
        let local = LocalComponents::fit(&data, &data, 5, 1);
        assert_eq!(local.0.len(), 2);
        assert!(local.reconstruction_error(&data) < 1e-9);
        assert!(LocalComponents::fit(&Array2::zeros((0, 2)), &Array2::zeros((0, 2)), 3, 1).0.is_empty());
    }
}

//! Paths through a latent space: between vectors, around them, and at random.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};
use rand::{Rng as _, rngs::StdRng};
use rand_distr::{Distribution as _, StandardNormal};

use super::projection::Pca;

/// Vectors with directions closer to parallel or opposite than this angle, in radians, are interpolated
/// linearly, because the formula divides by the sine of the angle.
const LEAST_ANGLE: f64 = 1e-4;

/// Shape of a path between two vectors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Path {
    /// A straight line.
    #[default]
    Linear,
    /// Along the great circle between the two directions, with linearly changing length. It keeps the
    /// distance from the origin, where most of a Gaussian's mass lies; a straight line does not.
    Spherical,
}

/// Interpolates from `a` (`part` 0) to `b` (`part` 1).
///
/// Spherical interpolation is Shoemake's slerp of the directions (SIGGRAPH 1985, "Animating rotation with
/// quaternion curves"). Parallel or opposite vectors, and the origin, have no unique great circle and are
/// interpolated linearly.
///
/// ```
/// use ndarray::array;
/// use timbrespace_analysis::explore::travel::{Path, between};
///
/// let (a, b) = (array![1.0, 0.0], array![0.0, 1.0]);
/// assert_eq!(between(&a, &b, 0.5, Path::Linear), array![0.5, 0.5]);
/// let middle = between(&a, &b, 0.5, Path::Spherical);
/// assert!((middle[0] - 0.5f32.sqrt()).abs() < 1e-6 && (middle[1] - 0.5f32.sqrt()).abs() < 1e-6);
/// ```
pub fn between(a: &ArrayRef1<f32>, b: &ArrayRef1<f32>, part: f32, path: Path) -> Array1<f32> {
    let linear = || &a.view() * (1.0 - part) + &b.view() * part;
    if path == Path::Linear {
        return linear();
    }
    let (from, to) = (length(a), length(b));
    if from == 0.0 || to == 0.0 {
        return linear();
    }
    let cosine = (dot(a, b) / (from * to)).clamp(-1.0, 1.0);
    let angle = cosine.acos();
    if angle < LEAST_ANGLE || std::f64::consts::PI - angle < LEAST_ANGLE {
        return linear();
    }
    let part = f64::from(part);
    let size = from + (to - from) * part;
    let weights =
        [((1.0 - part) * angle).sin() / (angle.sin() * from), (part * angle).sin() / (angle.sin() * to)];
    let [first, second] = weights.map(|weight| (weight * size) as f32);
    &a.view() * first + &b.view() * second
}

/// `steps` vectors from `a` to `b` inclusive; only `a` for a single step.
pub fn steps(a: &ArrayRef1<f32>, b: &ArrayRef1<f32>, steps: usize, path: Path) -> Vec<Array1<f32>> {
    let last = steps.saturating_sub(1).max(1) as f32;
    (0..steps).map(|step| between(a, b, step as f32 / last, path)).collect()
}

/// `a - b + c`: applies the change from `b` to `a` to `c`.
pub fn analogy(a: &ArrayRef1<f32>, b: &ArrayRef1<f32>, c: &ArrayRef1<f32>) -> Array1<f32> {
    &a.view() - &b.view() + c.view()
}

/// Mean of the rows `members` of `vectors`, `[samples, dimensions]`; `None` without members.
pub fn mean_of(vectors: &ArrayRef2<f32>, members: &[usize]) -> Option<Array1<f32>> {
    let members: Vec<usize> = members.iter().copied().filter(|&member| member < vectors.nrows()).collect();
    vectors.select(Axis(0), &members).mean_axis(Axis(0))
}

/// A draw from the prior (standard normal), scaled by `temperature`.
pub fn from_prior(dimensions: usize, temperature: f32, random: &mut StdRng) -> Array1<f32> {
    (0..dimensions).map(|_| temperature * normal(random)).collect()
}

/// A draw from a Gaussian with independent dimensions, its deviation scaled by `temperature`: approximates
/// the distribution of encoded data, ignoring correlations. Has as many dimensions as the shorter slice.
pub fn from_dimensions(
    mean: &[f32],
    deviation: &[f32],
    temperature: f32,
    random: &mut StdRng,
) -> Array1<f32> {
    mean.iter()
        .zip(deviation)
        .map(|(mean, deviation)| mean + temperature * deviation * normal(random))
        .collect()
}

/// A draw from a Gaussian with the data's mean and covariance given by `axes`, its deviation scaled by
/// `temperature`. Directions without variance are not varied.
pub fn from_data(axes: &Pca, temperature: f32, random: &mut StdRng) -> Array1<f32> {
    let mut vector = axes.mean.clone();
    for (direction, &variance) in axes.components.outer_iter().zip(&axes.variances) {
        vector.scaled_add(temperature * variance.max(0.0).sqrt() * normal(random), &direction);
    }
    vector
}

/// A random walk that stays near the data: a first-order autoregressive process along the data's principal
/// axes. Each step keeps part of the position and adds noise, so that in the long run positions are
/// distributed like the data.
#[derive(Clone, Debug)]
pub struct Walk {
    axes: Pca,
    /// Position along each axis, in standard deviations.
    place: Array1<f32>,
    random: StdRng,
}

impl Walk {
    /// A walk from `start`.
    pub fn new(axes: Pca, start: &ArrayRef1<f32>, random: StdRng) -> Self {
        let offset = &start.view() - &axes.mean;
        let place = axes
            .components
            .outer_iter()
            .zip(&axes.variances)
            .map(|(direction, &variance)| {
                let deviation = variance.max(0.0).sqrt();
                if deviation > 0.0 { direction.dot(&offset) / deviation } else { 0.0 }
            })
            .collect();
        Self { axes, place, random }
    }

    /// Takes a step; `stride` from 0 (stays) to 1 (an independent draw).
    pub fn step(&mut self, stride: f32) -> Array1<f32> {
        let stride = stride.clamp(0.0, 1.0);
        let keep = (1.0 - stride * stride).sqrt();
        for value in &mut self.place {
            *value = keep * *value + stride * normal(&mut self.random);
        }
        let mut vector = self.axes.mean.clone();
        let axes = self.axes.components.outer_iter().zip(&self.axes.variances);
        for ((direction, &variance), &value) in axes.zip(&self.place) {
            vector.scaled_add(value * variance.max(0.0).sqrt(), &direction);
        }
        vector
    }
}

/// A random seed, for when none is given.
pub fn any_seed() -> u64 {
    rand::rng().random()
}

fn normal(random: &mut StdRng) -> f32 {
    StandardNormal.sample(random)
}

fn dot(a: &ArrayRef1<f32>, b: &ArrayRef1<f32>) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

fn length(vector: &ArrayRef1<f32>) -> f64 {
    dot(vector, vector).sqrt()
}

/// Stacks vectors as rows, `[count, dimensions]`; `None` without vectors.
pub fn rows(vectors: &[Array1<f32>]) -> Option<Array2<f32>> {
    let views: Vec<_> = vectors.iter().map(|vector| vector.view()).collect();
    ndarray::stack(Axis(0), &views).ok()
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use rand::SeedableRng as _;

    use super::*;

    fn seeded() -> StdRng {
        StdRng::seed_from_u64(7)
    }

    /// 10,000 points with standard deviations 2 and 0.5 along two slanted directions around (1, -1, 3).
    fn cloud() -> Array2<f32> {
        let mut random = seeded();
        let directions = [array![0.6, 0.8, 0.0], array![-0.8, 0.6, 0.0]];
        let mut points = Array2::zeros((10_000, 3));
        for mut point in points.outer_iter_mut() {
            point.assign(&array![1.0, -1.0, 3.0]);
            point.scaled_add(2.0 * normal(&mut random), &directions[0]);
            point.scaled_add(0.5 * normal(&mut random), &directions[1]);
        }
        points
    }

    #[test]
    fn a_great_circle_keeps_the_length_and_turns_evenly() {
        let (a, b) = (array![3.0, 0.0, 0.0], array![0.0, 3.0, 0.0]);
        for step in 0..=8_u8 {
            let part = f32::from(step) / 8.0;
            let at = between(&a, &b, part, Path::Spherical);
            assert!((length(&at) - 3.0).abs() < 1e-5, "{part}: {at}");
            let angle = at[1].atan2(at[0]);
            assert!((angle - part * std::f32::consts::FRAC_PI_2).abs() < 1e-5, "{part}: {angle}");
        }
        // The length changes linearly if the ends differ in length.
        let middle = between(&a, &array![0.0, 5.0, 0.0], 0.5, Path::Spherical);
        assert!((length(&middle) - 4.0).abs() < 1e-5, "{middle}");
    }

    #[test]
    fn parallel_opposite_and_zero_vectors_are_interpolated_straight() {
        let a = array![1.0, 2.0];
        for b in [array![2.0, 4.0], array![-1.0, -2.0], array![0.0, 0.0]] {
            let at = between(&a, &b, 0.25, Path::Spherical);
            assert_eq!(at, between(&a, &b, 0.25, Path::Linear), "{b}");
            assert!(at.iter().all(|value| value.is_finite()));
        }
    }

    #[test]
    fn a_sequence_begins_and_ends_at_its_ends() {
        let (a, b) = (array![0.0, 1.0], array![4.0, -1.0]);
        for path in [Path::Linear, Path::Spherical] {
            let way = steps(&a, &b, 5, path);
            assert_eq!(way.len(), 5);
            for (end, expected) in [(&way[0], &a), (&way[4], &b)] {
                assert!(end.iter().zip(expected).all(|(x, y)| (x - y).abs() < 1e-6), "{path:?}: {end}");
            }
        }
        assert_eq!(steps(&a, &b, 1, Path::Linear), std::slice::from_ref(&a));
        assert!(steps(&a, &b, 0, Path::Linear).is_empty());
    }

    #[test]
    fn arithmetic_is_done_dimension_by_dimension() {
        let sum = analogy(&array![1.0, 2.0], &array![0.5, 0.5], &array![10.0, 20.0]);
        assert_eq!(sum, array![10.5, 21.5]);
        let vectors = array![[0.0, 0.0], [2.0, 4.0], [4.0, 8.0]];
        assert_eq!(mean_of(&vectors, &[1, 2, 99]), Some(array![3.0, 6.0]));
        assert_eq!(mean_of(&vectors, &[]), None);
    }

    #[test]
    fn draws_have_the_spread_that_was_asked_for() {
        let mut random = seeded();
        let deviation = |draws: &[f32]| {
            let mean = draws.iter().sum::<f32>() / draws.len() as f32;
            (draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f32>() / draws.len() as f32).sqrt()
        };
        let prior = from_prior(20_000, 0.5, &mut random);
        assert!((deviation(prior.as_slice().unwrap()) - 0.5).abs() < 0.02);

        let draws: Vec<f32> =
            (0..5000).flat_map(|_| from_dimensions(&[5.0, 0.0], &[2.0, 0.0], 0.5, &mut random)).collect();
        let (first, second): (Vec<f32>, Vec<f32>) = draws.chunks(2).map(|draw| (draw[0], draw[1])).unzip();
        assert!((deviation(&first) - 1.0).abs() < 0.05 && second.iter().all(|value| *value == 0.0));
        assert!((first.iter().sum::<f32>() / 5000.0 - 5.0).abs() < 0.05);

        let axes = Pca::fit(&cloud(), 3);
        let draws: Vec<Array1<f32>> = (0..5000).map(|_| from_data(&axes, 1.0, &mut random)).collect();
        let along: Vec<f32> = draws.iter().map(|draw| 0.6 * draw[0] + 0.8 * draw[1]).collect();
        let across: Vec<f32> = draws.iter().map(|draw| -0.8 * draw[0] + 0.6 * draw[1]).collect();
        assert!((deviation(&along) - 2.0).abs() < 0.1, "{}", deviation(&along));
        assert!((deviation(&across) - 0.5).abs() < 0.03, "{}", deviation(&across));
        assert!(draws.iter().all(|draw| (draw[2] - 3.0).abs() < 1e-3), "no variance, no way out");
    }

    #[test]
    fn a_walk_goes_step_by_step_and_stays_where_the_data_is() {
        let axes = Pca::fit(&cloud(), 2);
        let start = array![1.0, -1.0, 3.0];
        let mut walk = Walk::new(axes.clone(), &start, seeded());
        assert!(length(&(&walk.step(0.0) - &start)) < 1e-4, "a stride of nothing stays");
        let places: Vec<Array1<f32>> = (0..4000).map(|_| walk.step(0.3)).collect();
        let along: Vec<f32> = places.iter().map(|p| 0.6 * (p[0] - 1.0) + 0.8 * (p[1] + 1.0)).collect();
        let spread = (along.iter().map(|x| x * x).sum::<f32>() / along.len() as f32).sqrt();
        assert!((1.5..2.6).contains(&spread), "{spread}");
        let longest = places.windows(2).map(|pair| length(&(&pair[1] - &pair[0])));
        let longest = timbrespace_base::differences::largest(longest);
        assert!(longest < 0.3 * 2.0 * 5.0 + 1.0, "{longest}");
        let again: Vec<Array1<f32>> = {
            let mut walk = Walk::new(axes, &start, seeded());
            walk.step(0.0);
            (0..4000).map(|_| walk.step(0.3)).collect()
        };
        assert_eq!(places, again, "one seed, one walk");
    }
}

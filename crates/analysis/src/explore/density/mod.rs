//! A density over latent vectors: where random vectors that sound like recordings are drawn from.
//!
//! It is a sum of Gaussians, one around each encoded recording, whose covariance is that of the directions to the nearest
//! other recordings (manifold Parzen windows, Vincent & Bengio 2003), shrunk a little toward the variances of all vectors. So
//! a draw is a recording changed in ways in which recordings like it differ. Of several draws around one recording the one
//! that lies most clearly among recordings of its class is taken. Draws are farther from the mean vector than recordings are
//! (`CONTRAST`), because decoded images are blurred. [`Density::fit`] finds the least bandwidth with which draws are not
//! copies.
//!
//! How this form and its constants were chosen is told in ARCHITECTURE.md.

mod fit;
mod walk;

use ndarray::{Array1, Array2, ArrayRef1, Axis};
use rand::{Rng as _, rngs::StdRng};
use rand_distr::{Distribution as _, StandardNormal};
use rayon::prelude::*;

use super::neighbours::{Neighbour, Neighbours};
pub use fit::{LATENT_TARGET, TARGET, latent_originality};
pub use walk::DensityWalk;

/// Nearest vectors that a Gaussian's covariance is made of.
pub const NEIGHBOURS: usize = 10;
/// By how much draws are farther from the mean vector than where the Gaussian puts them, at temperature 1.
const CONTRAST: f32 = 0.2;
/// Part of a Gaussian's variance that is spread as all vectors are.
const SHRINKAGE: f32 = 0.1;
/// Draws around a vector of which the best is taken.
const CANDIDATES: usize = 4;
/// Nearest vectors whose Gaussians count where the density is evaluated; farther ones add next to nothing.
const EVALUATED: usize = 16;
/// Vectors whose own surprise is measured at most: a percentile needs no more.
const SAMPLE: usize = 2000;
/// Standard deviation of a draw around the only vector there is.
const LONE_DEVIATION: f32 = 1.0;

/// A density over latent vectors; cheap enough to fit for thousands of vectors.
#[derive(Clone, Debug)]
pub struct Density {
    data: Neighbours,
    /// Class of each vector.
    classes: Vec<usize>,
    bandwidth: f32,
    /// Mean of all vectors.
    mean: Array1<f32>,
    /// Standard deviation of all vectors, a value a dimension.
    deviations: Array1<f32>,
    /// Mean squared distance of a vector to its [`NEIGHBOURS`] nearest.
    local_square: f64,
    /// Median squared distance of a vector to its nearest other one.
    nearest_square: f64,
    /// Surprise of (a sample of) the vectors at themselves, each left out, ascending.
    own: Vec<f64>,
}

impl Density {
    /// The density of `vectors`, `[vectors, dimensions]`, with `classes`, a number a vector (missing ones are 0), and a
    /// `bandwidth`: 0 draws the vectors themselves, 1 spreads draws as the nearest vectors are spread.
    ///
    /// `None` without vectors or dimensions, with values that are not finite, or a bandwidth that is negative or not finite.
    pub fn new(vectors: Array2<f32>, mut classes: Vec<usize>, bandwidth: f32) -> Option<Self> {
        let is_usable =
            bandwidth >= 0.0 && bandwidth.is_finite() && vectors.iter().all(|value| value.is_finite());
        if vectors.is_empty() || !is_usable {
            return None;
        }
        classes.resize(vectors.nrows(), 0);
        let mean = super::projection::mean_vector(&vectors);
        let deviations = vectors.mapv(f64::from).std_axis(Axis(0), 0.0).mapv(|deviation| deviation as f32);
        let mut density = Self {
            data: Neighbours::from(vectors),
            classes,
            bandwidth,
            mean,
            deviations,
            local_square: 0.0,
            nearest_square: 0.0,
            own: Vec::new(),
        };
        density.measure_distances();
        density.measure_surprises();
        Some(density)
    }

    /// The vectors.
    pub fn data(&self) -> &Neighbours {
        &self.data
    }

    /// The class of each vector.
    pub fn classes(&self) -> &[usize] {
        &self.classes
    }

    /// The bandwidth.
    pub fn bandwidth(&self) -> f32 {
        self.bandwidth
    }

    /// The same density with another bandwidth; `None` as for [`Self::new`].
    #[must_use]
    pub fn with_bandwidth(mut self, bandwidth: f32) -> Option<Self> {
        if !(bandwidth >= 0.0 && bandwidth.is_finite()) {
            return None;
        }
        self.bandwidth = bandwidth;
        self.measure_surprises();
        Some(self)
    }

    /// Median distance of a vector to its nearest other one; `None` of one vector.
    pub fn typical_distance(&self) -> Option<f64> {
        (self.data.len() > 1).then(|| self.nearest_square.sqrt())
    }

    /// A random vector of `class`, or of any for `None`; `None` where the class has no vectors. The spread around the
    /// recordings, and how far it exceeds them, are multiplied by `temperature`: 0 gives the vector of a recording.
    pub fn draw(&self, class: Option<usize>, temperature: f32, random: &mut StdRng) -> Option<Array1<f32>> {
        let centre = self.random_centre(class, random)?;
        let around = Gaussian::around(self, centre);
        let candidates: Vec<Array1<f32>> = (0..CANDIDATES)
            .map(|_| self.exaggerated(around.draw(self, temperature, random), temperature))
            .collect();
        let mut best = (f64::NEG_INFINITY, 0);
        for (index, candidate) in candidates.iter().enumerate() {
            let part = self.class_part(candidate, self.classes[centre]);
            if part > best.0 {
                best = (part, index);
            }
        }
        candidates.into_iter().nth(best.1)
    }

    /// `vector`, farther from the mean of all.
    fn exaggerated(&self, vector: Array1<f32>, temperature: f32) -> Array1<f32> {
        let offset = (&vector - &self.mean) * (CONTRAST * temperature);
        vector + offset
    }

    fn random_centre(&self, class: Option<usize>, random: &mut StdRng) -> Option<usize> {
        let Some(class) = class else { return Some(random.random_range(0..self.data.len())) };
        let members: Vec<usize> = (0..self.classes.len()).filter(|&row| self.classes[row] == class).collect();
        (!members.is_empty()).then(|| members[random.random_range(0..members.len())])
    }

    /// How much of the vectors around `place` is of `class`, 0 to 1.
    fn class_part(&self, place: &ArrayRef1<f32>, class: usize) -> f64 {
        let near = self.data.nearest(place, EVALUATED);
        let least = near.first().map_or(0.0, |near| near.distance.powi(2));
        let scale = self.nearest_square.max(f64::MIN_POSITIVE);
        let (mut of_class, mut all) = (0.0, 0.0);
        for Neighbour { index, distance } in near {
            let weight = (-(distance.powi(2) - least) / scale).exp();
            all += weight;
            of_class += if self.classes[index] == class { weight } else { 0.0 };
        }
        of_class / all
    }

    /// How many of the vectors, in percent, are less surprising than `place`: 50 is typical, 100 is unlike any. `None` of
    /// fewer than two vectors, or for a place of another size.
    pub fn percentile(&self, place: &ArrayRef1<f32>) -> Option<f64> {
        let surprise = self.surprise(place, usize::MAX)?;
        let below = self.own.partition_point(|own| *own < surprise);
        (!self.own.is_empty()).then(|| 100.0 * below as f64 / self.own.len() as f64)
    }

    /// Negative logarithm of the density at `place` but for a constant, without the vector `but`.
    ///
    /// Each Gaussian is taken as round and as wide as the mean one is along its own directions.
    fn surprise(&self, place: &ArrayRef1<f32>, but: usize) -> Option<f64> {
        let near = self.data.nearest_but(place, EVALUATED, but);
        let least = near.first()?.distance.powi(2);
        let variance =
            f64::from(self.bandwidth).powi(2).max(f64::EPSILON) * self.local_square / NEIGHBOURS as f64;
        let scale = (2.0 * variance).max(f64::MIN_POSITIVE);
        let sum: f64 = near.iter().map(|near| (-(near.distance.powi(2) - least) / scale).exp()).sum();
        Some(least / scale - sum.ln())
    }

    fn sampled(&self) -> Vec<usize> {
        let step = self.data.len().div_ceil(SAMPLE).max(1);
        (0..self.data.len()).step_by(step).collect()
    }

    fn measure_distances(&mut self) {
        let measured = self.sampled().into_par_iter().filter_map(|row| {
            let centre = self.data.vectors().row(row);
            let nearest = self.data.nearest_but(&centre, 1, row).first()?.distance.powi(2);
            let near = self.relatives(row);
            let local = near.iter().map(|near| near.distance.powi(2)).sum::<f64>() / near.len().max(1) as f64;
            Some((nearest, local))
        });
        let (mut nearest, local): (Vec<f64>, Vec<f64>) = measured.unzip();
        nearest.sort_by(f64::total_cmp);
        self.nearest_square = nearest.get(nearest.len() / 2).copied().unwrap_or(0.0);
        self.local_square = local.iter().sum::<f64>() / local.len().max(1) as f64;
    }

    fn measure_surprises(&mut self) {
        let surprise = |row: usize| self.surprise(&self.data.vectors().row(row), row);
        let mut own: Vec<f64> = self.sampled().into_par_iter().filter_map(surprise).collect();
        own.sort_by(f64::total_cmp);
        self.own = own;
    }

    /// The nearest other vectors of `row`.
    fn relatives(&self, row: usize) -> Vec<Neighbour> {
        self.data.nearest_but(&self.data.vectors().row(row), NEIGHBOURS, row)
    }
}

/// The Gaussian around one vector, at bandwidth 1.
#[derive(Clone, Debug)]
struct Gaussian {
    centre: Array1<f32>,
    /// Directions to the nearest vectors, each with its share of the spread, `[neighbours, dimensions]`.
    directions: Array2<f32>,
    /// Standard deviations of the round part, a value a dimension.
    round: Array1<f32>,
}

impl Gaussian {
    fn around(density: &Density, row: usize) -> Self {
        let centre = density.data.vectors().row(row).to_owned();
        let near = density.relatives(row);
        // The fewer neighbours there are, the less they say about the directions that they leave out.
        let found = near.len() as f32 / NEIGHBOURS as f32;
        let shrinkage = SHRINKAGE.max(1.0 - found);
        let mut directions = Array2::zeros((near.len(), centre.len()));
        let weight = ((1.0 - shrinkage) / near.len().max(1) as f32).sqrt();
        for (mut direction, neighbour) in directions.outer_iter_mut().zip(&near) {
            direction.assign(&(&density.data.vectors().row(neighbour.index) - &centre));
            direction *= weight;
        }
        let square = near.iter().map(|near| near.distance.powi(2)).sum::<f64>() / near.len().max(1) as f64;
        let total: f64 = density.deviations.iter().map(|deviation| f64::from(*deviation).powi(2)).sum();
        let round = if near.is_empty() {
            Array1::from_elem(centre.len(), LONE_DEVIATION)
        } else if total > 0.0 {
            &density.deviations * ((f64::from(shrinkage) * square / total).sqrt() as f32)
        } else {
            Array1::zeros(centre.len())
        };
        Self { centre, directions, round }
    }

    /// A draw, its spread multiplied by the bandwidth and by `temperature`.
    fn draw(&self, density: &Density, temperature: f32, random: &mut StdRng) -> Array1<f32> {
        let along: Vec<f32> = (0..self.directions.nrows()).map(|_| StandardNormal.sample(random)).collect();
        let around: Array1<f32> = (0..self.centre.len()).map(|_| StandardNormal.sample(random)).collect();
        self.at(density.bandwidth * temperature, &along, &around)
    }

    /// The vector at these coordinates: `along` each direction, and `around` in each dimension, in standard deviations.
    fn at(&self, spread: f32, along: &[f32], around: &ArrayRef1<f32>) -> Array1<f32> {
        let mut change = &self.round * &around.view();
        for (direction, &part) in self.directions.outer_iter().zip(along) {
            change.scaled_add(part, &direction);
        }
        &self.centre + &(change * spread)
    }
}

#[cfg(test)]
mod tests;

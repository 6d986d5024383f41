//! A probability density over latent vectors, for random vectors that sound like recordings.
//!
//! It is a sum of Gaussians, one around each encoded recording. The covariance of each comes from the
//! directions to the nearest other recordings (manifold Parzen windows, Vincent & Bengio 2003), shrunk
//! slightly towards the variances of all vectors. So a draw is a recording varied in the ways in which
//! similar recordings differ. Of several draws around one recording, the one that is most clearly of its
//! class is kept. Draws are moved away from the mean vector (`CONTRAST`), because decoded images are blurred,
//! but no farther from the recordings than these usually are from each other ([`USUAL_PERCENT`]).
//! [`Density::fit`] finds the smallest bandwidth at which draws are not copies.
//!
//! ARCHITECTURE.md explains how this form and its constants were chosen.

pub mod fit;
pub mod walk;

use ndarray::{Array1, Array2, ArrayRef1, Axis};
use rand::{Rng as _, rngs::StdRng};
use rand_distr::{Distribution as _, StandardNormal};
use rayon::prelude::*;

use super::neighbours::{Neighbour, Neighbours};

/// Number of nearest vectors that determine a Gaussian's covariance.
pub const NEIGHBOURS: usize = 10;
/// Below this percentile of the vectors' own surprise, a place is usual; draws stay below it.
pub const USUAL_PERCENT: f64 = 75.0;
/// Bisections of the part of a draw's deviation that stays usual.
const USUAL_STEPS: usize = 6;
/// Relative increase of a draw's distance from the mean vector, at temperature 1.
const CONTRAST: f32 = 0.2;
/// Fraction of a Gaussian's variance that is distributed like the variances of all vectors.
const SHRINKAGE: f32 = 0.1;
/// Draws around one vector, of which the best is kept.
const CANDIDATES: usize = 4;
/// Nearest vectors whose Gaussians are evaluated; farther ones contribute almost nothing.
const EVALUATED: usize = 16;
/// Most vectors whose own surprise is measured; enough for a percentile.
const SAMPLE: usize = 2000;
/// Standard deviation of draws around a single vector.
const LONE_DEVIATION: f32 = 1.0;

/// A density over latent vectors; fast to fit even for thousands of vectors.
#[derive(Clone, Debug)]
pub struct Density {
    data: Neighbours,
    /// Class of each vector.
    classes: Vec<usize>,
    bandwidth: f32,
    /// Mean of all vectors, `[latent]`.
    mean: Array1<f32>,
    /// Standard deviation of all vectors, `[latent]`.
    deviations: Array1<f32>,
    /// Mean squared distance of a vector to its [`NEIGHBOURS`] nearest vectors.
    local_square: f64,
    /// Median squared distance of a vector to its nearest neighbour.
    nearest_square: f64,
    /// Squared distances of (a sample of) the vectors to the [`EVALUATED`] nearest others.
    own_squares: Vec<Vec<f64>>,
    /// Leave-one-out surprise of these vectors, in ascending order.
    own: Vec<f64>,
}

impl Density {
    /// The density of `vectors`, `[vectors, dimensions]`, with one class number per vector in `classes`
    /// (default 0). A `bandwidth` of 0 draws the vectors themselves; at 1, draws vary as much as the nearest
    /// vectors do.
    ///
    /// `None` if there are no vectors or dimensions, values are not finite, or the bandwidth is negative or
    /// not finite.
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
            own_squares: Vec::new(),
            own: Vec::new(),
        };
        density.measure_distances();
        density.set_bandwidth(bandwidth);
        Some(density)
    }

    /// The encoded vectors.
    pub fn data(&self) -> &Neighbours {
        &self.data
    }

    /// Class number of each vector.
    pub fn classes(&self) -> &[usize] {
        &self.classes
    }

    /// Scale of the Gaussians, see [`Self::new`].
    pub fn bandwidth(&self) -> f32 {
        self.bandwidth
    }

    /// The same density with another bandwidth; `None` as for [`Self::new`].
    #[must_use]
    pub fn with_bandwidth(mut self, bandwidth: f32) -> Option<Self> {
        if !(bandwidth >= 0.0 && bandwidth.is_finite()) {
            return None;
        }
        self.set_bandwidth(bandwidth);
        Some(self)
    }

    fn set_bandwidth(&mut self, bandwidth: f32) {
        self.bandwidth = bandwidth;
        self.own = self.own_squares.iter().filter_map(|squares| self.surprise_at(squares)).collect();
        self.own.sort_by(f64::total_cmp);
    }

    /// Median distance of a vector to its nearest neighbour; `None` for a single vector.
    pub fn typical_distance(&self) -> Option<f64> {
        (self.data.len() > 1).then(|| self.nearest_square.sqrt())
    }

    /// A random vector of `class` (`None`: any class); `None` if the class has no vectors. `temperature`
    /// scales the deviation from recordings; 0 returns the vector of a recording. At 1, draws are usual places
    /// of the density, or as surprising as the recording that they vary.
    pub fn draw(&self, class: Option<usize>, temperature: f32, random: &mut StdRng) -> Option<Array1<f32>> {
        let (around, deviation) = self.clearest(class, temperature, random)?;
        let part = self.usual_part(around.surprise, |part| self.drawn(&around, &deviation, part));
        Some(self.drawn(&around, &deviation, part * temperature))
    }

    /// A random recording of `class` and, of several deviations, the one that is most clearly of its class.
    fn clearest(
        &self,
        class: Option<usize>,
        temperature: f32,
        random: &mut StdRng,
    ) -> Option<(Gaussian, Deviation)> {
        let centre = self.random_centre(class, random)?;
        let around = Gaussian::around(self, centre);
        let mut best: Option<(f64, Deviation)> = None;
        for _ in 0..CANDIDATES {
            let deviation = around.deviation(random);
            let fraction =
                self.class_fraction(&self.drawn(&around, &deviation, temperature), self.classes[centre]);
            if best.as_ref().is_none_or(|(most, _)| fraction > *most) {
                best = Some((fraction, deviation));
            }
        }
        let (_, deviation) = best?;
        Some((around, deviation))
    }

    /// The place at `deviation` times `temperature`, with contrast.
    fn drawn(&self, around: &Gaussian, deviation: &Deviation, temperature: f32) -> Array1<f32> {
        let Deviation { along, around: round } = deviation;
        self.with_contrast(around.at(self.bandwidth * temperature, along, round), temperature)
    }

    /// The largest part (0 to 1) of a deviation at which its place is usual, or as surprising as the recording
    /// that it deviates from, whose leave-one-out surprise is `own`. A bandwidth can be too wide: that of a barely
    /// trained model is fitted to images that hardly differ.
    fn usual_part(&self, own: f64, place: impl Fn(f32) -> Array1<f32>) -> f32 {
        let Some(usual) = self.own.get(self.usual_rank()) else { return 1.0 };
        let most = usual.max(own);
        let is_usual =
            |part: f32| self.surprise(&place(part), usize::MAX).is_none_or(|surprise| surprise <= most);
        if is_usual(1.0) {
            return 1.0;
        }
        let (mut usual, mut unusual) = (0.0, 1.0);
        for _ in 0..USUAL_STEPS {
            let middle = f32::midpoint(usual, unusual);
            if is_usual(middle) {
                usual = middle;
            } else {
                unusual = middle;
            }
        }
        usual
    }

    /// The last rank among the vectors' own surprises below [`USUAL_PERCENT`].
    fn usual_rank(&self) -> usize {
        ((self.own.len() as f64 * USUAL_PERCENT / 100.0) as usize).saturating_sub(1)
    }

    /// Moves `vector` away from the mean of all vectors.
    fn with_contrast(&self, vector: Array1<f32>, temperature: f32) -> Array1<f32> {
        let offset = (&vector - &self.mean) * (CONTRAST * temperature);
        vector + offset
    }

    fn random_centre(&self, class: Option<usize>, random: &mut StdRng) -> Option<usize> {
        let Some(class) = class else { return Some(random.random_range(0..self.data.len())) };
        let members: Vec<usize> = (0..self.classes.len()).filter(|&row| self.classes[row] == class).collect();
        (!members.is_empty()).then(|| members[random.random_range(0..members.len())])
    }

    /// Fraction (0 to 1) of `class` among the vectors near `place`, weighted by distance.
    fn class_fraction(&self, place: &ArrayRef1<f32>, class: usize) -> f64 {
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

    /// Percentage of the vectors that are less surprising than `place`: 50 is typical, 100 is unlike all of
    /// them. `None` for fewer than two vectors or a wrong vector size.
    pub fn percentile(&self, place: &ArrayRef1<f32>) -> Option<f64> {
        let surprise = self.surprise(place, usize::MAX)?;
        let below = self.own.partition_point(|own| *own < surprise);
        (!self.own.is_empty()).then(|| 100.0 * below as f64 / self.own.len() as f64)
    }

    /// Negative log density at `place` up to a constant, ignoring the vector `except`.
    fn surprise(&self, place: &ArrayRef1<f32>, except: usize) -> Option<f64> {
        self.surprise_at(&self.squares(place, except))
    }

    /// Squared distances of `place` to the nearest vectors but `except`, ascending.
    fn squares(&self, place: &ArrayRef1<f32>, except: usize) -> Vec<f64> {
        let near = self.data.nearest_except(place, EVALUATED, except);
        near.iter().map(|near| near.distance.powi(2)).collect()
    }

    /// The surprise of a place with these squared distances to the nearest vectors.
    ///
    /// Each Gaussian is approximated as isotropic, with the mean variance along the Gaussians' own
    /// directions.
    fn surprise_at(&self, squares: &[f64]) -> Option<f64> {
        let least = *squares.first()?;
        let variance =
            f64::from(self.bandwidth).powi(2).max(f64::EPSILON) * self.local_square / NEIGHBOURS as f64;
        let scale = (2.0 * variance).max(f64::MIN_POSITIVE);
        let sum: f64 = squares.iter().map(|square| (-(square - least) / scale).exp()).sum();
        Some(least / scale - sum.ln())
    }

    fn sampled(&self) -> Vec<usize> {
        let step = self.data.len().div_ceil(SAMPLE).max(1);
        (0..self.data.len()).step_by(step).collect()
    }

    fn measure_distances(&mut self) {
        let squares = |row: usize| self.squares(&self.data.vectors().row(row), row);
        let own: Vec<Vec<f64>> = self.sampled().into_par_iter().map(squares).collect();
        let with_others = || own.iter().filter(|squares| !squares.is_empty());
        let mut nearest: Vec<f64> = with_others().map(|squares| squares[0]).collect();
        nearest.sort_by(f64::total_cmp);
        let local = |squares: &Vec<f64>| {
            let near = &squares[..squares.len().min(NEIGHBOURS)];
            near.iter().sum::<f64>() / near.len() as f64
        };
        let sum: f64 = with_others().map(local).sum();
        self.nearest_square = nearest.get(nearest.len() / 2).copied().unwrap_or(0.0);
        self.local_square = sum / nearest.len().max(1) as f64;
        self.own_squares = own;
    }

    /// The nearest other vectors of `row`.
    fn neighbours_of(&self, row: usize) -> Vec<Neighbour> {
        self.data.nearest_except(&self.data.vectors().row(row), NEIGHBOURS, row)
    }
}

/// The Gaussian around one vector, at bandwidth 1.
#[derive(Clone, Debug)]
struct Gaussian {
    centre: Array1<f32>,
    /// Directions to the nearest vectors, weighted by their share of the variance, `[neighbours,
    /// dimensions]`.
    directions: Array2<f32>,
    /// Standard deviations of the axis-aligned part, `[latent]`.
    round: Array1<f32>,
    /// Leave-one-out surprise of the vector.
    surprise: f64,
}

/// A place around a Gaussian's centre, in standard deviations.
#[derive(Clone, Debug)]
struct Deviation {
    /// Along the directions to the nearest vectors.
    along: Vec<f32>,
    /// In each dimension, `[latent]`.
    around: Array1<f32>,
}

impl Gaussian {
    fn around(density: &Density, row: usize) -> Self {
        let centre = density.data.vectors().row(row).to_owned();
        let near = density.neighbours_of(row);
        // The fewer neighbours there are, the less they represent the remaining directions.
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
        let surprise = density.surprise(&centre, row).unwrap_or_default();
        Self { centre, directions, round, surprise }
    }

    /// A random deviation.
    fn deviation(&self, random: &mut StdRng) -> Deviation {
        let along = (0..self.directions.nrows()).map(|_| StandardNormal.sample(random)).collect();
        let around = (0..self.centre.len()).map(|_| StandardNormal.sample(random)).collect();
        Deviation { along, around }
    }

    /// The vector at the given coordinates in standard deviations: `along` the directions and `around` in
    /// each dimension.
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

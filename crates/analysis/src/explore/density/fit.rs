//! Fits a density's bandwidth: the smallest at which its draws are not copies of the recordings.

use std::convert::Infallible;

use ndarray::{Array1, Array2};
use rand::{SeedableRng as _, rngs::StdRng};

use super::Density;
use crate::explore::travel;

/// Target originality: the median distance of draws to their nearest recording, relative to that of
/// recordings to their nearest neighbour. Slightly above the required 0.9, because it is measured on few
/// draws.
pub const TARGET: f64 = 0.93;
/// Target originality when only vectors can be compared, not images.
const LATENT_TARGET: f64 = 0.93;
/// Originality of the vectors from which on a wider bandwidth is not tried: images of a barely trained model
/// hardly differ, however far from all recordings its draws are.
const MOST_LATENT: f64 = 1.0;
/// Range of bandwidths to search.
const BANDWIDTHS: (f32, f32) = (0.25, 3.0);
/// Number of bisections: the bandwidth is found to about 0.01.
const STEPS: usize = 8;
/// Seed of the measured draws. The same for every bandwidth, so that originality increases with bandwidth.
const SEED: u64 = 0;

impl Density {
    /// The density of `vectors` and `classes` (as [`Self::new`]) with the smallest bandwidth at which the
    /// `originality` of `draws` draws, `[draws, dimensions]`, reaches `target`, or at which the draws are as
    /// far from the vectors as these from each other; the largest bandwidth in range if neither is reached.
    ///
    /// `None` as for [`Self::new`].
    ///
    /// # Errors
    /// Errors of `originality`.
    pub fn fit<E>(
        vectors: Array2<f32>,
        classes: Vec<usize>,
        draws: usize,
        target: f64,
        mut originality: impl FnMut(&Array2<f32>) -> Result<f64, E>,
    ) -> Result<Option<Self>, E> {
        let (mut least, mut most) = BANDWIDTHS;
        let Some(mut density) = Self::new(vectors, classes, most) else { return Ok(None) };
        for step in 0..=STEPS {
            // Try the smallest first: if it suffices, no search is needed.
            let bandwidth = if step == 0 { least } else { f32::midpoint(least, most) };
            density.set_bandwidth(bandwidth);
            let drawn = density.draws(draws);
            if originality(&drawn)? >= target || latent_originality(&density, &drawn) >= MOST_LATENT {
                most = bandwidth;
                if step == 0 {
                    break;
                }
            } else {
                least = bandwidth;
            }
        }
        Ok(density.with_bandwidth(most))
    }

    /// The density of `vectors` when nothing else is known: draws are about as far from the vectors as these
    /// from each other. `None` as for [`Self::new`].
    pub fn fit_to_vectors(vectors: Array2<f32>, classes: Vec<usize>) -> Option<Self> {
        const DRAWS: usize = 100;
        let unfitted = Self::new(vectors.clone(), classes.clone(), 1.0)?;
        let measure = |draws: &Array2<f32>| Ok::<_, Infallible>(latent_originality(&unfitted, draws));
        let Ok(density) = Self::fit(vectors, classes, DRAWS, LATENT_TARGET, measure);
        density
    }

    /// `count` draws from a fixed seed, `[count, dimensions]`, with their whole deviation: only then does the originality
    /// increase with the bandwidth.
    fn draws(&self, count: usize) -> Array2<f32> {
        let mut random = StdRng::seed_from_u64(SEED);
        let draw = |_| {
            let (around, deviation) = self.clearest(None, 1.0, &mut random)?;
            Some(self.drawn(&around, &deviation, 1.0))
        };
        let drawn: Vec<Array1<f32>> = (0..count).filter_map(draw).collect();
        travel::rows(&drawn).unwrap_or_else(|| Array2::zeros((0, self.data.vectors().ncols())))
    }
}

/// Median distance of `draws`, `[draws, dimensions]`, to the nearest vector of `density`, relative to that of
/// the vectors to their nearest neighbour; infinite if all vectors are equal or there is only one.
pub(super) fn latent_originality(density: &Density, draws: &Array2<f32>) -> f64 {
    let near = draws.outer_iter().filter_map(|draw| Some(density.data.nearest(&draw, 1).first()?.distance));
    let mut distances: Vec<f64> = near.collect();
    distances.sort_by(f64::total_cmp);
    let median = distances.get(distances.len() / 2).copied().unwrap_or(0.0);
    let typical = density.typical_distance().unwrap_or(0.0);
    if typical > 0.0 { median / typical } else { f64::INFINITY }
}

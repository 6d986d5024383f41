//! t-distributed stochastic neighbour embedding, interruptible.
//!
//! The algorithm (van der Maaten & Hinton 2008; Barnes-Hut approximation, van der Maaten 2014) is `bhtsne`'s.
//! It starts from the first two principal components, so that the same vectors always give the same map and
//! its large-scale arrangement is meaningful (Kobak & Berens 2019).

use bhtsne::tSNE;
use ndarray::{Array2, ArrayRef2};

use super::projection::Pca;

/// Number of steps in total, and of those with exaggerated attraction, which lets clusters form.
const STEPS: usize = 1000;
const EXAGGERATED: usize = 250;
/// Steps between checks for an interruption.
const STEPS_PER_CHECK: usize = 25;
/// Accuracy of the repulsion: 0 is exact, larger is faster; the authors' default.
const THETA: f32 = 0.5;
/// Approximate number of neighbours per point; lower for few points.
const PERPLEXITY: f32 = 30.0;
/// Fewest points for which a map is useful.
pub const FEWEST: usize = 16;
/// Initial standard deviation of the first component, small so that points can pass each other.
const START_DEVIATION: f32 = 1e-4;
/// Momentum during and after exaggeration.
const MOMENTUM: [f32; 2] = [0.5, 0.8];

/// Embeds `vectors`, `[samples, dimensions]`, in two dimensions, `[samples, 2]`.
///
/// `go_on` receives the steps done and the total, and returns whether to continue. `None` if it returns
/// false, for fewer than [`FEWEST`] vectors, and for vectors that are not finite or all equal. Sums over
/// points are distributed over the current rayon pool in no fixed order: use a pool with a single thread for
/// an exactly repeatable map.
pub fn embed(vectors: &ArrayRef2<f32>, go_on: &mut dyn FnMut(usize, usize) -> bool) -> Option<Array2<f32>> {
    let samples = vectors.nrows();
    let mut places = if samples < FEWEST { None } else { start(vectors) }?;
    let rows: Vec<Vec<f32>> = vectors.outer_iter().map(|row| row.to_vec()).collect();
    let perplexity = PERPLEXITY.min((samples as f32 - 1.0) / 3.0 - 1.0);
    let mut neighbourhoods = tSNE::<f32, Vec<f32>, 2>::new(&rows);
    neighbourhoods.epochs(0).perplexity(perplexity).stop_lying_epoch(0).initial_embedding(places.clone());
    let affinities = neighbourhoods.barnes_hut(THETA, distance).affinities()?;
    for done in (0..STEPS).step_by(STEPS_PER_CHECK) {
        if !go_on(done, STEPS) {
            return None;
        }
        let exaggerated = done < EXAGGERATED;
        let momentum = MOMENTUM[usize::from(!exaggerated)];
        let mut stretch = tSNE::<f32, Vec<f32>, 2>::new(&rows);
        stretch
            .with_affinities(affinities.clone())
            .initial_embedding(places)
            .epochs(STEPS_PER_CHECK)
            .stop_lying_epoch(if exaggerated { STEPS } else { 0 })
            .momentum(momentum)
            .final_momentum(momentum);
        places = stretch.barnes_hut(THETA, distance).embedding();
    }
    go_on(STEPS, STEPS);
    Array2::from_shape_vec((samples, 2), places).ok()
}

/// The first two principal components, scaled down; `None` if all vectors are equal.
fn start(vectors: &ArrayRef2<f32>) -> Option<Vec<f32>> {
    let pca = Pca::fit(vectors, 2);
    let scale = START_DEVIATION / pca.variances.first()?.sqrt();
    let coordinates = pca.project(vectors);
    let place = |row: usize, column: usize| coordinates.get((row, column)).copied().unwrap_or(0.0) * scale;
    Some((0..vectors.nrows()).flat_map(|row| [place(row, 0), place(row, 1)]).collect())
}

// Signature required by the crate, which passes two of the given rows.
#[expect(clippy::ptr_arg, reason = "called with references to the rows as they are")]
fn distance(a: &Vec<f32>, b: &Vec<f32>) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt()
}

#[cfg(test)]
mod tests {
    use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

    use super::*;
    use crate::explore::neighbours::Neighbours;

    /// Three clouds of forty points around distant corners of a ten-dimensional cube.
    fn clouds() -> Array2<f32> {
        let mut random = StdRng::seed_from_u64(3);
        Array2::from_shape_fn((120, 10), |(row, column)| {
            let corner = if column == row / 40 { 10.0 } else { 0.0 };
            corner + random.random_range(-1.0..1.0_f32)
        })
    }

    #[test]
    fn clouds_stay_clouds_and_the_same_vectors_give_the_same_map() {
        let vectors = clouds();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let places = pool.install(|| embed(&vectors, &mut |_, _| true)).unwrap();
        assert_eq!(places.dim(), (120, 2));
        let near = Neighbours::new(&places);
        for row in 0..120 {
            for neighbour in near.nearest_except(&places.row(row), 5, row) {
                assert_eq!(neighbour.index / 40, row / 40, "{row} has {} beside it", neighbour.index);
            }
        }
        assert_eq!(places, pool.install(|| embed(&vectors, &mut |_, _| true)).unwrap());
    }

    #[test]
    fn it_tells_how_far_it_is_and_stops_when_asked() {
        let mut heard = Vec::new();
        let stopped = embed(&clouds(), &mut |done, total| {
            heard.push((done, total));
            done < 100
        });
        assert!(stopped.is_none());
        assert_eq!(heard.last(), Some(&(100, STEPS)));
    }

    #[test]
    fn few_and_broken_vectors_have_no_map() {
        assert!(embed(&Array2::zeros((FEWEST - 1, 4)), &mut |_, _| true).is_none());
        assert!(embed(&Array2::from_elem((30, 4), f32::NAN), &mut |_, _| true).is_none());
        assert!(embed(&Array2::zeros((30, 4)), &mut |_, _| true).is_none());
    }
}

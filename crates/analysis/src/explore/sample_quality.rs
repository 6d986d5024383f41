//! Quality of images sampled from a model: closeness to the data and diversity.
//!
//! Neither number is sufficient alone. A blurred mean image is close to many images but always the same;
//! noise is always different but close to none. Good samples are as close to the data, and as far from each
//! other, as the data's own images.

use ndarray::{Array1, Array2, ArrayRef2};
use rayon::prelude::*;

/// Mean squared errors to the nearest image of a set, which is presented in pieces since it may not fit in
/// memory.
#[derive(Clone, Debug)]
pub struct NearestErrors {
    /// `[images, pixels]`.
    images: Array2<f32>,
    /// Index in the set of each image that is a member, so that it is not compared with itself.
    own: Vec<Option<usize>>,
    least: Vec<f64>,
    shown: usize,
}

impl NearestErrors {
    /// `images`, `[images, pixels]`, that are not in the set.
    pub fn of(images: Array2<f32>) -> Self {
        let count = images.nrows();
        Self { images, own: vec![None; count], least: vec![f64::INFINITY; count], shown: 0 }
    }

    /// `images` that are the set's members with the indices `own`.
    pub fn of_members(images: Array2<f32>, own: &[usize]) -> Self {
        let mut errors = Self::of(images);
        errors.own.iter_mut().zip(own).for_each(|(own, place)| *own = Some(*place));
        errors
    }

    /// Compares with the next images of the set, `[images, pixels]`.
    pub fn show(&mut self, piece: &ArrayRef2<f32>) {
        let first = self.shown;
        let pixels = self.images.ncols().max(1) as f64;
        self.least.par_iter_mut().enumerate().for_each(|(index, least)| {
            let image = self.images.row(index);
            for (place, other) in piece.outer_iter().enumerate() {
                if self.own[index] == Some(first + place) {
                    continue;
                }
                let error = match (image.as_slice(), other.as_slice()) {
                    (Some(image), Some(other)) => squared_distance(image, other) / pixels,
                    _ => f64::INFINITY,
                };
                *least = least.min(error);
            }
        });
        self.shown += piece.nrows();
    }

    /// Median over the images (the upper one of two); `None` without images or comparisons.
    pub fn median(&self) -> Option<f64> {
        let mut least = self.least.clone();
        least.sort_by(f64::total_cmp);
        least.get(least.len() / 2).copied().filter(|_| least.iter().all(|error| error.is_finite()))
    }

    /// Mean over the images; `None` without images or comparisons.
    pub fn mean(&self) -> Option<f64> {
        let mean = self.least.iter().sum::<f64>() / self.least.len() as f64;
        mean.is_finite().then_some(mean)
    }
}

/// Mean squared difference between all pairs of images, computed from sums without comparing pairs.
///
/// The mean over all pairs is `2 / (n − 1)` times the sum of squared distances to the mean image.
#[derive(Clone, Debug, Default)]
pub struct PairwiseError {
    images: usize,
    sum: Array1<f64>,
    squares: f64,
}

impl PairwiseError {
    /// Adds images, `[images, pixels]`.
    pub fn add(&mut self, images: &ArrayRef2<f32>) {
        if self.images == 0 {
            self.sum = Array1::zeros(images.ncols());
        }
        for image in images.outer_iter() {
            self.sum.zip_mut_with(&image, |sum, value| *sum += f64::from(*value));
            self.squares += image.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>();
        }
        self.images += images.nrows();
    }

    /// Mean squared difference per pixel, mean over all pairs; `None` for fewer than two images.
    pub fn mean(&self) -> Option<f64> {
        if self.images < 2 || self.sum.is_empty() {
            return None;
        }
        let count = self.images as f64;
        let around_mean = self.squares - self.sum.iter().map(|sum| sum * sum).sum::<f64>() / count;
        Some((2.0 * around_mean / (count - 1.0) / self.sum.len() as f64).max(0.0))
    }

    /// The mean image, `[1, pixels]`.
    pub fn mean_image(&self) -> Array2<f32> {
        let count = self.images.max(1) as f64;
        self.sum.mapv(|sum| (sum / count) as f32).insert_axis(ndarray::Axis(0))
    }
}

/// Sums in 16 lanes of f32 per block, which the compiler vectorises; blocks are summed in f64.
fn squared_distance(a: &[f32], b: &[f32]) -> f64 {
    const LANES: usize = 16;
    const BLOCK: usize = 64 * LANES;
    let block = |a: &[f32], b: &[f32]| {
        let mut sums = [0.0_f32; LANES];
        let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
        for (a, b) in a.iter().zip(b) {
            for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
                *sum += (a - b) * (a - b);
            }
        }
        let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| (a - b) * (a - b)).sum();
        f64::from(sums.iter().sum::<f32>() + rest)
    };
    a.chunks(BLOCK).zip(b.chunks(BLOCK)).map(|(a, b)| block(a, b)).sum()
}

#[cfg(test)]
mod tests {
    use ndarray::{Array, Axis, array, concatenate};
    use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

    use super::*;

    /// Images of independent pixels, 0 or 1.
    fn flickering(images: usize, pixels: usize) -> Array2<f32> {
        let mut random = StdRng::seed_from_u64(0);
        Array::from_shape_simple_fn((images, pixels), || if random.random_bool(0.5) { 1.0 } else { 0.0 })
    }

    fn nearest(images: &Array2<f32>, data: &Array2<f32>) -> f64 {
        let mut errors = NearestErrors::of(images.clone());
        data.axis_chunks_iter(Axis(0), 3).for_each(|piece| errors.show(&piece));
        errors.mean().unwrap()
    }

    fn pairwise(images: &Array2<f32>) -> f64 {
        let mut error = PairwiseError::default();
        images.axis_chunks_iter(Axis(0), 3).for_each(|piece| error.add(&piece));
        error.mean().unwrap()
    }

    #[test]
    fn images_of_the_data_itself_are_at_no_distance_and_spread_as_it_is() {
        let data = flickering(20, 1100);
        assert_eq!(nearest(&data, &data), 0.0);
        assert_eq!(pairwise(&data), pairwise(&data.clone()));
        // Compare every pair directly.
        let mut sum = 0.0;
        for (index, image) in data.outer_iter().enumerate() {
            for other in data.outer_iter().skip(index + 1) {
                sum += (&image - &other).mapv(|value| f64::from(value * value)).mean().unwrap();
            }
        }
        assert!((pairwise(&data) - sum / 190.0).abs() < 1e-12);
    }

    #[test]
    fn a_mean_image_is_near_the_data_and_gives_itself_away_by_its_spread() {
        let data = flickering(40, 1000);
        let mut spread = PairwiseError::default();
        spread.add(&data);
        let mean = spread.mean_image();
        let copies = concatenate(Axis(0), &[mean.view(), mean.view(), mean.view()]).unwrap();
        // Half of the pixels of two images differ; the squared distance to the mean image is a quarter.
        assert!(nearest(&copies, &data) < 0.27, "{}", nearest(&copies, &data));
        assert!(pairwise(&copies) < 1e-9);
        assert!((pairwise(&data) - 0.5).abs() < 0.02, "{}", pairwise(&data));
    }

    #[test]
    fn an_image_of_the_data_is_not_compared_with_itself() {
        let data = array![[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.2]];
        let mut errors = NearestErrors::of_members(data.select(Axis(0), &[0, 2]), &[0, 2]);
        errors.show(&data.slice(ndarray::s![..1, ..]));
        assert_eq!(errors.mean(), None, "the first has met nothing but itself");
        errors.show(&data.slice(ndarray::s![1.., ..]));
        // 0.2² / 2 and 1 / 2.
        assert!((errors.mean().unwrap() - 0.26).abs() < 1e-7);
        assert!((errors.median().unwrap() - 0.5).abs() < 1e-7);
    }

    #[test]
    fn one_image_has_no_spread_and_none_no_error() {
        let mut error = PairwiseError::default();
        assert_eq!(error.mean(), None);
        error.add(&array![[1.0, 2.0]]);
        assert_eq!(error.mean(), None);
        assert_eq!(NearestErrors::of(Array2::zeros((0, 4))).mean(), None);
    }
}

//! Mean and spread of many images, cell by cell, without keeping the images.

use ndarray::{Array2, ArrayRef2};

/// Sums over images of one size; the spread is the square root of the variance about the mean, divided by the number of
/// images (`numpy.std`).
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    count: usize,
    sum: Array2<f64>,
    squares: Array2<f64>,
}

impl Moments {
    /// No image yet, of `[bins, frames]`.
    pub fn new(shape: (usize, usize)) -> Self {
        Self { count: 0, sum: Array2::zeros(shape), squares: Array2::zeros(shape) }
    }

    /// Takes an image in; one of another size is left out.
    pub fn add(&mut self, image: &ArrayRef2<f32>) {
        if image.dim() != self.sum.dim() {
            return;
        }
        self.count += 1;
        // One walk over all three: this is done for every cell of every image.
        for ((sum, squares), &value) in self.sum.iter_mut().zip(&mut self.squares).zip(image) {
            let value = f64::from(value);
            *sum += value;
            *squares += value * value;
        }
    }

    /// Takes in what another sum of images of the same size took in.
    pub fn merge(&mut self, other: &Self) {
        if other.shape() == self.shape() {
            self.count += other.count;
            self.sum += &other.sum;
            self.squares += &other.squares;
        }
    }

    /// `(bins, frames)` of the images.
    pub fn shape(&self) -> (usize, usize) {
        self.sum.dim()
    }

    /// Images taken in.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Mean of every cell, `[bins, frames]`.
    pub fn mean(&self) -> Array2<f32> {
        let count = self.count.max(1) as f64;
        self.sum.mapv(|sum| (sum / count) as f32)
    }

    /// Standard deviation of every cell, `[bins, frames]`.
    pub fn spread(&self) -> Array2<f32> {
        let count = self.count.max(1) as f64;
        let mut variance = self.squares.mapv(|squares| squares / count);
        variance.zip_mut_with(&self.sum, |value, sum| *value -= (sum / count).powi(2));
        // Rounding can leave a tiny negative variance.
        variance.mapv(|value| value.max(0.0).sqrt() as f32)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn mean_and_spread_are_those_of_numpy() {
        let mut moments = Moments::new((1, 2));
        for image in [array![[0.0, 0.5]], array![[1.0, 0.5]], array![[0.5, 0.5]]] {
            moments.add(&image);
        }
        assert_eq!(moments.mean(), array![[0.5, 0.5]]);
        // numpy.std([0, 1, 0.5]) = 0.408248
        let spread = moments.spread();
        assert!((spread[[0, 0]] - 0.408_248).abs() < 1e-6 && spread[[0, 1]] < 1e-6);
        assert_eq!(moments.count(), 3);
    }

    #[test]
    fn merged_sums_are_those_of_all_images() {
        let sums = |images: &[Array2<f32>]| {
            let mut moments = Moments::new((1, 2));
            for image in images {
                moments.add(image);
            }
            moments
        };
        let (one, other) = (array![[0.25, 0.5]], array![[1.0, 0.5]]);
        let mut merged = sums(std::slice::from_ref(&one));
        merged.merge(&sums(std::slice::from_ref(&other)));
        assert_eq!(merged, sums(&[one, other]));
    }

    #[test]
    fn an_image_of_another_size_is_left_out() {
        let mut moments = Moments::new((1, 2));
        moments.add(&array![[1.0]]);
        assert_eq!((moments.count(), moments.mean()), (0, array![[0.0, 0.0]]));
    }
}

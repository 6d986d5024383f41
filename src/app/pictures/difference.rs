//! The difference of two images, computed when one of them changes.

use ndarray::{Array2, s};

/// Signed difference of two images, cached by generation.
#[derive(Debug, Default)]
pub struct Difference {
    generation: Option<u64>,
    /// `b − a`.
    pub image: Array2<f32>,
    /// Largest absolute value.
    pub largest: f32,
    /// Mean absolute value.
    pub mean: f32,
}

impl Difference {
    /// `b − a` over the frames that both have, recomputed when `generation` changes.
    pub fn get(&mut self, generation: u64, a: &Array2<f32>, b: &Array2<f32>) -> &Self {
        if self.generation != Some(generation) {
            let (bins, frames) = (a.nrows().min(b.nrows()), a.ncols().min(b.ncols()));
            self.image = &b.slice(s![..bins, ..frames]) - &a.slice(s![..bins, ..frames]);
            self.largest = self.image.iter().fold(0.0, |largest, value| largest.max(value.abs()));
            self.mean =
                self.image.iter().map(|value| value.abs()).sum::<f32>() / self.image.len().max(1) as f32;
            self.generation = Some(generation);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn a_difference_spans_what_both_have() {
        let (a, b) = (array![[1.0, 2.0, 3.0]], array![[2.0, 0.0]]);
        let mut difference = Difference::default();
        let found = difference.get(1, &a, &b);
        assert_eq!(found.image, array![[1.0, -2.0]]);
        assert_eq!((found.largest, found.mean), (2.0, 1.5));
        assert_eq!(difference.get(1, &b, &b).largest, 2.0);
        assert_eq!(difference.get(2, &b, &b).largest, 0.0);
    }
}

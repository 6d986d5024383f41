//! Fourth stage: every image in the same range.

use ndarray::Array2;

use super::config::PreprocessingConfig;
use crate::dsp::normalise::{MinMax, denormalise, normalise_between};

/// Maps images to the range that the model sees, and back; shared by all threads.
pub trait Normaliser: Send + Sync {
    /// Normalises `image` in place; returns its extremes, which [`Self::denormalise`] needs.
    fn normalise(&self, image: &mut Array2<f32>) -> MinMax {
        let original = image.as_slice_memory_order().map_or_else(|| MinMax::of(&[]), MinMax::of);
        self.normalise_part(image, original);
        original
    }

    /// Normalises a part of an image with the extremes of the whole.
    fn normalise_part(&self, image: &mut Array2<f32>, original: MinMax);

    /// Undoes [`Self::normalise`].
    fn denormalise(&self, image: &mut Array2<f32>, original: MinMax);
}

/// Min-max per image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MinMaxNormaliser {
    target: MinMax,
}

impl MinMaxNormaliser {
    /// A normaliser with the settings of `config`.
    pub fn new(config: &PreprocessingConfig) -> Self {
        Self { target: config.range() }
    }
}

impl Normaliser for MinMaxNormaliser {
    fn normalise_part(&self, image: &mut Array2<f32>, original: MinMax) {
        if let Some(values) = image.as_slice_memory_order_mut() {
            normalise_between(values, original, self.target);
        }
    }

    fn denormalise(&self, image: &mut Array2<f32>, original: MinMax) {
        if let Some(values) = image.as_slice_memory_order_mut() {
            denormalise(values, self.target, original);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_range_is_filled_and_left_again() {
        let normaliser = MinMaxNormaliser { target: MinMax { min: -1.0, max: 1.0 } };
        let mut image = ndarray::array![[-80.0, -40.0], [-60.0, 0.0]];
        let original = normaliser.normalise(&mut image);
        assert_eq!(image, ndarray::array![[-1.0, 0.0], [-0.5, 1.0]]);
        normaliser.denormalise(&mut image, original);
        assert_eq!(image, ndarray::array![[-80.0, -40.0], [-60.0, 0.0]]);
    }
}

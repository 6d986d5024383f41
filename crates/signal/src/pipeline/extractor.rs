//! Third stage: a padded signal to an image. The standard extractors are those of the [features](super::feature).

use ndarray::Array2;
use rustfft::num_complex::Complex32;

/// Everything on the way from signal to feature.
#[derive(Clone, Debug)]
pub struct Extracted {
    /// Short-time Fourier transform, `[frame_size / 2 + 1, frames]`.
    pub stft: Array2<Complex32>,
    /// Its magnitude without the Nyquist row, `[bins, frames]`.
    pub magnitude: Array2<f32>,
    /// The feature, `[rows, frames]`.
    pub feature: Array2<f32>,
}

/// Computes a feature; each thread works with a copy of its own, which may keep scratch between calls.
///
/// Frames lie [`hop_length`](super::config::PreprocessingConfig::hop_length) samples apart.
pub trait Extractor: Send + Sync {
    /// The feature of a padded signal, `[rows, frames]`.
    fn extract(&mut self, padded: &[f32]) -> Array2<f32>;

    /// The feature and what it was made from.
    fn extract_stages(&mut self, padded: &[f32]) -> Extracted;

    /// `(rows, frames)` of the feature of a padded signal of `padded_len` samples.
    fn image_shape(&self, padded_len: usize) -> (usize, usize);

    /// A copy for another thread; plans and filters may be shared.
    fn worker(&self) -> Box<dyn Extractor>;

    /// An extractor for parts of a sound too long to be looked at whole, or `None`, as by default, where an image follows
    /// from the whole sound alone.
    ///
    /// A frame of it depends on the samples within [`frame_size`](super::config::PreprocessingConfig::frame_size) of the
    /// frame and on nothing else; what depends on the whole sound is left to [`Self::floor`].
    fn for_parts(&self) -> Option<Box<dyn Extractor>> {
        None
    }

    /// The lowest value of an image whose largest value is `max`: values that [`Self::for_parts`] gives are raised to it.
    fn floor(&self, _max: f32) -> f32 {
        f32::NEG_INFINITY
    }
}

#[cfg(test)]
mod tests {
    use crate::pipeline::feature::Feature;

    #[test]
    fn images_have_the_shape_that_was_announced() {
        for feature in Feature::ALL {
            let mut extractor = feature.extractor(&feature.defaults());
            for len in [5000, 16_317, 32_634] {
                let signal: Vec<f32> = (0..len).map(|n| (n as f32 * 0.3).sin()).collect();
                let stages = extractor.extract_stages(&signal);
                assert_eq!(stages.feature.dim(), extractor.image_shape(len), "{feature:?} {len}");
                assert_eq!(stages.feature, extractor.extract(&signal));
                assert_eq!(stages.stft.nrows(), stages.magnitude.nrows() + 1);
            }
        }
    }
}

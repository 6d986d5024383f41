//! Where a trainer's images come from.

use rand::rngs::StdRng;

use super::error::ModelError;

/// Source of training images.
pub trait BatchSource: Send + Sync {
    /// Number of images.
    fn len(&self) -> usize;

    /// Whether there is no image.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `(bins, frames)` of every image.
    fn image_shape(&self) -> (usize, usize);

    /// Copies image `index` to `out`: `bins * frames` values in 0..1, row after row.
    ///
    /// # Errors
    /// When the image cannot be read.
    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError>;

    /// Writes image `index` as one training step uses it: `input` for the encoder, `target` for the loss.
    ///
    /// All random variation must come from `random`. The default implementation does not vary images.
    ///
    /// # Errors
    /// When the image cannot be read.
    fn fill_varied(
        &self,
        index: usize,
        _random: &mut StdRng,
        input: &mut [f32],
        target: &mut [f32],
    ) -> Result<(), ModelError> {
        self.fill(index, target)?;
        input.copy_from_slice(target);
        Ok(())
    }

    /// Whether [`Self::fill_varied`] can differ from [`Self::fill`].
    fn is_varied(&self) -> bool {
        false
    }

    /// Announces the images of the next batches, in this order, so that a source can read them ahead.
    fn prefetch(&self, _indices: &[usize]) {}

    /// Name of an image with `/` between folders, without extension, if it has one.
    fn name(&self, _index: usize) -> Option<&str> {
        None
    }

    /// Class of an image, if it has one.
    fn class(&self, _index: usize) -> Option<&str> {
        None
    }

    /// Group of an image (for example its speaker), if it has one.
    fn group(&self, _index: usize) -> Option<String> {
        None
    }
}

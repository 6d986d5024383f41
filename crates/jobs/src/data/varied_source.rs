//! Training images with variations.

use std::sync::Arc;

use rand::rngs::StdRng;

use timbrespace_signal::pipeline::{
    config::PreprocessingConfig,
    dataset::{Dataset, Item},
    stages::MinMax,
};
use timbrespace_vae::{augmentation::Augmentation, error::ModelError, trainer::BatchSource};

/// Images of another source, varied where they train.
pub struct VariedSource {
    images: Arc<dyn BatchSource>,
    augmentation: Augmentation,
    /// Decibels that the range of each image stands for.
    spans_db: Vec<f32>,
}

impl VariedSource {
    /// Varies the images of `dataset`, which `images` reads.
    pub fn new(images: Arc<dyn BatchSource>, dataset: &Dataset, augmentation: Augmentation) -> Self {
        let span = |item: &Item| span_db(&dataset.config, item.min_max);
        Self { images, augmentation, spans_db: dataset.items.iter().map(span).collect() }
    }
}

/// Decibels that the range of an image stands for; 0 for a constant image, which no gain changes.
pub(crate) fn span_db(config: &PreprocessingConfig, min_max: MinMax) -> f32 {
    let span = (min_max.max - min_max.min).max(0.0);
    span * config.feature.unit().decibels()
}

impl BatchSource for VariedSource {
    fn len(&self) -> usize {
        self.images.len()
    }

    fn image_shape(&self) -> (usize, usize) {
        self.images.image_shape()
    }

    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError> {
        self.images.fill(index, out)
    }

    fn fill_varied(
        &self,
        index: usize,
        random: &mut StdRng,
        input: &mut [f32],
        target: &mut [f32],
    ) -> Result<(), ModelError> {
        self.images.fill(index, target)?;
        let (_, frames) = self.image_shape();
        self.augmentation.apply(input, target, frames, self.spans_db[index], random);
        Ok(())
    }

    fn is_varied(&self) -> bool {
        !self.augmentation.is_off()
    }

    fn prefetch(&self, indices: &[usize]) {
        self.images.prefetch(indices);
    }

    fn name(&self, index: usize) -> Option<&str> {
        self.images.name(index)
    }

    fn class(&self, index: usize) -> Option<&str> {
        self.images.class(index)
    }

    fn group(&self, index: usize) -> Option<String> {
        self.images.group(index)
    }
}

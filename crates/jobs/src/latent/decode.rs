//! One latent vector to an image and a sound.

use std::sync::Arc;

use ndarray::{Array2, ArrayView2, Axis};

use crate::{
    JobError,
    data::source,
    runs::{bundle::Bundle, detail::InUse},
};
use timbrespace_analysis::explore::detail::Added;
use timbrespace_signal::pipeline::{
    sound_generator::{GeneratedSound, SoundGenerator},
    stages::MinMax,
};

/// Decodes vectors of one model; keeps its transforms and buffers between calls.
pub struct LatentDecoder {
    bundle: Arc<Bundle>,
    generator: SoundGenerator,
    /// Detail that is added to every image; `None` for the model alone.
    detail: Option<InUse>,
}

/// What a vector became.
#[derive(Clone, Debug)]
pub struct DecodedSound {
    /// `[bins, frames]` in the normalised range of the model's preprocessing.
    pub image: Array2<f32>,
    /// The sound.
    pub sound: GeneratedSound,
    /// Detail that was added to the model's own image.
    pub detail: Option<Added>,
}

impl LatentDecoder {
    /// A decoder for the vectors of `bundle`.
    ///
    /// # Errors
    /// When the bundle's preprocessing has a setting outside its limits.
    pub fn new(bundle: Arc<Bundle>) -> Result<Self, JobError> {
        let generator = SoundGenerator::new(&bundle.config.preprocessing)?;
        Ok(Self { bundle, generator, detail: None })
    }

    /// The same decoder, which adds detail to every image from now on; `None` for the model alone.
    #[must_use]
    pub fn with_detail(mut self, detail: Option<InUse>) -> Self {
        self.set_detail(detail);
        self
    }

    /// Adds detail to every image from now on; `None` for the model alone.
    pub fn set_detail(&mut self, detail: Option<InUse>) {
        self.detail = detail.filter(|detail| detail.mix.is_on());
    }

    /// The model in use.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// Images to sounds with this model's settings.
    pub fn generator(&mut self) -> &mut SoundGenerator {
        &mut self.generator
    }

    /// Decodes `vector`, whose image spans `min_max` before normalisation; one `seed` gives the same sound every time.
    ///
    /// # Errors
    /// When the vector's length is not the model's.
    pub fn decode(
        &mut self,
        vector: &[f32],
        min_max: MinMax,
        iterations: usize,
        seed: u64,
    ) -> Result<DecodedSound, JobError> {
        let (image, detail) = self.image(vector)?;
        let sound = self.generator.generate(&image, min_max, iterations, seed);
        Ok(DecodedSound { image, sound, detail })
    }

    /// The magnitude that `vector` stands for, as [`SoundGenerator::magnitude`] gives it.
    ///
    /// # Errors
    /// When the vector's length is not the model's.
    pub fn magnitude(&mut self, vector: &[f32], min_max: MinMax) -> Result<Array2<f32>, JobError> {
        let (image, _) = self.image(vector)?;
        Ok(self.generator.magnitude(&image, min_max))
    }

    /// `[bins, frames]` in the normalised range, and the detail in it.
    fn image(&self, vector: &[f32]) -> Result<(Array2<f32>, Option<Added>), JobError> {
        let latent = ArrayView2::from_shape((1, vector.len()), vector).map_err(|error| {
            JobError::Other(format!("a latent vector of {} values: {error}", vector.len()))
        })?;
        let mut decoded = self.bundle.snapshot.decode(&latent)?;
        let added =
            self.detail.as_ref().map(|detail| detail.add_to(&mut decoded.index_axis_mut(Axis(0), 0), vector));
        Ok((source::normalised_image(&self.bundle.config.preprocessing, &decoded), added))
    }
}

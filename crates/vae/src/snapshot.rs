//! Immutable copy of a model, used by everything except training.

use std::{fmt, sync::Arc};

use ndarray::{Array2, Array3, ArrayRef2, ArrayRef3};
use timbrespace_base::sentence;

pub use super::error::ModelError;
use super::{
    architecture::Architecture,
    batch_norm::Moments,
    batch_source::BatchSource,
    config::{TrainingConfig, VaeConfig},
    device::Compute,
    model::Vae,
    precise::Estimate,
    tensors::Tensors,
    weights::{Reader, Writer},
    workspace::Workspace,
};

/// Images or vectors per forward pass; bounds the memory of the largest layer.
const BATCH: usize = 8;

/// Elements of buffers that a snapshot keeps between calls (32 MiB): enough to decode one vector, but not a
/// batch.
const WORKSPACE: usize = 8 << 20;

/// The encoder's Gaussians for several images.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// Means, `[images, latent]`.
    pub mu: Array2<f32>,
    /// Logarithms of the variances, `[images, latent]`.
    pub log_variance: Array2<f32>,
}

/// A model with re-estimated ("precise") batch-norm statistics; cheap to clone and to share between threads.
#[derive(Clone)]
pub struct Snapshot {
    inner: Arc<Inner>,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Snapshot").field("config", self.config()).finish_non_exhaustive()
    }
}

struct Inner {
    config: VaeConfig,
    tensors: Tensors,
    model: Vae,
    running: Vec<Moments>,
    precise: Vec<Moments>,
}

impl Snapshot {
    /// Builds a model around finished tensors in main memory.
    ///
    /// # Errors
    /// When a tensor is missing.
    pub(crate) fn new(
        config: &VaeConfig,
        tensors: Tensors,
        running: Vec<Moments>,
        precise: Vec<Moments>,
    ) -> Result<Self, ModelError> {
        let model = Vae::new(config, &tensors, &Workspace::keeping(WORKSPACE), &Compute::cpu())?;
        let inner = Inner { config: config.clone(), model, tensors, running, precise };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The same model on another device or with other operations.
    ///
    /// # Errors
    /// When candle fails.
    pub fn on(&self, compute: &Compute) -> Result<Self, ModelError> {
        let tensors: candle_core::Result<Tensors> = self
            .inner
            .tensors
            .iter()
            .map(|(name, tensor)| Ok((name.clone(), tensor.to_device(&compute.device)?)))
            .collect();
        let tensors = tensors?;
        let config = self.config().clone();
        let model = Vae::new(&config, &tensors, &Workspace::keeping(WORKSPACE), compute)?;
        let (running, precise) = (self.inner.running.clone(), self.inner.precise.clone());
        Ok(Self { inner: Arc::new(Inner { config, tensors, model, running, precise }) })
    }

    /// The shape of the model.
    pub fn config(&self) -> &VaeConfig {
        &self.inner.config
    }

    /// The trainable tensors.
    pub(super) fn tensors(&self) -> &Tensors {
        &self.inner.tensors
    }

    /// Precise moments of every batch norm, encoder first.
    pub(super) fn precise(&self) -> &[Moments] {
        &self.inner.precise
    }

    /// Running moments of every batch norm, encoder first.
    pub(super) fn running(&self) -> &[Moments] {
        &self.inner.running
    }

    /// Encodes images `[images, bins, frames]` in 0..1.
    ///
    /// # Errors
    /// When the image size is not the model's.
    pub fn encode(&self, images: &ArrayRef3<f32>) -> Result<Posterior, ModelError> {
        self.encode_with(images, &self.inner.precise)
    }

    /// As [`Self::encode`], with the running statistics, as Keras would.
    ///
    /// # Errors
    /// As [`Self::encode`].
    pub fn encode_running(&self, images: &ArrayRef3<f32>) -> Result<Posterior, ModelError> {
        self.encode_with(images, &self.inner.running)
    }

    /// Decodes latent vectors `[count, latent]` to images `[count, bins, frames]` in 0..1.
    ///
    /// # Errors
    /// When the vector length is not the model's latent size.
    pub fn decode(&self, latent: &ArrayRef2<f32>) -> Result<Array3<f32>, ModelError> {
        self.decode_with(latent, &self.inner.precise)
    }

    /// As [`Self::decode`], with the running statistics, as Keras would.
    ///
    /// # Errors
    /// As [`Self::decode`].
    pub fn decode_running(&self, latent: &ArrayRef2<f32>) -> Result<Array3<f32>, ModelError> {
        self.decode_with(latent, &self.inner.running)
    }

    fn encode_with(&self, images: &ArrayRef3<f32>, moments: &[Moments]) -> Result<Posterior, ModelError> {
        let config = self.config();
        let (count, bins, frames) = images.dim();
        if (bins, frames) != (config.bins, config.frames) {
            return Err(ModelError::Mismatch {
                what: sentence!("what-image-size", "image size (bins × frames)"),
                expected: format!("{} × {}", config.bins, config.frames),
                actual: format!("{bins} × {frames}"),
            });
        }
        let (mut mu, mut log_variance) = (Vec::new(), Vec::new());
        for start in (0..count).step_by(BATCH) {
            let end = count.min(start + BATCH);
            let batch: Vec<f32> = images.slice(ndarray::s![start..end, .., ..]).iter().copied().collect();
            let gaussians = self.inner.model.encode(&batch, moments)?;
            mu.extend(gaussians.mu);
            log_variance.extend(gaussians.log_variance);
        }
        Ok(Posterior {
            mu: Array2::from_shape_vec((count, config.latent_size), mu)
                .map_err(|error| shape_error(&error))?,
            log_variance: Array2::from_shape_vec((count, config.latent_size), log_variance)
                .map_err(|error| shape_error(&error))?,
        })
    }

    fn decode_with(&self, latent: &ArrayRef2<f32>, moments: &[Moments]) -> Result<Array3<f32>, ModelError> {
        let config = self.config();
        let (count, size) = latent.dim();
        if size != config.latent_size {
            return Err(ModelError::Mismatch {
                what: sentence!("what-latent-vector", "length of a latent vector"),
                expected: config.latent_size.to_string(),
                actual: size.to_string(),
            });
        }
        let mut images = Vec::with_capacity(count * config.bins * config.frames);
        for start in (0..count).step_by(BATCH) {
            let end = count.min(start + BATCH);
            let batch: Vec<f32> = latent.slice(ndarray::s![start..end, ..]).iter().copied().collect();
            images.extend(self.inner.model.decode(&batch, moments)?);
        }
        Array3::from_shape_vec((count, config.bins, config.frames), images)
            .map_err(|error| shape_error(&error))
    }

    /// The same model with precise statistics re-estimated from `images` of `source`, as after training here.
    ///
    /// # Errors
    /// When an image cannot be read or has the wrong size.
    pub fn re_estimated(
        &self,
        source: &dyn BatchSource,
        images: &[usize],
        settings: &TrainingConfig,
    ) -> Result<Self, ModelError> {
        let estimate = Estimate {
            model: &self.inner.model,
            latent_size: self.config().latent_size,
            settings,
            source,
            training: images,
            step: 0,
        };
        let precise = estimate.run(None)?.unwrap_or_else(|| self.inner.precise.clone());
        Self::new(self.config(), self.inner.tensors.clone(), self.inner.running.clone(), precise)
    }

    /// Serialises weights, running and precise statistics as a safetensors file.
    ///
    /// # Errors
    /// When serialisation fails.
    pub fn to_safetensors(&self) -> Result<Vec<u8>, ModelError> {
        let architecture = Architecture::new(self.config());
        let mut writer = Writer::default();
        for (name, tensor) in &self.inner.tensors {
            writer.tensor(name, tensor)?;
        }
        writer.moments(&architecture, "running", &self.inner.running);
        writer.moments(&architecture, "precise", &self.inner.precise);
        writer.finish()
    }

    /// Reads a file written by [`Self::to_safetensors`].
    ///
    /// # Errors
    /// When a tensor is missing or has another shape than `config` requires; both shapes are named.
    pub fn from_safetensors(config: &VaeConfig, bytes: &[u8]) -> Result<Self, ModelError> {
        config.validate()?;
        let architecture = Architecture::new(config);
        let reader = Reader::new(bytes)?;
        let tensors = reader.tensors(&architecture)?;
        let running = reader.moments(&architecture, "running")?;
        let precise = reader.moments(&architecture, "precise")?;
        Self::new(config, tensors, running, precise)
    }
}

fn shape_error(error: &ndarray::ShapeError) -> ModelError {
    ModelError::Other(format!("the model gave an array of an unexpected size: {error}"))
}

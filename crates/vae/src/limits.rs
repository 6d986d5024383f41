//! Limits of a model's sizes.

/// Largest height or width of an image, in pixels.
pub const MAX_IMAGE_SIDE: usize = 8192;
/// Most encoder convolutions or hidden dense layers.
pub(crate) const MAX_LAYERS: usize = 12;
/// Most filters of a convolution; also the most latent dimensions.
pub(crate) const MAX_CHANNELS: usize = 4096;
/// Largest side of a kernel.
pub(crate) const MAX_KERNEL: usize = 15;

//! The geometry of images and latent vectors: arrays only.

pub mod projection;

//! The geometry of images and latent vectors: arrays only.

pub mod manifold;
pub mod neighbours;
pub mod projection;
pub mod travel;
pub mod vote;

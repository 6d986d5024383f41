//! Geometry of images and latent vectors, on arrays only.

pub mod axes;
pub mod density;
pub mod detail;
pub mod layout;
pub mod local_components;
pub mod manifold;
pub mod neighbours;
pub mod projection;
pub mod sample_quality;
pub mod travel;
pub mod tsne;
pub mod vote;

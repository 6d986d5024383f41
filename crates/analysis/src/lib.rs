//! What Timbrespace finds out about recordings and latent spaces.
//!
//! [`explore`] works on arrays of vectors: projections, neighbours, densities, travel. [`inspect`] works on recordings and their
//! stages: the doctor, parity, distributions, the ladder, colour maps. Nothing here computes in the background or draws.

pub mod explore;
pub mod inspect;

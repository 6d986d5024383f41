//! A latent vector with its range, origin and original sound.

use std::sync::Arc;

use super::{origin::Origin, original::Original};
use crate::pipeline::stages::MinMax;

/// A latent vector with its range, origin and original sound.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::session) struct LatentPoint {
    pub(in crate::session) vector: Vec<f32>,
    /// The range of its image before normalisation.
    pub(in crate::session) min_max: MinMax,
    pub(in crate::session) origin: Origin,
    /// The sound that it came from, if any.
    pub(in crate::session) original: Option<Arc<Original>>,
}

//! The sound that a latent vector came from.

use std::path::PathBuf;

use ndarray::Array2;

use crate::{audio::clip::Clip, pipeline::stages::MinMax};

/// The sound that the latent vector came from.
#[derive(Debug, PartialEq)]
pub struct Original {
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Its index in the library, unless it was brought from elsewhere.
    pub recording: Option<usize>,
    /// Its image in dB (or natural log), `[bins, frames]`, with the model's settings.
    pub feature: Array2<f32>,
    /// The range of its image.
    pub min_max: MinMax,
    /// Its own latent vector (mu).
    pub vector: Vec<f32>,
    /// Its signal, as the model's settings load it.
    pub clip: Clip,
}

//! Looking at arrays: colour maps, frequency axes and pictures.

pub mod colour_map;
pub mod envelope;
pub mod frequency_scale;
pub mod picture;
pub mod spectrum;

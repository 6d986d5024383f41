//! Looking at arrays: colour maps and pictures.

pub mod colour_map;
pub mod picture;

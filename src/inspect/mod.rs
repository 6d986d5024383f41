//! Looking at arrays: colour maps, pictures, and how far two images of one recording are apart.

pub mod colour_map;
pub mod parity;
pub mod picture;

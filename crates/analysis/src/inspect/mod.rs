//! Looking at arrays and at whole data sets: colour maps and pictures, spectra, distributions, thumbnails,
//! class images, what is wrong with recordings, how far two images of one recording are apart, and which step on the way
//! through a model and back hurts a sound.

pub mod class_images;
pub mod colour_map;
pub mod distribution;
pub mod doctor;
pub mod envelope;
pub mod ladder;
pub mod level;
pub mod parity;
pub mod picture;
pub mod spectrum;
pub mod thumbnail;

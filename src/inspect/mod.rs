//! Looking at arrays and at whole data sets: colour maps, frequency axes and pictures, spectra, distributions, thumbnails,
//! class images, and what is wrong with recordings.

pub mod class_images;
pub mod colour_map;
pub mod distribution;
pub mod doctor;
pub mod envelope;
pub mod frequency_scale;
pub mod level;
pub mod picture;
pub mod spectrum;
pub mod thumbnail;

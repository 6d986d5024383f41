//! Recordings to images and back.
//!
//! A recording's journey reads in order: [`loader`], [`padder`], [`extractor`], [`normaliser`], [`saver`]. Each is
//! a trait with one standard implementation or more, and [`preprocessing`] puts five of them in a row: a
//! different preprocessing is one new implementation. What images show is a [`feature`], the way to the image and back with its
//! words, sizes and frequencies. [`sound_generator`] is the way back, and [`audio_to_mel`] the log-mel route as a data set of
//! its own, with class ids.

pub mod audio_to_mel;
pub mod config;
pub mod dataset;
mod error;
pub mod extractor;
pub mod feature;
pub mod feature_folder;
pub mod image_worker;
pub mod labels;
pub mod librosa_code;
pub mod loader;
pub mod long_sound;
mod manifest;
pub mod memory;
mod min_max_values;
pub mod normaliser;
pub mod npy;
mod ownership;
pub mod padder;
mod part_files;
pub mod pickle;
pub mod pieces;
pub mod preprocessing;
pub mod saver;
mod shards;
pub mod sound_generator;
pub mod stages;
pub mod watch;

//! Models in use, as several jobs share it: recordings to vectors, vectors to sounds, and paths between vectors.

pub mod decode;
pub mod encoded_set;
pub mod measures;
pub mod path;
pub mod prior_samples;
pub mod random_samples;
pub mod reconstruction_errors;
pub mod recording_image;

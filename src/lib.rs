//! Timbrespace turns a folder of recordings into an instrument.
//!
//! It decodes and preprocesses recordings as librosa does, keeps every stage of
//! that journey for inspection, trains a convolutional variational autoencoder on
//! the resulting images, and decodes points of its latent space back to sound.
//!
//! The modules are layers and import downwards only; `ARCHITECTURE.md` draws them.

pub mod app;
pub mod atomic_file;
pub mod audio;
pub mod clock;
pub mod commands;
#[cfg(test)]
#[path = "../tests/common/differences.rs"]
mod differences;
pub mod dsp;
pub mod explore;
pub mod folder_lock;
pub mod inspect;
pub mod interrupt;
pub mod jobs;
pub mod names;
pub mod outputs;
pub mod panics;
pub mod pipeline;
pub mod playback;
pub mod processes;
pub mod protobuf;
pub mod regular_file;
pub mod session;
pub mod signals;
pub mod table;
pub mod vae;

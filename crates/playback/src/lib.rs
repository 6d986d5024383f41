//! Sound output and input.
//!
//! Threads communicate through lock-free queues:
//!
//! - [`player`] is the window's handle. It converts a clip to the device's rate and channels ([`prepared`]; a
//!   worker can do
//!   so in advance), sends it to the mixer and frees returned voices.
//! - [`mixer`] runs on the audio thread. Its `fill` only reads, multiplies and adds. The cross-fades that
//!   avoid clicks at
//!   starts, stops, replacements and loop seams are in [`voice`] and `edges`.
//! - [`streamed`] converts sounds that are too long to convert in advance, on a thread, while they play.
//! - [`level`] and [`tap`] provide the output's level and samples; [`recorder`] writes these to a file.
//! - [`microphone`] and [`midi`] are inputs, each a trait with a test double.
//! - [`backend`] is the device that calls the mixer: the sound card through cpal ([`stream`]), or a test
//!   double that pulls
//!   frames on demand and keeps every sample ([`test_backend`]).

#[cfg(test)]
pub(crate) mod allocations;
pub mod backend;
mod edges;
pub mod level;
pub mod microphone;
pub mod midi;
pub mod mixer;
pub mod player;
pub mod prepared;
pub mod recorder;
pub mod stream;
mod stream_format;
pub mod streamed;
mod streamer;
pub mod tap;
pub mod test_backend;
pub mod voice;

pub use backend::Backend;

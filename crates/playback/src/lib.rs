//! Sound out of the loudspeakers.
//!
//! Three parts that meet at lock-free queues:
//!
//! - [`player`] is the window's handle. It converts a clip to the device's rate and channels
//!   ([`prepared`]; a worker can do that beforehand), sends it to the mixer and frees what comes back.
//! - [`mixer`] lives on the audio thread. Its `fill` only reads, multiplies and adds; the cross-fades
//!   that keep starts, stops, replacements and loop seams free of clicks are in [`voice`] and `edges`.
//! - [`streamed`] is for sounds that are too long to be converted beforehand: a thread converts them while they play.
//! - [`level`] and [`tap`] say how loud it is and hand out what is heard; [`recorder`] writes that to a file.
//! - [`microphone`] and [`midi`] are what comes in, each behind a trait with a double for tests.
//! - [`backend`] says who calls the mixer: the sound card by cpal ([`stream`]), or a test that
//!   pulls frames by hand and sees every sample ([`test_backend`]).

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
pub mod streamed;
mod streamer;
pub mod tap;
pub mod test_backend;
pub mod voice;

pub use backend::Backend;

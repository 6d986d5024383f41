//! Timbrespace turns a folder of recordings into an instrument.
//!
//! It decodes and preprocesses recordings as librosa does, keeps every stage of
//! that journey for inspection, trains a convolutional variational autoencoder on
//! the resulting images, and decodes points of its latent space back to sound.
//!
//! This package holds the window ([`app`], [`session`]) and the command line ([`commands`]). The layers below are crates of
//! their own in `crates/`, shown here under their names; all import downwards only. `ARCHITECTURE.md` draws them.
//!
//! *The tutorial*, wherever it is mentioned, is [Generating Sound with Neural
//! Networks](https://www.youtube.com/playlist?list=PL-wATfeyAMNpEyENTc-tVH5tfLGKtSWPp) by Valerio Velardo; `docs/tutorial.md` has more.

pub mod app;
pub mod commands;
pub mod session;

/// The version, and in release builds the commit: what `--version` says.
pub const VERSION: &str = env!("TIMBRESPACE_VERSION");

/// Where people report errors.
pub const ISSUES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");

pub use timbrespace_analysis::{explore, inspect};
pub use timbrespace_base::{
    atomic_file, clock, crash_reports, folder_lock, interrupt, names, numbers, outputs, panics, processes,
    protobuf, regular_file, sentence, setting, signals, table,
};
pub use timbrespace_jobs as jobs;
pub use timbrespace_language as language;
pub use timbrespace_playback as playback;
pub use timbrespace_signal::{audio, dsp, pipeline};
pub use timbrespace_vae as vae;

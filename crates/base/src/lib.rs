//! Foundations of all layers, without any audio.
//!
//! Atomic file writes ([`atomic_file`]), folder locks ([`folder_lock`]), protection of existing files
//! ([`outputs`]), pausing and stopping ([`interrupt`], [`signals`]), contained panics ([`panics`]),
//! reports of all other panics ([`crash_reports`]), file names as data and for display ([`names`]), numbers for display ([`numbers`]), sentences that other languages say, too ([`sentence`](mod@sentence)), and tables of settings ([`setting`]).

// What `settings!` makes names this crate.
#[cfg(test)]
extern crate self as timbrespace_base;

pub mod atomic_file;
pub mod clock;
pub mod crash_reports;
#[cfg(any(test, feature = "testing"))]
pub mod differences;
pub mod folder_lock;
pub mod interrupt;
pub mod names;
pub mod numbers;
pub mod outputs;
pub mod panics;
pub mod processes;
pub mod protobuf;
pub mod regular_file;
pub mod sentence;
pub mod setting;
pub mod signals;
pub mod table;

/// For the code that `settings!` and `named!` make.
#[doc(hidden)]
pub use serde;

//! What every layer of Timbrespace stands on.
//!
//! Files that readers see old or new and never half written ([`atomic_file`]), locks on folders ([`folder_lock`]), which files may be
//! written ([`outputs`]), pausing and stopping ([`interrupt`], [`signals`]), panics that cost one job ([`panics`]), and how names of
//! files are kept and shown ([`names`]). Nothing here knows of sound.

pub mod atomic_file;
pub mod clock;
#[cfg(any(test, feature = "testing"))]
pub mod differences;
pub mod folder_lock;
pub mod interrupt;
pub mod names;
pub mod outputs;
pub mod panics;
pub mod processes;
pub mod protobuf;
pub mod regular_file;
pub mod signals;
pub mod table;

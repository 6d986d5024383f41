//! Audio files: decoding, encoding, folders of recordings and the built-in demo sounds.

pub mod clip;
pub mod decode;
pub mod demo;
pub mod encode;
pub(crate) mod file_memo;
pub mod flag;
pub mod folder;
pub mod format;
pub mod growing_wav;
pub mod left_out;
pub mod piece;

//! Recordings and images as jobs read them: a folder with its list of recordings to leave out becomes a data set.

pub mod chosen;
pub mod cutting;
pub mod in_parts;
pub mod other_folders;
pub mod source;
pub mod streamed_source;
pub mod varied_source;

//! Names of files, classes and devices: as data and for display.
//!
//! A file name may contain anything but `/` and a zero byte: line feeds, terminal escapes, characters that
//! reverse the text direction, bytes that are not text. As *data* (keys, tables, JSON) a name stays
//! unchanged, and `text` encodes names that are not UTF-8. For *display* (terminal, window, page) it goes
//! through `printable`, which escapes such characters.

mod printable;
mod text;

pub use printable::{escaped, escaped_lines, file_name, is_suspect, shown};
pub use text::{Read, Written, deserialize, name_of, path_from, serialize, text_of};

//! Names of files, classes and devices: as data, and as words for a person.
//!
//! A name may hold anything but `/` and a zero byte: line feeds, terminal escapes, marks that turn text around, bytes that
//! are no text. As *data* (keys, tables, JSON) a name stays what it is, and `text` gives names that are no UTF-8 a form of
//! their own. As *words* (terminal, window, page) it goes through `printable`, which shows such characters as escapes.

mod printable;
mod text;

pub use printable::{escaped, escaped_lines, file_name, is_suspect, shown};
pub use text::{Read, Written, deserialize, name_of, path_from, serialize, text_of};

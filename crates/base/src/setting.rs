//! Settings: what the program says about each one stands once, in a table.
//!
//! [`settings!`](crate::settings) makes three things of one list: the settings themselves (a plain struct with its defaults), a struct
//! of what was chosen of them (every field an `Option`), and the table with name, flag, label, unit, limits and help. Checks of
//! values, the command line, files of settings, forms and reports read that table.

mod description;
mod limits;
mod macros;
mod misfit;
mod named;
mod table;
mod unit;
mod value;

pub use self::{
    description::{Absent, Setting},
    limits::{End, Limits, number_words},
    misfit::{Expected, Misfit},
    named::{Name, Named},
    table::{Choices, Difference, Row, Settings, default_words},
    unit::Unit,
    value::{NONE, SettingValue, is_unwritten, write},
};

#[cfg(test)]
mod tests;

//! The command line as scripts use it: every verb, its files, its exit codes, its JSON.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

mod arguments;
mod compare_loading;
mod demo;
mod doctor;
mod flat_model;
mod model;
mod parity;
mod preprocess;
mod rates;
mod stages;
mod workplace;

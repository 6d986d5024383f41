//! The command line as scripts use it: every verb, its files, its exit codes, its JSON.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

mod arguments;
mod compare_loading;
mod demo;
mod doctor;
mod exclude;
mod explore;
mod flat_model;
mod keras;
mod limits;
mod model;
mod names;
mod outputs;
mod parity;
mod pieces;
mod preprocess;
mod preprocessed;
mod rates;
mod runs;
mod stages;
mod workplace;

//! The program on damaged files of every format that it reads: it may refuse them, and it may do nothing worse.
//!
//! Real processes under 4 GB of address space and 20 seconds each; no panic, no abort, no hang, no NaN in what is written.
//! Sounds and images are damaged a hundred in a folder, which one process reads; where that process fails, the folder is
//! halved until the file is found. Every input has a number, which alone decides its damage. The suite runs 2,000;
//! `scripts/fuzz.sh N` runs as many as one likes on the release build and keeps what fails.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]
#![expect(clippy::print_stdout, reason = "the counts are read in the output")]

#[path = "fuzz/campaign.rs"]
mod campaign;
#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "fuzz/process.rs"]
mod process;
#[path = "fuzz/seeds.rs"]
mod seeds;
#[path = "fuzz/trial.rs"]
mod trial;

use std::{
    env,
    path::{Path, PathBuf},
    time::Instant,
};

use campaign::Tally;
use seeds::Seeds;

/// Where failing inputs are kept, unless `TIMBRESPACE_FUZZ_FAILURES` names another folder.
fn failures() -> PathBuf {
    env::var_os("TIMBRESPACE_FUZZ_FAILURES")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz-failures"), PathBuf::from)
}

fn number(variable: &str, default: u64) -> u64 {
    env::var(variable).map_or(default, |text| text.parse().unwrap())
}

/// Runs a campaign, prints its counts and fails if there was any fault.
fn check(program: &Path, more_sounds: Option<&Path>, first: u64, inputs: u64) {
    let start = Instant::now();
    let seeds = Seeds::new(program, more_sounds);
    let failures = failures();
    let Tally { inputs, faults } = campaign::run(program, &seeds, first, inputs, &failures);
    println!("{inputs:?} in {:.0} s: {faults:?}", start.elapsed().as_secs_f64());
    assert!(faults.is_empty(), "{faults:?}: see the files called `command` below {}", failures.display());
}

#[test]
fn two_thousand_damaged_files_are_read_or_refused() {
    check(Path::new(env!("CARGO_BIN_EXE_timbrespace")), None, 0, 2000);
}

#[test]
#[ignore = "runs as long as one likes: scripts/fuzz.sh N"]
fn damaged_files_by_the_number_are_read_or_refused() {
    let program = PathBuf::from(env::var_os("TIMBRESPACE_BIN").unwrap());
    let more = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/field/sounds");
    let more = more.is_dir().then_some(more);
    let (first, inputs) = (number("TIMBRESPACE_FUZZ_FIRST", 0), number("TIMBRESPACE_FUZZ_INPUTS", 2000));
    check(&program, more.as_deref(), first, inputs);
}

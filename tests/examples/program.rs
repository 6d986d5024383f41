//! The programs of the examples.

use std::{env, path::PathBuf};

/// An example's program, which cargo builds beside the tests of the workspace.
pub fn example(name: &str) -> PathBuf {
    let tests = env::current_exe().unwrap();
    let folder = tests.ancestors().find(|folder| folder.join("examples").is_dir()).unwrap();
    let program = folder.join("examples").join(name).with_extension(env::consts::EXE_EXTENSION);
    assert!(program.is_file(), "{} is missing: run `cargo test --workspace`", program.display());
    program
}

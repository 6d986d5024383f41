//! Finds out which tests can run here, and from which commit a release is built.
//!
//! Tests of the shared vectors, of the packages and those that call Python are ignored, by name, where what they need is absent.
//!
//! A test that needs one of them says `#[cfg_attr(not(has_shared), ignore = "needs ../shared/reference")]`; likewise
//! `has_numpy`, `has_librosa`, `has_appstreamcli`, `has_desktop_file_validate` and `has_at_spi`. `TIMBRESPACE_SHARED=none` leaves the shared
//! vectors out where they are.
//!
//! `TIMBRESPACE_VERSION` is what `--version` says. It names the commit only in release builds: whatever names it is compiled again
//! after every commit, which would cost a developer minutes each time. `TIMBRESPACE_COMMIT` replaces what git says, for builds
//! from an archive.

#[path = "build/version.rs"]
mod version;

use std::{env, path::Path, process::Command};

/// A file that every copy of the shared vectors has.
const SHARED: &str = "../shared/reference/generate.py";

/// Reads a window as a screen reader does; it says itself what it needs.
const READER: &str = "scripts/read-window.py";

fn main() {
    println!(
        "cargo::rustc-check-cfg=cfg(has_shared, has_numpy, has_librosa, has_appstreamcli, has_desktop_file_validate, has_at_spi)"
    );
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build/version.rs");
    version::tell();
    println!("cargo::rerun-if-env-changed=TIMBRESPACE_SHARED");
    println!("cargo::rerun-if-env-changed=TIMBRESPACE_PYTHON");
    let is_left_out = env::var("TIMBRESPACE_SHARED").is_ok_and(|choice| choice == "none");
    if !is_left_out && Path::new(SHARED).is_file() {
        // Named only where it exists: a missing file would run this script, and compile the crate, at every build.
        println!("cargo::rerun-if-changed={SHARED}");
        println!("cargo::rustc-cfg=has_shared");
    }
    let python = env::var("TIMBRESPACE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    for (module, cfg) in [("numpy", "has_numpy"), ("librosa", "has_librosa")] {
        // Finds the module without loading it, which takes seconds for librosa.
        let script =
            format!("import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)");
        if Command::new(&python).args(["-c", &script]).output().is_ok_and(|output| output.status.success()) {
            println!("cargo::rustc-cfg={cfg}");
        }
    }
    println!("cargo::rerun-if-changed={READER}");
    if Command::new(READER).arg("--check").output().is_ok_and(|output| output.status.success()) {
        println!("cargo::rustc-cfg=has_at_spi");
    }
    for (program, cfg) in
        [("appstreamcli", "has_appstreamcli"), ("desktop-file-validate", "has_desktop_file_validate")]
    {
        if Command::new(program).arg("--help").output().is_ok_and(|output| output.status.success()) {
            println!("cargo::rustc-cfg={cfg}");
        }
    }
}

//! A Python for the tests that need one.

use std::process::Command;

/// A Python that can import `module`: `TIMBRESPACE_PYTHON`, or the one on the path.
pub fn python_with(module: &str) -> Option<String> {
    let name = std::env::var("TIMBRESPACE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let found = Command::new(&name).args(["-c", &format!("import {module}")]).output();
    found.is_ok_and(|output| output.status.success()).then_some(name)
}

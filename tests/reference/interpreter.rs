//! The Python for the tests that need one.

/// The Python that `build.rs` looked into: `TIMBRESPACE_PYTHON`, or `python3`. Tests that need a module which it lacks are
/// ignored.
pub fn python() -> String {
    std::env::var("TIMBRESPACE_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

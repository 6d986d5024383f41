//! Opens a folder in the system's file browser.

use std::{path::PathBuf, process::Command, thread};

use crate::names::shown;

/// The program that opens folders on this system.
const OPENER: &str = if cfg!(target_os = "macos") {
    "open"
} else if cfg!(target_os = "windows") {
    "explorer"
} else {
    "xdg-open"
};

/// Opens `folder` without waiting for the file browser; failures are logged.
pub fn folder(folder: PathBuf) {
    let spawned = thread::Builder::new().name("reveal".to_owned()).spawn(move || {
        if let Err(error) = Command::new(OPENER).arg(&folder).status() {
            log::warn!("{}: {OPENER} could not open it: {error}", shown(&folder));
        }
    });
    if let Err(error) = spawned {
        log::warn!("could not start a thread to open a folder: {error}");
    }
}

//! Description of a lock's holder, stored in the lock file.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use crate::{clock, processes};

/// Holder of a lock, as described in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Process number; 0 if unknown.
    pub process: u32,
    /// Name of the computer.
    pub host: String,
    /// Date at which the lock was taken.
    pub since: String,
    /// Purpose, such as `train`.
    pub work: String,
}

impl Holder {
    /// Describes this process.
    pub(super) fn own(work: &str) -> Self {
        Self {
            process: std::process::id(),
            host: processes::host(),
            since: clock::date(clock::now()),
            work: work.to_owned(),
        }
    }

    /// Reads the description of the lock at `path`.
    pub(super) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(description_of(path)).unwrap_or_default();
        let value = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default().trim().to_owned()
        };
        Self {
            process: value("process ").parse().unwrap_or(0),
            host: value("host "),
            since: value("since "),
            work: value("work "),
        }
    }

    /// Content of the file.
    pub(super) fn text(&self) -> String {
        let Self { process, host, since, work } = self;
        format!("process {process}\nhost {host}\nsince {since}\nwork {work}\n")
    }

    pub(super) fn is_known(&self) -> bool {
        self.process != 0
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_known() {
            return f.write_str("another process");
        }
        let Self { process, host, since, work } = self;
        write!(f, "process {process} on host {host} ({work}, since {since})")
    }
}

/// Path of the description: the lock file, or a second file on Windows, where a locked file cannot be read.
pub(super) fn description_of(path: &Path) -> PathBuf {
    if cfg!(windows) { path.with_extension("lock.txt") } else { path.to_owned() }
}

//! What a run was computed on.

use std::fs;

use serde::{Deserialize, Serialize};

/// A computer, in the words that a reader of a report wants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Machine {
    /// The processor's name; empty where the system does not tell.
    pub processor: String,
    /// Cores, as the system counts them.
    pub cores: usize,
    /// Main memory in bytes; 0 where the system does not tell.
    pub memory_bytes: u64,
    /// Operating system and architecture.
    pub system: String,
}

impl Machine {
    /// This computer.
    pub fn here() -> Self {
        let release = value_of("/etc/os-release", "PRETTY_NAME", '=');
        let name =
            release.map_or_else(|| std::env::consts::OS.to_owned(), |name| name.trim_matches('"').to_owned());
        let memory = value_of("/proc/meminfo", "MemTotal", ':');
        let kibibytes: Option<u64> =
            memory.and_then(|value| value.split_whitespace().next().and_then(|number| number.parse().ok()));
        Self {
            processor: value_of("/proc/cpuinfo", "model name", ':').unwrap_or_default(),
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            memory_bytes: kibibytes.unwrap_or(0) * 1024,
            system: format!("{name}, {}", std::env::consts::ARCH),
        }
    }

    /// In one line.
    pub fn words(&self) -> String {
        let processor = if self.processor.is_empty() { "unknown processor" } else { &self.processor };
        let memory = if self.memory_bytes == 0 {
            String::new()
        } else {
            format!(", {:.0} GiB of memory", self.memory_bytes as f64 / f64::from(1 << 30))
        };
        let plural = if self.cores == 1 { "" } else { "s" };
        format!("{processor}, {} core{plural}{memory}, {}", self.cores, self.system)
    }
}

/// The first value called `name` in a file of the system.
fn value_of(file: &str, name: &str, separator: char) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let mut pairs = text.lines().filter_map(|line| line.split_once(separator));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_told_in_one_line() {
        let machine = Machine {
            processor: "Fast 3000".to_owned(),
            cores: 2,
            memory_bytes: 8 << 30,
            system: "Linux, x86_64".to_owned(),
        };
        assert_eq!(machine.words(), "Fast 3000, 2 cores, 8 GiB of memory, Linux, x86_64");
        let here = Machine::here();
        assert!(here.cores >= 1 && here.system.contains(std::env::consts::ARCH));
    }
}

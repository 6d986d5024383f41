//! What a run was computed on.

use serde::{Deserialize, Serialize};
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, System};

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
        let mut system = System::new();
        system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
        system.refresh_cpu_list(CpuRefreshKind::nothing());
        let name = [System::name(), System::os_version()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = if name.is_empty() { std::env::consts::OS.to_owned() } else { name };
        Self {
            processor: system.cpus().first().map_or_else(String::new, |cpu| cpu.brand().trim().to_owned()),
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            memory_bytes: system.total_memory(),
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
        assert!(here.memory_bytes > 0, "{here:?}");
    }
}

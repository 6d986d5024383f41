//! Identity of processes, and the memory and reads of this one. Numbers are reused, so number, start time and host together identify a process.

use serde::{Deserialize, Serialize};
use sysinfo::{MemoryRefreshKind, Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System};

/// Tolerance of start times, which are derived from the time since boot and shift when the clock is adjusted.
const TOLERANCE_SECS: u64 = 2;

/// A process on some computer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessId {
    /// Process number of the system.
    pub number: u32,
    /// Start time in seconds since 1970; `None` if unknown.
    pub started: Option<u64>,
    /// Name of the computer; empty if it has none.
    pub host: String,
}

impl ProcessId {
    /// This process.
    pub fn own() -> Self {
        let number = std::process::id();
        Self { number, started: started(number), host: host() }
    }

    /// Whether it belongs to this computer.
    pub fn is_here(&self) -> bool {
        self.host == host()
    }

    /// Whether it belongs to this computer and is still running.
    pub fn is_alive(&self) -> bool {
        self.is_here()
            && match (self.started, started(self.number)) {
                (_, None) => self.number == std::process::id(),
                (Some(then), Some(now)) => then.abs_diff(now) <= TOLERANCE_SECS,
                (None, Some(_)) => true,
            }
    }
}

/// Name of this computer; empty if it has none.
pub fn host() -> String {
    System::host_name().unwrap_or_default()
}

/// Resident memory of this process in bytes; `None` if unknown.
pub fn resident_bytes() -> Option<u64> {
    let memory = ProcessRefreshKind::nothing().with_memory();
    read(std::process::id(), memory, Process::memory).filter(|bytes| *bytes > 0)
}

/// Bytes that this process has read from storage so far, reads from the page cache not counted; `None` if unknown, as on Windows,
/// which counts both as one.
pub fn storage_bytes() -> Option<u64> {
    if cfg!(windows) {
        return None;
    }
    let disk = ProcessRefreshKind::nothing().with_disk_usage();
    read(std::process::id(), disk, |process| process.disk_usage().total_read_bytes)
}

/// Memory in bytes that processes can still get; `None` if unknown.
pub fn available_bytes() -> Option<u64> {
    let mut system = System::new();
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
    Some(system.available_memory()).filter(|bytes| *bytes > 0)
}

/// Start time of the process `number` in seconds since 1970; `None` if it does not exist.
fn started(number: u32) -> Option<u64> {
    read(number, ProcessRefreshKind::nothing(), Process::start_time)
}

/// A fact about the process `number`; `None` if it does not exist.
fn read<T>(number: u32, kind: ProcessRefreshKind, fact: impl Fn(&Process) -> T) -> Option<T> {
    let pid = Pid::from_u32(number);
    let mut system = System::new();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, kind.without_tasks());
    system.process(pid).map(fact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_known_by_number_start_and_host() {
        let own = ProcessId::own();
        assert!(own.is_alive() && own.started.is_some() && !own.host.is_empty(), "{own:?}");
        let reused = ProcessId { started: own.started.map(|time| time - 60), ..own.clone() };
        assert!(!reused.is_alive(), "the number of a process that has ended was given again");
        let elsewhere = ProcessId { host: "elsewhere".to_owned(), ..own.clone() };
        assert!(!elsewhere.is_here() && !elsewhere.is_alive());
        assert!(!ProcessId { number: u32::MAX - 1, ..own }.is_alive());
    }

    #[test]
    fn memory_that_is_touched_is_counted() {
        const SIZE: usize = 64 << 20;
        let before = resident_bytes().unwrap();
        let block = std::hint::black_box(vec![1_u8; SIZE]);
        let after = resident_bytes().unwrap();
        assert!(
            after >= before + SIZE as u64 / 2,
            "{before} bytes before {} more, then {after}",
            block.len()
        );
        assert!(available_bytes().unwrap() > 0);
    }

    #[test]
    fn a_process_that_has_ended_is_gone() {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .arg("--list")
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let known = ProcessId { number: child.id(), started: started(child.id()), host: host() };
        child.wait().unwrap();
        assert!(!known.is_alive());
    }
}

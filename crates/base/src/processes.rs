//! Which process is which: numbers are reused, so a process is known by its number, its start and its host.

use serde::{Deserialize, Serialize};
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// Start times are worked out from the time since the machine started, which a clock that is set right shifts a little.
const TOLERANCE_SECS: u64 = 2;

/// A process on some computer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessId {
    /// Its number, as the system counts them.
    pub number: u32,
    /// When it was started, in seconds since 1970; `None` where the system does not say.
    pub started: Option<u64>,
    /// The computer's name; empty where it has none.
    pub host: String,
}

impl ProcessId {
    /// This process.
    pub fn own() -> Self {
        let number = std::process::id();
        Self { number, started: started(number), host: host() }
    }

    /// Whether it is of this computer.
    pub fn is_here(&self) -> bool {
        self.host == host()
    }

    /// Whether it is of this computer and still there.
    pub fn is_alive(&self) -> bool {
        self.is_here()
            && match (self.started, started(self.number)) {
                (_, None) => self.number == std::process::id(),
                (Some(then), Some(now)) => then.abs_diff(now) <= TOLERANCE_SECS,
                (None, Some(_)) => true,
            }
    }
}

/// This computer's name; empty where it has none.
pub fn host() -> String {
    System::host_name().unwrap_or_default()
}

/// When the process `number` was started, in seconds since 1970; `None` where there is none.
fn started(number: u32) -> Option<u64> {
    let pid = Pid::from_u32(number);
    let mut system = System::new();
    system.refresh_processes_specifics(
        ProcessesToUpdate::Some(&[pid]),
        true,
        ProcessRefreshKind::nothing().without_tasks(),
    );
    system.process(pid).map(sysinfo::Process::start_time)
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

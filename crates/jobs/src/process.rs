//! What the system tells about this process: memory in use, and bytes that really came from storage.

/// Bytes of memory that the process has in use (resident), or `None` where the system does not tell.
pub fn resident_bytes() -> Option<u64> {
    let kilobytes = field("/proc/self/status", "VmRSS:")?;
    Some(kilobytes * 1024)
}

/// Bytes that the process has had fetched from storage so far, as opposed to from the page cache; `None` where the system
/// does not tell.
pub(super) fn storage_bytes() -> Option<u64> {
    field("/proc/self/io", "read_bytes:")
}

/// The number behind `name` in a file of Linux's; elsewhere there is no such file.
fn field(file: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;

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
    }

    #[test]
    fn a_name_that_is_not_there_is_none() {
        assert_eq!(field("/proc/self/status", "NoSuchField:"), None);
        assert_eq!(field("/no/such/file", "x"), None);
    }
}

//! Threads that give way to the window.

use thread_priority::{ThreadPriority, set_current_thread_priority};

/// Part of the highest priority, in percent: on Linux a nice value of 10.
const BACKGROUND: u8 = 25;

/// Lowers the calling thread's priority; on Linux, threads that it starts inherit that. Where the system refuses, the
/// work goes on as it is.
pub(super) fn give_way() {
    let lowered = BACKGROUND.try_into().map(ThreadPriority::Crossplatform).map(set_current_thread_priority);
    match lowered {
        Ok(Ok(())) => {}
        refused => log::info!("the thread keeps its priority: {refused:?}"),
    }
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;

    /// The nice value of the calling thread, field 19 of its `stat`.
    fn nice() -> i32 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        let after_name = stat.rsplit_once(") ").unwrap().1;
        after_name.split(' ').nth(16).unwrap().parse().unwrap()
    }

    #[test]
    fn threads_started_by_a_thread_that_gives_way_give_way_too() {
        let before = nice();
        let thread = std::thread::Builder::new();
        let child = thread.spawn(|| {
            give_way();
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
            (nice(), pool.install(nice))
        });
        let (own, inherited) = child.unwrap().join().unwrap();
        assert!(own >= before.max(5), "nice {own}, {before} before");
        assert_eq!(own, inherited);
        assert_eq!(nice(), before);
    }
}

//! Low priority for background threads, so that the window stays responsive.

/// The nice value of a background thread on Linux, of 19 at most.
#[cfg(target_os = "linux")]
const BACKGROUND: i32 = 10;

/// Part of the highest priority, in percent, elsewhere.
#[cfg(not(target_os = "linux"))]
const BACKGROUND: u8 = 25;

/// Lowers the calling thread's priority; threads that it starts inherit that. A thread that has less already, as under
/// `nice -n 15`, keeps it: to set the value would raise it where the user may (root in a container) and fail elsewhere. Where
/// the system refuses, the work goes on as it is.
#[cfg(target_os = "linux")]
pub(super) fn lower_priority() {
    use rustix::process::{getpriority_process, setpriority_process};
    // Linux keeps a nice value for each thread; "no process" is the calling thread.
    let lowered = getpriority_process(None)
        .and_then(|nice| if nice < BACKGROUND { setpriority_process(None, BACKGROUND) } else { Ok(()) });
    if let Err(error) = lowered {
        log::info!("the thread keeps its priority: {error}");
    }
}

/// Lowers the calling thread's priority. Where the system refuses, the work goes on as it is.
#[cfg(not(target_os = "linux"))]
pub(super) fn lower_priority() {
    use thread_priority::{ThreadPriority, set_current_thread_priority};
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

    fn in_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
        std::thread::Builder::new().spawn(work).unwrap().join().unwrap()
    }

    #[test]
    fn threads_started_by_a_thread_that_gives_way_give_way_too() {
        let before = nice();
        let (own, inherited) = in_a_thread(|| {
            lower_priority();
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
            (nice(), pool.install(nice))
        });
        assert_eq!((own, inherited), (before.max(BACKGROUND), before.max(BACKGROUND)));
        assert_eq!(nice(), before, "the thread that started them keeps its own");
    }

    #[test]
    fn a_thread_of_still_lower_priority_is_not_raised() {
        let low = in_a_thread(|| {
            rustix::process::setpriority_process(None, 19).unwrap();
            lower_priority();
            nice()
        });
        assert_eq!(low, 19);
    }
}

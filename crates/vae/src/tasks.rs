//! Loops whose items are shared out over the threads of the current pool.
//!
//! All parallel work of a training step goes through these functions, so that its tasks can be timed where the crate is built with
//! the feature `spans`: see `examples/scaling.rs`. Without the feature nothing is measured.

use rayon::prelude::*;

#[cfg(feature = "spans")]
use crate::spans;

/// Threads that a loop is shared out over.
pub(crate) fn threads() -> usize {
    let all = rayon::current_num_threads();
    #[cfg(feature = "spans")]
    let all = spans::threads().unwrap_or(all);
    all
}

/// Runs `work` on every item, each a task.
pub(crate) fn share<I: ParallelIterator>(items: I, work: impl Fn(I::Item) + Send + Sync) {
    #[cfg(feature = "spans")]
    spans::shared(|| items.for_each(|item| spans::task(|| work(item))));
    #[cfg(not(feature = "spans"))]
    items.for_each(work);
}

/// As [`share`], until a task fails.
///
/// # Errors
/// That of one of the tasks.
pub(crate) fn try_share<I: ParallelIterator, E: Send>(
    items: I,
    work: impl Fn(I::Item) -> Result<(), E> + Send + Sync,
) -> Result<(), E> {
    #[cfg(feature = "spans")]
    return spans::shared(|| items.try_for_each(|item| spans::task(|| work(item))));
    #[cfg(not(feature = "spans"))]
    items.try_for_each(work)
}

/// As [`share`], with the results in the order of the items.
pub(crate) fn collect<I: IndexedParallelIterator, R: Send>(
    items: I,
    work: impl Fn(I::Item) -> R + Send + Sync,
) -> Vec<R> {
    #[cfg(feature = "spans")]
    return spans::shared(|| items.map(|item| spans::task(|| work(item))).collect());
    #[cfg(not(feature = "spans"))]
    items.map(work).collect()
}

/// Runs `work`, which shares itself out over all threads.
pub(crate) fn divided<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(feature = "spans")]
    return spans::divided(work);
    #[cfg(not(feature = "spans"))]
    work()
}

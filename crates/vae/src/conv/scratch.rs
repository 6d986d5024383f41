//! Buffers of each thread, lent for the time of one piece of work.

use std::cell::RefCell;

thread_local! {
    static FREE: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
}

/// Lends `work` a buffer of `len` elements that hold anything.
///
/// Calls may be nested; each depth has its buffer, so in a loop nothing is allocated after the first round.
pub(super) fn with_scratch<T>(len: usize, work: impl FnOnce(&mut [f32]) -> T) -> T {
    let mut buffer = FREE.with_borrow_mut(Vec::pop).unwrap_or_default();
    if buffer.len() < len {
        buffer.resize(len, 0.0);
    }
    let result = work(&mut buffer[..len]);
    FREE.with_borrow_mut(|free| free.push(buffer));
    result
}

/// Leaves the calling thread a buffer full of what must not be read, for tests.
#[cfg(test)]
pub(super) fn spoil(len: usize) {
    FREE.with_borrow_mut(|free| {
        *free = vec![vec![f32::NAN; len]; 4];
    });
}

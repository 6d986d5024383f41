//! Thread-local scratch buffers.

use std::cell::RefCell;

thread_local! {
    static FREE: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
}

/// Calls `work` with a buffer of `len` elements of unspecified content.
///
/// Calls may be nested. Each depth reuses its own buffer, so a loop allocates in its first iteration only.
pub(super) fn with_scratch<T>(len: usize, work: impl FnOnce(&mut [f32]) -> T) -> T {
    let mut buffer = FREE.with_borrow_mut(Vec::pop).unwrap_or_default();
    if buffer.len() < len {
        buffer.resize(len, 0.0);
    }
    let result = work(&mut buffer[..len]);
    FREE.with_borrow_mut(|free| free.push(buffer));
    result
}

/// Fills the calling thread's free buffers with NaN, so that tests notice reads of unwritten scratch memory.
#[cfg(test)]
pub(super) fn spoil(len: usize) {
    FREE.with_borrow_mut(|free| {
        *free = vec![vec![f32::NAN; len]; 4];
    });
}

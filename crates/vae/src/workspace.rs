//! Pool of large buffers, reused from step to step.
//!
//! A training step always needs the same few hundred megabytes. If they were returned to the system, the
//! kernel would clear every page again and so would we, which took a seventh of a step.

use std::{
    fmt,
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, PoisonError},
};

use rayon::prelude::*;

/// A free buffer may be this many times larger than a request.
const SLACK: usize = 2;

/// Pool of free buffers.
pub(crate) struct Workspace {
    free: Mutex<Vec<Vec<f32>>>,
    /// Largest total number of elements in free buffers.
    limit: usize,
}

impl fmt::Debug for Workspace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Workspace").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl Workspace {
    /// A pool that keeps every returned buffer, for training.
    pub fn unlimited() -> Arc<Self> {
        Self::keeping(usize::MAX)
    }

    /// A pool that keeps at most `limit` elements in free buffers.
    pub fn keeping(limit: usize) -> Arc<Self> {
        Arc::new(Self { free: Mutex::default(), limit })
    }

    /// A buffer of `len` elements with unspecified content; it returns to the pool when dropped.
    pub fn take(self: &Arc<Self>, len: usize) -> Buffer {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let fitting = free
            .iter()
            .enumerate()
            .filter(|(_, buffer)| (len..=len.saturating_mul(SLACK)).contains(&buffer.len()))
            .min_by_key(|(_, buffer)| buffer.len());
        let values = if let Some((index, _)) = fitting {
            free.swap_remove(index)
        } else {
            drop(free);
            zeros(len)
        };
        Buffer { values, len, home: Arc::clone(self) }
    }

    fn give_back(&self, values: Vec<f32>) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let kept: usize = free.iter().map(Vec::len).sum();
        if kept.saturating_add(values.len()) <= self.limit {
            free.push(values);
        }
    }
}

/// Zeros, written by all threads because the system allocates pages at the first write.
fn zeros(len: usize) -> Vec<f32> {
    let mut zeros = Vec::new();
    zeros.par_extend(rayon::iter::repeat_n(0.0, len));
    zeros
}

/// A buffer on loan from its workspace.
pub(crate) struct Buffer {
    values: Vec<f32>,
    len: usize,
    home: Arc<Workspace>,
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values[..self.len]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.values[..self.len]
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.home.give_back(std::mem::take(&mut self.values));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_used_again_where_it_is_not_far_too_large() {
        let workspace = Workspace::unlimited();
        let mut buffer = workspace.take(100);
        assert!(buffer.iter().all(|value| *value == 0.0));
        buffer.fill(7.0);
        drop(buffer);
        let again = workspace.take(60);
        assert_eq!((again.len(), again[0]), (60, 7.0));
        let other = workspace.take(60);
        assert_eq!(other[0], 0.0, "the one buffer is in use");
        drop((again, other));
        assert_eq!(workspace.take(10)[0], 0.0, "both are far too large");
    }

    #[test]
    fn no_more_is_kept_than_the_limit() {
        let workspace = Workspace::keeping(100);
        let (first, second) = (workspace.take(80), workspace.take(30));
        drop(first);
        drop(second);
        let lens = |workspace: &Workspace| -> Vec<usize> {
            workspace.free.lock().unwrap().iter().map(Vec::len).collect()
        };
        assert_eq!(lens(&workspace), [80]);
    }
}

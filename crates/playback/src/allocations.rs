//! Counts allocations per thread, to test that the audio thread does not allocate.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

/// The system allocator with a counter per thread.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

fn count() {
    // Thread-locals are destroyed when a thread ends; later deallocations are not counted.
    COUNT.try_with(|count| count.set(count.get() + 1)).ok();
}

// SAFETY: every call forwards the caller's arguments to the system allocator, so the caller's guarantees
// carry over. Counting touches a thread-local cell without a destructor, which does not allocate.
#[expect(unsafe_code, reason = "an allocator is an unsafe trait; this one only counts and passes on")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count();
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count();
        unsafe { System.realloc(pointer, layout, new_size) }
    }
}

/// Number of allocations and deallocations of this thread during `work`.
pub(crate) fn in_this_thread(work: impl FnOnce()) -> usize {
    let before = COUNT.get();
    work();
    COUNT.get() - before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn making_and_freeing_are_counted() {
        assert_eq!(in_this_thread(|| drop(std::hint::black_box(vec![1_u8; 100]))), 2);
        assert_eq!(in_this_thread(|| assert_eq!(std::hint::black_box(2) + 2, 4)), 0);
    }
}

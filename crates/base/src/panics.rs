//! Contains panics: one job fails with an error, and nothing is printed.
//!
//! Decoders of audio files panic on some damaged ones. The panic hook would print such a panic before anyone
//! can catch it, so [`caught`] installs (once) a hook that is silent inside guarded work and passes all other
//! panics on to the previous hook. `RUST_LOG=debug` shows the silenced ones.

use std::{
    cell::{Cell, RefCell},
    fmt,
    panic::{self, AssertUnwindSafe, PanicHookInfo},
    sync::Once,
};

thread_local! {
    /// Nesting depth of [`caught`] on this thread.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// Source location of this thread's last guarded panic.
    static ORIGIN: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A caught panic: message and source location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caught {
    message: String,
    origin: Option<String>,
}

impl fmt::Display for Caught {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Some(origin) => write!(f, "{} ({origin})", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// Runs `work`; a panic in it is returned and prints nothing.
///
/// After a panic, state that `work` modified may be inconsistent: discard or recreate it.
///
/// # Errors
/// When `work` panicked.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Caught> {
    install_hook();
    // Clear the location of an earlier panic that was resumed from another thread.
    ORIGIN.set(None);
    DEPTH.set(DEPTH.get() + 1);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    DEPTH.set(DEPTH.get() - 1);
    result.map_err(|payload| {
        let message = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
            (Some(text), _) => (*text).to_owned(),
            (None, Some(text)) => text.clone(),
            (None, None) => "a panic without a message".to_owned(),
        };
        Caught { message, origin: ORIGIN.take() }
    })
}

/// Whether this thread is inside [`caught`].
pub fn is_contained() -> bool {
    DEPTH.get() > 0
}

/// Installs the hook for [`caught`] in front of the current one.
fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if is_contained() {
                record_origin(info);
            } else {
                before(info);
            }
        }));
    });
}

fn record_origin(info: &PanicHookInfo<'_>) {
    log::debug!("caught: {info}");
    let origin = info.location().map(|location| {
        let file = location.file().replace('\\', "/");
        let name = file.rsplit_once("/src/").map_or(file.as_str(), |(folder, _)| {
            folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(&file)
        });
        format!("{name}:{}", location.line())
    });
    ORIGIN.set(origin);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_with_its_message_and_origin() {
        let caught = caught(|| panic!("index {} of {}", 7, 3)).map(|(): ()| ()).unwrap_err();
        assert!(caught.to_string().starts_with("index 7 of 3 ("), "{caught}");
        assert_eq!(super::caught(|| 5), Ok(5));
    }

    #[test]
    fn an_inner_guard_leaves_the_outer_one_in_force() {
        let outer = caught(|| {
            assert!(caught(|| panic!("inner")).map(|(): ()| ()).is_err());
            assert_eq!(DEPTH.get(), 1);
            panic!("outer")
        });
        assert!(outer.map(|(): ()| ()).unwrap_err().to_string().starts_with("outer"));
        assert_eq!(DEPTH.get(), 0);
    }
}

//! Events of the Windows console.
//!
//! The system ends a process as soon as its handler of a close event returns, and a few seconds later in any
//! case. tokio's handler never returns from these events, so the work has those seconds to save its state.

use std::{io, sync::atomic::Ordering, thread};

use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};

use super::stop_signal::{ENDED, Raised, StopSignal};

/// Installs handlers that write to `raised`.
///
/// # Errors
/// When a handler or thread cannot be started.
pub(super) fn install(raised: &Raised) -> io::Result<()> {
    let (mut c, mut pause) = (ctrl_c()?, ctrl_break()?);
    let (mut close, mut logoff, mut shutdown) = (ctrl_close()?, ctrl_logoff()?, ctrl_shutdown()?);
    listen(raised, StopSignal::Interrupt, async move || c.recv().await)?;
    listen(raised, StopSignal::Interrupt, async move || pause.recv().await)?;
    listen(raised, StopSignal::Terminate, async move || close.recv().await)?;
    listen(raised, StopSignal::Terminate, async move || logoff.recv().await)?;
    listen(raised, StopSignal::Terminate, async move || shutdown.recv().await)
}

/// Waits for one kind of event on a thread of its own.
fn listen(
    raised: &Raised,
    signal: StopSignal,
    mut next: impl AsyncFnMut() -> Option<()> + Send + 'static,
) -> io::Result<()> {
    let raised = raised.clone();
    thread::Builder::new().name("console".to_owned()).spawn(move || {
        while pollster::block_on(next()).is_some() {
            if raised.is_armed.load(Ordering::Relaxed) {
                signal_hook::low_level::exit(ENDED + signal.number());
            }
            raised.number.store(usize::try_from(signal.number()).unwrap_or(0), Ordering::Relaxed);
        }
    })?;
    Ok(())
}

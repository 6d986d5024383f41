//! Time passes at a session as it does in the window: by polling.

use std::{
    thread,
    time::{Duration, Instant},
};

use timbrespace::session::{Session, State};

/// Longer than anything here takes, on a busy machine too.
const LONG: Duration = Duration::from_mins(5);

/// Polls until `done`; what it waits for is named in the panic where that never comes.
#[track_caller]
pub fn wait_until(session: &mut Session, what: &str, done: impl Fn(&State) -> bool) {
    let end = Instant::now() + LONG;
    loop {
        session.poll();
        let state = session.state();
        if done(state) {
            return;
        }
        assert!(Instant::now() < end, "no {what}: {:?}, {:?}", state.training.status, state.notices);
        thread::sleep(Duration::from_millis(3));
    }
}

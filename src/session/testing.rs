//! A session for tests of its parts: without sound, a window or remembered settings.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::{Session, SessionOptions, State};

/// A session that keeps its data in `data_dir`.
pub(super) fn session(data_dir: &Path) -> Session {
    Session::new(SessionOptions::without_devices(data_dir)).unwrap()
}

/// Takes the news of `session` until `done`.
#[track_caller]
pub(super) fn wait(session: &mut Session, what: &str, done: impl Fn(&State) -> bool) {
    let end = Instant::now() + Duration::from_mins(1);
    while !done(session.state()) {
        assert!(Instant::now() < end, "no {what}: {:?}", session.state().notices);
        thread::sleep(Duration::from_millis(5));
        session.poll();
    }
}

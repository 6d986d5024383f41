//! Worker thread that converts long sounds while they play.

use std::{
    io,
    thread::{self, JoinHandle},
    time::Duration,
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::{
    prepared::Converter,
    streamed::{Feed, FeedRequest, FeedState},
};
use timbrespace_base::panics;

/// Capacity of the request queue; only the newest request is served.
const QUEUE_LEN: usize = 8;

/// Interval at which a full ring is checked, far shorter than the ring.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Feeds the newest voice; an older one fades out with what its ring still holds.
pub(super) struct Streamer {
    /// Disconnected to end the thread.
    requests: Option<Sender<FeedRequest>>,
    thread: Option<JoinHandle<()>>,
}

impl Streamer {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn spawn(converter: Converter) -> io::Result<Self> {
        let (requests, receiver) = bounded(QUEUE_LEN);
        let thread = thread::Builder::new()
            .name("streaming".to_owned())
            .spawn(move || serve(&receiver, &converter))?;
        Ok(Self { requests: Some(requests), thread: Some(thread) })
    }

    /// Switches to another voice. The thread receives requests between blocks, so this does not wait.
    pub fn feed(&self, request: FeedRequest) {
        if self.requests.as_ref().is_none_or(|requests| requests.send(request).is_err()) {
            log::error!("the thread that converts long sounds is gone");
        }
    }
}

impl Drop for Streamer {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the thread that converts long sounds ended by a panic");
        }
    }
}

fn serve(requests: &Receiver<FeedRequest>, converter: &Converter) {
    let mut feed: Option<Feed> = None;
    loop {
        let wait = match feed.as_mut().map(step) {
            Some(FeedState::HasRoom) => Some(Duration::ZERO),
            Some(FeedState::Full) => Some(POLL_INTERVAL),
            Some(FeedState::Done) | None => {
                // The signal may hold most of a gigabyte: drop it before waiting.
                feed = None;
                None
            }
        };
        let request = match wait {
            Some(wait) => requests.recv_timeout(wait),
            None => requests.recv().map_err(RecvTimeoutError::from),
        };
        match request {
            Ok(request) => feed = Some(Feed::new(request, converter)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Runs one step of the feed. A panic ends this feed, but not the thread.
fn step(feed: &mut Feed) -> FeedState {
    panics::caught(|| feed.step()).unwrap_or_else(|caught| {
        log::error!("a fault in this program ended a sound ({caught}); report it");
        FeedState::Done
    })
}

#[cfg(test)]
mod tests {
    use std::{
        sync::Arc,
        time::{Duration, Instant},
    };

    use crate::{player::Player, prepared::Prepared, test_backend::TestBackend};

    const RATE_HZ: u32 = 48_000;
    const LONGEST_WAIT: Duration = Duration::from_mins(1);

    /// One minute rising from 0 to 1, so that a sample reveals its position; at another rate than the
    /// device's.
    fn ramp() -> Arc<Vec<f32>> {
        let len = 60 * 44_100;
        Arc::new((0..len).map(|n| n as f32 / len as f32).collect())
    }

    #[test]
    fn a_player_streams_from_where_it_is_told_knows_the_place_and_stops() {
        let backend = TestBackend::new(RATE_HZ, 1);
        let device = backend.device();
        let mut player = Player::new(Box::new(backend));
        let signal = ramp();
        let prepared = player.converter().stream(signal.clone(), 44_100).part(30.0, f64::INFINITY);
        player.play_prepared(7, &prepared, false);
        assert_eq!(player.position(), Some((7, 0.0)));
        let start = Instant::now();
        while player.position().is_none_or(|(_, secs)| secs < 2.0) {
            assert!(start.elapsed() < LONGEST_WAIT);
            let block = device.pull(480);
            let (id, secs) = player.position().unwrap();
            assert_eq!(id, 7);
            if let Some(&last) = block.last().filter(|_| secs > 0.0) {
                // The last sample that was heard is the one before the position, unless the ring ran empty.
                let expected = ((30.0 + secs - 1.0 / f64::from(RATE_HZ)) / 60.0) as f32;
                assert!(last <= expected + 1e-4, "{last} {expected}");
            }
            player.poll();
        }
        assert!(device.played().iter().any(|&sample| (0.5..0.54).contains(&sample)));
        player.stop();
        device.pull(480);
        assert!(device.pull(480).iter().all(|&sample| sample == 0.0));
        assert_eq!(player.position(), None);
        drop(prepared);
        while Arc::strong_count(&signal) > 1 {
            assert!(start.elapsed() < LONGEST_WAIT, "what has been played is held");
            player.poll();
            std::thread::yield_now();
        }
    }

    #[test]
    fn the_end_is_the_end_and_a_newer_sound_takes_the_place_of_an_older_one() {
        let backend = TestBackend::new(RATE_HZ, 1);
        let device = backend.device();
        let mut player = Player::new(Box::new(backend));
        let prepared: Prepared = player.converter().stream(ramp(), 44_100);
        player.play_prepared(1, &prepared.part(0.0, 60.0), false);
        device.pull(100);
        player.play_prepared(2, &prepared.part(59.5, 60.0), false);
        let start = Instant::now();
        while let Some((id, _)) = player.position() {
            assert!(start.elapsed() < LONGEST_WAIT);
            assert_eq!(id, 2);
            device.pull(64);
            player.poll();
        }
        assert!(device.played().iter().any(|&sample| sample > 0.99));
    }
}

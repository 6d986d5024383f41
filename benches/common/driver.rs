//! A sound card's clock, without a sound card.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use timbrespace::playback::test_backend::TestDevice;

/// Frames per second.
pub const RATE_HZ: u32 = 48_000;
/// Frames that one callback asks for.
pub const BLOCK_FRAMES: usize = 256;

/// The audio thread: what a driver does, at its pace.
pub struct Driver {
    stop: Arc<AtomicBool>,
    /// Nanoseconds since the start at which a block first was not silent; 0 while silent.
    sounding_since: Arc<AtomicU64>,
    start: Instant,
}

impl Driver {
    /// Starts to pull blocks from `device`.
    pub fn new(device: TestDevice) -> Self {
        let (stop, sounding_since) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let start = Instant::now();
        let (stopped, since) = (Arc::clone(&stop), Arc::clone(&sounding_since));
        let block = Duration::from_secs_f64(BLOCK_FRAMES as f64 / f64::from(RATE_HZ));
        thread::Builder::new()
            .name("audio".to_owned())
            .spawn(move || {
                let mut due = Instant::now();
                while !stopped.load(Ordering::Relaxed) {
                    let sounds = device.pull(BLOCK_FRAMES).iter().any(|sample| *sample != 0.0);
                    if !sounds {
                        since.store(0, Ordering::Relaxed);
                    } else if since.load(Ordering::Relaxed) == 0 {
                        since.store(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
                    }
                    device.clear();
                    due += block;
                    thread::sleep(due.saturating_duration_since(Instant::now()));
                }
            })
            .unwrap();
        Self { stop, sounding_since, start }
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Since when there is sound, from the start on; `None` while there is none.
    pub fn sounding_since(&self) -> Option<Duration> {
        let nanoseconds = self.sounding_since.load(Ordering::Relaxed);
        (nanoseconds > 0).then(|| Duration::from_nanos(nanoseconds))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

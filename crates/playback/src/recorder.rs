//! Records the output to a WAV file, on a thread of its own.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::tap::Tap;
use timbrespace_signal::audio::growing_wav;

/// Interval at which the ring is emptied, far shorter than the ring.
const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// Most samples of a 24-bit WAV file, whose lengths are 32-bit numbers.
const MOST_SAMPLES: u64 = u32::MAX as u64 / 3 - (1 << 16);

/// Result of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Path of the file.
    pub path: PathBuf,
    /// Length in seconds.
    pub seconds: f64,
    /// Samples lost because the disk was too slow.
    pub lost: u64,
    /// Whether it ended because the device was lost or the file was full, rather than on request.
    pub cut_short: bool,
    /// Why the disk took no more, in words with advice.
    pub refused: Option<String>,
}

/// A recording in progress; dropping it ends it.
pub struct Recorder {
    stop: Arc<AtomicBool>,
    frames: Arc<AtomicU64>,
    rate_hz: u32,
    thread: Option<JoinHandle<()>>,
}

impl Recorder {
    /// Records from `tap` to `path` until [`Self::stop`]. Calls `ended` with the result. The file appears
    /// when it is complete.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(
        tap: Tap,
        path: PathBuf,
        ended: impl FnOnce(Result<Recorded, String>) + Send + 'static,
    ) -> io::Result<Self> {
        let (stop, frames) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let rate_hz = tap.format.sample_rate_hz;
        let (thread_stop, counted) = (Arc::clone(&stop), Arc::clone(&frames));
        tap.open();
        let thread = thread::Builder::new().name("recorder".to_owned()).spawn(move || {
            let result = record(&tap, &path, &thread_stop, &counted);
            tap.close();
            ended(result);
        })?;
        Ok(Self { stop, frames, rate_hz, thread: Some(thread) })
    }

    /// Seconds recorded so far.
    pub fn seconds(&self) -> f64 {
        self.frames.load(Ordering::Relaxed) as f64 / f64::from(self.rate_hz.max(1))
    }

    /// Requests the end of the recording; the file is complete soon after.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the recorder's thread panicked");
        }
    }
}

fn record(tap: &Tap, path: &Path, stop: &AtomicBool, frames: &AtomicU64) -> Result<Recorded, String> {
    let channels = tap.format.channels.max(1) as u64;
    let mut cut_short = false;
    let mut samples = 0_u64;
    let mut is_first = true;
    let mut more = |put: &mut dyn FnMut(f32)| {
        if !std::mem::take(&mut is_first) {
            thread::sleep(POLL_INTERVAL);
        }
        // Read before draining, so that all samples up to the stop are written.
        let stopping = stop.load(Ordering::Relaxed);
        let is_there = tap.drain(|sample| {
            put(sample);
            samples += 1;
        });
        frames.store(samples / channels, Ordering::Relaxed);
        cut_short = !stopping && (!is_there || samples >= MOST_SAMPLES);
        !stopping && !cut_short
    };
    let (rate_hz, channel_count) = (tap.format.sample_rate_hz, tap.format.channels);
    let written =
        growing_wav::write(path, rate_hz, channel_count, &mut more).map_err(|error| error.to_string())?;
    let seconds = (written.samples / channels) as f64 / f64::from(tap.format.sample_rate_hz.max(1));
    Ok(Recorded { path: path.to_owned(), seconds, lost: tap.lost(), cut_short, refused: written.cut })
}

#[cfg(test)]
mod tests {
    use crossbeam_channel::bounded;

    use super::*;
    use crate::{player::Player, test_backend::TestBackend};
    use timbrespace_signal::audio::{clip::Clip, decode};

    fn player() -> (Player, crate::test_backend::TestDevice) {
        let backend = TestBackend::new(8000, 2);
        let device = backend.device();
        (Player::new(Box::new(backend)), device)
    }

    #[test]
    fn what_is_heard_is_what_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take.wav");
        let (mut player, device) = player();
        let clip = Clip::mono((0..4000).map(|n| (n as f32 * 0.05).sin() * 0.5).collect(), 8000);
        let (sender, receiver) = bounded(1);
        let recorder =
            Recorder::start(player.tap().unwrap(), path.clone(), move |result| sender.send(result).unwrap());
        let recorder = recorder.unwrap();
        player.play(1, &clip, false);
        let heard = device.pull(5000);
        recorder.stop();
        let recorded = receiver.recv().unwrap().unwrap();
        assert_eq!((recorded.seconds, recorded.lost, recorded.cut_short), (0.625, 0, false));
        drop(recorder);
        let back = decode::decode(&path).unwrap();
        assert_eq!((back.sample_rate_hz(), back.channels().len(), back.len()), (8000, 2, 5000));
        for channel in 0..2 {
            let expected = heard.iter().skip(channel).step_by(2);
            let largest =
                timbrespace_base::differences::largest_difference(&back.channels()[channel], expected);
            assert!(largest < 1e-6, "{largest}");
        }
    }

    #[test]
    fn a_device_that_is_lost_ends_the_recording_and_keeps_what_there_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take.wav");
        let (mut player, device) = player();
        let (sender, receiver) = bounded(1);
        let recorder =
            Recorder::start(player.tap().unwrap(), path.clone(), move |result| sender.send(result).unwrap());
        let recorder = recorder.unwrap();
        player.play(1, &Clip::mono(vec![0.25; 8000], 8000), true);
        device.pull(1000);
        device.disconnect("unplugged");
        player.poll();
        let recorded = receiver.recv().unwrap().unwrap();
        assert!(recorded.cut_short);
        assert_eq!(decode::decode(&path).unwrap().len(), 1000);
        drop(recorder);
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_is_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let (player, _device) = player();
        let (sender, receiver) = bounded(1);
        let path = folder.path().join("file/take.wav");
        let recorder =
            Recorder::start(player.tap().unwrap(), path, move |result| sender.send(result).unwrap());
        let error = receiver.recv().unwrap().unwrap_err();
        assert!(error.contains("take.wav"), "{error}");
        drop(recorder);
    }
}

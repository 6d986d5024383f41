//! Passes samples from an audio thread to a recorder, through a ring that the audio thread writes without
//! waiting. Used for the output and for the microphone.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use rtrb::{Consumer, Producer, RingBuffer};

use super::stream_format::StreamFormat;

/// Capacity in samples: a few seconds of stereo, longer than any disk stalls.
const LEN: usize = 1 << 19;

/// Whether the tap is open, and the number of lost samples.
#[derive(Debug, Default)]
pub(super) struct TapState {
    open: AtomicBool,
    lost: AtomicU64,
}

/// The audio thread's end.
pub(super) struct TapWriter {
    samples: Producer<f32>,
    state: Arc<TapState>,
}

impl TapWriter {
    /// Writes a block of interleaved samples, entirely or not at all.
    pub fn write(&mut self, block: &[f32]) {
        self.write_converted(block, |sample| sample);
    }

    /// Writes a block of samples of another type, entirely or not at all; does not allocate, lock or wait.
    pub fn write_converted<T: Copy>(&mut self, block: &[T], convert: impl Fn(T) -> f32) {
        if !self.state.open.load(Ordering::Relaxed) {
            return;
        }
        if self.samples.slots() < block.len() {
            self.state.lost.fetch_add(block.len() as u64, Ordering::Relaxed);
            return;
        }
        for &sample in block {
            // Checked above; this is the only writer.
            self.samples.push(convert(sample)).ok();
        }
    }
}

/// The reader's end; clones share the ring.
#[derive(Clone)]
pub struct Tap {
    samples: Arc<Mutex<Consumer<f32>>>,
    state: Arc<TapState>,
    /// Sample rate and channels of the samples.
    pub format: StreamFormat,
}

impl Tap {
    /// Creates both ends; the format is set once the device is known.
    pub(super) fn new() -> (TapWriter, Self) {
        let (producer, consumer) = RingBuffer::new(LEN);
        let state = Arc::new(TapState::default());
        let writer = TapWriter { samples: producer, state: Arc::clone(&state) };
        let format = StreamFormat { sample_rate_hz: 0, channels: 0 };
        (writer, Self { samples: Arc::new(Mutex::new(consumer)), state, format })
    }

    /// The same ring, for a device with this format.
    pub(super) fn of(self, format: StreamFormat) -> Self {
        Self { format, ..self }
    }

    /// Starts recording samples; discards older ones.
    pub fn open(&self) {
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        while samples.pop().is_ok() {}
        self.state.lost.store(0, Ordering::Relaxed);
        self.state.open.store(true, Ordering::Relaxed);
    }

    /// Stops recording samples.
    pub fn close(&self) {
        self.state.open.store(false, Ordering::Relaxed);
    }

    /// Calls `take` with each waiting sample; returns `false` once the device is gone and the ring is empty.
    pub fn drain(&self, mut take: impl FnMut(f32)) -> bool {
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = samples.is_abandoned();
        while let Ok(sample) = samples.pop() {
            take(sample);
        }
        !gone
    }

    /// Samples lost because the ring was full.
    pub fn lost(&self) -> u64 {
        self.state.lost.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_comes_while_somebody_listens_is_kept() {
        let (mut writer, tap) = Tap::new();
        writer.write(&[0.1, 0.2]);
        tap.open();
        writer.write(&[0.3, 0.4]);
        tap.close();
        writer.write(&[0.5]);
        let mut heard = Vec::new();
        assert!(tap.drain(|sample| heard.push(sample)));
        assert_eq!(heard, [0.3, 0.4]);
        drop(writer);
        assert!(!tap.drain(|_| {}), "the device is gone");
    }

    #[test]
    fn a_block_that_finds_no_room_is_counted_and_left_out_whole() {
        let (mut writer, tap) = Tap::new();
        tap.open();
        let block = vec![0.5; LEN - 1];
        writer.write(&block);
        writer.write(&[0.1, 0.2]);
        assert_eq!(tap.lost(), 2);
        let mut count = 0;
        tap.drain(|_| count += 1);
        assert_eq!(count, LEN - 1);
    }
}

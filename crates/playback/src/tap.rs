//! Samples from an audio thread, for whoever records them: a ring that the thread fills without waiting. What comes out has one,
//! and what the microphone takes in.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use rtrb::{Consumer, Producer, RingBuffer};

use super::backend::StreamFormat;

/// Samples in the ring: some seconds of two channels, longer than any disk hesitates.
const LEN: usize = 1 << 19;

/// Whether somebody listens, and what got lost.
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
    /// Takes a block of interleaved samples, whole or not at all.
    pub fn write(&mut self, block: &[f32]) {
        self.write_converted(block, |sample| sample);
    }

    /// Takes a block of samples of another type, whole or not at all; neither allocates, locks nor waits.
    pub fn write_converted<T: Copy>(&mut self, block: &[T], convert: impl Fn(T) -> f32) {
        if !self.state.open.load(Ordering::Relaxed) {
            return;
        }
        if self.samples.slots() < block.len() {
            self.state.lost.fetch_add(block.len() as u64, Ordering::Relaxed);
            return;
        }
        for &sample in block {
            // There is room: nobody else writes.
            self.samples.push(convert(sample)).ok();
        }
    }
}

/// The listener's end; clones are the same ring.
#[derive(Clone)]
pub struct Tap {
    samples: Arc<Mutex<Consumer<f32>>>,
    state: Arc<TapState>,
    /// Rate and channels of what comes out.
    pub format: StreamFormat,
}

impl Tap {
    /// Both ends; the format is set when the device is known.
    pub(super) fn new() -> (TapWriter, Self) {
        let (producer, consumer) = RingBuffer::new(LEN);
        let state = Arc::new(TapState::default());
        let writer = TapWriter { samples: producer, state: Arc::clone(&state) };
        let format = StreamFormat { sample_rate_hz: 0, channels: 0 };
        (writer, Self { samples: Arc::new(Mutex::new(consumer)), state, format })
    }

    /// The same ring, of a device with this format.
    pub(super) fn of(self, format: StreamFormat) -> Self {
        Self { format, ..self }
    }

    /// Begins to listen; what came before is gone.
    pub fn open(&self) {
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        while samples.pop().is_ok() {}
        self.state.lost.store(0, Ordering::Relaxed);
        self.state.open.store(true, Ordering::Relaxed);
    }

    /// Listens no more.
    pub fn close(&self) {
        self.state.open.store(false, Ordering::Relaxed);
    }

    /// Hands what has come to `take`; `false` once the device is gone and nothing is left.
    pub fn drain(&self, mut take: impl FnMut(f32)) -> bool {
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = samples.is_abandoned();
        while let Ok(sample) = samples.pop() {
            take(sample);
        }
        !gone
    }

    /// Samples that found no room.
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

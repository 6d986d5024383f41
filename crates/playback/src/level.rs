//! Output level meter: peak and clipping, written by the audio thread without locks.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Level of the output since the last reading.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    /// Peak amplitude before clipping; 1 is full scale.
    pub peak: f32,
    /// Number of clipped samples.
    pub clipped: u64,
}

/// Accumulates levels from the audio thread.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// Bits of the peak amplitude: non-negative floats compare like their bits.
    peak: AtomicU32,
    clipped: AtomicU64,
}

impl Meter {
    /// Adds the level of a block; called by the audio thread.
    pub fn add(&self, level: Level) {
        self.peak.fetch_max(level.peak.to_bits(), Ordering::Relaxed);
        if level.clipped > 0 {
            self.clipped.fetch_add(level.clipped, Ordering::Relaxed);
        }
    }

    /// Level since the last call; resets the meter.
    pub fn take(&self) -> Level {
        Level {
            peak: f32::from_bits(self.peak.swap(0, Ordering::Relaxed)),
            clipped: self.clipped.swap(0, Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_peak_since_the_last_look_is_told_once() {
        let meter = Meter::default();
        for peak in [0.25, 1.5, 0.5] {
            meter.add(Level { peak, clipped: u64::from(peak > 1.0) });
        }
        assert_eq!(meter.take(), Level { peak: 1.5, clipped: 1 });
        assert_eq!(meter.take(), Level::default());
    }
}

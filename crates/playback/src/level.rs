//! How loud the output is: its peak and what had to be limited, left by the audio thread without a lock.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// What has come out since the last look.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    /// Largest amplitude, 1 at full scale; more than 1 where the sum was held at full scale.
    pub peak: f32,
    /// Samples that were held at full scale.
    pub clipped: u64,
}

/// Where the audio thread leaves levels.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// Bits of the largest amplitude: floats that are not negative are ordered as their bits are.
    peak: AtomicU32,
    clipped: AtomicU64,
}

impl Meter {
    /// Takes in a part of the output; called by the audio thread.
    pub fn add(&self, level: Level) {
        self.peak.fetch_max(level.peak.to_bits(), Ordering::Relaxed);
        if level.clipped > 0 {
            self.clipped.fetch_add(level.clipped, Ordering::Relaxed);
        }
    }

    /// What has come since the last call.
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

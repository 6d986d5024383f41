//! The sample rate of the demo sounds.

/// Sample rate of every demo sound.
pub const SAMPLE_RATE_HZ: u32 = 22_050;

pub(super) const RATE: f64 = SAMPLE_RATE_HZ as f64;

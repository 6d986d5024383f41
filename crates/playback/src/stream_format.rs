//! Sample rate and channels of a stream.

/// Sample rate and channels of an open device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamFormat {
    /// Sample rate in Hz: frames per second.
    pub sample_rate_hz: u32,
    /// Samples per frame.
    pub channels: usize,
}

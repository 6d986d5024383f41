//! Properties of a sound file, and which of them are plausible.

use std::path::Path;
use timbrespace_base::{numbers, sentence};

use super::error::DecodeError;

/// A header with more channels is considered corrupt.
const MOST_CHANNELS: usize = 64;
/// A header with a sample rate outside these limits is considered corrupt.
const SENSIBLE_RATES_HZ: std::ops::RangeInclusive<u32> = 100..=3_072_000;
/// Properties of a sound file, from its header.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClipInfo {
    /// Sample rate in Hz.
    pub sample_rate_hz: u32,
    /// Number of channels in the file.
    pub channels: usize,
    /// Duration in seconds, if the header contains it.
    pub duration_secs: Option<f64>,
}

/// Rejects implausible headers.
pub(super) fn check_header(path: &Path, sample_rate_hz: u32, channels: usize) -> Result<(), DecodeError> {
    let implausible = |what, actual: u64, expected| DecodeError::ImplausibleHeader {
        path: path.into(),
        what,
        actual,
        expected,
    };
    if !(1..=MOST_CHANNELS).contains(&channels) {
        let expected = sentence!("header-range", "{low} to {high}", low = 1, high = MOST_CHANNELS);
        return Err(implausible(sentence!("what-channels", "number of channels"), channels as u64, expected));
    }
    if !SENSIBLE_RATES_HZ.contains(&sample_rate_hz) {
        let expected = sentence!(
            "header-rates",
            "{low} to {high} Hz",
            low = numbers::count(*SENSIBLE_RATES_HZ.start() as usize),
            high = numbers::count(*SENSIBLE_RATES_HZ.end() as usize)
        );
        return Err(implausible(
            sentence!("what-sample-rate", "sample rate"),
            sample_rate_hz.into(),
            expected,
        ));
    }
    Ok(())
}

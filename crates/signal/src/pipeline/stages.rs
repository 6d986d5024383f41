//! One sound with every stage of its preprocessing kept.

use ndarray::Array2;
use rustfft::num_complex::Complex32;

pub use crate::{audio::flag::Flag, dsp::normalise::MinMax};

/// Every stage of one recording.
#[derive(Clone, Debug)]
pub struct Stages {
    /// Rate of the file, in Hz.
    pub native_rate_hz: u32,
    /// Channels of the file.
    pub native_channels: usize,
    /// Length of the whole file in seconds.
    pub native_duration_secs: f64,
    /// Rate of `signal` and `padded`, in Hz.
    pub sample_rate_hz: u32,
    /// The loaded signal: cut, mixed and resampled.
    pub signal: Vec<f32>,
    /// The signal filled to its full length.
    pub padded: Vec<f32>,
    /// Where in `padded` the signal starts; padding lies before it and after `signal_start + signal.len()`.
    pub signal_start: usize,
    /// Short-time Fourier transform, `[frame_size / 2 + 1, frames]`.
    pub stft: Array2<Complex32>,
    /// Its magnitude without the Nyquist row, `[bins, frames]`.
    pub magnitude: Array2<f32>,
    /// The feature before normalisation: log-dB `[bins, frames]`, or log-mel `[mels, frames]`.
    pub feature: Array2<f32>,
    /// The feature in the normalised range.
    pub normalised: Array2<f32>,
    /// Smallest and largest value of `feature`.
    pub min_max: MinMax,
    /// Remarks on the recording.
    pub flags: Vec<Flag>,
}

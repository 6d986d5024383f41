//! Decoded audio in memory.

/// A decoded sound: one vector of samples per channel, all of the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct Clip {
    sample_rate_hz: u32,
    channels: Vec<Vec<f32>>,
}

/// Appends the mean over `channels` to `target`, sample by sample, summing in channel order.
pub(crate) fn append_mean(target: &mut Vec<f32>, channels: &[&[f32]]) {
    let Some((first, others)) = channels.split_first() else { return };
    let start = target.len();
    target.extend_from_slice(first);
    if others.is_empty() {
        return;
    }
    let sums = target.get_mut(start..).unwrap_or_default();
    for channel in others {
        for (sum, sample) in sums.iter_mut().zip(*channel) {
            *sum += sample;
        }
    }
    for sum in sums {
        *sum /= channels.len() as f32;
    }
}

impl Clip {
    /// A mono clip.
    pub fn mono(samples: Vec<f32>, sample_rate_hz: u32) -> Self {
        Self { sample_rate_hz, channels: vec![samples] }
    }

    /// A clip of several channels; shorter channels are padded with silence.
    pub fn from_channels(mut channels: Vec<Vec<f32>>, sample_rate_hz: u32) -> Self {
        let len = channels.iter().map(Vec::len).max().unwrap_or(0);
        for channel in &mut channels {
            channel.resize(len, 0.0);
        }
        Self { sample_rate_hz, channels }
    }

    /// Sample rate in Hz.
    pub fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    /// Samples of each channel, full scale −1..1.
    pub fn channels(&self) -> &[Vec<f32>] {
        &self.channels
    }

    /// Moves the channels out of the clip.
    pub fn into_channels(self) -> Vec<Vec<f32>> {
        self.channels
    }

    /// Samples per channel.
    pub fn len(&self) -> usize {
        self.channels.first().map_or(0, Vec::len)
    }

    /// Whether the clip has no samples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Duration in seconds.
    pub fn duration_secs(&self) -> f64 {
        self.len() as f64 / f64::from(self.sample_rate_hz.max(1))
    }
}

//! A decoded sound in memory.

/// Samples of one sound, one vector a channel, all of the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct Clip {
    sample_rate_hz: u32,
    channels: Vec<Vec<f32>>,
}

/// Appends the mean of `channels` to `target`, sample by sample: the sum in the channels' order, divided by their number.
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
    /// A clip of one channel.
    pub fn mono(samples: Vec<f32>, sample_rate_hz: u32) -> Self {
        Self { sample_rate_hz, channels: vec![samples] }
    }

    /// A clip of several channels; shorter ones are filled with silence.
    pub fn from_channels(mut channels: Vec<Vec<f32>>, sample_rate_hz: u32) -> Self {
        let len = channels.iter().map(Vec::len).max().unwrap_or(0);
        for channel in &mut channels {
            channel.resize(len, 0.0);
        }
        Self { sample_rate_hz, channels }
    }

    /// Samples a second.
    pub fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    /// The channels, each a slice of samples, full scale −1..1.
    pub fn channels(&self) -> &[Vec<f32>] {
        &self.channels
    }

    /// The channels by value.
    pub fn into_channels(self) -> Vec<Vec<f32>> {
        self.channels
    }

    /// Samples a channel.
    pub fn len(&self) -> usize {
        self.channels.first().map_or(0, Vec::len)
    }

    /// Whether there is no sample at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Length in seconds.
    pub fn duration_secs(&self) -> f64 {
        self.len() as f64 / f64::from(self.sample_rate_hz.max(1))
    }
}

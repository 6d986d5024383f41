//! One way's figures.

use serde::Serialize;
use timbrespace_analysis::inspect::distribution::median;

/// What was measured of one way.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LoadingMethod {
    /// What is done, in a few words, for example `cached .npy`.
    pub name: String,
    /// Threads that did it.
    pub threads: usize,
    /// Seconds of each warm epoch.
    pub seconds_per_epoch: Vec<f64>,
    /// Their median.
    pub median_seconds: f64,
    /// The shortest.
    pub fastest_seconds: f64,
    /// Recordings a second, by the median.
    pub recordings_per_second: f64,
    /// Seconds of each cold epoch; empty where there were none.
    pub cold_seconds_per_epoch: Vec<f64>,
    /// Their median.
    pub cold_median_seconds: Option<f64>,
    /// Bytes of the files that an epoch reads.
    pub bytes_read: u64,
    /// Bytes that came from storage in a cold epoch, by the median, as the system counts them.
    pub bytes_from_storage: Option<u64>,
    /// Bytes of the images that are held at a time, computed from their sizes.
    pub held_bytes: u64,
    /// Bytes by which the process's resident memory grew while an epoch was loaded, sampled at every batch; memory that an
    /// earlier way freed is used again and does not count.
    pub memory_growth_bytes: Option<u64>,
    /// A sum over every bit of every image, as hexadecimal digits.
    pub checksum: String,
}

impl LoadingMethod {
    /// Fills in what follows from the seconds of `recordings` recordings.
    pub(super) fn sum_up(&mut self, recordings: usize) {
        self.median_seconds = median(&self.seconds_per_epoch).unwrap_or_default();
        self.fastest_seconds = self.seconds_per_epoch.iter().copied().reduce(f64::min).unwrap_or_default();
        self.recordings_per_second = recordings as f64 / self.median_seconds.max(f64::MIN_POSITIVE);
        self.cold_median_seconds = median(&self.cold_seconds_per_epoch);
    }
}

/// Whether all ways gave the same images.
pub(super) fn all_equal(ways: &[LoadingMethod]) -> bool {
    ways.windows(2).all(|pair| matches!(pair, [one, other] if one.checksum == other.checksum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_from_the_seconds() {
        let mut way = LoadingMethod { seconds_per_epoch: vec![4.0, 2.0, 3.0], ..LoadingMethod::default() };
        way.sum_up(600);
        assert_eq!((way.median_seconds, way.fastest_seconds, way.recordings_per_second), (3.0, 2.0, 200.0));
        assert_eq!(way.cold_median_seconds, None);
    }
}

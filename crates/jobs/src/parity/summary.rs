//! The comparison of a whole folder in a few figures.

use std::collections::BTreeMap;

use serde::Serialize;

use super::file::FileReport;
use timbrespace_analysis::inspect::parity::cause::Cause;

/// The levels at which agreement is counted, in the normalised range.
const CLOSE: f64 = 1e-4;
const NEAR: f64 = 1e-3;

/// The whole in a few figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Recordings with an image.
    pub compared: usize,
    /// Of these, no cell differs by more than the tolerance that was asked for.
    pub within_tolerance: usize,
    /// By more than 0.0001.
    #[serde(rename = "within_1e-4")]
    pub within_1e4: usize,
    /// By more than 0.001.
    #[serde(rename = "within_1e-3")]
    pub within_1e3: usize,
    /// Images of another size than ours.
    pub other_size: usize,
    /// Recordings or images that could not be read.
    pub unreadable: usize,
    /// The largest difference of all, where any image could be measured.
    pub largest: Option<f64>,
    /// The mean of all images' mean differences.
    pub mean: Option<f64>,
    /// The largest difference of a minimum or maximum from the pickle's, in dB (natural log for log-mel).
    pub largest_of_extremes: Option<f64>,
    /// Causes that were recognised, with the number of files, most frequent first.
    pub causes: Vec<(Cause, usize)>,
}

impl Summary {
    pub(super) fn of(files: &[FileReport], tolerance: f64) -> Self {
        let count = |is: &dyn Fn(&FileReport) -> bool| files.iter().filter(|file| is(file)).count();
        let measured: Vec<_> = files.iter().filter_map(|file| file.difference).collect();
        let extremes = files.iter().flat_map(|file| [file.min_difference, file.max_difference]).flatten();
        let mut causes: BTreeMap<String, (Cause, usize)> = BTreeMap::new();
        for cause in files.iter().filter_map(|file| file.cause) {
            causes.entry(cause.to_string()).or_insert((cause, 0)).1 += 1;
        }
        let mut causes: Vec<_> = causes.into_values().collect();
        causes.sort_by_key(|cause| std::cmp::Reverse(cause.1));
        let sum: f64 = measured.iter().map(|difference| difference.mean).sum();
        Self {
            compared: files.len(),
            within_tolerance: count(&|file| file.is_within(tolerance)),
            within_1e4: count(&|file| file.is_within(CLOSE)),
            within_1e3: count(&|file| file.is_within(NEAR)),
            other_size: count(&|file| file.error.is_none() && file.difference.is_none()),
            unreadable: count(&|file| file.error.is_some()),
            largest: measured.iter().map(|difference| difference.largest).reduce(f64::max),
            mean: (!measured.is_empty()).then(|| sum / measured.len() as f64),
            largest_of_extremes: extremes.map(f64::abs).reduce(f64::max),
            causes,
        }
    }
}

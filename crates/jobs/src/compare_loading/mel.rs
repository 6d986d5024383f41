//! The log-mel route, item by item against batches.

use std::path::PathBuf;

use serde::Serialize;

use super::{
    method::{self, LoadingMethod},
    source::{MelBatches, MelItems},
    stopwatch::Candidate,
    verdict,
};
use crate::JobError;
use timbrespace_base::setting::Misfit;
use timbrespace_signal::{
    audio::folder::FolderScan,
    pipeline::{audio_to_mel::AudioToMel, config::PreprocessingConfig, feature::LOG_MEL},
};

/// What was measured of the log-mel route.
#[derive(Clone, Debug, Serialize)]
pub struct MelReport {
    /// Item by item on one thread; in batches on one; in batches on all, where that is more than one.
    pub ways: Vec<LoadingMethod>,
    /// Whether all gave the same images bit for bit.
    pub images_equal: bool,
    /// Which won, and by which factor, in words.
    pub verdict: String,
}

impl MelReport {
    pub(super) fn new(ways: Vec<LoadingMethod>) -> Self {
        Self { images_equal: method::all_equal(&ways), verdict: verdict::items_or_batches(&ways), ways }
    }
}

/// The recordings as log-mel spectrograms: with the settings of `config` where it asks for them, else with those of the
/// log-mel route and `config`'s length; other rates are resampled, so that every folder can be measured.
pub(super) fn sounds(scan: &FolderScan, config: &PreprocessingConfig) -> Result<AudioToMel, Misfit> {
    let config = if config.feature == LOG_MEL {
        PreprocessingConfig { resample: true, ..config.clone() }
    } else {
        PreprocessingConfig {
            resample: true,
            duration: config.duration,
            channel: config.channel,
            labels: config.labels.clone(),
            ..LOG_MEL.defaults()
        }
    };
    AudioToMel::new(scan, &config)
}

/// The ways of the log-mel route.
pub(super) fn candidates<'a>(
    sounds: &'a AudioToMel,
    recordings: &'a [PathBuf],
    threads: usize,
) -> Result<Vec<Candidate<'a>>, JobError> {
    let mut candidates = vec![
        Candidate::new("item by item", 1, recordings, MelItems(sounds))?,
        Candidate::new("in batches", 1, recordings, MelBatches(sounds))?,
    ];
    if threads > 1 {
        candidates.push(Candidate::new("in batches", threads, recordings, MelBatches(sounds))?);
    }
    Ok(candidates)
}

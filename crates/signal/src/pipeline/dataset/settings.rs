//! The settings that made the images of a folder: recorded, or assumed with a remark.

use std::path::{Path, PathBuf};

use crate::pipeline::{
    config::{ClipDuration, PreprocessingConfig},
    feature::LOG_SPECTROGRAM,
    labels,
    manifest::Manifest,
};

pub(super) struct Settings {
    pub config: PreprocessingConfig,
    /// What was assumed.
    pub note: Option<String>,
}

impl Settings {
    /// The settings of the manifest. Without one: `assumed`, or what the images' size suggests where those give other bins.
    pub(super) fn of(
        manifest: Option<&Manifest>,
        assumed: &PreprocessingConfig,
        files: &[PathBuf],
        shape: (usize, usize),
    ) -> Self {
        if let Some(manifest) = manifest {
            let mut config = manifest.settings.clone();
            config.duration = config.duration_of(manifest.padded_samples);
            return Self { config, note: None };
        }
        let mut config = assumed.clone();
        let (bins, frames) = shape;
        if config.bins() != bins {
            config.feature = LOG_SPECTROGRAM;
            config.fit_rows(bins);
            config.duration = ClipDuration::Full;
        }
        config.fit_duration(frames);
        if config.labels == PreprocessingConfig::default().labels {
            let recordings: Vec<PathBuf> = files.iter().map(|file| file.with_extension("")).collect();
            config.labels = labels::guess_pattern(recordings.iter().map(|path: &PathBuf| -> &Path { path }));
        }
        let kind = config.feature.words().images;
        let note = format!(
            "there is no preprocessing.json, so how the images were made is not known: {kind} at {} Hz, frame {} and hop {} \
             are assumed. If that is wrong, sounds made from them have a wrong pitch and length: give `train` the right \
             --sample-rate, --frame-size and --hop-length",
            config.sample_rate_hz, config.frame_size, config.hop_length
        );
        Self { config, note: Some(note) }
    }
}

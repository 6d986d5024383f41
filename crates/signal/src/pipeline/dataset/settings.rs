//! The settings that made the images of a folder: recorded, or assumed with a remark.

use std::path::{Path, PathBuf};

use timbrespace_base::{sentence, sentence::Sentence, setting::Named as _};

use crate::pipeline::{
    config::{ClipDuration, PreprocessingConfig},
    feature::LOG_SPECTROGRAM,
    labels,
    manifest::Manifest,
};

pub(super) struct Settings {
    pub config: PreprocessingConfig,
    /// What was assumed.
    pub note: Option<Sentence>,
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
        let note = sentence!(
            "images-note-assumed-settings",
            "there is no preprocessing.json, so how the images were made is not known: {kind} at {rate} Hz, frame {frame} \
             and hop {hop} are assumed. If that is wrong, sounds made from them have a wrong pitch and length: train with the \
             right sample rate, frame and hop (--sample-rate, --frame-size, --hop-length)",
            kind = config.feature.words().images,
            rate = config.sample_rate_hz,
            frame = config.frame_size,
            hop = config.hop_length
        );
        let kind = format!("setting-feature-{}", config.feature.called().word);
        Self { config, note: Some(note.naming("kind", kind)) }
    }
}

//! The fields for the settings of the chosen feature alone.

use eframe::egui::Ui;

use crate::{
    app::widgets::labelled::number,
    pipeline::config::{PREPROCESSING as TABLE, PreprocessingConfig},
};

/// Draws a field for each setting that only the chosen feature reads.
pub fn show(ui: &mut Ui, config: &mut PreprocessingConfig) {
    for (name, _) in config.feature.own_settings(config) {
        match name {
            "mel_bands" => number(ui, &TABLE.mel_bands, &mut config.mel_bands),
            "mel_max_hz" => number(ui, &TABLE.mel_max_hz, &mut config.mel_max_hz),
            "log_bands" => number(ui, &TABLE.log_bands, &mut config.log_bands),
            "bands_per_octave" => number(ui, &TABLE.bands_per_octave, &mut config.bands_per_octave),
            "log_min_hz" => number(ui, &TABLE.log_min_hz, &mut config.log_min_hz),
            "top_db" => number(ui, &TABLE.top_db, &mut config.top_db),
            _ => false,
        };
    }
}

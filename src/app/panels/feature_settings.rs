//! The fields for the settings of the chosen feature alone.

use eframe::egui::Ui;

use crate::{app::widgets::labelled::number, pipeline::config::PreprocessingConfig};

/// Draws a field for each setting that only the chosen feature reads.
pub fn show(ui: &mut Ui, config: &mut PreprocessingConfig) {
    for (name, _) in config.feature.own_settings(config) {
        field(ui, name, config);
    }
}

fn field(ui: &mut Ui, name: &str, config: &mut PreprocessingConfig) {
    let nyquist_hz = (config.sample_rate_hz / 2) as f32;
    match name {
        "mel_bands" => {
            number(ui, ("Mel bands", "Rows of the log-mel image"), &mut config.mel_bands, 1..=1024, "")
        }
        "mel_max_hz" => {
            let hint = "Upper edge of the highest mel band";
            number(ui, ("Up to", hint), &mut config.mel_max_hz, 500.0..=24_000.0, " Hz")
        }
        "log_bands" => {
            let hint = "Rows of the log-frequency image; the highest must not lie above half the sample rate";
            number(ui, ("Bands", hint), &mut config.log_bands, 1..=1024, "")
        }
        "bands_per_octave" => {
            let hint = "Rows from one note to the same note an octave higher: 12 for semitones, 24 for quarter tones";
            number(ui, ("Per octave", hint), &mut config.bands_per_octave, 1..=96, "")
        }
        "log_min_hz" => {
            let hint = "Middle of the lowest row: 32.703 Hz is C1, 65.406 Hz is C2";
            number(ui, ("From", hint), &mut config.log_min_hz, 10.0..=nyquist_hz.max(10.0), " Hz")
        }
        "top_db" => {
            let hint =
                "Range kept below each file's maximum, in dB; anything quieter is raised to that floor";
            number(ui, ("Top dB", hint), &mut config.top_db, 1.0..=200.0, " dB")
        }
        _ => false,
    };
}

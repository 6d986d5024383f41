//! The preprocessing form of the stage view, and the stages that follow from it.

use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::{
    pipeline::{
        config::{ClipDuration, PreprocessingConfig},
        pieces::Cutting,
    },
    session::{
        Command, InspectionCommand, State,
        state::{FrequencyScale, StageDisplay},
    },
};

use super::{
    desk::{Desk, desk, desk_sized, desk_with, example_state},
    input::{choose, commands, set_number},
};

#[test]
fn every_stage_has_its_card() {
    let harness = desk();
    for title in ["1  Loaded", "2  Padded", "3  STFT magnitude", "4  Log magnitude", "5  Normalised"] {
        assert!(harness.query_all_by_label(title).count() > 0, "{title}");
    }
    harness.get_by_label_contains("Preprocessing: log spectrogram, image 256 × 64, 22.05 kHz, 0.74 s");
}

#[test]
fn a_valid_setting_is_applied_and_an_invalid_one_is_explained() {
    let mut harness = desk();
    harness.get_by_label_contains("Preprocessing: log spectrogram").click();
    harness.run_ok();
    set_number(&mut harness, "Hop", "128");
    let expected = PreprocessingConfig { hop_length: 128, ..PreprocessingConfig::default() };
    assert_eq!(commands(&mut harness), [Command::Inspection(InspectionCommand::SetPreprocessing(expected))]);
    set_number(&mut harness, "Lowest", "2");
    assert_eq!(commands(&mut harness), []);
    harness.get_by_label_contains("The pictures keep the last valid setting");
}

#[test]
fn thousands_of_a_field_are_apart_and_are_taken_either_way() {
    let mut harness = desk();
    harness.get_by_label_contains("Preprocessing: log spectrogram").click();
    harness.run_ok();
    let painted = |harness: &Harness<'_, Desk>, words: &str| {
        harness.output().shapes.iter().any(|shape| match &shape.shape {
            eframe::egui::Shape::Text(text) => text.galley.text() == words,
            _ => false,
        })
    };
    assert!(painted(&harness, "22,050"), "the sample rate as it is shown");
    for typed in ["16000", "16,000", "16 000"] {
        set_number(&mut harness, "Sample rate", typed);
        let expected = PreprocessingConfig { sample_rate_hz: 16_000, ..PreprocessingConfig::default() };
        assert_eq!(
            commands(&mut harness),
            [Command::Inspection(InspectionCommand::SetPreprocessing(expected))],
            "{typed}"
        );
    }
}

#[test]
fn log_mel_is_one_choice_and_other_rates_another() {
    let mut harness = desk();
    harness.get_by_label_contains("Preprocessing: log spectrogram").click();
    harness.run_ok();
    choose(&mut harness, "Feature", "Log-mel");
    let mel = PreprocessingConfig { resample: true, ..PreprocessingConfig::log_mel() };
    let display = StageDisplay { frequency: FrequencyScale::Mel, ..StageDisplay::default() };
    let expected = [
        Command::Inspection(InspectionCommand::SetStageDisplay(display)),
        Command::Inspection(InspectionCommand::SetPreprocessing(mel.clone())),
    ];
    assert_eq!(commands(&mut harness), expected);
    harness.state_mut().state.settings.preprocessing = mel.clone();
    harness.run_ok();
    harness.get_by_label_contains("Preprocessing: log-mel, image 80 × 127, 44.1 kHz");
    choose(&mut harness, "Other rates", "Refuse");
    assert_eq!(
        commands(&mut harness),
        [Command::Inspection(InspectionCommand::SetPreprocessing(PreprocessingConfig::log_mel()))]
    );
    choose(&mut harness, "Use", "First frames");
    let frames = PreprocessingConfig { duration: ClipDuration::Frames(127), ..mel };
    assert_eq!(commands(&mut harness), [Command::Inspection(InspectionCommand::SetPreprocessing(frames))]);
}

#[test]
fn the_settings_are_copied_as_python_and_described_for_the_model() {
    let mut harness = desk();
    harness.get_by_label_contains("Preprocessing: log spectrogram").click();
    harness.run_ok();
    harness.get_by_label_contains("12 recordings need 768 KiB of memory in training");
    harness.get_by_label("Copy as librosa code").click();
    harness.step();
    let copied = harness.output().platform_output.commands.iter().find_map(|command| match command {
        eframe::egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    assert!(copied.is_some_and(|code| code.contains("librosa.stft(padded, n_fft=512, hop_length=256)")));
    harness.step();
    harness.get_by_label_contains("copied");
    assert!(harness.get_by_label("Defaults").accesskit_node().is_disabled());
}

fn log_mel_state() -> State {
    let mut state = example_state();
    let mel = PreprocessingConfig { resample: true, ..PreprocessingConfig::log_mel() };
    state.settings.preprocessing = mel.clone();
    state.inspection.config = mel;
    state
}

#[test]
fn the_mel_filters_are_drawn_where_log_mel_is_the_feature() {
    assert_eq!(desk().query_all_by_label("Mel filters").count(), 0);
    for size in [[1280.0, 800.0], [960.0, 600.0]] {
        let mut harness = desk_sized(log_mel_state(), size);
        assert!(harness.query_all_by_label("4  Log-mel").count() > 0);
        harness.get_by_label("80 bands, 0 to 8,000 Hz");
        harness.query_all_by_label("Mel filters").next().unwrap().scroll_to_me();
        harness.run_ok();
        let card = harness.query_all_by_label("Mel filters").next().unwrap().rect();
        harness.hover_at(card.center());
        harness.run_steps(20);
        assert!(harness.query_all_by_label_contains(" per kHz").count() > 0, "{size:?}");
        assert!(harness.query_by_label("80 bands, 0 to 8,000 Hz").is_none());
    }
}

#[test]
fn a_refused_rate_is_shown_with_both_values() {
    let mut state = log_mel_state();
    let words = "/sounds/x.wav: its sample rate is 8000 Hz, but the settings ask for 44100 Hz";
    state.inspection.error = Some(std::sync::Arc::new(timbrespace::jobs::JobError::Other(words.to_owned())));
    desk_with(state).get_by_label(words);
}

#[test]
fn the_preprocessing_form_stays_within_the_smallest_window() {
    let mut state = example_state();
    let config = &mut state.settings.preprocessing;
    config.pieces.at = Cutting::Silences;
    let mut harness = desk_sized(state, [960.0, 600.0]);
    harness.get_by_label_contains("Preprocessing: log spectrogram").click();
    harness.run_ok();
    for label in ["Feature", "Cut at", "Silent below", "Hop", "Pad with", "Highest", "Copy as librosa code"] {
        let rect = harness.get_all_by_label(label).last().unwrap().rect();
        assert!(rect.right() <= 960.0, "{label}: {rect:?}");
    }
    let title = harness.get_by_label_contains("Preprocessing: log spectrogram").rect();
    assert!(title.right() <= 960.0, "{title:?}");
}

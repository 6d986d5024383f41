//! The window, operated as a person does: by what can be read on it, by keys and by dragging.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]

#[path = "window/data_set.rs"]
mod data_set;
#[path = "window/data_set_compare.rs"]
mod data_set_compare;
#[path = "window/desk.rs"]
mod desk;
#[path = "window/figures.rs"]
mod figures;
#[path = "window/latent.rs"]
mod latent;
#[path = "window/left_out.rs"]
mod left_out;
#[path = "window/names.rs"]
mod names;
#[path = "window/playing.rs"]
mod playing;
#[path = "window/runs.rs"]
mod runs;
#[path = "window/screenshots.rs"]
mod screenshots;
#[path = "window/settings.rs"]
mod settings;
#[path = "window/snapshots.rs"]
mod snapshots;
#[path = "window/strip.rs"]
mod strip;
#[path = "window/training.rs"]
mod training;
#[path = "window/training_data.rs"]
mod training_data;

use std::path::PathBuf;

use desk::{Desk, desk, desk_sized, desk_with, example_state};
use eframe::egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, TouchPhase, accesskit::Role, vec2,
};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::{
    audio::folder::Skipped,
    pipeline::config::{ClipDuration, PreprocessingConfig},
    playback::player::DeviceStatus,
    session::{
        Command, InspectionCommand, LatentCommand, LibraryCommand, PlaybackCommand, State,
        space::SpaceCommand,
        state::{FrequencyScale, Notice, Severity, Source, StageDisplay, ThemeChoice, View},
        training::TrainingCommand,
    },
    vae::config::Preset,
};

fn commands(harness: &mut Harness<'_, Desk>) -> Vec<Command> {
    harness.run_ok();
    std::mem::take(&mut harness.state_mut().commands)
}

fn press(harness: &mut Harness<'_, Desk>, key: Key) -> Vec<Command> {
    harness.key_press(key);
    commands(harness)
}

fn in_view(view: View) -> State {
    let mut state = example_state();
    state.settings.view = view;
    state
}

#[test]
fn the_list_counts_recordings_and_a_click_selects_one() {
    let mut harness = desk();
    harness.get_by_label_contains("12 recordings, 3 classes");
    harness.get_by_label("bell/bell_002.wav").click();
    assert_eq!(commands(&mut harness), [Command::Library(LibraryCommand::Select(2))]);
}

#[test]
fn a_filtered_list_says_how_many_it_shows() {
    let mut state = example_state();
    state.library.search = "bell".to_owned();
    state.library.visible = vec![0, 1, 2, 3];
    let harness = desk_with(state);
    harness.get_by_label_contains("12 recordings, 4 shown");
}

#[test]
fn typing_into_the_search_field_searches_and_triggers_no_shortcut() {
    let mut harness = desk();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run_ok();
    assert!(harness.get_by_label("Search").is_focused());
    harness.event(Event::Text("m1".to_owned()));
    harness.key_press(Key::M);
    harness.key_press(Key::Num1);
    harness.key_press(Key::Space);
    let sent = commands(&mut harness);
    assert_eq!(sent, [Command::Library(LibraryCommand::Search("m1".to_owned()))]);
}

#[test]
fn the_class_pattern_can_be_edited() {
    let mut harness = desk();
    harness.get_by_label("Class from").focus();
    harness.run_ok();
    harness.event(Event::Text("{class}_{index}".to_owned()));
    assert_eq!(
        commands(&mut harness),
        [Command::Library(LibraryCommand::SetLabelPattern("{class}_{index}".to_owned()))]
    );
}

#[test]
fn files_that_cannot_be_used_are_listed_with_their_causes() {
    let mut state = example_state();
    state.library.skipped =
        vec![Skipped { path: "/sounds/broken.wav".into(), cause: "holds no sound".to_owned() }];
    let mut harness = desk_with(state);
    assert!(harness.query_by_label("holds no sound").is_none());
    harness.get_by_label("1 file cannot be used").click();
    harness.run_ok();
    harness.get_by_label("holds no sound");
}

#[test]
fn a_scan_shows_its_progress_and_can_be_cancelled() {
    let mut state = example_state();
    state.library.scanning = Some(1234);
    let mut harness = desk_with(state);
    harness.get_by_label("1,234 found so far");
    harness.get_by_label("Cancel").click();
    assert_eq!(commands(&mut harness), [Command::Library(LibraryCommand::CancelScan)]);
}

#[test]
fn an_empty_window_says_what_to_do() {
    let mut harness = desk_with(State::default());
    harness.get_by_label("No recordings yet");
    harness.get_by_label("Open a folder…");
    harness.get_by_label("Use the demo sounds").click();
    assert_eq!(commands(&mut harness), [Command::Library(LibraryCommand::OpenDemo)]);
}

#[test]
fn a_dropped_folder_is_opened() {
    let mut harness = desk();
    harness.input_mut().dropped_files.push(desk::dropped("/sounds/drums"));
    assert_eq!(
        commands(&mut harness),
        [Command::Library(LibraryCommand::Open(PathBuf::from("/sounds/drums")))]
    );
}

#[test]
fn number_keys_and_tabs_change_the_view() {
    let mut harness = desk();
    assert_eq!(press(&mut harness, Key::Num2), [Command::Show(View::DataSet)]);
    assert_eq!(press(&mut harness, Key::Num3), [Command::Show(View::Training)]);
    assert_eq!(press(&mut harness, Key::Num4), [Command::Show(View::Latent)]);
    harness.get_by_label("Training").click();
    assert_eq!(commands(&mut harness), [Command::Show(View::Training)]);
}

#[test]
fn arrows_walk_through_the_list_and_space_plays() {
    let mut harness = desk();
    assert_eq!(press(&mut harness, Key::ArrowDown), [Command::Library(LibraryCommand::MoveSelection(1))]);
    assert_eq!(press(&mut harness, Key::ArrowUp), [Command::Library(LibraryCommand::MoveSelection(-1))]);
    assert_eq!(press(&mut harness, Key::PageDown), [Command::Library(LibraryCommand::MoveSelection(10))]);
    assert_eq!(press(&mut harness, Key::Space), [Command::Playback(PlaybackCommand::TogglePlay)]);
    harness.state_mut().state.playback.playing = Some((Source::Decoded, 0.1));
    assert_eq!(press(&mut harness, Key::Space), [Command::Playback(PlaybackCommand::Stop)]);
    harness.get_by_label("Stop");
}

#[test]
fn space_still_plays_after_a_click_into_the_list() {
    let mut harness = desk();
    harness.get_by_label("bell/bell_002.wav").click();
    commands(&mut harness);
    assert_eq!(press(&mut harness, Key::Space), [Command::Playback(PlaybackCommand::TogglePlay)]);
}

#[test]
fn sound_can_be_muted_and_a_missing_card_is_explained() {
    let mut harness = desk();
    harness.get_by_label("Mute").click();
    assert_eq!(commands(&mut harness), [Command::Playback(PlaybackCommand::SetMuted(true))]);
    assert_eq!(press(&mut harness, Key::M), [Command::Playback(PlaybackCommand::SetMuted(true))]);
    harness.state_mut().state.playback.device =
        DeviceStatus::Unavailable { reason: "no sound card was found".to_owned() };
    harness.run_ok();
    harness.get_by_label_contains("No sound").hover();
    harness.run_steps(60);
    harness.get_by_label_contains("no sound card was found");
}

#[test]
fn the_theme_button_goes_round() {
    let mut harness = desk();
    harness.get_by_label("Theme: dark").click();
    assert_eq!(commands(&mut harness), [Command::SetTheme(ThemeChoice::Light)]);
    harness.state_mut().state.settings.theme = ThemeChoice::Light;
    harness.run_ok();
    harness.get_by_label("Theme: light").click();
    assert_eq!(commands(&mut harness), [Command::SetTheme(ThemeChoice::System)]);
}

#[test]
fn the_sheet_lists_shortcuts_and_escape_closes_it() {
    let mut harness = desk();
    press(&mut harness, Key::F1);
    harness.get_by_label("Keyboard and mouse");
    harness.get_by_label("Ctrl+Shift+Z  Ctrl+Y");
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("Keyboard and mouse").is_none());
}

#[test]
fn about_names_version_licence_and_tutorial_and_draws_only_the_notices_in_sight() {
    let mut harness = desk();
    press(&mut harness, Key::F1);
    harness.get_by_label("About…").click();
    harness.run_ok();
    assert!(harness.query_by_label("Keyboard and mouse").is_none());
    harness.get_by_label(&format!("Timbrespace {}", env!("CARGO_PKG_VERSION")));
    harness.get_by_label_contains("Free software under the MIT licence");
    harness.get_by_label_contains("Generating Sound with Neural Networks by Valerio Velardo");
    harness.get_by_label("Notes in Chinese: the course");
    harness.get_by_label("Timbrespace: notices of the packages that it is built from");
    // A line far below is laid out only once it is scrolled to.
    let last = include_str!("../assets/notices.txt").lines().last().unwrap();
    assert!(harness.query_by_label(last).is_none());
    harness.get_by_label("PACKAGES").hover();
    harness.run_ok();
    harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, -1e6),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    harness.run_steps(60);
    harness.get_by_label(last);
    assert!(harness.query_by_label("PACKAGES").is_none());
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("The tutorial").is_none());
}

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

/// Chooses `option` in the list called `label`.
fn choose(harness: &mut Harness<'_, Desk>, label: &str, option: &str) {
    harness.get_by_role_and_label(Role::ComboBox, label).click();
    harness.run_ok();
    harness.get_by_role_and_label(Role::Button, option).click();
    harness.run_ok();
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
        let mut harness = desk::desk_sized(log_mel_state(), size);
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
    state.inspection.error = Some(words.to_owned());
    desk_with(state).get_by_label(words);
}

#[test]
fn a_flat_model_is_one_of_the_sizes() {
    let mut harness = desk_with(in_view(View::Training));
    choose(&mut harness, "Size", "Flat");
    let mut form = State::default().settings.training;
    (form.preset, form.latent_size) = (Preset::Flat, 16);
    form.training = form.training.with_optimiser_of(Preset::Flat);
    assert_eq!(commands(&mut harness), [Command::Training(TrainingCommand::SetForm(Box::new(form.clone())))]);
    harness.state_mut().state.settings.training = form;
    harness.run_ok();
    harness.get_by_label_contains("dense layers on the flattened image");
}

/// Types a number into the field called `label`.
fn set_number(harness: &mut Harness<'_, Desk>, label: &str, value: &str) {
    harness.get_by_role_and_label(Role::SpinButton, label).click();
    harness.run_ok();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text(value.to_owned()));
    harness.key_press(Key::Enter);
    harness.run_ok();
}

#[test]
fn a_run_without_recordings_cannot_be_started() {
    let mut state = State::default();
    state.settings.view = View::Training;
    let mut harness = desk_with(state);
    assert!(harness.get_by_label("Start training").accesskit_node().is_disabled());
    harness.get_by_label("Start training").click();
    assert_eq!(commands(&mut harness), []);
}

#[test]
fn the_form_changes_one_setting_at_a_time() {
    let mut harness = desk_with(in_view(View::Training));
    set_number(&mut harness, "Epochs", "7");
    let mut form = State::default().settings.training;
    form.training.epochs = 7;
    assert_eq!(commands(&mut harness), [Command::Training(TrainingCommand::SetForm(Box::new(form)))]);
}

#[test]
fn dragging_a_slider_begins_moves_and_ends_once() {
    let mut harness = desk_with(in_view(View::Latent));
    let rail = harness.get_by_label("Latent 3").rect();
    harness.drag_at(rail.center());
    harness.run_ok();
    harness.hover_at(rail.center() + eframe::egui::vec2(40.0, 0.0));
    harness.run_ok();
    harness.drop_at(rail.center() + eframe::egui::vec2(40.0, 0.0));
    let sent = commands(&mut harness);
    assert_eq!(sent.first(), Some(&Command::Latent(LatentCommand::BeginDrag)));
    assert_eq!(sent.last(), Some(&Command::Latent(LatentCommand::EndDrag)));
    let values: Vec<f32> = sent
        .iter()
        .filter_map(|command| match command {
            Command::Latent(LatentCommand::SetAxis { axis: 3, value }) => Some(*value),
            _ => None,
        })
        .collect();
    assert!(values.last().is_some_and(|&value| value > 0.3 && value < 3.0), "{sent:?}");
    assert_eq!(sent.len(), values.len() + 2, "{sent:?}");
}

#[test]
fn a_slider_moves_by_keyboard_and_that_can_be_undone() {
    let mut harness = desk_with(in_view(View::Latent));
    harness.get_by_label("Latent 3").focus();
    harness.run_ok();
    let sent = press(&mut harness, Key::ArrowRight);
    assert!(
        matches!(
            sent[..],
            [
                Command::Latent(LatentCommand::BeginDrag),
                Command::Latent(LatentCommand::SetAxis { axis: 3, .. }),
                Command::Latent(LatentCommand::EndDrag)
            ]
        ),
        "{sent:?}"
    );
}

#[test]
fn the_latent_view_offers_its_starting_points_by_button_and_key() {
    let mut harness = desk_with(in_view(View::Latent));
    harness.get_by_label("From recording").click();
    assert_eq!(commands(&mut harness), [Command::Latent(LatentCommand::EncodeRecording(1))]);
    harness.get_by_label("Random").click();
    assert_eq!(commands(&mut harness), [Command::Space(SpaceCommand::Sample)]);
    let mut harness = desk_with(in_view(View::Latent));
    assert_eq!(press(&mut harness, Key::R), [Command::Space(SpaceCommand::Sample)]);
    assert_eq!(press(&mut harness, Key::Home), [Command::Latent(LatentCommand::ResetLatent)]);
    assert_eq!(press(&mut harness, Key::L), [Command::Latent(LatentCommand::SetLooping(true))]);
    assert_eq!(press(&mut harness, Key::Enter), [Command::Latent(LatentCommand::EncodeRecording(1))]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    assert_eq!(commands(&mut harness), [Command::Undo]);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(commands(&mut harness), [Command::Redo]);
    assert_eq!(press(&mut harness, Key::Space), [Command::Playback(PlaybackCommand::PlayDecoded)]);
}

#[test]
fn the_decoded_sound_is_described_in_words() {
    let harness = desk_with(in_view(View::Latent));
    harness.get_by_label_contains(", close");
    harness.get_by_label_contains("Vector from: bell/bell_001.wav");
    harness.get_by_label_contains("Trained on the demo sounds");
}

#[test]
fn errors_stay_until_dismissed_and_news_go_by_themselves() {
    let mut state = example_state();
    let notice = |id, severity, text: &str| Notice { id, severity, text: text.to_owned() };
    state.notices =
        vec![notice(7, Severity::Info, "Saved a.wav"), notice(8, Severity::Error, "The disk is full")];
    let mut harness = desk_with(state);
    harness.get_by_label("The disk is full");
    harness.get_by_label("Dismiss: The disk is full").click();
    assert_eq!(commands(&mut harness), [Command::DismissNotice(8)]);
    harness.run_steps(120);
    assert!(std::mem::take(&mut harness.state_mut().commands).contains(&Command::DismissNotice(7)));
}

#[test]
fn the_smallest_window_shows_every_view_without_a_nameless_control() {
    for view in [View::Stages, View::Training, View::Latent] {
        let mut state = in_view(view);
        desk::train(&mut state);
        let mut harness = desk::desk_sized(state, [960.0, 600.0]);
        harness.run_ok();
    }
}

#[test]
fn the_preprocessing_form_stays_within_the_smallest_window() {
    let mut state = example_state();
    let config = &mut state.settings.preprocessing;
    config.pieces.at = timbrespace::pipeline::pieces::Cutting::Silences;
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

#[test]
fn every_view_and_control_of_the_top_bar_is_in_sight_in_the_smallest_window() {
    let harness = desk_sized(example_state(), [960.0, 600.0]);
    let mut right = 0.0;
    for label in ["Stages", "Data set", "Training", "Latent", "Play", "Mute", "Volume"] {
        let rect = harness.get_by_label(label).rect();
        assert!(rect.right() <= 960.0 && rect.width() > 20.0, "{label}: {rect:?}");
        if ["Stages", "Data set", "Training", "Latent"].contains(&label) {
            right = rect.right();
        } else {
            assert!(rect.left() >= right, "{label} lies over the tabs: {rect:?}");
        }
    }
}

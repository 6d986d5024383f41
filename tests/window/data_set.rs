//! The overview of the data set and its doctor, operated as a person does.

use std::sync::Arc;

use eframe::egui::{Context, Id, Modifiers, accesskit::Role, containers::scroll_area, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use ndarray::Array2;
use timbrespace::{
    app::Window,
    inspect::{
        doctor::{evidence::Evidence, finding::Finding},
        thumbnail::Thumbnail,
    },
    jobs::{
        doctor,
        survey::{self, ClassImages, Entry},
    },
    language::{Language, LanguageChoice},
    pipeline::{config::PreprocessingConfig, stages::MinMax},
    session::{
        Command, LibraryCommand, State,
        data_set::{DataSetCommand, Tab, doctor::DoctorCommand, overview::OverviewCommand},
        state::View,
        task::TaskStatus,
    },
};

use super::{
    desk::{Desk, desk_sized, desk_with, desk_with_system_fonts, example_state},
    input::{commands, wheel},
};

/// Presses `label` twice in quick succession; the frames of a test are a tenth of a second long.
fn double_click(harness: &mut Harness<'_, Desk>, label: &str) -> Vec<Command> {
    harness.ctx.options_mut(|options| options.input_options.max_double_click_delay = 5.0);
    harness.get_by_label(label).click();
    harness.get_by_label(label).click();
    commands(harness)
}

fn data_set(part: Tab) -> State {
    let mut state = example_state();
    state.settings.view = View::DataSet;
    state.data_set.part = part;
    state
}

fn overview(command: OverviewCommand) -> Command {
    Command::DataSet(DataSetCommand::Overview(command))
}

fn of_doctor(command: DoctorCommand) -> Command {
    Command::DataSet(DataSetCommand::Doctor(command))
}

/// The state after a look at the twelve example recordings.
pub fn seen() -> State {
    let mut state = data_set(Tab::Overview);
    let entry = |recording: &timbrespace::jobs::scan::Recording| Entry {
        name: recording.name.clone(),
        class: recording.class.clone(),
        duration_secs: 0.5,
        level_db: Some(-20.0),
        peak_db: Some(-6.0),
        min_max: MinMax { min: -60.0, max: 20.0 },
        flags: Vec::new(),
        thumbnail: Thumbnail { width: 2, height: 2, values: vec![0, 80, 160, 255].into() },
    };
    let images = |class: Option<&str>, count| ClassImages {
        class: class.map(str::to_owned),
        count,
        mean: Array2::from_elem((256, 64), 0.25),
        spread: Array2::from_elem((256, 64), 0.125),
        mean_of_cells: 0.25,
        largest_spread: 0.125,
    };
    state.data_set.overview.report = Some(Arc::new(survey::Report {
        folder: "/sounds".into(),
        config: PreprocessingConfig::default(),
        entries: state.library.recordings.iter().map(entry).collect(),
        classes: vec![("bell".into(), 0..4), ("drum".into(), 4..8), ("vowel".into(), 8..12)],
        images: vec![
            images(None, 12),
            images(Some("bell"), 4),
            images(Some("drum"), 4),
            images(Some("vowel"), 4),
        ],
        image_shape: (256, 64),
        skipped: Vec::new(),
        seconds: 1.5,
    }));
    state.data_set.overview.status = TaskStatus::Done;
    state.data_set.overview.generation = 1;
    state
}

/// The state after an examination with these findings.
pub fn examined(findings: Vec<Finding>) -> State {
    let mut state = data_set(Tab::Doctor);
    let doctor = &mut state.data_set.doctor;
    doctor.report =
        Some(Arc::new(doctor::Report { folder: "/sounds".into(), recordings: 12, findings, seconds: 0.25 }));
    doctor.status = TaskStatus::Done;
    state
}

pub fn two_findings() -> Vec<Finding> {
    vec![
        Finding::of_one("bell/bell_002.wav", Evidence::Duplicate { of: "drum/drum_000.wav".to_owned() }),
        Finding::of_one("vowel/vowel_003.wav", Evidence::DcOffset { mean: 0.05 }),
    ]
}

#[test]
fn preprocessing_says_what_it_will_make_and_starts() {
    let mut harness = desk_with(data_set(Tab::Overview));
    harness.get_by_label_contains("12 recordings to images of 256 × 64: log spectrogram, 22.05 kHz, 0.740 s");
    harness.get_by_label("Preprocess").click();
    assert_eq!(commands(&mut harness), [overview(OverviewCommand::Start)]);
}

#[test]
fn without_recordings_there_is_nothing_to_start() {
    for (part, button) in [(Tab::Overview, "Preprocess"), (Tab::Doctor, "Examine")] {
        let mut state = State::default();
        state.settings.view = View::DataSet;
        state.data_set.part = part;
        let harness = desk_with(state);
        assert!(harness.get_by_label(button).accesskit_node().is_disabled(), "{button}");
        harness.get_by_label_contains("Open a folder of recordings first");
    }
}

#[test]
fn an_empty_folder_shows_nothing_of_the_one_before() {
    for mut state in [seen(), examined(two_findings())] {
        state.library.root = Some("/empty".into());
        state.library.recordings.clear();
        state.library.visible.clear();
        let harness = desk_with(state);
        assert!(harness.query_all_by_label_contains("The open folder has no recordings.").count() > 0);
        for earlier in ["Preprocess again", "Examine again", "12 images", "Duplicate"] {
            assert!(harness.query_by_label_contains(&format!("“{earlier}” updates")).is_none(), "{earlier}");
            assert!(harness.query_by_label_contains("12 images in").is_none());
            assert!(harness.query_by_label_contains("12 recordings examined").is_none());
        }
    }
}

#[test]
fn with_all_recordings_left_out_nothing_disabled_is_to_be_pressed() {
    for (mut state, button) in [(seen(), "Preprocess again"), (examined(two_findings()), "Examine again")] {
        let names = state.library.recordings.iter().map(|recording| recording.name.clone());
        state.library.left_out = Arc::new(names.collect());
        state.library.left_out_count = 12;
        let harness = desk_with(state);
        assert!(harness.get_by_label(button).accesskit_node().is_disabled(), "{button}");
        harness.get_by_label("All recordings are left out. These results are from before.");
        assert!(harness.query_by_label_contains("updates the results").is_none());
    }
}

#[test]
fn a_finding_about_the_folder_leaves_its_figures_the_room() {
    let rate = |file: &str| {
        Finding::of_one(file, Evidence::OtherRate { hz: 8000, settings_hz: 22_050, refused: false })
    };
    let files = (0..12).map(|number| format!("bell/bell_{number:03}.wav")).collect();
    let many = Finding { files, examined: 12, ..rate("bell/bell_000.wav") };
    let harness = desk_with(examined(vec![many]));
    let words = "8,000 Hz, resampled: the settings ask for 22,050 Hz";
    let is_whole = |shape: &eframe::egui::epaint::ClippedShape| match &shape.shape {
        eframe::egui::Shape::Text(text) => text.galley.text().contains(words) && !text.galley.elided,
        _ => false,
    };
    assert!(harness.output().shapes.iter().any(is_whole));
}

#[test]
fn work_under_way_shows_how_far_it_is_and_can_be_cancelled() {
    let mut state = seen();
    state.data_set.overview.status.advance("preprocessing", 1200, 2700);
    let mut harness = desk_with(state);
    harness.get_by_label_contains("preprocessing 1,200 of 2,700");
    assert!(harness.get_by_label("Preprocess again").accesskit_node().is_disabled());
    harness.get_by_label("Cancel").click();
    assert_eq!(commands(&mut harness), [overview(OverviewCommand::Cancel)]);
}

#[test]
fn a_click_on_a_thumbnail_selects_its_recording_and_a_double_click_opens_its_stages() {
    let mut harness = desk_with(seen());
    harness.get_by_label("Image of drum/drum_001.wav").click();
    assert_eq!(commands(&mut harness), [Command::Library(LibraryCommand::Select(5))]);
    let mut harness = desk_with(seen());
    let sent = double_click(&mut harness, "Image of drum/drum_001.wav");
    assert_eq!(sent.last(), Some(&Command::Show(View::Stages)), "{sent:?}");
}

#[test]
fn one_class_can_be_shown_alone() {
    let mut harness = desk_with(seen());
    harness.get_by_role_and_label(Role::ComboBox, "Class").click();
    harness.run_ok();
    harness.get_by_label("vowel (4)").click();
    harness.run_ok();
    harness.get_by_label("Image of vowel/vowel_000.wav");
    assert!(harness.query_by_label("Image of drum/drum_001.wav").is_none());
}

#[test]
fn means_spreads_and_distributions_have_their_cards_in_every_window() {
    for size in [[1280.0, 800.0], [960.0, 600.0]] {
        let mut harness = desk_sized(seen(), size);
        harness.get_by_label("Mean and spread").click();
        harness.run_ok();
        harness.get_by_label("12 images");
        let figures = "mean of all cells 0.250, largest spread 0.125, of the normalised range 0..1";
        assert!(harness.query_all_by_label(figures).count() > 0);
        harness.get_by_label("Distributions").click();
        harness.run_ok();
        for title in ["Duration", "Level", "Peak"] {
            assert!(harness.query_all_by_label(title).count() > 0, "{title}");
        }
        harness.get_by_label("median −20.00 dB, −20.00 to −20.00");
    }
}

#[test]
fn vertical_axes_keep_their_width_while_other_cards_are_scrolled_out_of_sight() {
    let mut harness = desk_sized(seen(), [960.0, 600.0]);
    harness.get_by_label("Distributions").click();
    harness.run_ok();
    let axis = |harness: &Harness<'_, Desk>, title: &str| {
        let card = harness.get_by_role_and_label(Role::Group, title).rect();
        harness.get_by_label(&format!("Bars: {title}")).rect().left() - card.left()
    };
    let width = axis(&harness, "Duration");
    assert!(width > 30.0, "{width}");
    harness.hover_at(harness.get_by_label("Bars: Duration").rect().center());
    wheel(&mut harness, vec2(0.0, -2000.0), Modifiers::NONE);
    let top = harness.get_by_role_and_label(Role::Group, "Duration").rect().bottom();
    let above = harness.get_by_role_and_label(Role::ComboBox, "Class").rect().bottom();
    assert!(top < above, "the first row is still in sight: {top} {above}");
    for title in ["Largest image value", "Classes"] {
        let scrolled = axis(&harness, title);
        assert!((scrolled - width).abs() < 12.0, "{title}: {scrolled} {width}");
    }
}

#[test]
fn plots_remember_their_zoom_through_a_change_of_language() {
    // Without Chinese letters the window stays English.
    let Some(mut harness) = desk_with_system_fonts(seen(), [1280.0, 800.0], 1.0) else { return };
    harness.run_ok();
    harness.get_by_label("Distributions").click();
    harness.run_ok();
    let plot = harness.get_by_label("Bars: Duration").accesskit_node().id();
    harness.state_mut().state.settings.language = LanguageChoice::Fixed(Language::Chinese);
    harness.run_ok();
    assert_eq!(harness.get_by_label("柱状图：时长").accesskit_node().id(), plot);
}

#[test]
fn names_in_a_tooltip_keep_their_hyphens_and_levels_have_minus_signs() {
    let harness = desk_with(seen());
    let image = harness.get_by_label("Image of drum/drum_001.wav");
    let facts = image.accesskit_node().description().unwrap();
    assert!(facts.contains("double-click") && facts.contains("−20.0 dB"), "{facts}");
}

#[test]
fn results_of_other_settings_or_another_folder_are_called_that() {
    let mut state = seen();
    state.settings.preprocessing.hop_length = 128;
    desk_with(state).get_by_label_contains("The preprocessing settings have changed since.");
    let mut state = seen();
    state.library.root = Some("/elsewhere".into());
    let mut harness = desk_with(state);
    harness.get_by_label_contains("These results are from another folder.");
    harness.get_by_label("Image of drum/drum_001.wav").click();
    assert_eq!(commands(&mut harness), [], "its recordings are not in the list");
}

#[test]
fn the_cause_of_a_failure_is_shown() {
    let mut state = data_set(Tab::Overview);
    state.data_set.overview.status = TaskStatus::Failed("/sounds: cannot be read".into());
    desk_with(state).get_by_label("Failed: /sounds: cannot be read");
}

#[test]
fn the_doctor_says_what_it_looks_for_and_starts() {
    let mut harness = desk_with(data_set(Tab::Doctor));
    harness.get_by_label("Duplicates");
    harness.get_by_label("Examine").click();
    assert_eq!(commands(&mut harness), [of_doctor(DoctorCommand::Start)]);
}

#[test]
fn findings_are_counted_by_check_and_listed_with_their_reason() {
    let mut harness = desk_with(examined(two_findings()));
    harness.get_by_label("12 recordings examined in 0.250 s: 2 of 10 checks found something");
    harness.get_by_label("Silent: 0");
    harness.get_by_label_contains("Copies count twice in training");
    harness.get_by_label("bell/bell_002.wav: same samples as drum/drum_000.wav");
    harness.get_by_label("DC offset: 1").click();
    harness.run_ok();
    harness.get_by_label_contains("high-pass at about 20 Hz");
    harness.get_by_label("vowel/vowel_003.wav: mean +0.0500 of full scale");
}

#[test]
fn a_finding_leads_to_its_recording() {
    let mut harness = desk_with(examined(two_findings()));
    let row = "bell/bell_002.wav: same samples as drum/drum_000.wav";
    harness.get_by_label(row).click();
    assert_eq!(commands(&mut harness), [Command::Library(LibraryCommand::Select(2))]);
    let mut harness = desk_with(examined(two_findings()));
    let sent = double_click(&mut harness, row);
    assert_eq!(sent.last(), Some(&Command::Show(View::Stages)), "{sent:?}");
}

#[test]
fn a_finding_about_most_recordings_is_one_about_the_folder() {
    let evidence = Evidence::OtherRate { hz: 8000, settings_hz: 22_050, refused: false };
    let files = (0..12).map(|index| format!("{index}.wav")).collect();
    let finding = Finding { files, examined: 12, ..Finding::of_one("bell/bell_001.wav", evidence) };
    let harness = desk_with(examined(vec![finding]));
    harness.get_by_label("Sample rate: 12");
    harness.get_by_label_contains("The folder: 12 of 12 recordings; typically 8,000 Hz, resampled");
}

#[test]
fn the_doctor_offers_to_play_only_what_can_be_read() {
    let unreadable = |file| Finding::of_one(file, Evidence::Unreadable { cause: "not a sound".into() });
    let harness = desk_with(examined(vec![unreadable("notes.wav")]));
    // The other one is in the top bar.
    assert!(harness.get_all_by_label("Play").last().unwrap().accesskit_node().is_disabled());
    let mut harness = desk_with(examined(vec![unreadable("notes.wav"), unreadable("bell/bell_002.wav")]));
    harness.get_all_by_label("Play").last().unwrap().click();
    let sent = commands(&mut harness);
    assert!(sent.contains(&Command::Library(LibraryCommand::Select(2))), "{sent:?}");
}

#[test]
fn a_healthy_folder_is_reported_as_such() {
    let harness = desk_with(examined(Vec::new()));
    harness.get_by_label("Nothing found in 12 recordings");
}

#[test]
fn a_click_on_a_bar_lists_its_recordings_and_they_can_be_left_out() {
    let mut harness = desk_sized(seen(), [1600.0, 1000.0]);
    harness.get_by_label("Distributions").click();
    harness.run_ok();
    // All durations are alike: one bar fills the plot.
    let at = harness.get_by_role_and_label(Role::Group, "Duration").rect().center();
    harness.hover_at(at);
    harness.run_ok();
    harness.drag_at(at);
    harness.drop_at(at);
    assert_eq!(commands(&mut harness), []);
    harness.get_by_label_contains("Duration: 0.5");
    harness.get_by_label("Leave these out").click();
    let sent = commands(&mut harness);
    assert!(
        matches!(&sent[..], [Command::Library(LibraryCommand::LeaveOut(names))] if names.len() == 12),
        "{sent:?}"
    );
    harness.get_by_label("Close").click();
    harness.run_ok();
    assert!(harness.query_by_label("Leave these out").is_none());
}

#[test]
fn the_chosen_check_is_in_sight_above_its_findings_in_narrow_windows() {
    let finding = Finding::of_one("vowel/vowel_003.wav", Evidence::DcOffset { mean: 0.05 });
    let harness = desk_sized(examined(vec![finding]), [700.0, 500.0]);
    let row = harness.get_by_label("DC offset: 1").rect();
    let why = harness.get_by_label_contains("A constant under the sound").rect();
    let head = harness.get_by_label("Examine again").rect();
    assert!(row.top() >= head.bottom() && row.bottom() <= why.top(), "{head:?} {row:?} {why:?}");
}

#[test]
fn lists_are_not_scrolled_after_a_new_start() {
    let (ctx, id) = (Context::default(), Id::unique("a list"));
    scroll_area::State::default().store(&ctx, id);
    assert!(scroll_area::State::load(&ctx, id).is_some());
    Window::new(&ctx);
    assert!(scroll_area::State::load(&ctx, id).is_none());
}

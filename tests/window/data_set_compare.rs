//! How fast the data set loads and how it compares with Python's, operated as a person does.

use std::sync::Arc;

use egui_kittest::kittest::{NodeT as _, Queryable as _};
use ndarray::Array2;
use timbrespace::{
    inspect::parity::{Difference, cause::Cause},
    jobs::{
        compare_loading::{self, LoadingMethod, MelReport},
        parity::{FileReport, Report, Summary, View},
    },
    pipeline::{config::PreprocessingConfig, stages::MinMax},
    session::{
        Command, LibraryCommand, State,
        data_set::{
            DataSetCommand, Tab,
            loading::{LoadingCommand, LoadingForm, LoadingTimes},
            parity::ParityCommand,
        },
        state::View as Shown,
        task::TaskStatus,
    },
};

use super::{
    desk::{desk_sized, desk_with, example_state},
    input::commands,
};

fn data_set(part: Tab) -> State {
    let mut state = example_state();
    state.settings.view = Shown::DataSet;
    state.data_set.part = part;
    state
}

fn of_loading(command: LoadingCommand) -> Command {
    Command::DataSet(DataSetCommand::Loading(command))
}

fn of_parity(command: ParityCommand) -> Command {
    Command::DataSet(DataSetCommand::Parity(command))
}

fn way(name: &str, threads: usize, seconds: f64) -> LoadingMethod {
    LoadingMethod {
        name: name.to_owned(),
        threads,
        median_seconds: seconds,
        fastest_seconds: seconds,
        recordings_per_second: 12.0 / seconds,
        cold_median_seconds: Some(2.0 * seconds),
        bytes_read: 3 << 20,
        held_bytes: 1 << 20,
        ..LoadingMethod::default()
    }
}

pub fn measured() -> State {
    let mut state = data_set(Tab::Loading);
    let report = compare_loading::Report {
        recordings: 12,
        batch_size: 4,
        epochs: 3,
        threads: 2,
        cache_seconds: 0.5,
        cache_bytes: 3 << 20,
        pays_after_epochs: Some(3),
        images_equal: true,
        cold_unavailable: None,
        ways: vec![way("cached .npy", 2, 0.0125), way("on the fly", 2, 0.25)],
        verdict: "cached .npy wins: an epoch takes 12.5 ms".to_owned(),
        mel: MelReport {
            ways: vec![way("item by item", 1, 0.4), way("in batches", 1, 0.3), way("in batches", 2, 0.2)],
            images_equal: true,
            verdict: "in batches wins".to_owned(),
        },
    };
    state.data_set.loading.measured = Some(LoadingTimes {
        root: "/sounds".into(),
        config: PreprocessingConfig::default(),
        report: Arc::new(report),
    });
    state.data_set.loading.status = TaskStatus::Done;
    state
}

/// Three compared files: one that differs, one of another size, one that agrees; the first is shown.
pub fn compared() -> State {
    let mut state = data_set(Tab::Parity);
    let difference = |largest: f64| Difference {
        largest,
        mean: largest / 100.0,
        bin: 100,
        frame: 20,
        ours: 0.25,
        theirs: 0.75,
        not_finite: 0,
    };
    let file = |name: &str| FileReport {
        recording: name.to_owned(),
        image: format!("{name}.npy"),
        our_shape: Some([256, 64]),
        their_shape: Some([256, 64]),
        our_min_max: Some(MinMax { min: -60.0, max: 20.0 }),
        ..FileReport::default()
    };
    let files = vec![
        FileReport {
            their_shape: Some([256, 63]),
            cause: Some(Cause::OneFrame { ours: 64, theirs: 63 }),
            ..file("bell/bell_000.wav")
        },
        FileReport { difference: Some(difference(0.5)), ..file("drum/drum_001.wav") },
        FileReport { difference: Some(difference(1e-6)), ..file("vowel/vowel_002.wav") },
    ];
    let summary = Summary {
        compared: 3,
        within_tolerance: 1,
        other_size: 1,
        largest: Some(0.5),
        mean: Some(0.0025),
        causes: vec![(Cause::OneFrame { ours: 64, theirs: 63 }, 1)],
        ..Summary::default()
    };
    let parity = &mut state.data_set.parity;
    parity.report = Some(Arc::new(Report {
        folder: "/sounds".into(),
        python_folder: "/python/spectrograms".into(),
        settings: PreprocessingConfig::default(),
        tolerance: 1e-4,
        summary,
        files,
        without_image: vec!["bell/bell_003.wav".into()],
        without_recording: Vec::new(),
        notes: vec!["the pickle has one nameless entry".into()],
        seconds: 0.25,
    }));
    parity.root = "/sounds".into();
    parity.python_folder = Some("/python".into());
    parity.status = TaskStatus::Done;
    parity.selected = Some(1);
    let (ours, theirs) = (Array2::from_elem((256, 64), 0.25), Array2::from_elem((256, 64), 0.75));
    let difference = Some(&ours - &theirs);
    parity.view = Some((1, Ok(Arc::new(View { ours, theirs, difference }))));
    parity.generation = 1;
    state
}

#[test]
fn loading_is_compared_at_a_press_with_the_chosen_epochs_and_batch() {
    let mut harness = desk_with(data_set(Tab::Loading));
    harness.get_by_label_contains("Saved images take disk space");
    harness.get_by_label("Epochs per method");
    harness.get_by_label("Batch size");
    assert!(harness.get_by_label("Copy as text").accesskit_node().is_disabled());
    harness.get_by_label("Compare").click();
    assert_eq!(commands(&mut harness), [of_loading(LoadingCommand::Start)]);
    assert_eq!(LoadingForm::default().epochs, 3);
}

#[test]
fn the_stage_under_way_says_what_it_counts_and_can_be_cancelled() {
    let mut state = data_set(Tab::Loading);
    state.data_set.loading.status.advance(compare_loading::WRITING, 4, 12);
    let mut harness = desk_with(state);
    harness.get_by_label_contains("writing the cache  4 of 12");
    assert!(harness.get_by_label("Compare").accesskit_node().is_disabled());
    harness.get_by_label("Cancel").click();
    assert_eq!(commands(&mut harness), [of_loading(LoadingCommand::Cancel)]);
}

#[test]
fn verdicts_figures_and_the_price_of_the_cache_are_shown_in_every_window() {
    for size in [[1280.0, 800.0], [960.0, 600.0]] {
        let harness = desk_sized(measured(), size);
        harness.get_by_label("Cached .npy wins: an epoch takes 12.5 ms.");
        harness.get_by_label_contains("Writing the cache took 0.500 s and 3 MiB of disk space.");
        harness.get_by_label("In batches wins.");
        assert!(harness.query_all_by_label("2 MiB").count() == 0);
        assert_eq!(harness.query_all_by_label("960").count(), 1, "recordings a second of 12.5 ms");
    }
}

#[test]
fn loading_times_of_other_settings_are_called_that() {
    let mut state = measured();
    state.settings.preprocessing.hop_length = 128;
    desk_with(state).get_by_label_contains("The preprocessing settings have changed since.");
}

#[test]
fn files_come_worst_first_with_figures_and_a_click_shows_the_images() {
    for size in [[1280.0, 800.0], [960.0, 600.0]] {
        let mut harness = desk_sized(compared(), size);
        harness.get_by_label("1 of 3 files agree within 0.0001");
        harness.get_by_label_contains("1 file: 63 frames instead of 64");
        harness.get_by_label("1 recording has no image: bell/bell_003.wav");
        for title in ["Ours", "Python's", "Ours minus Python's"] {
            harness.get_by_label(title);
        }
        harness.get_by_label("drum/drum_001.wav: largest difference 0.500, mean 0.00500");
        harness.get_by_label("bell/bell_000.wav: largest difference other size, mean ").click();
        assert_eq!(
            commands(&mut harness),
            [of_parity(ParityCommand::Select(0)), Command::Library(LibraryCommand::Select(0))]
        );
    }
}

#[test]
fn the_cell_under_the_pointer_is_read_from_both_images() {
    let mut harness = desk_with(compared());
    let rect = harness.get_by_label("Ours").rect();
    harness.hover_at(rect.center());
    harness.run_steps(20);
    harness.get_by_label_contains("ours 0.250000\nPython's 0.750000\ndifference −0.500");
}

#[test]
fn only_files_that_differ_can_be_listed() {
    let mut harness = desk_with(compared());
    let agreeing = "vowel/vowel_002.wav: largest difference 1.0e-6, mean 1.0e-8";
    harness.get_by_label(agreeing);
    harness.get_by_label("Only differing files").click();
    harness.run_ok();
    assert!(harness.query_by_label(agreeing).is_none());
    harness.get_by_label("2 of 3");
}

#[test]
fn images_of_two_sizes_have_no_difference_and_say_so() {
    let mut state = compared();
    let parity = &mut state.data_set.parity;
    parity.selected = Some(0);
    let (ours, theirs) = (Array2::zeros((256, 64)), Array2::zeros((256, 63)));
    parity.view = Some((0, Ok(Arc::new(View { ours, theirs, difference: None }))));
    desk_with(state).get_by_label_contains("ours has 256 bins × 64 frames, Python's 256 × 63");
}

#[test]
fn without_a_report_there_is_an_invitation_and_nothing_to_export() {
    let harness = desk_with(data_set(Tab::Parity));
    harness.get_by_label_contains("Choose the folder that the Python pipeline wrote");
    assert!(harness.get_by_label("Export CSV…").accesskit_node().is_disabled());
    assert!(harness.query_by_label("Compare again").is_none());
}

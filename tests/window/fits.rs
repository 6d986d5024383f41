//! Every view in small windows and with large text: no control or label leaves the window, lies over another, or is cut off.
//!
//! Checked on what egui laid out in the last frame: the rectangles of controls and labels with their clip rectangles, and the
//! painted texts. What scrolls may be cut along the direction of its scroll bar.

use std::{path::Path, sync::Arc, time::SystemTime};

use eframe::egui::{Event, Key, Modifiers, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};
use timbrespace::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
        folder::Skipped,
    },
    interrupt::Interrupt,
    jobs::scan::Recording,
    language::{Language, LanguageChoice, text},
    pipeline::{
        config::PreprocessingConfig,
        pieces::{Cutting, cut},
    },
    session::{
        Command, State,
        data_set::Tab as DataSetTab,
        latent::assumed_settings::AssumedSettings,
        pieces::FileInPieces,
        state::{About, Closing, FirstSteps, Notice, Pin, PinSlot, Severity, View},
        training::state::Unfinished,
    },
    setting::Named as _,
    vae::config::{Preset, VaeConfig},
};

use super::{
    data_set, data_set_compare,
    desk::{self, Desk, desk_with_pixels, desk_with_system_fonts, in_view},
    input::commands,
    latent,
    rects::{bars_below, faults, text_faults},
    runs,
};

/// Windows in pixels, and how large their text is.
const SCREENS: [([f32; 2], f32); 5] = [
    ([960.0, 600.0], 1.0),
    ([960.0, 600.0], 1.3),
    ([960.0, 600.0], 1.6),
    ([1280.0, 800.0], 1.3),
    ([1280.0, 800.0], 1.6),
];

/// Checks the window on a state on all screens and in every language, after `prepare` has unfolded what can be.
fn check(view: &str, state: impl Fn() -> State, prepare: impl Fn(&mut Harness<'_, Desk>)) {
    check_for(faults, view, state, prepare);
}

/// As [`check`], and that nothing has to be scrolled sideways.
fn check_widths(view: &str, state: impl Fn() -> State, prepare: impl Fn(&mut Harness<'_, Desk>)) {
    let all = |harness: &Harness<'_, Desk>| {
        let bars = bars_below(harness).into_iter();
        let sideways = bars.map(|bar| format!("something has to be scrolled sideways: {bar:?}"));
        faults(harness).into_iter().chain(sideways).collect()
    };
    check_for(all, view, state, prepare);
}

fn check_for(
    faults: impl Fn(&Harness<'_, Desk>) -> Vec<String>,
    view: &str,
    state: impl Fn() -> State,
    prepare: impl Fn(&mut Harness<'_, Desk>),
) {
    let mut report = Vec::new();
    for (size, text) in SCREENS {
        let points = vec2(size[0], size[1]) / text;
        let with_fonts = desk_with_system_fonts(state(), points.into(), text);
        let languages = if with_fonts.is_some() { &Language::ALL[..] } else { &[Language::English] };
        let mut harness = with_fonts.unwrap_or_else(|| desk_with_pixels(state(), points.into(), text));
        harness.event(Event::PointerGone);
        prepare(&mut harness);
        harness.event(Event::PointerGone);
        for language in languages {
            harness.state_mut().state.settings.language = LanguageChoice::Fixed(*language);
            harness.run_steps(3);
            let faults = faults(&harness);
            if !faults.is_empty() {
                let case = format!("{view}, {}, {} × {}, text {text}:", language.code(), size[0], size[1]);
                report.push(case + "\n  " + &faults.join("\n  "));
            }
        }
    }
    assert!(report.is_empty(), "\n{}", report.join("\n"));
}

/// Clicks on the first control called each of `labels`, if there is one, scrolled to if need be.
pub fn press(harness: &mut Harness<'_, Desk>, labels: &[&str]) {
    for label in labels {
        let Some(node) = harness.query_all_by_label(label).next() else { continue };
        node.scroll_to_me();
        harness.run_ok();
        harness.get_all_by_label(label).next().unwrap().click();
        harness.run_ok();
    }
}

fn nothing(_: &mut Harness<'_, Desk>) {}

/// Draws a lasso around all points of the map.
fn lasso(harness: &mut Harness<'_, Desk>) {
    press(harness, &["Map"]);
    let rect = harness.get_by_label("Map of 12 recordings").rect();
    let rect = rect.intersect(harness.ctx.content_rect()).shrink(2.0);
    harness.event(Event::ModifiersChanged(Modifiers::SHIFT));
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom()];
    harness.drag_at(corners[0]);
    harness.run_ok();
    for corner in corners {
        harness.hover_at(corner);
        harness.run_ok();
    }
    harness.drop_at(corners[3]);
    harness.run_ok();
    harness.event(Event::ModifiersChanged(Modifiers::NONE));
    let chosen = harness.get_by_label("12 chosen").rect();
    let map = harness.get_by_label("Map of 12 recordings").rect();
    assert!(chosen.top() >= map.bottom(), "the lasso's tools {chosen:?} lie over the map {map:?}");
}

/// Unfolds whatever is folded, the first line of the preprocessing included.
fn unfold(harness: &mut Harness<'_, Desk>) {
    let folded = harness.query_by_label_contains("Preprocessing: ");
    if let Some(line) = folded {
        line.click();
        harness.run_ok();
    }
}

#[test]
fn the_empty_window_fits() {
    check("empty", State::default, nothing);
}

#[test]
fn the_stages_fit_with_everything_unfolded() {
    let state = || {
        let mut state = in_view(View::Stages);
        state.inspection.selection = Some((0.1, 0.3));
        state
    };
    check("stages", state, unfold);
    check("stages, folded settings", state, nothing);
}

#[test]
fn two_compared_recordings_fit() {
    let state = || {
        let mut state = in_view(View::Stages);
        state.inspection.comparing = true;
        let stages = state.inspection.stages.clone().unwrap().1;
        for (slot, name) in [(PinSlot::A, "bell/bell_001.wav"), (PinSlot::B, "drum/drum_003.wav")] {
            let pin = Pin {
                recording: 1,
                name: name.to_owned(),
                stages: Arc::clone(&stages),
                config: state.inspection.config.clone(),
            };
            state.inspection.pins[slot as usize] = Some(pin);
        }
        state
    };
    check("comparison", state, nothing);
}

#[test]
fn a_file_in_pieces_fits() {
    check("pieces", in_pieces, unfold);
}

/// A file of twelve tones, cut at the silences between them.
pub fn in_pieces() -> State {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tones.wav");
    let tone = |_| (0..4096).map(|n| 0.4 * (n as f32 * 0.2).sin()).chain(std::iter::repeat_n(0.0, 8192));
    write_wav(&path, &Clip::mono((0..12).flat_map(tone).collect(), 8000), BitDepth::Int16).unwrap();
    let mut state = in_view(View::Stages);
    let config = &mut state.settings.preprocessing;
    config.pieces.at = Cutting::Silences;
    let cut = cut(&path, config, &mut |_| {}, &Interrupt::default()).unwrap();
    let file = FileInPieces {
        file: Recording::new(Path::new("/sounds"), Path::new("tones.wav"), "tones".to_owned()),
        recordings: 0..12,
        cut,
        problem: None,
        is_folded: false,
    };
    state.library.pieces.files = vec![file];
    state.library.pieces.shown = Some(0);
    "12 pieces of one file; none left out".clone_into(&mut state.library.pieces.summary);
    state
}

#[test]
fn the_data_set_fits() {
    check("images", data_set::seen, nothing);
    check("mean and spread", data_set::seen, |harness| press(harness, &["Mean and spread"]));
    check("distributions", data_set::seen, |harness| press(harness, &["Distributions"]));
    check("doctor", || data_set::examined(data_set::two_findings()), nothing);
    check("loading", data_set_compare::measured, nothing);
    check("parity", data_set_compare::compared, nothing);
}

#[test]
fn the_data_set_fits_before_anything_was_made() {
    for (tab, name) in [
        (DataSetTab::Overview, "overview"),
        (DataSetTab::Doctor, "doctor"),
        (DataSetTab::Loading, "loading"),
        (DataSetTab::Parity, "parity"),
    ] {
        let state = || {
            let mut state = in_view(View::DataSet);
            state.data_set.part = tab;
            state
        };
        check(&format!("{name}, before"), state, nothing);
    }
}

#[test]
fn the_training_form_fits_with_all_groups_unfolded() {
    let groups = ["Data", "Augmentation", "Schedule", "Ending", "Checkpoints"];
    check("form", || in_view(View::Training), |harness| press(harness, &groups));
}

#[test]
fn the_layers_of_a_model_fit_before_a_run_and_unfolded_beside_its_curves() {
    let layers = || VaeConfig::preset(Preset::Clear, 256, 64).layer_table();
    for preset in Preset::ALL {
        let before = || {
            let mut state = in_view(View::Training);
            state.training.layers = VaeConfig::preset(*preset, 1025, 256).layer_table();
            state
        };
        check_widths(&format!("before a run of {preset:?}"), before, |harness| press(harness, &["Run"]));
    }
    let before = || {
        let mut state = in_view(View::Training);
        state.training.layers = layers();
        state
    };
    check_widths("before a run", before, |harness| press(harness, &["Run"]));
    let running = || {
        let mut state = in_view(View::Training);
        desk::train(&mut state);
        state.training.run_layers = layers();
        state
    };
    let title = {
        let parameters: usize = layers().iter().map(|layer| layer.parameters).sum();
        text!("training-layers", layers = layers().len(), parameters = parameters)
    };
    check_widths("layers", running, |harness| press(harness, &["Run", &title]));
}

#[test]
fn the_files_that_cannot_be_used_fit_unfolded_above_two_messages() {
    let state = || {
        let mut state = in_view(View::Stages);
        state.library.skipped = (0..12)
            .map(|number| Skipped {
                path: format!("/sounds/broken_{number:02}.wav").into(),
                cause: "the file ends in its header; copy it again from where it was made".into(),
            })
            .collect();
        let texts =
            ["Saved /home/someone/recordings/bell_001.wav", "bell_002.wav: the file ends in its header"];
        let notice =
            |(text, id): (&str, u64)| Notice::new(id, Severity::Warning, About::Program, text.to_owned());
        state.notices = texts.into_iter().zip(1..).map(notice).collect();
        state
    };
    check("unusable files", state, |harness| press(harness, &["12 files cannot be used"]));
}

#[test]
fn a_run_with_live_curves_fits() {
    let running = || {
        let mut state = in_view(View::Training);
        desk::train(&mut state);
        state
    };
    check("run", running, |harness| press(harness, &["Run", "Total", "KL", "Gradient", "Speed"]));
    let mut harness = desk_with_pixels(running(), [1280.0, 800.0], 1.0);
    press(&mut harness, &["Total", "KL", "Log"]);
    harness.event(Event::PointerGone);
    harness.run_steps(3);
    for factor in [1e3, 1e3, 1e-5] {
        for point in &mut harness.state_mut().state.training.steps {
            point.losses.kl *= factor;
            point.losses.total *= factor;
        }
        harness.step();
        assert_eq!(text_faults(&harness), Vec::<String>::new(), "in the first frame with other figures");
    }
}

#[test]
fn replay_and_saved_runs_fit() {
    check("replay", runs::replay, nothing);
    // In narrow windows the form is the first tab.
    check("runs", runs::two_runs, |harness| press(harness, &["Runs"]));
    check("runs with long names", runs::two_long_runs, |harness| press(harness, &["Runs"]));
    let page = || {
        let mut state = runs::two_runs();
        state.runs.selected = state.runs.runs.as_ref().map(|runs| runs[0].folder.clone());
        state
    };
    check("page of a run", page, nothing);
}

#[test]
fn the_latent_view_fits_with_a_lasso_held() {
    check("map", || in_view(View::Latent), lasso);
    check("sound", || in_view(View::Latent), |harness| press(harness, &["Sound"]));
    check("ladder made", latent::with_ladder, |harness| press(harness, &["Ladder"]));
    check("ladder", || in_view(View::Latent), |harness| press(harness, &["Ladder"]));
    check("travel", || in_view(View::Latent), |harness| press(harness, &["Sliders", "Travel"]));
    check("export", || in_view(View::Latent), |harness| press(harness, &["Sliders", "Export"]));
}

#[test]
fn dialogs_fit() {
    check("shortcuts", || in_view(View::Stages), |harness| harness.key_press(Key::F1));
    check(
        "export",
        || in_view(View::Stages),
        |harness| harness.key_press_modifiers(Modifiers::COMMAND, Key::E),
    );
    let asked = || {
        let mut state = in_view(View::Training);
        desk::train(&mut state);
        state.training.closing = Closing::Asked;
        state
    };
    check("closing", asked, nothing);
}

#[test]
fn the_sheet_of_shortcuts_fits_when_the_text_grows_while_it_is_open() {
    let mut harness = desk_with_pixels(in_view(View::Stages), [1280.0, 800.0], 1.0);
    harness.key_press(Key::F1);
    harness.run_ok();
    // As Ctrl and plus do: fewer points in the same window.
    harness.set_size(vec2(800.0, 500.0));
    harness.run_ok();
    assert_eq!(faults(&harness), [""; 0]);
}

#[test]
fn what_opens_over_the_window_fits() {
    let press_menu = |label: &'static str| move |harness: &mut Harness<'_, Desk>| press(harness, &[label]);
    check(
        "about",
        || in_view(View::Stages),
        |harness| {
            harness.key_press(Key::F1);
            harness.run_ok();
            press(harness, &["About…"]);
        },
    );
    check("open menu", || in_view(View::Stages), press_menu("Open ▾"));
    check("languages", || in_view(View::Stages), press_menu("Language"));
    check("more", || in_view(View::Stages), press_menu("More"));
    check("output", || in_view(View::Latent), press_menu("Output ▾"));
    check("midi", || in_view(View::Latent), press_menu("MIDI ▾"));
    let told = || {
        let mut state = in_view(View::Stages);
        let texts =
            ["Saved /home/someone/recordings/bell_001.wav", "bell_002.wav: the file ends in its header"];
        let closed = |(text, id): (&str, u64)| Notice {
            is_closed: true,
            ..Notice::new(id, Severity::Warning, About::Program, text.to_owned())
        };
        state.notices = texts.into_iter().zip(1..).map(closed).collect();
        state
    };
    check("messages", told, press_menu("Messages: 2"));
}

#[test]
fn questions_about_a_model_and_a_run_fit() {
    let assumed = || {
        let mut state = in_view(View::Latent);
        let settings = PreprocessingConfig::default();
        let image = settings.image_shape().unwrap();
        state.latent.assumed = Some(AssumedSettings { model: "/models/flat.h5".into(), image, settings });
        state
    };
    check("assumed settings", assumed, nothing);
    let unfinished = || {
        let mut state = in_view(View::Training);
        state.training.unfinished = Some(Unfinished {
            folder: "/runs/drums-003".into(),
            epochs_done: 7,
            epochs_total: 20,
            has_checkpoint: true,
            when: SystemTime::now(),
        });
        state
    };
    check("unfinished run", unfinished, nothing);
}

#[test]
fn the_cards_of_the_first_start_fit() {
    let first = || {
        let mut state = in_view(View::Latent);
        state.settings.first_steps =
            FirstSteps { has_started: true, shows_cards: true, shows_drag_hint: true };
        state
    };
    check("first start", first, nothing);
}

#[test]
fn the_list_of_recordings_folds_away_and_leaves_its_room_to_the_view() {
    let mut harness = desk_with_pixels(in_view(View::Stages), [600.0, 375.0], 1.6);
    assert!(harness.get_by_label("Fold the list away").rect().left() < 40.0);
    harness.get_by_label("Search");
    harness.key_press(Key::F9);
    assert_eq!(commands(&mut harness), [Command::FoldList(true)]);
    harness.state_mut().state.settings.list_folded = true;
    harness.run_steps(3);
    assert!(harness.query_by_label("Search").is_none());
    assert_eq!(faults(&harness), Vec::<String>::new());
    harness.get_by_label("Show the list").click();
    assert_eq!(commands(&mut harness), [Command::FoldList(false)]);
    // Whoever searches sees the list again.
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    assert_eq!(commands(&mut harness), [Command::FoldList(false)]);
}

#[test]
fn a_window_that_was_made_smaller_fits() {
    let mut harness = desk_with_pixels(in_view(View::Stages), [1400.0, 900.0], 1.0);
    for size in [[1000.0, 700.0], [960.0, 600.0], [1300.0, 640.0]] {
        harness.set_size(size.into());
        harness.step();
        assert_eq!(text_faults(&harness), Vec::<String>::new(), "in the first frame at {size:?}");
        harness.run_steps(3);
        assert_eq!(faults(&harness), Vec::<String>::new(), "at {size:?}");
    }
}

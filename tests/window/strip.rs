//! The strip of stages: crosshair, zoom, selection, scales, comparing.

use std::sync::Arc;

use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, accesskit::Role, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::session::{
    Command, InspectionCommand, PlaybackCommand, State,
    state::{FrequencyScale, Pin, PinSlot, Source, StageDisplay},
};

use super::{
    desk::{self, Desk, desk, desk_with, example_state},
    input::{commands, press_key, wheel},
};

/// A place in the plot below the title `title`, so far to the right of it.
fn place(harness: &Harness<'_, Desk>, title: &str, right: f32) -> Pos2 {
    let head = harness.query_all_by_label(title).next().unwrap().rect();
    head.left_bottom() + vec2(right, 30.0)
}

/// The value in the line `name` beside the strip.
fn value(harness: &Harness<'_, Desk>, name: &str) -> String {
    let line = harness.query_all_by_label(name).map(|node| node.rect()).next_back().unwrap();
    let mut beside: Vec<(f32, String)> = harness
        .query_all(egui_kittest::kittest::By::new().predicate(move |node| {
            node.raw_bounds().is_some_and(|bounds| {
                let middle = f64::midpoint(bounds.y0, bounds.y1) as f32;
                (middle - line.center().y).abs() < 4.0 && bounds.x0 as f32 > line.right()
            })
        }))
        .filter_map(|node| {
            Some((node.rect().left(), node.accesskit_node().value().or(node.accesskit_node().label())?))
        })
        .collect();
    beside.sort_by(|a, b| a.0.total_cmp(&b.0));
    beside.pop().unwrap().1
}

fn seconds(harness: &Harness<'_, Desk>) -> f64 {
    value(harness, "Time").trim_end_matches(" s").parse().unwrap()
}

#[test]
fn one_instant_is_read_through_all_stages() {
    let mut harness = desk();
    assert_eq!(value(&harness, "Time"), "–");
    harness.hover_at(place(&harness, "5  Normalised", 200.0));
    harness.run_steps(4);
    let secs = seconds(&harness);
    assert!(secs > 0.05 && secs < 0.6, "{secs}");
    let sample: f64 = value(&harness, "Sample").replace(',', "").parse().unwrap();
    assert!((sample - secs * 22_050.0).abs() < 3.0, "{sample}");
    let frame: f64 = value(&harness, "Frame").parse().unwrap();
    assert!((frame - sample / 256.0).abs() < 0.6, "{frame}");
    for (name, unit) in
        [("Frequency", "Hz"), ("Note", "ct"), ("Bin", "Hz"), ("Magnitude", "dB"), ("Log magnitude", "dB")]
    {
        assert!(value(&harness, name).contains(unit), "{name}: {}", value(&harness, name));
    }
    // The example's images are one formula in three units.
    let normalised: f64 = value(&harness, "Normalised").parse().unwrap();
    let level = value(&harness, "Log magnitude").replace('−', "-");
    let level: f64 = level.trim_end_matches(" dB").parse().unwrap();
    assert!((level - (normalised * 80.0 - 60.0)).abs() < 0.02, "{level} {normalised}");
    assert!(harness.query_all_by_label(&format!("Spectrum of frame {frame}")).count() > 0);
}

#[test]
fn the_wheel_zooms_around_the_pointer_and_a_double_click_shows_everything() {
    let mut harness = desk();
    let (here, there) =
        (place(&harness, "4  Log magnitude", 150.0), place(&harness, "4  Log magnitude", 350.0));
    let width = |harness: &mut Harness<'_, Desk>| {
        harness.hover_at(there);
        harness.run_steps(4);
        let right = seconds(harness);
        harness.hover_at(here);
        harness.run_steps(4);
        (seconds(harness), right - seconds(harness))
    };
    let (before, whole) = width(&mut harness);
    wheel(&mut harness, vec2(0.0, 200.0), Modifiers::NONE);
    let (after, part) = width(&mut harness);
    assert!((before - after).abs() < 0.005, "{before} {after}");
    assert!(part < whole / 2.0, "{part} {whole}");
    // Another recording keeps the zoom.
    harness.state_mut().state.inspection.generation += 1;
    assert!((width(&mut harness).1 - part).abs() < 1e-3);
    press_key(&mut harness, Key::Minus);
    assert!((width(&mut harness).1 - 2.0 * part).abs() < 0.01);
    press_key(&mut harness, Key::Num0);
    assert!((width(&mut harness).1 - whole).abs() < 1e-3);
    harness.hover_at(Pos2::ZERO);
    harness.run_steps(3);
    assert_eq!(value(&harness, "Time"), "–");
}

#[test]
fn a_click_keeps_the_crosshair_and_keys_move_it_by_a_frame() {
    let mut harness = desk();
    let here = place(&harness, "2  Padded", 200.0);
    harness.hover_at(here);
    harness.run_steps(2);
    harness.drag_at(here);
    harness.run_steps(1);
    harness.drop_at(here);
    harness.run_steps(2);
    harness.hover_at(Pos2::ZERO);
    harness.run_steps(3);
    let kept = seconds(&harness);
    press_key(&mut harness, Key::Period);
    harness.run_steps(2);
    assert!((seconds(&harness) - kept - 256.0 / 22_050.0).abs() < 2e-4, "{kept}");
    press_key(&mut harness, Key::Escape);
    harness.run_steps(2);
    assert_eq!(value(&harness, "Time"), "–");
    assert_eq!(press_key(&mut harness, Key::Space), [Command::Playback(PlaybackCommand::TogglePlay)]);
}

#[test]
fn space_plays_from_the_crosshair_that_a_click_has_kept_wherever_the_pointer_is() {
    let mut harness = desk();
    let here = place(&harness, "2  Padded", 200.0);
    harness.hover_at(here);
    harness.run_steps(2);
    assert_eq!(
        press_key(&mut harness, Key::Space),
        [Command::Playback(PlaybackCommand::TogglePlay)],
        "pointing is not keeping"
    );
    harness.drag_at(here);
    harness.run_steps(1);
    harness.drop_at(here);
    harness.run_steps(2);
    let kept = seconds(&harness);
    harness.hover_at(here + vec2(150.0, 0.0));
    harness.run_steps(3);
    let sent = press_key(&mut harness, Key::Space);
    let [Command::Playback(PlaybackCommand::TogglePlayFrom(secs))] = sent[..] else { panic!("{sent:?}") };
    assert!((secs - kept).abs() < 2e-4 && secs > 0.05, "{secs} {kept}");
    harness.get_by_label("Play").click();
    assert_eq!(commands(&mut harness), [Command::Playback(PlaybackCommand::TogglePlayFrom(secs))]);
    harness.state_mut().state.playback.playing = Some((Source::Recording(0), 0.1));
    assert_eq!(
        press_key(&mut harness, Key::Space),
        [Command::Playback(PlaybackCommand::TogglePlay)],
        "it stops"
    );
}

#[test]
fn shift_and_drag_selects_and_escape_takes_it_back() {
    let mut harness = desk();
    let (from, to) = (place(&harness, "1  Loaded", 100.0), place(&harness, "1  Loaded", 300.0));
    harness.hover_at(from);
    harness.run_steps(2);
    harness.event(Event::ModifiersChanged(Modifiers::SHIFT));
    harness.drag_at(from);
    harness.run_steps(1);
    harness.hover_at(to);
    harness.run_steps(2);
    let sent = commands(&mut harness);
    let Some(Command::Inspection(InspectionCommand::SetSelection(Some((low, high))))) = sent.last() else {
        panic!("{sent:?}")
    };
    assert!(*low > 0.02 && high - low > 0.1, "{low} {high}");
    harness.drop_at(to);
    harness.event(Event::ModifiersChanged(Modifiers::NONE));
    harness.state_mut().state.inspection.selection = Some((0.125, 0.25));
    commands(&mut harness);
    harness.get_by_label("Selected 0.125 to 0.250 s (0.125 s)");
    harness.hover_at(Pos2::ZERO);
    harness.run_steps(2);
    assert_eq!(
        press_key(&mut harness, Key::Escape),
        [Command::Inspection(InspectionCommand::SetSelection(None))]
    );
}

/// What the readout `name` says in Hz at `place`.
fn hertz(harness: &mut Harness<'_, Desk>, place: Pos2) -> f64 {
    harness.hover_at(place);
    harness.run_steps(4);
    value(harness, "Frequency").replace(',', "").trim_end_matches(" Hz").parse().unwrap()
}

#[test]
fn a_right_drag_zooms_to_its_rectangle_when_the_button_is_released() {
    let mut harness = desk();
    let from = place(&harness, "4  Log magnitude", 100.0);
    let to = from + vec2(150.0, 20.0);
    let (top, bottom) = (hertz(&mut harness, from), hertz(&mut harness, to));
    let right = seconds(&harness);
    hertz(&mut harness, from);
    let left = seconds(&harness);
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: PointerButton::Secondary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    // As a real mouse does it: press, each movement and release are frames of their own.
    harness.event(button(from, true));
    harness.run_steps(1);
    for part in [0.2, 0.6, 1.0] {
        harness.event(Event::PointerMoved(from.lerp(to, part)));
        harness.run_steps(1);
    }
    harness.event(button(to, false));
    harness.run_steps(3);
    // The rectangle fills the row now: its corners are where the row's corners are.
    let (secs, hz) = {
        let inside = hertz(&mut harness, from);
        let secs = seconds(&harness);
        (secs, inside)
    };
    assert!(secs > left && secs < right, "{left} < {secs} < {right}");
    assert!(hz < top && hz > bottom, "{bottom} < {hz} < {top}");
    let there = hertz(&mut harness, to);
    let (width, height) = (seconds(&harness) - secs, hz - there);
    assert!(width < 0.6 * (right - left), "{width} of {}", right - left);
    assert!(height < 0.9 * (top - bottom), "{height} of {}", top - bottom);
}

#[test]
fn alt_or_ctrl_and_the_wheel_zoom_in_frequency_and_leave_time_alone() {
    for modifiers in [Modifiers::ALT, Modifiers::COMMAND | Modifiers::CTRL] {
        let mut harness = desk();
        let here = place(&harness, "4  Log magnitude", 150.0);
        let below = here + vec2(150.0, 20.0);
        let (hz, secs) = (hertz(&mut harness, here), seconds(&harness));
        let span = hz - hertz(&mut harness, below);
        let right = seconds(&harness);
        hertz(&mut harness, here);
        harness.event(Event::ModifiersChanged(modifiers));
        wheel(&mut harness, vec2(0.0, 200.0), modifiers);
        harness.event(Event::ModifiersChanged(Modifiers::NONE));
        let now = hertz(&mut harness, here);
        assert!((now - hz).abs() < 0.02 * hz, "{modifiers:?}: {hz} {now}");
        assert!((seconds(&harness) - secs).abs() < 1e-3, "{modifiers:?}");
        let zoomed = now - hertz(&mut harness, below);
        assert!(zoomed < 0.7 * span, "{modifiers:?}: {zoomed} of {span}");
        assert!((seconds(&harness) - right).abs() < 1e-3, "{modifiers:?}");
    }
}

#[test]
fn frequencies_and_scales_are_one_click_each() {
    let mut harness = desk();
    harness.get_by_label("Log").click();
    let log = StageDisplay { frequency: FrequencyScale::Log, ..StageDisplay::default() };
    assert_eq!(commands(&mut harness), [Command::Inspection(InspectionCommand::SetStageDisplay(log))]);
    harness.state_mut().state.settings.stage_display = log;
    harness.run_ok();
    harness.get_by_label("Locked").click();
    let sent = commands(&mut harness);
    let [Command::Inspection(InspectionCommand::SetStageDisplay(locked))] = sent[..] else {
        panic!("{sent:?}")
    };
    assert_eq!(locked.feature_range, Some((-60.0, 20.0)));
    assert!(locked.amplitude.is_some_and(|peak| peak > 0.9 && peak <= 1.0));
    harness.state_mut().state.settings.stage_display = locked;
    harness.run_ok();
    harness.get_by_label("Each file").click();
    assert_eq!(commands(&mut harness), [Command::Inspection(InspectionCommand::SetStageDisplay(log))]);
}

#[test]
fn the_colours_are_moved_by_their_handles() {
    let mut harness = desk();
    let handle = harness.get_by_label("Lowest colour").rect().center();
    harness.drag_at(handle);
    harness.run_steps(2);
    harness.hover_at(handle - vec2(0.0, 30.0));
    harness.run_steps(2);
    let sent = commands(&mut harness);
    let Some(Command::Inspection(InspectionCommand::SetStageDisplay(StageDisplay {
        feature_range: Some((low, high)),
        ..
    }))) = sent.last()
    else {
        panic!("{sent:?}")
    };
    assert!(*low > -60.0 && *low < 20.0 && *high == 20.0, "{low} {high}");
}

#[test]
fn a_stage_folds_to_its_title() {
    let mut harness = desk();
    harness.get_by_label("Fold 3  STFT magnitude").click();
    harness.run_ok();
    let below = |title: &str, harness: &Harness<'_, Desk>| {
        harness.query_all_by_label(title).next().unwrap().rect().top()
    };
    assert!(below("4  Log magnitude", &harness) - below("3  STFT magnitude", &harness) < 30.0);
    harness.get_by_label("Unfold 3  STFT magnitude").click();
    harness.run_ok();
    assert!(below("4  Log magnitude", &harness) - below("3  STFT magnitude", &harness) > 80.0);
}

fn comparing() -> State {
    let mut state = example_state();
    let (_, stages) = state.inspection.stages.clone().unwrap();
    let pin = |recording: usize, name: &str| {
        let config = state.inspection.config.clone();
        Some(Pin { recording, name: name.to_owned(), stages: Arc::clone(&stages), config })
    };
    state.inspection.pins = [pin(1, "bell/bell_001.wav"), pin(5, "drum/drum_001.wav")];
    state.inspection.comparing = true;
    state
}

#[test]
fn two_recordings_are_pinned_compared_and_let_go() {
    let mut harness = desk();
    harness.get_by_label("Pin A").click();
    assert_eq!(commands(&mut harness), [Command::Inspection(InspectionCommand::Pin(PinSlot::A))]);
    let mut harness = desk_with(comparing());
    assert!(harness.query_all_by_label("A  bell/bell_001.wav").count() > 0);
    assert!(harness.query_all_by_label("B − A").count() > 0);
    harness.get_by_label("mean |B − A| 0.0 dB, largest 0.0 dB");
    harness.get_by_label("B: drum_001.wav").click();
    assert_eq!(commands(&mut harness), [Command::Inspection(InspectionCommand::Unpin(PinSlot::B))]);
    harness.get_by_label("Show selected").click();
    assert_eq!(commands(&mut harness), [Command::Inspection(InspectionCommand::SetComparing(false))]);
}

#[test]
fn a_pinned_name_leaves_the_buttons_in_their_places() {
    let mut harness = desk();
    let (a, b) = (harness.get_by_label("Pin A").rect(), harness.get_by_label("Pin B").rect());
    let mut pinned = comparing();
    pinned.inspection.comparing = false;
    pinned.inspection.pins[1] = None;
    harness.state_mut().state.inspection = pinned.inspection;
    harness.run_ok();
    assert_eq!(harness.get_by_label("A: bell_001.wav").rect(), a);
    assert_eq!(harness.get_by_label("Pin B").rect(), b);
}

#[test]
fn the_buttons_that_pin_stand_on_one_line_at_every_width() {
    for (width, height) in [(960.0, 600.0), (738.0, 461.0), (600.0, 375.0), (1280.0, 800.0)] {
        let harness = desk::desk_sized(example_state(), [width, height]);
        let (a, b) = (harness.get_by_label("Pin A").rect(), harness.get_by_label("Pin B").rect());
        assert_eq!(a.top(), b.top(), "{width} × {height}: {a:?} {b:?}");
    }
}

#[test]
fn a_comparison_shows_the_values_and_the_spectra_of_both() {
    let mut state = comparing();
    let [Some(a), Some(b)] = &mut state.inspection.pins else { unreachable!() };
    let mut louder = (*b.stages).clone();
    louder.normalised.fill(0.25);
    b.stages = Arc::new(louder);
    let normalised = a.stages.normalised.clone();
    let mut harness = desk_with(state);
    let at = place(&harness, "A  Log magnitude", 200.0);
    harness.hover_at(at);
    harness.run_steps(4);
    for letter in ["A", "B"] {
        assert!(harness.query_all_by_label_contains(&format!("{letter}  Spectrum of frame")).count() > 0);
    }
    harness.get_by_label("0.2500");
    let others = harness
        .query_all_by_label_contains("0.")
        .filter_map(|node| node.accesskit_node().value().or(node.accesskit_node().label()));
    let values: Vec<f32> = others.filter_map(|label| label.parse().ok()).collect();
    assert!(
        values.iter().any(|value| normalised.iter().any(|cell| (cell - value).abs() < 1e-4)),
        "a value of A: {values:?}"
    );
}

#[test]
fn the_strip_fits_small_windows() {
    let harness = desk::desk_sized(example_state(), [960.0, 600.0]);
    assert!(harness.query_all_by_label("5  Normalised").count() > 0);
    harness.get_by_label("Each file");
}

#[test]
fn all_rows_begin_at_one_place_however_wide_the_figures_of_one_are() {
    let mut state = example_state();
    let (index, stages) = state.inspection.stages.take().unwrap();
    let mut quiet = (*stages).clone();
    // Marks at 0.25 have more digits than those at 0.5.
    for samples in [&mut quiet.signal, &mut quiet.padded] {
        for sample in samples {
            *sample *= 0.4;
        }
    }
    state.inspection.stages = Some((index, Arc::new(quiet)));
    let mut harness = desk_with(state);
    harness.run_steps(2);
    let rows: Vec<f32> = harness
        .query_all(egui_kittest::kittest::By::new().predicate(|node| {
            node.role() == Role::Image && node.raw_bounds().is_some_and(|bounds| bounds.width() > 300.0)
        }))
        .map(|node| node.rect().left())
        .collect();
    assert!(rows.len() >= 4, "{rows:?}");
    assert!(rows.iter().all(|left| (left - rows[0]).abs() < 0.5), "{rows:?}");
}

#[test]
fn locked_scales_hold_for_the_stft_and_the_spectrum_too() {
    let mut harness = desk();
    harness.get_by_label("Locked").click();
    harness.run_ok();
    let sent = commands(&mut harness);
    let Some(Command::Inspection(InspectionCommand::SetStageDisplay(display))) = sent.last() else {
        panic!("{sent:?}")
    };
    let locked = *display;
    assert!(locked.amplitude.is_some() && locked.feature_range == Some((-60.0, 20.0)), "{locked:?}");
    let loudest = locked.magnitude.unwrap();
    assert!((20.0..=30.0).contains(&loudest), "{loudest}");
    // A recording of a hundredth of the level.
    let mut state = example_state();
    let (index, stages) = state.inspection.stages.take().unwrap();
    let mut faint = (*stages).clone();
    faint.magnitude.mapv_inplace(|value| value / 100.0);
    faint.min_max.min -= 40.0;
    faint.min_max.max -= 40.0;
    state.inspection.stages = Some((index, Arc::new(faint)));
    state.settings.stage_display = locked;
    let harness = desk_with(state);
    assert_eq!(stft_scale(&harness), stft_scale(&desk()), "the same scale as of the louder one");
}

/// What is read of the image of STFT magnitudes: its size and the values of its colours.
fn stft_scale(harness: &Harness<'_, Desk>) -> String {
    let is_stft = egui_kittest::kittest::By::new().predicate(|node| {
        node.role() == Role::Image && node.label().is_some_and(|label| label.contains("STFT magnitude"))
    });
    harness.query_all(is_stft).find_map(|node| node.accesskit_node().value()).unwrap()
}

//! The window by keyboard and by screen reader: what is read of every view, how large controls are, and where the focus is seen.

use std::collections::BTreeSet;

use eframe::egui::{
    Id, Key, Memory, Rect, Shape,
    accesskit::{Action, Role},
    epaint::ClippedShape,
};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::{
    jobs::split_preview::SplitSummary,
    session::{
        Command, LibraryCommand, PlaybackCommand, State,
        data_set::Tab as DataSetTab,
        pieces::PiecesCommand,
        state::{FirstSteps, View},
    },
};

use super::{
    data_set, data_set_compare,
    desk::{self, Desk, desk, desk_with, in_view},
    fits::{in_pieces, press},
    input::press_key,
    rects::small_targets,
    runs,
};

/// What stands for what cannot be read by itself.
const PICTURES: [Role; 3] = [Role::Image, Role::Canvas, Role::Meter];
/// More Tab stops than any view has.
const MANY: usize = 400;

/// A view, and what is pressed to come to it.
struct Case {
    name: &'static str,
    state: fn() -> State,
    pressed: &'static [&'static str],
    /// Whether it shows a plot or an image.
    has_picture: bool,
}

fn running() -> State {
    let mut state = in_view(View::Training);
    desk::train(&mut state);
    state
}

/// The form with recordings whose split is known, so that it plans the schedules.
fn form() -> State {
    let mut state = in_view(View::Training);
    let split = SplitSummary { training: 800, validation: 80, ..SplitSummary::default() };
    state.training.data.split = Some(Ok(split));
    state
}

fn parity() -> State {
    let mut state = in_view(View::DataSet);
    state.data_set.part = DataSetTab::Parity;
    state
}

fn doctor() -> State {
    data_set::examined(data_set::two_findings())
}

fn page() -> State {
    let mut state = runs::two_runs();
    state.runs.selected = state.runs.runs.as_ref().map(|runs| runs[0].folder.clone());
    state
}

fn cases() -> Vec<Case> {
    let case = |name, state, pressed, has_picture| Case { name, state, pressed, has_picture };
    vec![
        case("empty", State::default as fn() -> State, &[], false),
        case("stages", || in_view(View::Stages), &[], true),
        case("pieces", in_pieces, &[], true),
        case("images", data_set::seen, &[], false),
        case("mean and spread", data_set::seen, &["Mean and spread"], true),
        case("distributions", data_set::seen, &["Distributions"], true),
        case("doctor", doctor, &[], false),
        case("loading", data_set_compare::measured, &[], false),
        case("parity before", parity, &[], false),
        case("parity", data_set_compare::compared, &[], true),
        case("form", form, &["Data", "Augmentation", "Schedule", "Ending", "Checkpoints"], true),
        case("run", running, &["Run", "Total", "KL", "Gradient", "Speed"], true),
        case("replay", runs::replay, &[], false),
        case("runs", runs::two_runs, &[], false),
        case("page of a run", page, &[], false),
        case("sliders", || in_view(View::Latent), &["Sliders"], true),
        case("map", || in_view(View::Latent), &["Map"], true),
        case("sound", || in_view(View::Latent), &["Sound"], true),
        case("ladder", || in_view(View::Latent), &["Ladder"], false),
        case("travel", || in_view(View::Latent), &["Sliders", "Travel"], true),
        case("export", || in_view(View::Latent), &["Sliders", "Export"], true),
    ]
}

fn opened<'a>(case: &Case) -> Harness<'a, Desk> {
    let mut harness = desk_with((case.state)());
    press(&mut harness, case.pressed);
    harness.run_steps(3);
    harness
}

fn focused(harness: &Harness<'_, Desk>) -> Option<Id> {
    harness.ctx.memory(Memory::focused)
}

fn list() -> Id {
    Id::unique("list of recordings")
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn whatever_can_have_the_focus_has_a_name_and_every_picture_a_value() {
    let mut complaints = Vec::new();
    for case in cases() {
        let harness = opened(&case);
        let mut pictures = 0;
        for node in harness.root().children_recursive() {
            let node = node.accesskit_node();
            let role = node.role();
            let name = node.label().or_else(|| node.value()).unwrap_or_default();
            if node.data().supports_action(Action::Focus) && name.trim().is_empty() {
                complaints.push(format!("{}: a {role:?} has no name: {:?}", case.name, node.raw_bounds()));
            }
            if PICTURES.contains(&role) {
                pictures += 1;
                if node.label().is_none_or(|name| name.trim().is_empty()) {
                    complaints.push(format!("{}: a {role:?} has no name", case.name));
                }
                if node.value().is_none_or(|value| value.trim().is_empty()) {
                    complaints.push(format!("{}: the {role:?} “{name}” has no value", case.name));
                }
            }
        }
        if case.has_picture && pictures == 0 {
            complaints.push(format!("{}: no picture is described", case.name));
        }
    }
    assert_none(&complaints);
}

/// What only groups, draws or divides, and labels: nothing of it may be read without a name.
const NAMED: [Role; 4] = [Role::Pane, Role::ScrollBar, Role::Label, Role::Splitter];

#[test]
fn nothing_is_read_without_a_name_and_no_two_splitters_with_the_same() {
    let mut complaints = Vec::new();
    for case in cases() {
        let harness = opened(&case);
        let mut splitters = BTreeSet::new();
        for node in harness.root().children_recursive() {
            let node = node.accesskit_node();
            let name = node.label().or_else(|| node.value()).unwrap_or_default();
            if NAMED.contains(&node.role()) && name.trim().is_empty() {
                complaints.push(format!("{}: a {:?} at {:?}", case.name, node.role(), node.raw_bounds()));
            }
            if node.role() == Role::Splitter && !splitters.insert(name.clone()) {
                complaints.push(format!("{}: two splitters are called {name}", case.name));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn only_what_stays_pressed_is_read_as_a_toggle() {
    let mut harness = desk_with(in_view(View::Latent));
    let toggles = |harness: &Harness<'_, Desk>, name: &str| {
        harness.get_by_label(name).accesskit_node().toggled().is_some()
    };
    for name in
        ["Undo", "Redo", "Theme: dark", "Mute", "Fold the list away", "Shortcuts", "Play", "Lock Latent 0"]
    {
        assert!(!toggles(&harness, name), "{name}");
    }
    for name in ["Instrument", "Match loudness"] {
        assert!(toggles(&harness, name), "{name}");
    }
    let state = &mut harness.state_mut().state;
    state.library.root = None;
    state.settings.first_steps = FirstSteps { has_started: true, shows_cards: true, shows_drag_hint: true };
    harness.run_ok();
    assert!(!toggles(&harness, "Hide these cards"));
}

#[test]
fn controls_are_large_enough_to_hit() {
    let faults = cases().into_iter().flat_map(|case| {
        let name = case.name;
        small_targets(&opened(&case)).into_iter().map(move |fault| format!("{name}: {fault}"))
    });
    assert_none(&faults.collect::<Vec<_>>());
}

/// The rings of the focus that were painted.
fn rings(shapes: &[ClippedShape]) -> Vec<(Rect, Rect)> {
    let ring = |clipped: &ClippedShape| match &clipped.shape {
        Shape::Rect(shape) if shape.stroke.width == 2.0 && shape.fill.a() == 0 => {
            Some((shape.rect, clipped.clip_rect))
        }
        _ => None,
    };
    shapes.iter().filter_map(ring).collect()
}

#[test]
fn every_stop_of_the_tab_key_is_seen_and_the_list_is_one() {
    let mut complaints = Vec::new();
    for case in cases() {
        let mut harness = opened(&case);
        let mut stops = Vec::new();
        for _ in 0..MANY {
            harness.key_press(Key::Tab);
            // Until what was out of sight is scrolled into it.
            harness.run_steps(4);
            let Some(id) = focused(&harness) else { continue };
            if stops.contains(&id) {
                break;
            }
            stops.push(id);
            let Some(response) = harness.ctx.read_response(id) else { continue };
            let is_around = |&(ring, clip): &(Rect, Rect)| {
                response.rect.expand(1.0).contains_rect(ring) && ring.intersect(clip).is_positive()
            };
            let in_sight = response.interact_rect.is_positive();
            if in_sight && !rings(&harness.output().shapes).iter().any(is_around) {
                let node = harness
                    .root()
                    .children_recursive()
                    .find(|node| node.accesskit_node().locate().0 == id.accesskit_id());
                let name = node.and_then(|node| node.accesskit_node().label()).unwrap_or_default();
                complaints.push(format!("{}: no ring around “{name}” at {:?}", case.name, response.rect));
            }
        }
        let has_list = !(case.state)().library.visible.is_empty();
        let listed = stops.iter().filter(|id| **id == list()).count();
        if listed != usize::from(has_list) {
            complaints.push(format!("{}: the list is {listed} stops of {}", case.name, stops.len()));
        }
        assert!(stops.len() < MANY, "{}: Tab goes on for ever", case.name);
    }
    assert_none(&complaints);
}

#[test]
fn the_list_reads_its_rows_and_follows_the_selection() {
    let mut harness = desk();
    let options = harness.get_all_by_role(Role::ListBoxOption).count();
    assert_eq!(options, 12);
    let row = harness.get_by_role_and_label(Role::ListBoxOption, "bell/bell_001.wav");
    let node = row.accesskit_node();
    assert_eq!(node.is_selected(), Some(true));
    assert_eq!(node.data().description(), Some("bell, 0.500 s"));
    assert_eq!((node.data().position_in_set(), node.data().size_of_set()), (Some(1), Some(12)));
    assert!(!row.is_focused());
    harness.get_by_role_and_label(Role::ListBox, "Recordings").focus();
    harness.run_ok();
    let row = harness.get_by_role_and_label(Role::ListBoxOption, "bell/bell_001.wav");
    assert!(row.is_focused(), "the selected row speaks for the list");
    harness.state_mut().state.library.selected = Some(2);
    harness.run_ok();
    assert!(harness.get_by_label("bell/bell_002.wav").is_focused());
}

#[test]
fn keys_go_through_the_list_while_it_has_the_focus() {
    let mut harness = desk();
    harness.get_by_role_and_label(Role::ListBox, "Recordings").focus();
    harness.run_ok();
    let moved = |by| vec![Command::Library(LibraryCommand::MoveSelection(by))];
    assert_eq!(press_key(&mut harness, Key::ArrowDown), moved(1));
    assert_eq!(press_key(&mut harness, Key::ArrowUp), moved(-1));
    assert_eq!(press_key(&mut harness, Key::PageDown), moved(10));
    assert_eq!(press_key(&mut harness, Key::PageUp), moved(-10));
    assert_eq!(press_key(&mut harness, Key::Home), moved(isize::MIN));
    assert_eq!(press_key(&mut harness, Key::End), moved(isize::MAX));
    assert_eq!(press_key(&mut harness, Key::Space), [Command::Playback(PlaybackCommand::TogglePlay)]);
    assert_eq!(press_key(&mut harness, Key::Enter), [Command::Playback(PlaybackCommand::TogglePlay)]);
    assert_eq!(press_key(&mut harness, Key::ArrowLeft), [], "no recording has pieces");
    assert_eq!(focused(&harness), Some(list()), "arrow keys stay in the list");
    let left_out = press_key(&mut harness, Key::X);
    assert_eq!(left_out, [Command::Library(LibraryCommand::LeaveOut(vec!["bell/bell_001.wav".to_owned()]))]);
}

#[test]
fn arrows_fold_and_unfold_the_pieces_of_a_file() {
    let mut state = in_pieces();
    state.library.pieces.shown = None;
    let mut harness = desk_with(state);
    harness.get_by_role_and_label(Role::ListBox, "Recordings").focus();
    harness.run_ok();
    let pieces = |command| vec![Command::Library(LibraryCommand::Pieces(command))];
    assert_eq!(press_key(&mut harness, Key::ArrowLeft), pieces(PiecesCommand::ShowFile(0)));
    assert_eq!(press_key(&mut harness, Key::ArrowRight), []);
    harness.state_mut().state.library.pieces.shown = Some(0);
    assert_eq!(press_key(&mut harness, Key::ArrowLeft), pieces(PiecesCommand::Fold(0, true)));
    assert_eq!(press_key(&mut harness, Key::ArrowRight), [Command::Library(LibraryCommand::Select(0))]);
    harness.state_mut().state.library.pieces.files[0].is_folded = true;
    assert_eq!(press_key(&mut harness, Key::ArrowRight), pieces(PiecesCommand::Fold(0, false)));
}

#[test]
fn the_window_plots_and_meters_are_read_with_their_values() {
    let value = |harness: &Harness<'_, Desk>, name: &str| {
        let node = harness.get_by_label(name);
        node.accesskit_node().value().unwrap_or_default()
    };
    let harness = desk_with(in_view(View::Latent));
    assert_eq!(harness.root().accesskit_node().label().as_deref(), Some("sounds – demo model – Timbrespace"));
    assert_eq!(value(&harness, "Map of 12 recordings"), "position 0.50, 0.50, nearest bell/bell_001.wav");
    assert_eq!(value(&harness, "Image: Decoded spectrogram"), "256 × 64, −60 to 20 dB");
    let harness = desk_with(in_view(View::Stages));
    assert_eq!(value(&harness, "Waveform: 1  Loaded"), "0.500 s, peak 1.00");
    let harness = opened(&Case { name: "run", state: running, pressed: &["Run"], has_picture: true });
    let read = value(&harness, "Curves: Reconstruction loss");
    assert!(read.contains("training 0.0") && read.contains("validation 0.0"), "{read}");
}

#[test]
fn the_ring_changes_the_picture_where_the_focus_is() {
    let mut harness = desk();
    let before = harness.render().unwrap();
    let rect = harness.get_by_label("Mute").rect();
    harness.get_by_label("Mute").focus();
    harness.run_ok();
    let after = harness.render().unwrap();
    let changed: BTreeSet<(u32, u32)> = before
        .enumerate_pixels()
        .filter(|&(x, y, old)| after.get_pixel(x, y) != old)
        .map(|(x, y, _)| (x, y))
        .collect();
    let corner = ((rect.center().x) as u32, (rect.top() - 1.0) as u32);
    assert!(changed.contains(&corner), "above the button, at {corner:?}");
    let around = rect.expand(4.0);
    let stray = changed.iter().find(|(x, y)| !around.contains([*x as f32, *y as f32].into()));
    assert_eq!(stray, None);
}

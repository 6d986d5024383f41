//! Figures of the views, and the sheet that saves them.

use std::{path::Path, sync::Arc};

use eframe::egui::{Key, Modifiers, Vec2, accesskit::Role};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::{
    app::{FigureKind, Window},
    inspect::thumbnail::Thumbnail,
    jobs::{
        atlas::Atlas,
        export::figures::{Figure, FigureFormat, save_figure},
    },
    numbers::grouped,
    pipeline::feature::LOG_FREQUENCY,
    session::{
        State,
        state::{Pin, ThemeChoice, View},
    },
};

use super::{
    data_set::seen,
    data_set_compare::{compared, measured},
    desk::{Desk, desk_with, example_state, train},
};

const SIZE: Vec2 = Vec2::new(900.0, 600.0);

/// A state in which every figure has something to draw.
fn full() -> State {
    let mut state = example_state();
    train(&mut state);
    state.data_set.overview = seen().data_set.overview;
    state.data_set.loading = measured().data_set.loading;
    state.data_set.parity = compared().data_set.parity;
    state
}

fn svg(kind: FigureKind, theme: ThemeChoice, state: &State) -> String {
    Window::default().figure(kind, SIZE, theme, state)
}

fn press_export(harness: &mut Harness<'_, Desk>) {
    harness.get_by_label("Export…").click();
    harness.run_ok();
}

#[test]
fn every_figure_has_its_titles_its_axes_and_their_units() {
    let state = full();
    let words = [
        ("Stages", vec!["bell/bell_001.wav", "3  STFT magnitude", ">Hz<", "Time (s)", ">dB<"]),
        ("Stage: Log magnitude", vec!["4  Log magnitude", ">dB<", "Time (s)"]),
        ("Spectrum of a frame", vec!["Spectrum of frame 32", "dB re 1", ">Hz<"]),
        ("Data set: images", vec!["bell", "4 recordings"]),
        ("Data set: mean and spread", vec!["All recordings", "Mean", "11 kHz", "0.743 s"]),
        ("Data set: distributions", vec!["Duration", "Level", "Recordings"]),
        ("Data set: loading times", vec!["Saved images or on the fly", "12.5 ms warm", "Recordings/s"]),
        ("Data set: parity with Python", vec!["Ours", "Python&#39;s", "drum/drum_001.wav"]),
        ("Training curves", vec!["Reconstruction loss", "Mean squared error", "Step"]),
        ("Map of the latent space", vec!["Map of 12 recordings, PCA", "PCA 1", "PCA 2"]),
        ("Decoded sound", vec!["Decoded spectrogram", "Decoded sound", "Time (s)"]),
    ];
    for (name, words) in words {
        let kind = FigureKind::all().into_iter().find(|kind| kind.name(&state) == name);
        let text = svg(kind.unwrap_or_else(|| panic!("no figure “{name}”")), ThemeChoice::Light, &state);
        for word in words {
            let word = word.replace("&#39;", "'");
            assert!(text.contains(&word), "“{word}” is not in “{name}”");
        }
        assert!(!text.contains("made in"), "“{name}” is about one computation");
        // No figure is lower than was asked for; one that needs more height gets it.
        let height: f32 =
            text.split("viewBox=\"0 0 900 ").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        assert!((600.0..700.0).contains(&height), "{name}: {height}");
    }
}

#[test]
fn every_figure_can_be_read_as_svg_and_has_the_pixels_that_were_asked_for() {
    let state = full();
    let place = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("TIMBRESPACE_FIGURES");
    let folder = folder.as_deref().map_or(place.path(), Path::new);
    for (theme, word) in [(ThemeChoice::Light, "light"), (ThemeChoice::Dark, "dark")] {
        for kind in FigureKind::all() {
            assert!(kind.is_there(&state), "{kind:?}");
            let figure = Figure { svg: svg(kind, theme, &state).into(), format: FigureFormat::Png, scale: 2 };
            let path = folder.join(format!("{}-{word}.png", kind.file_name(&state)));
            save_figure(&path, &figure).unwrap();
            let picture = image::open(&path).unwrap().to_rgb8();
            let (width, height) = picture.dimensions();
            assert!(width == 1800 && (1200..1400).contains(&height), "{kind:?}: {width} × {height}");
            let corner = picture.get_pixel(0, 0).0;
            let is_light = corner.iter().all(|&channel| channel > 200);
            assert_eq!(is_light, theme == ThemeChoice::Light, "{kind:?}: {corner:?}");
            let varied = picture.pixels().filter(|pixel| pixel.0 != corner).count();
            assert!(varied > 20_000, "{kind:?}: only {varied} pixels are drawn");
        }
    }
}

#[test]
fn a_narrow_figure_of_loading_times_cuts_no_column() {
    let state = full();
    let is_loading = |kind: &FigureKind| kind.name(&state) == "Data set: loading times";
    let kind = FigureKind::all().into_iter().find(is_loading).unwrap();
    for width in [480.0, 600.0, 900.0] {
        let text = Window::default().figure(kind, Vec2::new(width, 360.0), ThemeChoice::Light, &state);
        for title in ["Recordings/s", "Files", "From storage", "Held", "Memory growth", "Fastest epoch"] {
            let place = text.find(&format!(">{title}<")).unwrap_or_else(|| panic!("no {title} at {width}"));
            let element = &text[text[..place].rfind("<text").unwrap()..place];
            let number = |name: &str| -> f32 {
                element
                    .split(&format!(" {name}=\""))
                    .nth(1)
                    .unwrap()
                    .split('"')
                    .next()
                    .unwrap()
                    .parse()
                    .unwrap()
            };
            let right = number("x") + number("textLength");
            assert!(right < width - 8.0, "{title} ends at {right} of {width}");
        }
    }
}

#[test]
fn a_figure_is_as_high_as_it_was_asked_for_where_the_sheet_says_so() {
    let state = full();
    let mut wrong = Vec::new();
    for kind in FigureKind::all() {
        for size in [[1280.0, 800.0], [900.0, 600.0], [480.0, 360.0], [1920.0, 1080.0]] {
            let text = Window::default().figure(kind, size.into(), ThemeChoice::Light, &state);
            let view = text.split("viewBox=\"0 0 ").nth(1).unwrap().split('"').next().unwrap();
            let height: f32 = view.split(' ').next_back().unwrap().parse().unwrap();
            // What may grow grows by contents, not by a gap or a border.
            let is_right =
                if kind.may_grow() { !(0.5..8.0).contains(&(height - size[1])) } else { height == size[1] };
            if !is_right {
                wrong.push(format!("{kind:?} of {size:?} is {height} high"));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// The lengths of the images of a figure of `size`, as text of the file.
fn images(kind: FigureKind, size: Vec2, state: &State) -> Vec<usize> {
    let text = Window::default().figure(kind, size, ThemeChoice::Light, state);
    text.split("base64,").skip(1).map(|image| image.find('"').unwrap()).collect()
}

#[test]
fn a_figure_that_becomes_higher_keeps_its_images() {
    let state = full();
    for kind in FigureKind::all() {
        let whole = images(kind, SIZE, &state).len();
        let low = images(kind, Vec2::new(480.0, 200.0), &state).len();
        assert!(whole == 0 || low > 0, "{kind:?}: {low} of {whole}");
    }
    assert_eq!(images(FigureKind::Stages, SIZE, &state).len(), 3);
    assert_eq!(images(FigureKind::Stages, Vec2::new(480.0, 360.0), &state).len(), 3);
}

#[test]
fn the_axis_of_a_mean_image_has_room_for_its_highest_frequency() {
    let mut state = full();
    let mut report = state.data_set.overview.report.as_deref().unwrap().clone();
    report.config = LOG_FREQUENCY.defaults();
    state.data_set.overview.report = Some(Arc::new(report));
    let text = svg(FigureKind::ClassImages, ThemeChoice::Light, &state);
    let before = text.split(" kHz").next().unwrap().rsplit("<text x=\"").next().unwrap();
    let left: f32 = before.split('"').next().unwrap().parse().unwrap();
    // The card's margin is 16 points.
    assert!(left >= 16.0, "{left}: {before}");
}

#[test]
fn a_narrow_column_shows_every_row_and_the_time_axis() {
    let state = full();
    let mut compared = full();
    let pin = |name: &str| {
        let (_, stages) = state.inspection.stages.clone().unwrap();
        Some(Pin { recording: 1, name: name.to_owned(), stages, config: state.inspection.config.clone() })
    };
    compared.inspection.pins = [pin("a.wav"), pin("b.wav")];
    compared.inspection.comparing = true;
    let rows = ["1  Loaded", "2  Padded", "3  STFT magnitude", "4  Log magnitude", "5  Normalised"];
    for (state, rows) in [(&state, &rows[..]), (&compared, &["A  a.wav", "B  b.wav", "B − A"])] {
        let size = Vec2::new(480.0, 360.0);
        let text = Window::default().figure(FigureKind::Stages, size, ThemeChoice::Light, state);
        for row in rows {
            assert!(text.contains(row), "{row}");
        }
        assert!(text.contains("Time (s)"));
        // Higher than asked for, as much as the rows need.
        let height: f32 =
            text.split("viewBox=\"0 0 480 ").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        assert!(height > 400.0 && height < 560.0, "{height}");
    }
}

#[test]
fn a_figure_shows_the_part_that_the_window_shows() {
    let mut state = example_state();
    let whole = svg(FigureKind::Stages, ThemeChoice::Light, &state);
    state.settings.stage_display.feature_range = Some((-20.0, 0.0));
    let loud = svg(FigureKind::Stages, ThemeChoice::Light, &state);
    assert_ne!(whole, loud, "another range of colours");
    assert_eq!(loud, svg(FigureKind::Stages, ThemeChoice::Light, &state), "drawn twice alike");
}

#[test]
fn a_figure_of_the_map_has_the_atlas_that_the_window_shows() {
    let mut state = full();
    state.settings.view = View::Latent;
    let picture = Thumbnail { width: 2, height: 1, values: [0, 255].into() };
    state.space.atlas = Some(Arc::new(Atlas { region: [[-1.0, -1.0], [1.0, 1.0]], grid: (2, 1), picture }));
    let mut harness = desk_with(state);
    let images = |harness: &Harness<'_, Desk>| {
        let Desk { state, .. } = harness.state();
        let figure = harness.state().window().figure(FigureKind::Map, SIZE, ThemeChoice::Light, state);
        figure.matches("<image").count()
    };
    assert_eq!(images(&harness), 0);
    harness.get_by_label("Atlas").click();
    harness.run_steps(3);
    assert_eq!(images(&harness), 1);
}

#[test]
fn the_sheet_begins_with_the_figure_of_the_open_view() {
    for (view, name) in [
        (View::Stages, "Stages"),
        (View::Training, "Training curves"),
        (View::Latent, "Map of the latent space"),
    ] {
        let mut state = full();
        state.settings.view = view;
        let mut harness = desk_with(state);
        press_export(&mut harness);
        let menu = harness.get_by_role_and_label(Role::ComboBox, "Figure");
        assert_eq!(menu.accesskit_node().value().as_deref(), Some(name));
        harness.get_by_label_contains("PNG: 2,560 × ");
        harness.get_by_label("Close").click();
        harness.run_ok();
        assert!(harness.query_by_label("Save PNG…").is_none());
    }
}

#[test]
fn sizes_numbers_and_sound_are_offered_for_what_there_is() {
    let mut state = example_state();
    state.inspection.selection = Some((0.1, 0.25));
    let mut harness = desk_with(state);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    harness.run_ok();
    harness.get_by_label("Column").click();
    harness.run_steps(2);
    harness.get_by_label("PNG: 960 × 720 pixels, or higher as its contents need");
    // Once the choice rests, the height is that of the file.
    harness.run_steps(60);
    let state = &harness.state().state;
    let svg =
        Window::default().figure(FigureKind::Stages, Vec2::new(480.0, 360.0), ThemeChoice::Light, state);
    let (_, height) = svg.split_once("height=\"").unwrap();
    let height: usize = height.split_once('"').unwrap().0.parse().unwrap();
    assert!(height > 360, "{height}");
    let pixels = grouped(&(2 * height).to_string());
    harness.get_by_label(&format!("PNG: 960 × {pixels} pixels"));
    harness.get_by_label("Shape [256, 64]");
    harness.get_by_label("0.100 to 0.250 s of the padded signal, 24 bit");
    assert!(!harness.get_by_label("Save selection as WAV…").accesskit_node().is_disabled());

    let mut harness = desk_with(State::default());
    assert!(harness.get_by_label("Export…").accesskit_node().is_disabled(), "there is nothing");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    harness.run_ok();
    assert!(harness.query_by_label("Save PNG…").is_none());

    let mut state = example_state();
    (state.inspection.stages, state.inspection.long) = (None, None);
    let mut harness = desk_with(state);
    press_export(&mut harness);
    for button in ["Save .npy…", "Save padded signal as WAV…"] {
        assert!(harness.get_by_label(button).accesskit_node().is_disabled(), "{button}");
    }
}

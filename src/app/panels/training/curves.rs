//! The curves of a run: which are shown, along what, and how smooth.

use eframe::egui::{RichText, Slider, Ui, Vec2};

use super::{
    TrainingMemory,
    course::{Course, Place, TimeScale, laid_over, of_epochs, of_steps},
    dimensions,
    shown::{Along, Shown},
};
use crate::{
    app::{
        format,
        theme::{GAP, Palette, ROW, palette},
        widgets::{
            card::{Card, KeyEntry},
            run_plot::{Baseline, Curve, Mark, RunPlot},
        },
    },
    session::{
        runs::OverlaidRun,
        state::{State, StepPoint, TrainingState},
    },
    vae::trainer::Change,
};

/// Least height of a plot's card.
const PLOT_HEIGHT: f32 = 210.0;
/// Room at the right for half of the last tick label.
const TICK_ROOM: f32 = 8.0;
/// Least width of one of two plots side by side.
const PLOT_WIDTH: f32 = 300.0;

/// Draws the choices, and the plots below them.
pub fn show(ui: &mut Ui, state: &State, memory: &mut TrainingMemory) {
    choices(ui, memory);
    plots(ui, state, memory, ui.available_height() - 2.0);
}

fn choices(ui: &mut Ui, memory: &mut TrainingMemory) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::new(4.0, 2.0);
        for (plot, name, hint) in Shown::ALL {
            let place = memory.shown.iter().position(|shown| *shown == plot);
            if ui.selectable_label(place.is_some(), name).on_hover_text(hint).clicked() {
                match place {
                    Some(place) => drop(memory.shown.remove(place)),
                    None => memory.shown.push(plot),
                }
            }
        }
    });
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW);
        ui.spacing_mut().item_spacing.x = 4.0;
        for (along, name, hint) in [
            (Along::Steps, "Steps", "The horizontal axis counts batches"),
            (Along::Epochs, "Epochs", "The horizontal axis counts passes over the recordings"),
            (Along::Time, "Time", "The horizontal axis is the time of training"),
        ] {
            if ui.selectable_label(memory.along == along, name).on_hover_text(hint).clicked() {
                memory.along = along;
                memory.shows_all = true;
            }
        }
        ui.add_space(GAP);
        let log = ui.toggle_value(&mut memory.is_logarithmic, "Log");
        if log.on_hover_text("A logarithmic vertical axis for the losses and the gradient norm").clicked() {
            memory.shows_all = true;
        }
        ui.add_space(GAP);
        let name = ui.label(RichText::new("Smooth").color(palette(ui).text_weak));
        ui.spacing_mut().slider_width = 64.0;
        ui.add(Slider::new(&mut memory.smoothing, 0.0..=0.99).max_decimals(2))
            .labelled_by(name.id)
            .on_hover_text(
                "Part of the past in the exponential mean of training curves; 0 for the values themselves",
            );
        let hint = "Drag moves, drag with the right button zooms, a double click shows everything again";
        memory.shows_all |= ui.button("Show all").on_hover_text(hint).clicked();
    });
}

/// The plots alone, in `room` points of height or more where they need it, as a figure shows them.
pub fn plots(ui: &mut Ui, state: &State, memory: &mut TrainingMemory, room: f32) {
    if memory.shown.is_empty() {
        ui.weak("Choose a curve above.");
        return;
    }
    let shown = memory.shown.clone();
    let width = ui.available_width();
    let columns = if width < 2.0 * PLOT_WIDTH + GAP || shown.len() == 1 { 1 } else { 2 };
    // One too many for two columns: the first is wide.
    let wide = usize::from(columns == 2 && shown.len() % 2 == 1);
    let rows = wide + (shown.len() - wide).div_ceil(columns);
    let height = ((room - GAP * (rows as f32 - 1.0)) / rows as f32).max(PLOT_HEIGHT);
    let mut cursor = None;
    let (first, rest) = shown.split_at(wide);
    for plot in first {
        cursor = cursor.or(one(ui, *plot, state, (memory, Vec2::new(width, height))));
    }
    let size = Vec2::new((width - GAP * (columns as f32 - 1.0)) / columns as f32, height);
    for row in rest.chunks(columns) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            for plot in row {
                let at = one(ui, *plot, state, (memory, size));
                cursor = cursor.or(at);
            }
        });
    }
    if cursor != memory.cursor {
        memory.cursor = cursor;
        ui.ctx().request_repaint();
    }
    memory.shows_all = false;
}

fn one(ui: &mut Ui, plot: Shown, state: &State, (memory, size): (&mut TrainingMemory, Vec2)) -> Option<f64> {
    let training = &state.training;
    if plot == Shown::Dimensions {
        dimensions::show(ui, training.epochs.last(), (&mut memory.by_number, size));
        return None;
    }
    let colours = palette(ui);
    let (name, axis, (explanation, details)) = plot.what();
    let longest = |run: &OverlaidRun| run.steps.last().map_or(0.0, |step| step.seconds);
    let scale = TimeScale::of(state.runs.overlaid.iter().map(longest).fold(training.seconds, f64::max));
    let place = Place { along: memory.along, scale };
    let run = Course { name: "training", steps: &training.steps, epochs: &training.epochs };
    let mut curves = of_steps(&run, plot, (&place, memory.smoothing), colours.curve_training);
    curves.extend(of_epochs(&run, plot, &place, colours.curve_validation));
    let overlaid = state.runs.overlaid.iter();
    curves.extend(overlaid.flat_map(|run| laid_over(run, plot, (&place, memory.smoothing), colours)));
    let losses = [Shown::Reconstruction, Shown::Total, Shown::Kl, Shown::Gradient].contains(&plot);
    let drawn = RunPlot {
        name,
        axis,
        // The figures in the key are those of the pointer's place, or of the end.
        along: memory.cursor.map_or_else(
            || place.title().to_owned(),
            |at| format!("{} {}", place.title(), format::significant(at)),
        ),
        is_logarithmic: memory.is_logarithmic && losses,
        curves,
        baselines: if plot == Shown::Reconstruction {
            baselines(training, state.settings.training.preset.facts().linear_path, colours)
        } else {
            Vec::new()
        },
        marks: training.changes.iter().map(|change| mark(change, &training.steps, &place)).collect(),
    };
    let mut at = None;
    let card = Card { title: name, explanation, details, size };
    card.show_with_key(ui, |ui| {
        ui.set_max_width(ui.available_width() - TICK_ROOM);
        at = drawn.show(ui, memory.shows_all);
        key(&drawn, memory.cursor)
    });
    at
}

fn key(plot: &RunPlot<'_>, cursor: Option<f64>) -> Vec<KeyEntry> {
    let named = plot.curves.iter().filter(|curve| !curve.name.is_empty());
    let curve = |curve: &Curve| {
        let value = curve.value_at(cursor).map_or_else(|| "–".to_owned(), format::significant);
        KeyEntry { colour: Some(curve.colour), words: format!("{} {value:<7}", curve.name) }
    };
    let mut key: Vec<KeyEntry> = named.map(curve).collect();
    let lines = plot.baselines.iter();
    key.extend(lines.map(|line| KeyEntry { colour: Some(line.colour), words: line.name.clone() }));
    key
}

/// Where a setting was changed, in words.
fn mark(change: &Change, steps: &[StepPoint], place: &Place) -> Mark {
    let point = steps.iter().find(|point| point.step >= change.step).or(steps.last());
    let (epochs, seconds) = point.map_or((0.0, 0.0), |point| (point.epochs, point.seconds));
    let value = |value: f64| if value < 1e-2 { format!("{value:e}") } else { format::tick(value) };
    Mark {
        at: place.of(change.step, epochs, seconds),
        words: format!(
            "{} {} to {} from step {}",
            change.setting.label(),
            value(change.from),
            value(change.to),
            format::count(change.step)
        ),
    }
}

/// The dashed lines; for a model without a linear path they say what such a path would give before any training.
fn baselines(training: &TrainingState, has_linear_path: bool, colours: &Palette) -> Vec<Baseline> {
    let Some(baselines) = training.baselines else { return Vec::new() };
    let mean = format!("mean image {}", format::significant(baselines.mean_image));
    let path = if has_linear_path { "" } else { ", where a linear path starts" };
    let pca = format!("PCA-{} {}{path}", baselines.pca_components, format::significant(baselines.pca));
    let mut lines = vec![
        Baseline { name: mean, value: baselines.mean_image, colour: colours.baseline_mean },
        Baseline { name: pca, value: baselines.pca, colour: colours.baseline_pca },
    ];
    lines.extend(baselines.local.map(|local| Baseline {
        name: format!("{} × PCA-{} {}", local.groups, local.components, format::significant(local.error)),
        value: local.error,
        colour: colours.baseline_local,
    }));
    lines
}

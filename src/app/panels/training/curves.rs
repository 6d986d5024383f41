//! The training curves: choice of plots, x axis and smoothing.

use eframe::egui::{RichText, Slider, Ui, Vec2};

use super::{
    course::{Course, TimeScale, XScale, of_epochs, of_steps, overlaid_curves},
    dimensions, steering,
};
use crate::{
    app::{
        format,
        kinds::plot_kind::{PlotKind, XAxis},
        memory::training::TrainingMemory,
        theme::{GAP, Palette, ROW, palette},
        widgets::{
            card::{Card, KeyEntry},
            escape,
            number_field::NumberField,
            run_plot::{Baseline, Curve, Mark, RunPlot},
            toolbar,
        },
    },
    language::text,
    session::{
        runs::OverlaidRun,
        state::{State, StepPoint, TrainingState},
    },
    vae::trainer::Change,
};

/// Range of the smoothing.
const SMOOTHING: std::ops::RangeInclusive<f64> = 0.0..=0.99;
/// Width of the smoothing's slider with its value, in points.
const SMOOTHING_WIDTH: f32 = 124.0;
/// Least height of a plot's card.
const PLOT_HEIGHT: f32 = 210.0;
/// Space at the right for half of the last tick label.
const TICK_ROOM: f32 = 8.0;
/// Least width of one of two plots side by side.
const PLOT_WIDTH: f32 = 300.0;

/// Draws the choices and the plots.
pub fn show(ui: &mut Ui, state: &State, memory: &mut TrainingMemory) {
    choices(ui, memory);
    plots(ui, state, memory, ui.available_height() - 2.0);
}

fn choices(ui: &mut Ui, memory: &mut TrainingMemory) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::new(4.0, 2.0);
        for (plot, name, hint) in PlotKind::ALL {
            let index = memory.shown.iter().position(|shown| *shown == plot);
            if ui.selectable_label(index.is_some(), name.text()).on_hover_text(hint.text()).clicked() {
                match index {
                    Some(index) => drop(memory.shown.remove(index)),
                    None => memory.shown.push(plot),
                }
            }
        }
    });
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW);
        ui.spacing_mut().item_spacing.x = 4.0;
        for (along, name, hint) in [
            (XAxis::Steps, text!("curves-steps"), text!("curves-steps-help")),
            (XAxis::Epochs, text!("curves-epochs"), text!("curves-epochs-help")),
            (XAxis::Time, text!("curves-time"), text!("curves-time-help")),
        ] {
            if ui.selectable_label(memory.along == along, name).on_hover_text(hint).clicked() {
                memory.along = along;
                memory.shows_all = true;
            }
        }
        ui.add_space(GAP);
        let log = ui.toggle_value(&mut memory.is_logarithmic, text!("curves-log"));
        if log.on_hover_text(text!("curves-log-help")).clicked() {
            memory.shows_all = true;
        }
        ui.add_space(GAP);
        let name = RichText::new(text!("curves-smooth")).color(palette(ui).text_weak);
        let name_width = toolbar::width(ui, name.clone()) + ui.spacing().item_spacing.x;
        toolbar::group(ui, name_width + SMOOTHING_WIDTH, |ui| {
            let name = ui.label(name);
            ui.spacing_mut().slider_width = 64.0;
            let before = memory.smoothing;
            let slider = ui.add(Slider::new(&mut memory.smoothing, SMOOTHING).show_value(false));
            escape::take_back(&slider, before, &mut memory.smoothing);
            let field = NumberField::new(&mut memory.smoothing).range(SMOOTHING).speed(0.01);
            let field = ui.add(field.max_decimals(2));
            for control in [slider, field] {
                control.labelled_by(name.id).on_hover_text(text!("curves-smooth-help"));
            }
        });
        let hint = text!("curves-show-all-help");
        memory.shows_all |= ui.button(text!("curves-show-all")).on_hover_text(hint).clicked();
    });
}

/// The plots, in `room` points of height or more if they need it.
pub fn plots(ui: &mut Ui, state: &State, memory: &mut TrainingMemory, room: f32) {
    if memory.shown.is_empty() {
        ui.weak(text!("curves-none"));
        return;
    }
    let shown = memory.shown.clone();
    let width = ui.available_width();
    let columns = if width < 2.0 * PLOT_WIDTH + GAP || shown.len() == 1 { 1 } else { 2 };
    // With an odd number in two columns, the first is wide.
    let wide = usize::from(columns == 2 && shown.len() % 2 == 1);
    let rows = wide + (shown.len() - wide).div_ceil(columns);
    let height = ((room - GAP * (rows as f32 - 1.0)) / rows as f32).max(PLOT_HEIGHT);
    let mut cursor = None;
    let (first, rest) = shown.split_at(wide);
    for plot in first {
        cursor = cursor.or(one(ui, *plot, state, memory, Vec2::new(width, height)));
    }
    let size = Vec2::new((width - GAP * (columns as f32 - 1.0)) / columns as f32, height);
    for row in rest.chunks(columns) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            for plot in row {
                let at = one(ui, *plot, state, memory, size);
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

fn one(ui: &mut Ui, plot: PlotKind, state: &State, memory: &mut TrainingMemory, size: Vec2) -> Option<f64> {
    let training = &state.training;
    if plot == PlotKind::Dimensions {
        dimensions::show(ui, training.epochs.last(), &mut memory.by_number, size);
        return None;
    }
    let colours = palette(ui);
    let (title, axis, (explanation, details)) = (plot.title(), plot.axis(), plot.explanations());
    let longest = |run: &OverlaidRun| run.steps.last().map_or(0.0, |step| step.seconds);
    let scale = TimeScale::of(state.runs.overlaid.iter().map(longest).fold(training.seconds, f64::max));
    let x_scale = XScale { along: memory.along, scale };
    let name = text!("curves-training");
    let run = Course { name: &name, steps: &training.steps, epochs: &training.epochs };
    let mut curves = of_steps(&run, plot, &x_scale, memory.smoothing, colours.curve_training);
    curves.extend(of_epochs(&run, plot, &x_scale, colours.curve_validation));
    // The run on show is drawn already.
    let is_other =
        |run: &&OverlaidRun| training.steps.is_empty() || training.run_folder.as_ref() != Some(&run.folder);
    let overlaid = state.runs.overlaid.iter().filter(is_other);
    curves.extend(overlaid.flat_map(|run| overlaid_curves(run, plot, &x_scale, memory.smoothing, colours)));
    let losses =
        [PlotKind::Reconstruction, PlotKind::Total, PlotKind::Kl, PlotKind::Gradient].contains(&plot);
    let drawn = RunPlot {
        name: plot.word(),
        title: &title,
        axis: &axis,
        // The values in the key are those at the pointer, or the newest.
        along: memory
            .cursor
            .map_or_else(|| x_scale.title(), |at| format!("{} {}", x_scale.title(), x_scale.figure(at))),
        is_logarithmic: memory.is_logarithmic && losses,
        curves,
        baselines: if plot == PlotKind::Reconstruction { baselines(training, colours) } else { Vec::new() },
        marks: training.changes.iter().map(|change| mark(change, &training.steps, &x_scale)).collect(),
    };
    let mut at = None;
    let card = Card { name: plot.word(), title: &title, explanation: &explanation, details: &details, size };
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
        KeyEntry { colour: Some(curve.colour), text: format!("{} {value:<7}", curve.name) }
    };
    let mut key: Vec<KeyEntry> = named.map(curve).collect();
    let lines = plot.baselines.iter();
    key.extend(lines.map(|line| KeyEntry { colour: Some(line.colour), text: line.name.clone() }));
    key
}

/// The mark of a changed setting.
fn mark(change: &Change, steps: &[StepPoint], x_scale: &XScale) -> Mark {
    let point = steps.iter().find(|point| point.step >= change.step).or(steps.last());
    let (epochs, seconds) = point.map_or((0.0, 0.0), |point| (point.epochs, point.seconds));
    let value = |value: f64| if value < 1e-2 { format!("{value:e}") } else { format::tick(value) };
    Mark {
        at: x_scale.of(change.step, epochs, seconds),
        text: text!(
            "curves-change",
            setting = steering::name(change.setting),
            from = value(change.from),
            to = value(change.to),
            step = change.step,
        ),
    }
}

/// The dashed baselines. For a model without a linear path, the PCA line says where such a path would start.
fn baselines(training: &TrainingState, colours: &Palette) -> Vec<Baseline> {
    let Some(baselines) = training.baselines else { return Vec::new() };
    let mean = text!("curves-baseline-mean", error = format::significant(baselines.mean_image));
    let (components, error) = (baselines.pca_components, format::significant(baselines.pca));
    let pca = if training.run_model.as_ref().is_none_or(|model| model.linear_path) {
        text!("curves-baseline-pca", components = components, error = error)
    } else {
        text!("curves-baseline-pca-path", components = components, error = error)
    };
    let mut lines = vec![
        Baseline { name: mean, value: baselines.mean_image, colour: colours.baseline_mean },
        Baseline { name: pca, value: baselines.pca, colour: colours.baseline_pca },
    ];
    lines.extend(baselines.local.map(|local| Baseline {
        name: text!(
            "curves-baseline-local",
            groups = local.groups,
            components = local.components,
            error = format::significant(local.error),
        ),
        value: local.error,
        colour: colours.baseline_local,
    }));
    lines
}

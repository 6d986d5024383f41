//! The status of the run: text, progress bar, and figures in fixed positions.

use eframe::egui::{Label, ProgressBar, RichText, Ui, Vec2};

use super::run_words;
use crate::{
    app::{
        format,
        theme::{self, HALF_GAP, palette},
    },
    language::text,
    session::{
        state::{RunStatus, TrainingState},
        training::state::EndStage,
    },
};

/// Width of a figure.
const CELL: f32 = 96.0;

/// Draws the status line, the bar and the figures.
pub fn show(ui: &mut Ui, training: &TrainingState) {
    let colours = palette(ui);
    let (words, share) = status_text(training);
    let failed = matches!(training.status, RunStatus::Failed(_));
    let title = RichText::new(words).strong().color(if failed { colours.error } else { colours.text_strong });
    ui.spacing_mut().item_spacing.y = HALF_GAP;
    ui.add(Label::new(title).wrap());
    ui.add(ProgressBar::new(share.unwrap_or(0.0)).desired_height(8.0).fill(colours.accent));
    let figures = figures(training);
    let columns = ((ui.available_width() / CELL) as usize).clamp(1, figures.len());
    let columns = if columns < figures.len() { columns.min(figures.len().div_ceil(2)) } else { columns };
    let width = ui.available_width() / columns as f32;
    for row in figures.chunks(columns) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for figure in row {
                cell(ui, figure, width);
            }
        });
    }
}

struct Figure {
    name: String,
    value: String,
    hint: String,
}

fn cell(ui: &mut Ui, figure: &Figure, width: f32) {
    ui.allocate_ui(Vec2::new(width, 30.0), |ui| {
        ui.vertical(|ui| {
            ui.set_width(width - HALF_GAP);
            ui.spacing_mut().item_spacing.y = 0.0;
            let name = RichText::new(&figure.name).small().color(palette(ui).text_weak);
            ui.add(Label::new(name).truncate());
            let value = RichText::new(&figure.value).text_style(theme::small_mono()).color(palette(ui).text);
            ui.add(Label::new(value).truncate());
        })
        .response
        .on_hover_text(&figure.hint);
    });
}

fn status_text(training: &TrainingState) -> (String, Option<f32>) {
    let part = |done: f64, total: f64| (total > 0.0).then(|| (done / total).clamp(0.0, 1.0) as f32);
    let at = part(training.epochs_done, training.epochs_total as f64);
    match &training.status {
        RunStatus::Idle => (text!("training-status-ready"), None),
        RunStatus::Preparing { done, total } if *total > 0 => (
            text!("training-status-preparing", done = *done, total = *total),
            part(*done as f64, *total as f64),
        ),
        RunStatus::Preparing { .. } => (text!("training-status-starting"), None),
        RunStatus::Fitting => (text!("training-status-fitting"), None),
        RunStatus::Running => match training.measured_epoch() {
            Some(epoch) => (text!("training-status-measuring-epoch", epoch = epoch), at),
            None => (text!("training-status-running"), at),
        },
        RunStatus::Paused => (text!("training-status-paused"), at),
        RunStatus::Stopping => (text!("training-status-stopping"), at),
        RunStatus::Ending(EndStage::Measuring) => (text!("training-status-measuring"), at),
        RunStatus::Ending(EndStage::Saving { .. }) => (text!("training-status-saving"), at),
        RunStatus::Ending(EndStage::Detail { done, total }) => {
            (text!("training-status-detail", done = *done, total = *total), part(*done as f64, *total as f64))
        }
        RunStatus::Finished if training.epochs.len() < training.epochs_total => {
            (run_words::ended_early(&training.epochs), at)
        }
        RunStatus::Finished => (text!("training-status-finished"), Some(1.0)),
        RunStatus::Stopped if training.files.has_checkpoint => (text!("training-status-stopped"), at),
        RunStatus::Stopped => (text!("training-status-stopped-early"), at),
        RunStatus::Failed(cause) => (text!("training-status-failed", cause = cause.text()), at),
    }
}

fn figures(training: &TrainingState) -> Vec<Figure> {
    let none = || "–".to_owned();
    let epoch = (training.epochs_done.floor() as usize + 1).min(training.epochs_total);
    let in_epoch = training.status.is_busy() && !training.status.is_ending();
    let epoch = training.measured_epoch().unwrap_or(epoch);
    let epoch = if in_epoch { epoch } else { training.epochs.len() };
    let runs =
        matches!(training.status, RunStatus::Running | RunStatus::Paused) && !training.has_done_all_steps();
    let left = training.remaining_secs.filter(|_| runs).map_or_else(none, format::waiting);
    let memory = training.memory_bytes.map_or_else(none, |bytes| format::bytes(bytes as usize));
    let best = training.best_epoch().map_or_else(none, |epoch| epoch.to_string());
    let speed = if training.samples_per_second > 0.0 {
        text!("training-figure-speed-value", speed = format!("{:.1}", training.samples_per_second))
    } else {
        none()
    };
    let of_total = text!("training-figure-epoch-value", epoch = epoch, total = training.epochs_total);
    let figure = |name, value, hint| Figure { name, value, hint };
    vec![
        figure(text!("training-figure-epoch"), of_total, text!("training-figure-epoch-help")),
        figure(
            text!("training-figure-step"),
            format::count(training.step),
            text!("training-figure-step-help"),
        ),
        figure(text!("training-figure-speed"), speed, text!("training-figure-speed-help")),
        figure(text!("training-figure-left"), left, text!("training-figure-left-help")),
        figure(
            text!("training-figure-elapsed"),
            format::waiting(training.seconds),
            text!("training-figure-elapsed-help"),
        ),
        figure(text!("training-figure-memory"), memory, text!("training-figure-memory-help")),
        figure(text!("training-figure-best"), best, text!("training-figure-best-help")),
    ]
}

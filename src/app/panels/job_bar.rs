//! A job's progress: amount, speed, time left and a cancel button; or the cause of its failure.

use eframe::egui::{Label, ProgressBar, RichText, Ui, Vec2};

use crate::{
    app::{
        format,
        theme::{HALF_GAP, palette},
    },
    language::text,
    session::{data_set::listed::Change, task::TaskStatus},
};

/// Height of the bar, in points.
const BAR: f32 = 8.0;
/// Width of placeholder text, for lines of a readable length.
const PLACEHOLDER_WIDTH: f32 = 480.0;
/// Vertical position of placeholder text, as a part of the available height.
const PLACEHOLDER_AT: f32 = 0.3;

/// Draws the progress of work on recordings, if any is running; `true` when it was cancelled.
pub fn progress(ui: &mut Ui, status: &TaskStatus) -> bool {
    progress_of(ui, status, &text!("window-progress-recordings"))
}

/// Draws the progress of work counted in `units`.
pub fn progress_of(ui: &mut Ui, status: &TaskStatus, units: &str) -> bool {
    let TaskStatus::Running { done, total, .. } = status else { return false };
    let colours = palette(ui);
    ui.add_space(HALF_GAP);
    let share = *done as f32 / (*total).max(1) as f32;
    ui.add(ProgressBar::new(share).desired_height(BAR).fill(colours.accent));
    ui.horizontal(|ui| {
        let cancelled =
            ui.button(text!("cancel")).on_hover_text(text!("window-progress-cancel-help")).clicked();
        let text = RichText::new(figures(status, units)).monospace().color(colours.text);
        ui.add(Label::new(text).truncate());
        cancelled
    })
    .inner
}

fn figures(status: &TaskStatus, units: &str) -> String {
    let TaskStatus::Running { done, total, .. } = status else { return String::new() };
    let stage = status.stage_words();
    let total = format::count(*total);
    let width = total.len();
    let done = format!("{:>width$}", format::count(*done));
    let Some((speed, left)) = status.pace() else {
        return text!("window-progress", stage = stage, done = done, total = total);
    };
    text!(
        "window-progress-with-pace",
        stage = stage,
        done = done,
        total = total,
        speed = speed.round() as usize,
        units = units,
        left = format::waiting(left)
    )
}

/// Shows why the last run failed, if it did.
pub fn failure(ui: &mut Ui, status: &TaskStatus) {
    if let TaskStatus::Failed(cause) = status {
        let text = RichText::new(text!("window-failed", cause = cause)).color(palette(ui).error);
        ui.add(Label::new(text).wrap());
    }
}

/// Says why the results on show are out of date, if they are.
pub fn stale(ui: &mut Ui, change: Option<Change>, again: &str) {
    let text = match change {
        None => return,
        Some(Change::Folder) => text!("window-stale-folder", again = again),
        Some(Change::Settings) => text!("window-stale-settings", again = again),
        Some(Change::Classes) => text!("window-stale-classes", again = again),
        Some(Change::LeftOut) => text!("window-stale-left-out", again = again),
    };
    ui.add(Label::new(RichText::new(text).color(palette(ui).warning)).wrap());
}

/// A placeholder: title and explanation of what will appear here.
pub fn placeholder(ui: &mut Ui, title: &str, text: &str) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * PLACEHOLDER_AT);
        ui.heading(title);
        ui.add_space(HALF_GAP);
        let width = PLACEHOLDER_WIDTH.min(ui.available_width());
        ui.allocate_ui(Vec2::new(width, 0.0), |ui| {
            ui.vertical_centered(|ui| ui.label(RichText::new(text).color(palette(ui).text_weak)));
        });
    });
}

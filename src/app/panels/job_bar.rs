//! A job's progress: amount, speed, time left and a cancel button; or the cause of its failure.

use eframe::egui::{Label, ProgressBar, RichText, Ui, Vec2};

use crate::{
    app::{
        format,
        panels::no_recordings,
        theme::{HALF_GAP, palette},
    },
    language::text,
    session::{data_set::listed::Change, state::Library, task::TaskStatus},
};

/// Height of the bar, in points.
const BAR: f32 = 8.0;
/// Least width for amount and pace in one line, in points.
const ONE_LINE_WIDTH: f32 = 560.0;
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
    let words = |words: String| Label::new(RichText::new(words).monospace().color(colours.text)).truncate();
    let is_wide = ui.available_width() >= ONE_LINE_WIDTH;
    let cancelled = ui.horizontal(|ui| {
        let cancelled =
            ui.button(text!("cancel")).on_hover_text(text!("window-progress-cancel-help")).clicked();
        ui.add(words(amount(status)));
        let pace = pace(status, units);
        if is_wide && !pace.is_empty() {
            ui.add(words(format!("· {pace}")));
        }
        cancelled
    });
    if !is_wide {
        ui.add(words(pace(status, units)));
    }
    cancelled.inner
}

/// What is being done, and how much of it is.
fn amount(status: &TaskStatus) -> String {
    let TaskStatus::Running { done, total, .. } = status else { return String::new() };
    let total = format::count(*total);
    let width = total.len();
    let done = format!("{:>width$}", format::count(*done));
    text!("window-progress", stage = status.stage_words(), done = done, total = total)
}

/// Speed and time left; empty while they cannot be estimated.
fn pace(status: &TaskStatus, units: &str) -> String {
    let Some((speed, left)) = status.pace() else { return String::new() };
    let (speed, left) = (speed.round() as usize, format::waiting(left));
    text!("window-progress-pace", speed = speed, units = units, left = left)
}

/// Shows why the last run failed, if it did.
pub fn failure(ui: &mut Ui, status: &TaskStatus) {
    if let TaskStatus::Failed(cause) = status {
        let text = RichText::new(text!("window-failed", cause = cause.text())).color(palette(ui).error);
        ui.add(Label::new(text).wrap());
    }
}

/// Says why the results on show are out of date, if they are: what to press, or why that is not possible now.
pub fn stale(ui: &mut Ui, library: &Library, change: Option<Change>, again: &str) {
    let Some(change) = change else { return };
    let text = match (no_recordings::why(library), change) {
        (Some(why), _) => text!("window-stale-nothing", why = why),
        (None, Change::Folder) => text!("window-stale-folder", again = again),
        (None, Change::Settings) => text!("window-stale-settings", again = again),
        (None, Change::Classes) => text!("window-stale-classes", again = again),
        (None, Change::LeftOut) => text!("window-stale-left-out", again = again),
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

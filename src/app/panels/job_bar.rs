//! A job's progress: amount, speed, time left and a cancel button; or the cause of its failure.

use eframe::egui::{Label, ProgressBar, RichText, Ui, Vec2};

use crate::{
    app::{
        format,
        theme::{HALF_GAP, palette},
    },
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
    progress_of(ui, status, "recordings")
}

/// Draws the progress of work counted in `units`.
pub fn progress_of(ui: &mut Ui, status: &TaskStatus, units: &str) -> bool {
    let TaskStatus::Running { done, total, .. } = status else { return false };
    let colours = palette(ui);
    ui.add_space(HALF_GAP);
    let share = *done as f32 / (*total).max(1) as f32;
    ui.add(ProgressBar::new(share).desired_height(BAR).fill(colours.accent));
    ui.horizontal(|ui| {
        let cancelled = ui.button("Cancel").on_hover_text("Stops the work").clicked();
        let text = RichText::new(figures(status, units)).monospace().color(colours.text);
        ui.add(Label::new(text).truncate());
        cancelled
    })
    .inner
}

fn figures(status: &TaskStatus, units: &str) -> String {
    let TaskStatus::Running { stage, done, total, .. } = status else { return String::new() };
    let total = format::count(*total);
    let (done, width) = (format::count(*done), total.len());
    let pace = status.pace().map_or_else(String::new, |(speed, left)| {
        format!("   {} {units}/s   {} left", format::count(speed.round() as usize), format::waiting(left))
    });
    format!("{stage} {done:>width$} of {total}{pace}")
}

/// Shows why the last run failed, if it did.
pub fn failure(ui: &mut Ui, status: &TaskStatus) {
    if let TaskStatus::Failed(cause) = status {
        let text = RichText::new(format!("Failed: {cause}")).color(palette(ui).error);
        ui.add(Label::new(text).wrap());
    }
}

/// Says why the results on show are out of date, if they are.
pub fn stale(ui: &mut Ui, change: Option<Change>, again: &str) {
    let text = match change {
        None => return,
        Some(Change::Folder) => "These results are from another folder.",
        Some(Change::Settings) => "The preprocessing settings have changed since.",
        Some(Change::Classes) => "The class pattern has changed since.",
        Some(Change::LeftOut) => "Other recordings are left out now.",
    };
    let text = RichText::new(format!("{text} “{again}” updates the results."));
    ui.add(Label::new(text.color(palette(ui).warning)).wrap());
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

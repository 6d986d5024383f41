//! A job's progress: how far, how fast, how long still, and a button to stop it; or what made it fail.

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
/// Width of the words where nothing is there yet: lines that are easy to read.
const PLACEHOLDER_WIDTH: f32 = 480.0;
/// How far down they stand, as a part of the room.
const PLACEHOLDER_AT: f32 = 0.3;

/// Draws the progress of work on recordings; `true` when it was cancelled. Nothing where no work is under way.
pub fn progress(ui: &mut Ui, status: &TaskStatus) -> bool {
    progress_of(ui, status, "recordings")
}

/// The same for work on `units`.
pub fn progress_of(ui: &mut Ui, status: &TaskStatus, units: &str) -> bool {
    let TaskStatus::Running { done, total, .. } = status else { return false };
    let colours = palette(ui);
    ui.add_space(HALF_GAP);
    let share = *done as f32 / (*total).max(1) as f32;
    ui.add(ProgressBar::new(share).desired_height(BAR).fill(colours.accent));
    ui.horizontal(|ui| {
        let cancelled = ui.button("Cancel").on_hover_text("Stop; nothing is kept of this run").clicked();
        let words = RichText::new(figures(status, units)).monospace().color(colours.text);
        ui.add(Label::new(words).truncate());
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

/// Says why the last run failed, if it did.
pub fn failure(ui: &mut Ui, status: &TaskStatus) {
    if let TaskStatus::Failed(cause) = status {
        let words = RichText::new(format!("Failed: {cause}")).color(palette(ui).error);
        ui.add(Label::new(words).wrap());
    }
}

/// Says what has changed since the results on show were made, if anything.
pub fn stale(ui: &mut Ui, change: Option<Change>, again: &str) {
    let words = match change {
        None => return,
        Some(Change::Folder) => "These are the results of another folder.",
        Some(Change::Settings) => "The preprocessing settings have changed since.",
        Some(Change::Classes) => "Classes are read in another way since.",
        Some(Change::LeftOut) => "Other recordings are left out since.",
    };
    let words = RichText::new(format!("{words} “{again}” brings them up to date."));
    ui.add(Label::new(words.color(palette(ui).warning)).wrap());
}

/// What will appear, where nothing is there yet.
pub fn placeholder(ui: &mut Ui, title: &str, words: &str) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * PLACEHOLDER_AT);
        ui.heading(title);
        ui.add_space(HALF_GAP);
        let width = PLACEHOLDER_WIDTH.min(ui.available_width());
        ui.allocate_ui(Vec2::new(width, 0.0), |ui| {
            ui.vertical_centered(|ui| ui.label(RichText::new(words).color(palette(ui).text_weak)));
        });
    });
}

//! A folder that the Python pipeline wrote, against ours.

use eframe::egui::Ui;

use crate::app::{widgets::card::explanation, window::PanelContext};

/// Draws the part.
pub fn show(ui: &mut Ui, _context: &mut PanelContext<'_>) {
    explanation(ui, "");
}

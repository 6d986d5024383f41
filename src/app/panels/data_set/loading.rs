//! Cached images against decoding on the fly.

use eframe::egui::Ui;

use crate::app::{widgets::card::explanation, window::PanelContext};

/// Draws the part.
pub fn show(ui: &mut Ui, _context: &mut PanelContext<'_>) {
    explanation(ui, "");
}

//! All runs that were kept.

use eframe::egui::Ui;

use crate::app::{
    widgets::card::{explanation, surface},
    window::PanelContext,
};

/// Draws the part.
pub fn show(ui: &mut Ui, _context: &mut PanelContext<'_>) {
    surface(ui, |ui| {
        ui.strong("No runs yet: nothing was trained with this program");
        explanation(
            ui,
            "Every run is kept in a folder of its own. They are listed, compared and resumed here.",
        );
    });
}

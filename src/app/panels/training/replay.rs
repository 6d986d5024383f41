//! The epochs of a run, one by one.

use eframe::egui::Ui;

use crate::app::{
    widgets::card::{explanation, surface},
    window::PanelContext,
};

/// Draws the part.
pub fn show(ui: &mut Ui, _context: &mut PanelContext<'_>) {
    surface(ui, |ui| {
        ui.strong("No replay yet: the run has not finished an epoch");
        explanation(
            ui,
            "After every epoch a run can keep what its model makes of a few recordings. They are looked at and listened to here, epoch by epoch.",
        );
    });
}

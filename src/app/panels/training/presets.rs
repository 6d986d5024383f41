//! The buttons that save and load the form's settings.

use eframe::egui::Ui;

use crate::app::{dialogs::Question, window::PanelContext};

/// Draws the buttons.
pub fn buttons(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ui.horizontal(|ui| {
        let hint = "Saves model, run and preprocessing settings as a TOML file; `timbrespace train --settings` reads it too";
        if ui.button("Save settings…").on_hover_text(hint).clicked() {
            context.ask(ui.ctx(), Question::SaveSettings);
        }
        let hint = "Loads settings from a TOML file; settings that it does not name stay";
        if ui.button("Load settings…").on_hover_text(hint).clicked() {
            context.ask(ui.ctx(), Question::LoadSettings);
        }
    });
}

//! The buttons that save and load the form's settings.

use eframe::egui::Ui;

use crate::app::{context::PanelContext, dialogs::Question};

/// Draws the buttons.
pub fn buttons(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ui.horizontal(|ui| {
        let hint = "Saves model, run and preprocessing settings as a TOML file; `timbrespace train --settings` reads it too";
        if ui.button("Save settings…").on_hover_text(hint).clicked() {
            context.ask(ui.ctx(), Question::SaveSettings);
        }
        let hint = "Takes settings from a TOML file. A preset in it begins anew: what the file does not name is the preset's; without a preset it stays";
        if ui.button("Load settings…").on_hover_text(hint).clicked() {
            context.ask(ui.ctx(), Question::LoadSettings);
        }
    });
}

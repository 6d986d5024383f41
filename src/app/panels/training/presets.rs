//! The buttons that save and load the form's settings.

use eframe::egui::Ui;

use crate::{
    app::{context::PanelContext, dialogs::Question},
    language::text,
};

/// Draws the buttons.
pub fn buttons(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ui.horizontal(|ui| {
        let hint = text!("training-save-settings-help");
        if ui.button(text!("training-save-settings")).on_hover_text(hint).clicked() {
            context.ask(ui.ctx(), Question::SaveSettings);
        }
        let hint = text!("training-load-settings-help");
        if ui.button(text!("training-load-settings")).on_hover_text(hint).clicked() {
            context.ask(ui.ctx(), Question::LoadSettings);
        }
    });
}

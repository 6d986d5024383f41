//! The buttons that save and load the form's settings.

use eframe::egui::{Button, Ui};

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
        // What is loaded would stand there as if it were the run's.
        let is_free = !context.state.training.status.is_busy();
        let button = ui.add_enabled(is_free, Button::new(text!("training-load-settings")));
        let button = button.on_hover_text(text!("training-load-settings-help"));
        if button.on_disabled_hover_text(text!("training-held")).clicked() {
            context.ask(ui.ctx(), Question::LoadSettings);
        }
    });
}

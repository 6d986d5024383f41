//! Starting points of the vector, undo and redo.

use eframe::egui::{Button, RichText, Ui};

use crate::{
    app::{
        context::PanelContext,
        theme::{HALF_GAP, palette},
        widgets::{
            icon_button::{self, Icon},
            toolbar,
        },
    },
    names,
    session::{Command, LatentCommand, space::SpaceCommand},
};

/// Draws the buttons, and where the current vector came from.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let colours = palette(ui);
    ui.add_space(HALF_GAP);
    toolbar::show(ui, |ui| {
        let selected = state.library.selected;
        let from = ui.add_enabled(selected.is_some(), Button::new("From recording"));
        let from = from.on_disabled_hover_text("Select a recording in the list first");
        if from
            .on_hover_text(
                "Start from the selected recording's own latent vector (Enter, or double-click in the list)",
            )
            .clicked()
            && let Some(index) = selected
        {
            context.send(LatentCommand::EncodeRecording(index));
        }
        if ui.button("Random").on_hover_text("A random vector near the data (R)").clicked() {
            context.send(SpaceCommand::Sample);
        }
        if ui.button("Reset").on_hover_text("Back to the data's mean (Home)").clicked() {
            context.send(LatentCommand::ResetLatent);
        }
        let step = |ui: &mut Ui, there: bool, icon: Icon, name: &str, keys: &str| {
            let enabled =
                |ui: &mut Ui| ui.add_enabled_ui(there, |ui| icon_button::show(ui, icon, name, false)).inner;
            toolbar::group(ui, icon_button::WIDTH, enabled)
                .on_hover_text(format!("{name} ({keys})"))
                .clicked()
        };
        if step(ui, state.latent.can_undo, Icon::Undo, "Undo", "Ctrl+Z") {
            context.send(Command::Undo);
        }
        if step(ui, state.latent.can_redo, Icon::Redo, "Redo", "Ctrl+Shift+Z or Ctrl+Y") {
            context.send(Command::Redo);
        }
    });
    let origin = state.latent.origin.words();
    let origin = names::escaped(&origin);
    let words = RichText::new(format!("Vector from: {origin}")).small().color(colours.text_weak);
    ui.add(eframe::egui::Label::new(words).truncate()).on_hover_text(origin);
}

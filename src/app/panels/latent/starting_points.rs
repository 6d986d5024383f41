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
    language::text,
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
        let from = ui.add_enabled(selected.is_some(), Button::new(text!("instrument-from-recording")));
        let from = from.on_disabled_hover_text(text!("instrument-select-in-list-first"));
        if from.on_hover_text(text!("instrument-from-recording-help")).clicked()
            && let Some(index) = selected
        {
            context.send(LatentCommand::EncodeRecording(index));
        }
        if ui.button(text!("instrument-random")).on_hover_text(text!("instrument-random-help")).clicked() {
            context.send(SpaceCommand::Sample);
        }
        if ui.button(text!("instrument-reset")).on_hover_text(text!("instrument-reset-help")).clicked() {
            context.send(LatentCommand::ResetLatent);
        }
        let step = |ui: &mut Ui, there: bool, icon: Icon, name: String, hint: String| {
            let enabled =
                |ui: &mut Ui| ui.add_enabled_ui(there, |ui| icon_button::show(ui, icon, &name, false)).inner;
            toolbar::group(ui, icon_button::WIDTH, enabled).on_hover_text(hint).clicked()
        };
        if step(ui, state.latent.can_undo, Icon::Undo, text!("undo"), text!("instrument-undo-help")) {
            context.send(Command::Undo);
        }
        let (name, hint) = (text!("instrument-redo"), text!("instrument-redo-help"));
        if step(ui, state.latent.can_redo, Icon::Redo, name, hint) {
            context.send(Command::Redo);
        }
    });
    let origin = state.latent.origin.label();
    let origin = names::escaped(&origin);
    let words = text!("instrument-vector-from", origin = &*origin);
    let words = RichText::new(words).small().color(colours.text_weak);
    ui.add(eframe::egui::Label::new(words).truncate()).on_hover_text(origin);
}

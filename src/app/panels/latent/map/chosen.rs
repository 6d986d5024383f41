//! The recordings chosen with the lasso, and what can be done with them: below the map.

use eframe::egui::{Button, RichText, Ui};

use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        memory::map::ChosenIn,
        theme::palette,
        widgets::{left_out_button, toolbar},
    },
    language::text,
};

/// Forgets what was chosen in another list of recordings: its places mean nothing in the one that is open.
pub fn forget_of_other_list(context: &mut PanelContext<'_>) {
    let library = &context.state.library;
    let open = ChosenIn { root: library.root.clone(), recordings: library.recordings.len() };
    let map = &mut context.memory.latent.map;
    if map.chosen_in != open {
        map.chosen_in = open;
        map.chosen.clear();
    }
}

/// Draws what can be done with the chosen recordings.
pub fn tools(ui: &mut Ui, context: &mut PanelContext<'_>) {
    toolbar::show(ui, |ui| {
        let text = text!("map-chosen", count = context.memory.latent.map.chosen.len());
        toolbar::words(ui, RichText::new(text).color(palette(ui).text_weak));
        leave_out(ui, context);
        let save = ui.add_enabled(!context.memory.dialogs.is_open(), Button::new(text!("map-save-list")));
        if save.on_hover_text(text!("map-save-list-help")).clicked() {
            let chosen = context.memory.latent.map.chosen.clone();
            context.ask(ui.ctx(), Question::SaveMapList(chosen));
        }
        let sounds = Button::new(text!("map-save-sounds"));
        let sounds = ui.add_enabled(!context.memory.dialogs.is_open(), sounds);
        if sounds.on_hover_text(text!("map-save-sounds-help")).clicked() {
            let chosen = context.memory.latent.map.chosen.clone();
            context.ask(ui.ctx(), Question::SaveMapSounds(chosen));
        }
        if ui.button(text!("map-clear")).on_hover_text(text!("map-clear-help")).clicked() {
            context.memory.latent.map.chosen.clear();
        }
    });
}

/// Leaves the chosen recordings out of the next training, or includes them again.
fn leave_out(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let library = &context.state.library;
    let chosen = context.memory.latent.map.chosen.iter().filter_map(|&index| library.recordings.get(index));
    let names: Vec<&str> = chosen.map(|recording| recording.name.as_str()).collect();
    context.commands.extend(left_out_button::show(ui, library, &names));
}

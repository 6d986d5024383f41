//! The recordings chosen with the lasso, and what can be done with them: over the lower edge of the map, which stays where it is.

use eframe::egui::{Button, Rect, RichText, Sense, Ui, UiBuilder};

use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        memory::map::ChosenIn,
        theme::{HALF_GAP, palette},
        widgets::{card::surface, left_out_button, toolbar},
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

/// Draws the tools over the lower edge of `map`, while something is chosen.
pub fn bar(ui: &mut Ui, context: &mut PanelContext<'_>, map: Rect) {
    if context.memory.latent.map.chosen.is_empty() {
        return;
    }
    let id = ui.scope_id().with("height of the lasso's tools");
    let known: f32 = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let room = map.shrink(HALF_GAP);
    let place = room.with_min_y((room.bottom() - known).max(room.top()));
    // A press between the buttons is none on the map.
    ui.interact(place, id, Sense::click_and_drag());
    let mut over = ui.new_child(UiBuilder::new().max_rect(place));
    surface(&mut over, |ui| toolbar::show(ui, |ui| tools(ui, context)));
    let height = over.min_rect().height();
    if known != height {
        ui.data_mut(|data| data.insert_temp(id, height));
        ui.ctx().request_discard("the height of the lasso's tools has changed");
    }
}

fn tools(ui: &mut Ui, context: &mut PanelContext<'_>) {
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
}

/// Leaves the chosen recordings out of the next training, or includes them again.
fn leave_out(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let library = &context.state.library;
    let chosen = context.memory.latent.map.chosen.iter().filter_map(|&index| library.recordings.get(index));
    let names: Vec<&str> = chosen.map(|recording| recording.name.as_str()).collect();
    context.commands.extend(left_out_button::show(ui, library, &names));
}

//! A panel at the left of a view. A person may drag its edge; a width that nobody dragged follows the room there is.

use std::ops::RangeInclusive;

use eframe::egui::{Frame, Id, Panel, PanelState, Ui, accesskit::Action};

use super::{described, room::between};

/// Name in egui's memory of the width that the person gave the panel.
const CHOSEN: &str = "chosen width";

/// A panel at the left, with an edge that can be dragged.
#[must_use]
pub struct SidePanel<'a> {
    /// Its name in egui's memory.
    pub id: &'a str,
    /// The name of its edge, for screen readers.
    pub edge: String,
    /// Its width in points until the person changes it.
    pub width: f32,
    /// The widths that it may have.
    pub widths: RangeInclusive<f32>,
    /// Its frame.
    pub frame: Frame,
    /// Whether a line shows where the edge is.
    pub has_line: bool,
}

impl SidePanel<'_> {
    /// Draws `contents` into the panel.
    pub fn show(self, ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
        let id = ui.scope_id().with(self.id);
        let edge = described::edge_of_panel(ui, self.id);
        let chosen: Option<f32> = ui.data_mut(|data| data.get_persisted(id.with(CHOSEN)));
        let width = between(chosen.unwrap_or(self.width), *self.widths.start(), *self.widths.end());
        // egui would go on with the least width that there was room for, and with what contents once needed.
        if let Some(PanelState { outer_rect }) = PanelState::load(ui.ctx(), id) {
            let outer_rect = outer_rect.with_max_x(outer_rect.left() + width);
            ui.data_mut(|data| data.insert_persisted(id, PanelState { outer_rect }));
        }
        let panel = Panel::left(self.id).resizable(true).default_size(width).size_range(self.widths);
        panel.show_separator_line(self.has_line).frame(self.frame).show(ui, contents);
        described::splitter(ui, self.id, &self.edge);
        if was_moved(ui, edge)
            && let Some(state) = PanelState::load(ui.ctx(), id)
        {
            ui.data_mut(|data| data.insert_persisted(id.with(CHOSEN), state.size().x));
        }
    }
}

/// Whether the person has moved the edge: let go of it, or changed it with a screen reader.
fn was_moved(ui: &Ui, edge: Id) -> bool {
    let is_asked = |action| ui.input(|input| input.has_accesskit_action_request(edge, action));
    ui.ctx().read_response(edge).is_some_and(|edge| edge.drag_stopped())
        || [Action::Increment, Action::Decrement, Action::SetValue].into_iter().any(is_asked)
}

//! A list that is one stop of the Tab key: it keeps the keyboard focus itself, and screen readers follow its selected row.

use eframe::egui::{EventFilter, Id, Popup, Response, Role, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo};

use super::focus_ring;

/// Place of a row in the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// Index among all rows.
    pub index: usize,
    /// Number of rows.
    pub count: usize,
}

/// The list of recordings.
pub fn recordings() -> Id {
    Id::unique("list of recordings")
}

/// The grid of thumbnails.
pub fn thumbnails() -> Id {
    Id::unique("grid of thumbnails")
}

/// Whether `id` is one of the lists, which draw the ring of the focus themselves.
pub fn is_list(id: Id) -> bool {
    [recordings(), thumbnails()].contains(&id)
}

/// Draws a list called `name`; `rows` draws it and returns the selected row, if that is in sight. Rows sense clicks alone.
pub fn show(ui: &mut Ui, id: Id, name: &str, rows: impl FnOnce(&mut Ui) -> Option<Response>) -> Response {
    let list = UiBuilder::new().scope_id(id).sense(Sense::focusable_noninteractive());
    let shown = ui.scope_builder(list, rows);
    let list = shown.response;
    list.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, name));
    if let Some(row) = &shown.inner {
        list.ctx.accesskit_node_builder(id, |node| node.set_active_descendant(row.id.accesskit_id()));
    }
    if list.has_focus() {
        // A menu of a row takes the arrow keys while it is open.
        let takes = !Popup::is_any_open(ui.ctx());
        let arrows =
            EventFilter { horizontal_arrows: takes, vertical_arrows: takes, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
        let ring = shown.inner.map_or(list.rect, |row| row.rect);
        focus_ring::paint(ui, &ui.painter().with_clip_rect(list.rect), ring, StrokeKind::Inside);
    }
    list
}

/// Makes a row an option of the list.
pub fn option(row: &Response, name: &str, is_selected: bool, place: Place) {
    row.widget_info(|| WidgetInfo::labeled(Role::ListBoxOption, row.enabled(), name));
    row.ctx.accesskit_node_builder(row.id, |node| {
        node.set_selected(is_selected);
        node.set_position_in_set(place.index);
        node.set_size_of_set(place.count);
    });
}

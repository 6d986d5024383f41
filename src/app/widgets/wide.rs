//! Contents that scroll sideways where there is no room for them.

use eframe::egui::{ScrollArea, Ui, scroll_area::ScrollBarVisibility};

/// Shows `contents` with a bar below them. It is out of sight where its place is: egui would move it into sight, over other contents.
pub fn show<R>(ui: &mut Ui, id_salt: &str, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let id = ui.scope_id().with((id_salt, "height"));
    let bar = ui.spacing().scroll.allocated_width();
    let height: f32 = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let is_in_sight = ui.cursor().top() + height + bar <= ui.clip_rect().bottom() + 1.0;
    let visibility =
        if is_in_sight { ScrollBarVisibility::VisibleWhenNeeded } else { ScrollBarVisibility::AlwaysHidden };
    let area = ScrollArea::horizontal().id_salt(id_salt).scroll_bar_visibility(visibility);
    let shown = area.show(ui, contents);
    let size = shown.inner_rect.size();
    if !is_in_sight && shown.content_size.x > size.x {
        // What lies below stays in its place.
        ui.add_space(bar);
    }
    ui.data_mut(|data| data.insert_temp(id, size.y));
    shown.inner
}

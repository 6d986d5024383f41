//! What stands at the right end of a row, and is read after what stands before it.
//!
//! In a layout from right to left the Tab key and screen readers would come to the last control first.

use eframe::egui::{Rect, Ui, UiBuilder, pos2};

/// Draws `before` into what is left of the row `ui` before `tail`, which is as wide as it needs; both get `context`.
pub fn show<C>(
    ui: &mut Ui,
    context: &mut C,
    before: impl FnOnce(&mut Ui, &mut C),
    tail: impl FnOnce(&mut Ui, &mut C),
) {
    let id = ui.unique_id().with("width of the tail");
    let known: Option<f32> = ui.data(|data| data.get_temp(id));
    let whole = ui.available_rect_before_wrap();
    let start = known.map_or(whole.left(), |width| (whole.right() - width).max(whole.left()));
    let gap = if known.is_some() { ui.spacing().item_spacing.x } else { 0.0 };
    let left = whole.with_max_x((start - gap).max(whole.left()));
    ui.scope_builder(UiBuilder::new().max_rect(left), |ui| before(ui, context));
    // Wider than it was, so that it can grow.
    let right = Rect::from_min_max(pos2(start, whole.top()), pos2(start + whole.width(), whole.bottom()));
    let mut end = ui.new_child(UiBuilder::new().max_rect(right));
    tail(&mut end, context);
    let width = end.min_rect().width();
    ui.advance_cursor_after_rect(whole);
    if known != Some(width) {
        ui.data_mut(|data| data.insert_temp(id, width));
        ui.ctx().request_discard("the width of a tail has changed");
    }
}

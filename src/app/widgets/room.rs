//! Room for what may be larger than the window: views and dialogs that scroll before anything is cut off.

use eframe::egui::{
    Align, Context, Id, Layout, Modal, ModalResponse, Popup, ScrollArea, Sense, Ui, UiBuilder, Vec2,
};

use crate::app::focus_return;

/// Space that stays free around a dialog, in points.
const AROUND_DIALOG: f32 = 40.0;
/// Points of contents that may lie beyond their room unseen: frames and spaces, never a line.
const LEAST_BEYOND: f32 = 12.0;

/// Draws `contents` as high as the available space, or `least_height` points high where that is more: then it scrolls.
pub fn at_least<R>(ui: &mut Ui, id: &str, least_height: f32, contents: impl FnOnce(&mut Ui) -> R) -> R {
    // The same widgets in both cases: what they remember must not depend on the window's size.
    let area = ScrollArea::vertical().id_salt(id).auto_shrink([false, false]);
    area.show(ui, |ui| fill(ui, least_height, contents)).inner
}

/// As [`at_least`], but contents that are higher even so can be scrolled to their end.
pub fn at_least_whole<R>(ui: &mut Ui, id: &str, least_height: f32, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let area = ScrollArea::vertical().id_salt(id).auto_shrink([false, false]);
    area.show(ui, |ui| whole(ui, least_height, contents)).inner
}

fn whole<R>(ui: &mut Ui, least_height: f32, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let (result, beyond) = filled(ui, least_height, contents);
    if beyond > LEAST_BEYOND {
        ui.allocate_space(Vec2::new(0.0, beyond));
    }
    result
}

/// Draws `contents` into all that is left of a view that scrolls, and into no less than `least_height` points.
pub fn fill<R>(ui: &mut Ui, least_height: f32, contents: impl FnOnce(&mut Ui) -> R) -> R {
    filled(ui, least_height, contents).0
}

/// As [`fill`]; also tells how many points of the contents lie below their room.
fn filled<R>(ui: &mut Ui, least_height: f32, contents: impl FnOnce(&mut Ui) -> R) -> (R, f32) {
    let size = Vec2::new(ui.available_width(), ui.available_height().max(least_height));
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let whole = UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::Min));
    let mut inside = ui.new_child(whole);
    let result = contents(&mut inside);
    (result, inside.min_rect().bottom() - rect.bottom())
}

/// `value` between `low` and `high`, and `low` where there is no room between them, as in a view that is too small.
pub fn between<T: PartialOrd>(value: T, low: T, high: T) -> T {
    let below = if value > high { high } else { value };
    if below < low { low } else { below }
}

/// A cell of a table with nothing in it, not even for screen readers.
pub fn empty_cell(ui: &mut Ui) {
    ui.allocate_exact_size(Vec2::ZERO, Sense::hover());
}

/// Shows a dialog of `width` points, or less in a narrower window; `contents` that are higher than the window scroll.
pub fn dialog<R>(
    ctx: &Context,
    id: &str,
    width: f32,
    contents: impl FnOnce(&mut Ui) -> R,
) -> ModalResponse<R> {
    let room = ctx.content_rect().size() - Vec2::splat(2.0 * AROUND_DIALOG);
    let id = Id::unique(id);
    let layer = Modal::default_area(id).layer();
    if !ctx.memory(|memory| memory.areas().visible_last_frame(&layer)) {
        // Keys go to the dialog, not to what was open or typed into before.
        Popup::close_all(ctx);
        focus_return::leave(ctx);
    }
    Modal::new(id).show(ctx, |ui| {
        ui.set_width(width.min(room.x));
        // As wide as the dialog, so that the scroll bar stands at its edge.
        let area = ScrollArea::vertical().auto_shrink([false, true]);
        area.max_height(room.y).min_scrolled_height(room.y).show(ui, contents).inner
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::{Pos2, RawInput, Rect};

    #[test]
    fn a_value_without_room_is_the_lower_end() {
        assert_eq!(
            [between(5.0, 0.0, 3.0), between(-1.0, 0.0, 3.0), between(2.0, 0.0, 3.0)],
            [3.0, 0.0, 2.0]
        );
        assert_eq!(between(440.0, 447.625, 435.125), 447.625);
    }

    /// The height that a view takes whose contents are so high, in a window of 300 points.
    fn height(least: f32, contents: f32) -> f32 {
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, Vec2::new(400.0, 300.0)));
        let mut height = 0.0;
        let input = RawInput { screen_rect, ..RawInput::default() };
        let _output = Context::default().run_ui(input, |ui| {
            ui.spacing_mut().item_spacing = Vec2::ZERO;
            whole(ui, least, |ui| ui.allocate_space(Vec2::new(10.0, contents)));
            height = ui.min_rect().height();
        });
        height
    }

    #[test]
    fn what_is_higher_than_its_room_can_be_scrolled_to() {
        assert_eq!(height(200.0, 100.0), 300.0, "all that is left");
        assert_eq!(height(350.0, 100.0), 350.0);
        assert_eq!(height(350.0, 500.0), 500.0, "no end that nobody can reach");
    }
}

//! The ring around what has the keyboard focus, the same for egui's controls and our own.

use eframe::egui::{
    CornerRadius, Memory, Painter, Rect, Response, Stroke, StrokeKind, Ui, Vec2, style::ScrollAnimation,
};

use super::list_box;
use crate::app::theme::{ROUNDING, palette};

/// Thickness of the ring, in points.
const WIDTH: f32 = 2.0;

/// Draws the ring around the focused control; call it after everything else. Lists draw their own.
pub fn show(ui: &Ui) {
    let ctx = ui.ctx();
    let focused = ctx.memory(Memory::focused).filter(|id| !list_box::is_list(*id));
    let Some(response) = focused.and_then(|id| ctx.read_response(id)) else { return };
    if response.rect.is_finite() && response.interact_rect.is_positive() {
        let painter = ctx.layer_painter(response.layer_id);
        paint(
            ui,
            &painter.with_clip_rect(response.interact_rect.expand(WIDTH)),
            response.rect,
            StrokeKind::Outside,
        );
    }
}

/// Scrolls a row that the keyboard has come to into sight with its neighbours: of a long list only the rows in sight are drawn, and the
/// Tab key goes on to drawn ones only.
pub fn keep_neighbours_in_sight(ui: &Ui, row: &Response) {
    if row.gained_focus() {
        let around = row.rect.expand2(Vec2::new(0.0, row.rect.height()));
        ui.scroll_to_rect_animation(around, None, ScrollAnimation::none());
    }
}

/// Draws the ring along the edge of `rect`.
pub fn paint(ui: &Ui, painter: &Painter, rect: Rect, side: StrokeKind) {
    let ring = Stroke::new(WIDTH, palette(ui).accent);
    painter.rect_stroke(rect, CornerRadius::same(ROUNDING), ring, side);
}

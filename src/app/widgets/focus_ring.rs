//! The ring around what has the keyboard focus, the same for egui's controls and our own.

use eframe::egui::{CornerRadius, Memory, Painter, Rect, Stroke, StrokeKind, Ui};

use super::list_box;
use crate::app::theme::{ROUNDING, palette};

/// Thickness of the ring, in points.
const WIDTH: f32 = 2.0;

/// Draws the ring around the focused control; call it after everything else. The list draws its own.
pub fn show(ui: &Ui) {
    let ctx = ui.ctx();
    let focused = ctx.memory(Memory::focused).filter(|id| *id != list_box::recordings());
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

/// Draws the ring along the edge of `rect`.
pub fn paint(ui: &Ui, painter: &Painter, rect: Rect, side: StrokeKind) {
    let ring = Stroke::new(WIDTH, palette(ui).accent);
    painter.rect_stroke(rect, CornerRadius::same(ROUNDING), ring, side);
}

//! Files dragged over the window and dropped on it.

use eframe::egui::{Align2, Area, Context, CornerRadius, FontId, Id, Order, Sense, Stroke, StrokeKind};

use crate::{
    app::{theme::palette, window::PanelContext},
    session::Command,
};

/// Opens what was dropped; of several things the first.
pub fn take_dropped(ctx: &Context, context: &mut PanelContext<'_>) {
    let dropped = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_owned()));
    if let Some(path) = dropped {
        context.send(Command::Open(path));
    }
}

/// Says what dropping would do while something hovers over the window.
pub fn show(ctx: &Context) {
    if ctx.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let screen = ctx.content_rect();
    Area::new(Id::unique("drop hint")).order(Order::Foreground).fixed_pos(screen.min).show(ctx, |ui| {
        let colours = palette(ui);
        ui.allocate_rect(screen, Sense::hover());
        ui.painter().rect_filled(screen, 0.0, colours.veil);
        let frame = screen.shrink(24.0);
        let stroke = Stroke::new(2.0, colours.accent);
        ui.painter().rect_stroke(frame, CornerRadius::same(12), stroke, StrokeKind::Inside);
        ui.painter().text(
            frame.center(),
            Align2::CENTER_CENTER,
            "Drop a folder of recordings, a sound file or a model to open it",
            FontId::proportional(22.0),
            colours.on_veil,
        );
    });
}
